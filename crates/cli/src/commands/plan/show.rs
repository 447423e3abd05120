//! How a plan is shown.

mod stress;
mod tables;

use monazite_evidence::Dataset;
use monazite_evidence::table::Measure;
use monazite_strategy::measure::Menu;

use super::Answer;
use tables::{exposure_table, frontier, left, partners, plan_table, risk_table, rounds, stages, years};

pub use tables::used;

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
    stress::add(answer, document);
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
            "monazite plan --for {} --budget {:e} --values 50 --stress",
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

fn remarks(answer: &Answer, document: &mut Document<'_>) {
    if !answer.unknown.is_empty() {
        document.warning(format!(
            "No measure is known in {}: nothing could be chosen there. `--measures FILE` brings your own.",
            answer.unknown.join(", ")
        ));
    }
    let world = &answer.world;
    let empty: Vec<&str> = (world.question.partners.iter().flatten())
        .map(monazite_evidence::PlaceId::as_str)
        .filter(|p| !answer.unknown.iter().any(|unknown| unknown == p))
        .filter(|p| !world.candidates.iter().any(|c| c.place.as_str() == *p))
        .collect();
    if !empty.is_empty() {
        document.warning(format!(
            "The measures known in {} cannot be chosen; `--csv=left_out` gives reasons.",
            empty.join(", ")
        ));
    }
    document.remark(
        "Loss of the market: value that users do without, and dearer supply; what some pay more and others get more cancels out. \
         Below zero: what the plan adds is worth more than what is lost. \
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
