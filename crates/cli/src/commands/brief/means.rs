//! What an article would mean, as tables.

use monazite_brief::meaning::{Origin, Saved, leading, product};
use monazite_brief::{Brief, render};

use crate::output::{Cell, Column, Document, Table, number};

/// Sentences, scenario, plan value, prices, reliance and losses.
pub fn meaning(brief: &Brief, document: &mut Document<'_>) {
    document.title("What it would mean");
    for words in &brief.meaning.says {
        document.text(words.clone());
    }
    if let Some(chosen) = &brief.meaning.scenario {
        let origin = match chosen.origin {
            Origin::Library => "of the library",
            Origin::Drafted => "drafted from the article",
        };
        document.text(format!(
            "Scenario `{}`, {origin}: {}. {}",
            chosen.name, chosen.title, chosen.why
        ));
        document.fact("scenario", chosen.name.clone());
    }
    for other in &brief.meaning.alternatives {
        document.text(format!(
            "{}: `{}`, {}.",
            other.relation.offer(),
            other.name,
            other.title
        ));
    }
    if let Some(ran) = &brief.meaning.ran {
        document.remark(render::how_it_ran(ran));
        let losses: Vec<String> = ran.effects.losses.iter().take(6).map(render::loss).collect();
        if !losses.is_empty() {
            document.text(format!("Losses of users: {}.", losses.join("; ")));
        }
    }
    plan(brief, document);
    document.table(main_effects(brief));
    document.table(reliance(brief));
    document.data(effects(brief));
    document.data(losses(brief));
}

/// A multiple near one with the two decimals that tell it from one.
fn multiple(factor: f64) -> String {
    if factor.is_finite() && factor.abs() < 9.995 {
        format!("×{factor:.2}")
    } else {
        number::multiple(factor)
    }
}

/// What weighs most, one row for each product and side.
fn main_effects(brief: &Brief) -> Table {
    let bands = brief.meaning.ran.as_ref().is_some_and(|ran| ran.paths.is_some());
    let mut columns = vec![
        Column::text("product", "product"),
        Column::text("side", "where"),
        Column::text("year", "year"),
        Column::number("spot_usd_per_kg", "USD/kg"),
        Column::number("multiple", "× without"),
    ];
    if bands {
        columns.push(Column::text("band", "5–95 %"));
    }
    columns.push(Column::number("dearer_musd", "dearer, M USD"));
    columns.push(Column::number("short_share", "short"));
    let mut table = Table::new(
        "main_effects",
        "What changes most: of each product the year in which it weighs most",
        columns,
    )
    .if_empty(if brief.meaning.ran.is_some() {
        "no price or supply changes by 2 %"
    } else {
        "nothing was run"
    });
    let rows = brief
        .meaning
        .ran
        .as_ref()
        .map(|ran| ran.effects.prices_and_shortages.as_slice());
    for row in leading(rows.unwrap_or_default(), 10) {
        let mut cells = vec![
            Cell::named(&row.product, product(&row.product)),
            Cell::text(&row.place),
            Cell::text(&row.year),
            Cell::number(row.spot_usd_per_kg),
            Cell::shown(row.multiple, multiple(row.multiple)),
        ];
        if bands {
            cells.push(row.band.map_or_else(Cell::empty, |band| {
                let words = format!("{} to {}", multiple(band.p5), multiple(band.p95));
                Cell::text(words)
            }));
        }
        cells.push(Cell::number(row.dearer_musd));
        cells.push(if row.short_share < 0.001 {
            Cell::shown(row.short_share, "")
        } else {
            Cell::shown(row.short_share, number::percent(row.short_share))
        });
        table.push(cells);
    }
    table
}

fn losses(brief: &Brief) -> Table {
    let mut table = Table::new(
        "losses",
        "Losses of users over the run",
        vec![
            Column::text("bloc", "bloc"),
            Column::text("place", "place"),
            Column::number("musd", "M USD"),
            Column::number("p5", "5 %"),
            Column::number("median", "median"),
            Column::number("p95", "95 %"),
        ],
    );
    for row in brief.meaning.ran.iter().flat_map(|ran| &ran.effects.losses) {
        let of = |value: Option<f64>| value.map_or_else(Cell::empty, Cell::number);
        table.push(vec![
            Cell::text(&row.bloc),
            Cell::text(&row.place),
            Cell::number(row.musd),
            of(row.band.map(|band| band.p5)),
            of(row.band.map(|band| band.median)),
            of(row.band.map(|band| band.p95)),
        ]);
    }
    table
}

