//! How a plan is shown.

use std::collections::BTreeMap;

use monazite_evidence::Dataset;
use monazite_evidence::table::Measure;
use monazite_strategy::measure::Menu;
use monazite_strategy::plan::{Exposure, Planned};

use super::Answer;
use crate::output::number::{figures, percent, thousands};
use crate::output::words::confidence;
use crate::output::{Cell, Column, Document, Table};

fn sure(m: &Measure) -> Cell {
    let letter = m.provenance.confidence.as_str();
    Cell::named(letter, confidence(letter))
}

/// Million USD in words.
pub fn money(musd: f64) -> String {
    if musd.abs() >= 1000.0 {
        format!("{} billion USD", figures(musd / 1000.0))
    } else {
        format!("{} million USD", thousands(musd))
    }
}

fn musd(value: f64) -> Cell {
    Cell::shown(value, thousands(value))
}

fn maybe(value: Option<f64>) -> Cell {
    value.map_or_else(Cell::empty, musd)
}

fn size(m: &Measure) -> Cell {
    let Some(value) = m.size else { return Cell::empty() };
    match m.size_unit.map(monazite_evidence::table::MeasureUnit::as_str) {
        Some("share_of_use") => Cell::shown(value, format!("{} of use", percent(value))),
        Some("t") => Cell::shown(value, format!("{} t", thousands(value))),
        _ => Cell::shown(value, format!("{} t/y", thousands(value))),
    }
}

fn what(m: &Measure) -> String {
    let stage = m.stage.map(|stage| stage.as_str().replace('_', " "));
    match stage {
        Some(stage) if m.kind.as_str() == "project" => stage,
        Some(stage) => format!("{stage} ({})", m.kind.as_str()),
        None => m.kind.as_str().to_owned(),
    }
}

/// Fills the document.
pub fn answer(answer: &Answer, dataset: &Dataset, document: &mut Document<'_>) {
    let (world, report) = (&answer.world, &answer.report);
    let q = &world.question;
    let place = dataset
        .place(&q.planner)
        .map_or(q.planner.as_str(), |p| p.name.as_str());
    let last = q.from + i32::try_from(q.years).unwrap_or(0) - 1;
    document.title(format!(
        "{place}: what to do with {}, to be there by {}",
        money(q.budget),
        q.by
    ));
    headline(answer, place, last, document);
    facts(answer, document);
    document.table(plan_table(answer));
    document.table(risk_table(answer, place, last));
    document.table(exposure_table(
        "elements",
        "element",
        format!("What users in {place} lose a year on average, by element"),
        &report.elements,
        10,
    ));
    document.table(exposure_table(
        "disruptions",
        "disruption",
        format!("What remains exposed: loss of the market in {last} with each disruption by itself"),
        &report.disruptions,
        usize::MAX,
    ));
    document.table(exposure_table(
        "places",
        "place",
        "Who gains: what users lose a year on average, by place".to_owned(),
        &report.places,
        usize::MAX,
    ));
    if let Some(table) = partners(answer) {
        document.table(table);
    }
    if !answer.points.is_empty() {
        document.table(frontier(answer));
    }
    document.data(years(answer));
    document.data(stages(answer));
    document.data(rounds(answer));
    document.data(left(answer));
    remarks(answer, document);
    document.next(vec![
        format!(
            "monazite plan --for {} --budget {:e} --frontier",
            q.planner,
            q.budget * 1e6
        ),
        format!(
            "monazite plan --for {} --budget {:e} --values 50",
            q.planner,
            q.budget * 1e6
        ),
        "monazite plan --list".to_owned(),
    ]);
}