fn effects(brief: &Brief) -> Table {
    let mut table = Table::new(
        "effects",
        "Prices and shortages by product and year",
        vec![
            Column::text("product", "product"),
            Column::text("side", "where"),
            Column::text("year", "year"),
            Column::number("spot_usd_per_kg", "USD/kg"),
            Column::number("without_usd_per_kg", "without it"),
            Column::number("multiple", "×"),
            Column::number("multiple_p5", "5 %"),
            Column::number("multiple_median", "median"),
            Column::number("multiple_p95", "95 %"),
            Column::number("dearer_musd", "dearer, M USD"),
            Column::number("short_t", "short, t"),
            Column::number("short_share", "short"),
        ],
    );
    let band = |value: Option<f64>| value.map_or_else(Cell::empty, Cell::number);
    for row in brief
        .meaning
        .ran
        .iter()
        .flat_map(|ran| &ran.effects.prices_and_shortages)
    {
        table.push(vec![
            Cell::named(&row.product, product(&row.product)),
            Cell::text(&row.place),
            Cell::text(&row.year),
            Cell::number(row.spot_usd_per_kg),
            Cell::number(row.without_usd_per_kg),
            Cell::shown(row.multiple, number::multiple(row.multiple)),
            band(row.band.map(|band| band.p5)),
            band(row.band.map(|band| band.median)),
            band(row.band.map(|band| band.p95)),
            Cell::number(row.dearer_musd),
            Cell::number(row.short_t),
            Cell::shown(row.short_share, number::percent(row.short_share)),
        ]);
    }
    table
}

fn reliance(brief: &Brief) -> Table {
    let mut table = Table::new(
        "reliance",
        "Import reliance where it changes most: net imports over net imports and own production",
        vec![
            Column::text("product", "product"),
            Column::text("place", "place"),
            Column::text("year", "year"),
            Column::number("net_imports_t", "net imports, t"),
            Column::number("without_net_imports_t", "without it"),
            Column::number("reliance", "reliance"),
            Column::number("without_reliance", "without it"),
        ],
    )
    .if_empty(if brief.meaning.ran.is_some() {
        "unchanged within 2 points in the United States, Europe and Japan"
    } else {
        "nothing was run"
    })
    .show_at_most(8);
    let net = |tonnes: f64| {
        if tonnes < -0.5 {
            Cell::shown(tonnes, format!("exports {}", number::figures(-tonnes)))
        } else {
            Cell::number(tonnes)
        }
    };
    for row in brief.meaning.ran.iter().flat_map(|ran| &ran.effects.import_reliance) {
        table.push(vec![
            Cell::named(&row.product, product(&row.product)),
            Cell::text(&row.place),
            Cell::text(&row.year),
            net(row.net_imports_t),
            net(row.without_net_imports_t),
            Cell::shown(row.reliance, number::percent(row.reliance)),
            Cell::shown(row.without_reliance, number::percent(row.without_reliance)),
        ]);
    }
    table
}

/// What the measures concerned are worth in a plan; the command alone where nothing was worked out.
fn plan(brief: &Brief, document: &mut Document<'_>) {
    let Some(plan) = &brief.meaning.plan else { return };
    let mut table = Table::new(
        "plan",
        "What it would be worth in a plan",
        vec![
            Column::text("measure", "").for_programs(),
            Column::text("title", "measure"),
            Column::text("with", "with").minor(),
            Column::number("output", "from"),
            Column::number("cost_musd", "costs, M USD"),
            Column::number("market_musd", "market saves"),
            Column::number("users_musd", "US users save"),
            Column::text("elements", "a year, by element"),
            Column::text("years", "").for_programs(),
        ],
    );
    let list = |rows: &[Saved]| {
        let rows: Vec<String> = rows
            .iter()
            .map(|saved| format!("{} {}", saved.of, number::figures(saved.musd)))
            .collect();
        rows.join(", ")
    };
    for row in &plan.worths {
        table.push(vec![
            Cell::text(&row.measure),
            Cell::text(&row.title),
            Cell::text(row.with.join(", ")),
            Cell::ordinal(usize::try_from(row.output).unwrap_or_default()),
            Cell::number(row.cost_musd),
            Cell::number(row.market_musd),
            Cell::number(row.users_musd),
            Cell::text(list(&row.elements))
                .reads(list(row.elements.get(..row.elements.len().min(3)).unwrap_or_default())),
            Cell::text(list(&row.years)),
        ]);
    }
    document.text(plan.says.clone());
    if plan.worths.is_empty() {
        document.data(table);
    } else {
        document.table(table);
    }
    document.fact("plan_command", plan.command.clone());
}