fn headline(answer: &Answer, place: &str, last: i32, document: &mut Document<'_>) {
    let (world, report) = (&answer.world, &answer.report);
    let q = &world.question;
    let (before, after) = report.market;
    let (users_before, users_after) = report.users;
    document.text(format!(
        "{} for {} ({} discounted) take the market's expected loss over {} to {last} from {} to {}, and the mean of the worst \
         {} from {} to {}. Users in {place}, for whom dearer purchases count too, lose {} without the plan and {} with it.",
        crate::failure::counted(report.planned.len(), "measure"),
        money(report.planned.iter().map(|p| world.candidates[p.candidate].measure.cost_musd.0).sum()),
        money(report.cost),
        q.from,
        money(before.mean),
        money(after.mean),
        percent(1.0 - q.aversion.level),
        money(before.tail),
        money(after.tail),
        money(users_before.mean),
        money(users_after.mean),
    ));
    let gap = answer.best.gap();
    let sure = if answer.best.proven {
        format!(
            "No other choice of the {} measures in reach does better by more than {:.2} % of what is minimised.",
            world.candidates.len(),
            100.0 * gap
        )
    } else {
        format!(
            "The search was cut short: another plan may be better by up to {:.1} % of what is minimised.",
            100.0 * gap
        )
    };
    document.text(sure);
    if let Some(kept) = &answer.kept_out {
        document.text(format!(
            "On {} paths that it was not made for it takes the objective from {} to {}; the best plan for those paths would \
             reach {}: a regret of {}.",
            kept.paths,
            money(kept.none),
            money(kept.plan),
            money(kept.best),
            money((kept.plan - kept.best).max(0.0)),
        ));
    }
}

fn facts(answer: &Answer, document: &mut Document<'_>) {
    let (world, report) = (&answer.world, &answer.report);
    let q = &world.question;
    document.fact("planner", q.planner.as_str());
    document.fact("budget_musd", q.budget);
    document.fact("cost_musd", report.cost);
    document.fact("market_loss_mean_before_musd", report.market.0.mean);
    document.fact("market_loss_mean_after_musd", report.market.1.mean);
    document.fact("market_loss_tail_before_musd", report.market.0.tail);
    document.fact("market_loss_tail_after_musd", report.market.1.tail);
    document.fact("users_loss_mean_before_musd", report.users.0.mean);
    document.fact("users_loss_mean_after_musd", report.users.1.mean);
    document.fact("objective_musd", answer.best.objective);
    document.fact("bound_musd", answer.best.bound);
    document.fact("gap", answer.best.gap());
    document.fact("proven", answer.best.proven);
    if let Some(kept) = &answer.kept_out {
        document.fact("kept_out_objective_musd", kept.plan);
        document.fact("kept_out_best_musd", kept.best);
        document.fact("kept_out_regret_musd", kept.plan - kept.best);
    }
}

fn plan_table(answer: &Answer) -> Table {
    let valued = answer.values.is_some();
    let mut columns = vec![
        Column::number("start", "begin"),
        Column::number("first_output", "output"),
        Column::text("measure", "measure"),
        Column::text("title", "title").for_programs(),
        Column::text("place", "place"),
        Column::text("kind", "what"),
        Column::number("size", "size"),
        Column::number("cost_musd", "cost M USD"),
        Column::number("cost_low_musd", "low").for_programs(),
        Column::number("cost_high_musd", "high").for_programs(),
        Column::number("used_undisturbed", "used, calm"),
        Column::number("used_disturbed", "used, disturbed"),
        Column::text("confidence", "evidence"),
    ];
    if valued {
        columns.insert(10, Column::number("left_out_musd", "lost without it"));
        columns.insert(11, Column::number("shapley_musd", "worth"));
    }
    let mut table = Table::new("plan", "The plan", columns);
    table.if_empty = "No measure saves what it costs within this budget.";
    for p in &answer.report.planned {
        let candidate = &answer.world.candidates[p.candidate];
        let m = &candidate.measure;
        let mut row = vec![
            Cell::ordinal(p.start),
            Cell::ordinal(p.first),
            Cell::text(&m.measure),
            Cell::text(&m.title),
            Cell::text(candidate.place.as_str()),
            Cell::text(what(m)),
            size(m),
            musd(p.cost),
            musd(p.cost_range.0),
            musd(p.cost_range.1),
            used(p.used.0),
            used(p.used.1),
            sure(m),
        ];
        if valued {
            row.insert(10, maybe(p.left_out));
            row.insert(11, maybe(p.shapley));
        }
        table.push(row);
    }
    table
}

pub fn used(share: f64) -> Cell {
    if share.is_finite() {
        let share = share.clamp(0.0, 1.0);
        Cell::shown(share, percent(share))
    } else {
        Cell::empty()
    }
}

fn risk_table(answer: &Answer, place: &str, last: i32) -> Table {
    let q = &answer.world.question;
    let mut table = Table::new(
        "risk",
        format!("Loss from {} to {last}, discounted, M USD", q.from),
        vec![
            Column::text("of", "of"),
            Column::text("outcome", "outcome"),
            Column::number("before_musd", "without the plan"),
            Column::number("after_musd", "with it"),
            Column::number("change", "change"),
        ],
    );
    let all = [
        ("market".to_owned(), "the market".to_owned(), answer.report.market),
        ("users".to_owned(), format!("users in {place}"), answer.report.users),
    ];
    for (id, name, (before, after)) in all {
        for (outcome, b, a) in [
            ("mean", before.mean, after.mean),
            ("mean of the worst", before.tail, after.tail),
            ("worst path", before.worst, after.worst),
        ] {
            table.push(vec![
                Cell::named(&id, name.clone()),
                Cell::text(outcome),
                musd(b),
                musd(a),
                change(b, a),
            ]);
        }
    }
    table
}

fn change(before: f64, after: f64) -> Cell {
    if before.abs() > 1e-9 {
        let share = after / before - 1.0;
        Cell::shown(share, crate::output::number::change(share))
    } else {
        Cell::empty()
    }
}

fn exposure_table(name: &'static str, of: &'static str, title: String, rows: &[Exposure], shown: usize) -> Table {
    let mut table = Table::new(
        name,
        title,
        vec![
            Column::text(of, of),
            Column::number("before_musd", "without the plan M USD"),
            Column::number("after_musd", "with it M USD"),
            Column::number("change", "change"),
        ],
    );
    for row in rows {
        table.push(vec![
            Cell::text(&row.of),
            Cell::shown(row.before, figures(row.before)),
            Cell::shown(row.after, figures(row.after)),
            if row.before.abs() >= 0.5 {
                change(row.before, row.after)
            } else {
                Cell::empty()
            },
        ]);
    }
    table.shown = shown;
    table
}

/// What each partner brings: its measures' values together.
fn partners(answer: &Answer) -> Option<Table> {
    answer.values.as_ref()?;
    let mut sums: BTreeMap<&str, (usize, f64, f64)> = BTreeMap::new();
    let of = |p: &Planned| answer.world.candidates[p.candidate].place.as_str();
    for p in &answer.report.planned {
        let sum = sums.entry(of(p)).or_default();
        sum.0 += 1;
        sum.1 += p.cost;
        sum.2 += p.shapley.unwrap_or(0.0);
    }
    let mut rows: Vec<_> = sums.into_iter().collect();
    rows.sort_by(|a, b| b.1.2.total_cmp(&a.1.2));
    let mut table = Table::new(
        "partners",
        "What each partner is worth in this plan",
        vec![
            Column::text("place", "place"),
            Column::number("measures", "measures"),
            Column::number("cost_musd", "cost M USD"),
            Column::number("worth_musd", "worth M USD"),
        ],
    );
    for (place, (count, cost, worth)) in rows {
        table.push(vec![Cell::text(place), Cell::count(count), musd(cost), musd(worth)]);
    }
    Some(table)
}

fn frontier(answer: &Answer) -> Table {
    let mut table = Table::new(
        "frontier",
        "Budget and risk",
        vec![
            Column::number("weight", "weight of the worst"),
            Column::number("budget_musd", "budget M USD"),
            Column::number("cost_musd", "spent M USD"),
            Column::number("mean_musd", "mean loss M USD"),
            Column::number("tail_musd", "mean of the worst M USD"),
            Column::number("measures", "measures"),
            Column::number("gap", "gap"),
        ],
    );
    for point in &answer.points {
        let gap = point.best.gap();
        table.push(vec![
            Cell::number(point.weight),
            musd(point.budget),
            musd(point.cost),
            musd(point.mean),
            musd(point.tail),
            Cell::count(point.best.x.iter().filter(|x| **x > 0.5).count()),
            Cell::shown(gap, format!("{:.2} %", 100.0 * gap)),
        ]);
    }
    table
}

fn years(answer: &Answer) -> Table {
    let mut table = Table::new(
        "years",
        "By year",
        vec![
            Column::number("year", "year"),
            Column::number("disturbed", "disturbed"),
            Column::number("market_before_musd", "market without"),
            Column::number("market_after_musd", "market with"),
            Column::number("users_before_musd", "users without"),
            Column::number("users_after_musd", "users with"),
        ],
    );
    for y in &answer.report.years {
        table.push(vec![
            Cell::ordinal(y.year),
            Cell::number(y.disturbed),
            musd(y.loss.0),
            musd(y.loss.1),
            musd(y.users.0),
            musd(y.users.1),
        ]);
    }
    table
}

fn stages(answer: &Answer) -> Table {
    let mut table = Table::new(
        "stages",
        "What the plan adds by stage",
        vec![Column::text("stage", "stage"), Column::number("t_per_year", "t a year")],
    );
    for (stage, tonnes) in &answer.report.stages {
        table.push(vec![Cell::text(stage), musd(*tonnes)]);
    }
    table
}

fn rounds(answer: &Answer) -> Table {
    let mut table = Table::new(
        "rounds",
        "Bound and best plan by round",
        vec![
            Column::number("round", "round"),
            Column::text("fractions_allowed", "fractions allowed"),
            Column::number("best_musd", "best"),
            Column::number("bound_musd", "bound"),
            Column::number("planes", "planes"),
            Column::number("markets_cleared", "markets cleared"),
        ],
    );
    for round in &answer.best.rounds {
        table.push(vec![
            Cell::count(round.number),
            Cell::flag(round.relaxed, "yes", "no"),
            Cell::number(round.best),
            Cell::number(round.bound),
            Cell::count(round.planes),
            Cell::count(round.solves),
        ]);
    }
    table
}

fn left(answer: &Answer) -> Table {
    let mut table = Table::new(
        "left_out",
        "Measures that could not be chosen",
        vec![Column::text("measure", "measure"), Column::text("why", "why")],
    );
    for left in &answer.world.left {
        table.push(vec![Cell::text(&left.measure), Cell::text(&left.why)]);
    }
    table
}

fn remarks(answer: &Answer, document: &mut Document<'_>) {
    let world = &answer.world;
    let empty: Vec<&str> = (world.question.partners.iter().flatten())
        .map(monazite_evidence::PlaceId::as_str)
        .filter(|p| !world.candidates.iter().any(|c| c.place.as_str() == *p))
        .collect();
    if !empty.is_empty() {
        document.warning(format!(
            "No measure of the evidence can be chosen in {}; `--csv=left_out` gives reasons.",
            empty.join(", ")
        ));
    }
    document.remark(
        "Loss of the market: value that users do without, and dearer supply; what some pay more and others get more cancels out. \
         Loss of users: what they would have paid at most less what they pay, against the undisturbed year. used: share of capacity \
         that runs in calm and in disturbed years. Years are cleared one by one, without commercial stocks and with demand as in \
         2024. Probabilities and most costs are unverified judgements: `monazite data describe disruptions`.",
    );
    document.remark(format!(
        "{} markets cleared in {:.0} seconds.",
        thousands(f64::from(u32::try_from(answer.solves).unwrap_or(u32::MAX))),
        answer.seconds
    ));
}

/// Every measure.
pub fn list<'a>(menu: &Menu) -> Document<'a> {
    let mut table = Table::new(
        "measures",
        "Measures of the evidence",
        vec![
            Column::text("measure", "measure"),
            Column::text("title", "title"),
            Column::text("place", "place"),
            Column::text("kind", "what"),
            Column::number("size", "size"),
            Column::number("cost_musd", "cost M USD"),
            Column::number("yearly_musd", "a year").minor(),
            Column::number("lead_years", "years"),
            Column::text("requires", "needs").minor(),
            Column::text("confidence", "evidence"),
        ],
    );
    for entry in &menu.entries {
        let m = &entry.measure;
        table.push(vec![
            Cell::text(&m.measure),
            Cell::text(&m.title),
            m.place.as_ref().map_or_else(Cell::empty, |p| Cell::text(p.as_str())),
            Cell::text(what(m)),
            size(m),
            Cell::shown(m.cost_musd.0, figures(m.cost_musd.0)),
            Cell::shown(m.yearly_musd.0, figures(m.yearly_musd.0)),
            Cell::number(m.lead_years),
            Cell::text(m.requires.join(", ")),
            sure(m),
        ]);
    }
    let mut document = Document::new();
    document.table(table);
    if let Ok(studies) = monazite_strategy::study::library() {
        let columns = vec![Column::text("study", "study"), Column::text("title", "question")];
        let mut table = Table::new(
            "studies",
            "Studies that come with the program: `monazite plan --study NAME`",
            columns,
        );
        for study in studies {
            table.push(vec![Cell::text(study.name), Cell::text(study.title)]);
        }
        document.table(table);
    }
    document.next(vec!["monazite plan --for USA --budget 5e9 --by 2032".to_owned()]);
    document
}
