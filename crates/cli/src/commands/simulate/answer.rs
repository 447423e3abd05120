//! What a run says, in order of interest: who runs short, at which price, what it costs, what remains.

use std::collections::BTreeMap;

use monazite_market::result::{Headline, RunResult, Shortage, shortages};
use monazite_market::store::Written;

use super::intervals::{self, Range};
use super::treasury;
use super::zones::{ZonePath, Zones};
use super::{Run, rows};
use crate::commands::scenario::events;
use crate::failure::counted;
use crate::output::number::{millions, money, multiple, percent};
use crate::output::words::{Words, flag};
use crate::output::{Cell, Column, Document, Table};

/// Shortages that people are shown.
const SHORTAGES: usize = 15;
/// Users are short when they get this share less than they want, as in the table of shortages.
const SHORT_FROM: f64 = 0.05;
/// Places that people are shown.
const PLACES: usize = 10;

/// The whole answer.
pub fn answer<'a>(run: &'a Run, written: &Written, timings: bool, ranges: Option<&[Range]>) -> Document<'a> {
    let result = &run.result;
    let words = Words::new(&run.dataset);
    let short = shortages(result);
    let zones = Zones::of(&run.chain, &run.scenario, &short);
    let paths = zones.paths(result);
    let headline = Headline::of(result);

    let mut document = Document::new();
    facts(&mut document, run, &headline, written);
    document.title(&result.title);
    document.remark(format!(
        "{}: {} to {}, {} places, on the calibrated base year {}",
        result.scenario,
        result.quarters.first().map_or("", String::as_str),
        result.quarters.last().map_or("", String::as_str),
        run.chain.places.len(),
        result.base_year
    ));
    document.table(shortage_table(&short, result, &words));
    let inside: Vec<&str> = zones.inside.iter().map(|id| words.place(id)).collect();
    document.picture(price_picture(&paths, result, &inside.join(", "), &words));
    document.data(price_table(&paths));
    if let Some(ranges) = ranges {
        document.table(intervals::table(ranges, &words));
    }
    document.table(loss_table(&headline, &words));
    document.table(still_short(result, &words));
    if let Some(table) = treasury::treasury(result) {
        document.table(table);
    }
    document.text(in_force(run));
    document.data(events(&run.scenario));
    remarks(&mut document, run);
    if timings {
        document.table(timing_table(result));
    }
    let folder = written.dir.display().to_string();
    document.text(format!(
        "Result in {folder} ({}, {}).",
        counted(written.files.len(), "file"),
        size(written)
    ));
    document.next(next(&short, result, &quoted(&folder)));

    document.further("prices", move || rows::prices(result));
    document.further("flows", move || rows::flows(result));
    document.further("uses", move || rows::uses(result));
    document.further("stocks", move || rows::stocks(result));
    document.further("production", move || rows::production(result));
    document.further("capacities", move || rows::capacities(result));
    document.further("quotas", move || rows::quotas(result));
    document.further("policies", move || rows::policies(result));
    document
}

fn facts(document: &mut Document<'_>, run: &Run, headline: &Headline, written: &Written) {
    let result = &run.result;
    document.fact("scenario", result.scenario.clone());
    document.fact("title", result.title.clone());
    document.fact("view", result.view.clone());
    document.fact("base_year", result.base_year);
    document.fact("money", format!("USD of {}", result.base_year));
    document.fact("values", "central; bands come with --paths");
    document.fact("dataset_sha256", run.dataset.fingerprint());
    document.fact("quarters", result.quarters.clone());
    document.fact("users_loss_thousand_usd", headline.surplus_loss_kusd);
    document.fact("worst_optimality_violation", result.worst_kkt);
    let faults = run.faults.iter().map(ToString::to_string);
    document.fact(
        "warnings",
        result.warnings.iter().cloned().chain(faults).collect::<Vec<String>>(),
    );
    document.fact("folder", written.dir.display().to_string());
    document.fact("result_sha256", written.sha256.clone());
    let timings = result
        .timings
        .iter()
        .map(|(phase, seconds)| (phase.clone(), (*seconds).into()));
    document.fact("seconds", timings.collect::<serde_json::Map<_, _>>());
}

fn shortage_table(short: &[Shortage], result: &RunResult, words: &Words) -> Table {
    let mut table = Table::new(
        "shortages",
        "Who runs short of what, dearest for its users first",
        vec![
            Column::text("product", "product"),
            Column::text("place", "place"),
            Column::text("", "short in").for_people(),
            Column::text("from", "").for_programs(),
            Column::text("until", "").for_programs(),
            Column::number("quarters_short", "").for_programs(),
            Column::text("lasting", "").for_programs(),
            Column::number("deepest_share", "deepest"),
            Column::text("deepest_quarter", "when").minor(),
            Column::number("short_tonnes", "").for_programs(),
            Column::number("peak_usd_per_kg", "peak USD/kg"),
            Column::number("peak_multiple", "× base"),
            Column::text("peak_quarter", "").for_programs(),
            Column::number("loss_thousand_usd", "loss M USD"),
            Column::text("confidence", "evidence"),
        ],
    )
    .show_at_most(SHORTAGES)
    .if_empty("nobody: every use gets within 5 % of what it wants");
    for s in short {
        let until = if s.lasting { "end".to_owned() } else { s.until.clone() };
        let span = if s.from == s.until && !s.lasting {
            s.from.clone()
        } else {
            format!("{}–{until}", s.from)
        };
        table.push(vec![
            Cell::named(&s.product, words.product(&s.product)),
            Cell::named(&s.place, words.place(&s.place)),
            Cell::text(span),
            Cell::text(&s.from),
            Cell::text(&s.until),
            Cell::count(s.quarters),
            Cell::flag(s.lasting, "", ""),
            Cell::shown(s.deepest, percent(s.deepest)),
            Cell::text(&s.deepest_quarter),
            Cell::number(s.tonnes_short),
            Cell::number(s.peak_usd_per_kg),
            Cell::shown(s.peak_multiple, multiple(s.peak_multiple)),
            Cell::text(&s.peak_quarter),
            Cell::shown(s.surplus_loss_kusd, millions(s.surplus_loss_kusd)),
            Cell::named(&s.confidence, flag(&s.confidence)).marked(true),
        ]);
    }
    if !short.is_empty() {
        let last = result.quarters.last().map_or("", String::as_str);
        table.title = format!("{}; end = still short in {last}", table.title);
    }
    table
}

/// Years in order.
fn years(result: &RunResult) -> Vec<&str> {
    let mut years: Vec<&str> = result.quarters.iter().filter_map(|quarter| quarter.get(..4)).collect();
    years.dedup();
    years
}

/// The price path for people: the mean spot price of each year, and the peaks.
fn price_picture(paths: &[ZonePath], result: &RunResult, inside: &str, words: &Words) -> Table {
    const MOST_YEARS: usize = 5;
    let years = years(result);
    let years = years.get(..years.len().min(MOST_YEARS)).unwrap_or_default();
    let mut columns = vec![
        Column::text("", "product"),
        Column::text("", "where"),
        Column::number("", "base"),
    ];
    columns.extend(years.iter().map(|year| Column::number("", (*year).to_owned())));
    columns.extend([
        Column::number("", "peak spot"),
        Column::number("", "× base"),
        Column::text("", "when").minor(),
        Column::number("", "peak with contracts"),
        Column::text("", "evidence"),
    ]);
    let title = format!("Prices in and outside {inside}, USD/kg: mean spot of each year, and the peaks");
    let mut table = Table::new("price_path", title, columns);
    for (at, path) in paths.iter().enumerate() {
        let again = at > 0 && paths[at - 1].product == path.product;
        let mut row = vec![
            Cell::text(if again {
                String::new()
            } else {
                words.product(&path.product)
            }),
            Cell::text(path.zone.as_str()),
            Cell::number(path.base),
        ];
        row.extend(
            years
                .iter()
                .map(|year| path.year_mean(year).map_or_else(Cell::empty, Cell::number)),
        );
        let (quarter, spot) = path.peak(|p| p.spot).unwrap_or_default();
        let (_, average) = path.peak(|p| p.average).unwrap_or_default();
        row.extend([
            Cell::number(spot),
            Cell::shown(spot / path.base, multiple(spot / path.base)),
            Cell::text(quarter),
            Cell::number(average),
            Cell::text(flag(&path.confidence)).marked(true),
        ]);
        table.push(row);
    }
    table
}

/// The same for programs, quarter by quarter.
fn price_table(paths: &[ZonePath]) -> Table {
    let keys = [
        "product",
        "zone",
        "quarter",
        "spot_usd_per_kg",
        "average_usd_per_kg",
        "base_usd_per_kg",
        "confidence",
    ];
    let mut table = Table::new("price_path", "", keys.map(|key| Column::text(key, "")).to_vec());
    for path in paths {
        for (quarter, price) in &path.quarters {
            table.push(vec![
                Cell::text(&path.product),
                Cell::text(path.zone.as_str()),
                Cell::text(quarter),
                Cell::number(price.spot),
                Cell::number(price.average),
                Cell::number(path.base),
                Cell::text(&path.confidence),
            ]);
        }
    }
    table
}

fn loss_table(headline: &Headline, words: &Words) -> Table {
    let all = headline.surplus_loss_kusd;
    let gain = if all < 0.0 { " (a gain)" } else { "" };
    let mut table = Table::new(
        "losses",
        format!("What it costs users, by place: {} in all{gain}", money(all)),
        vec![
            Column::text("place", "place"),
            Column::number("loss_thousand_usd", "loss M USD"),
            Column::number("share", "share"),
        ],
    )
    .show_at_most(PLACES);
    let mut places: Vec<&(String, f64)> = headline.by_place.iter().collect();
    places.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    for (place, loss) in places {
        let share = loss / all;
        table.push(vec![
            Cell::named(place, words.place(place)),
            Cell::shown(*loss, millions(*loss)),
            if all > 0.0 {
                Cell::shown(share, percent(share))
            } else {
                Cell::empty()
            },
        ]);
    }
    table
}

/// Who is still short in the last quarter, deepest first.
fn still_short(result: &RunResult, words: &Words) -> Table {
    let last = result.quarters.last().map_or("", String::as_str);
    let mut table = Table::new(
        "still_short",
        format!("What still holds at the end, in {last}"),
        vec![
            Column::text("product", "product"),
            Column::text("place", "place"),
            Column::number("short_share", "short"),
            Column::number("substituted_share", "given up for good"),
            Column::number("spot_usd_per_kg", "spot USD/kg"),
            Column::number("base_multiple", "× base"),
            Column::number("loss_thousand_usd", "loss M USD"),
        ],
    )
    .show_at_most(PLACES)
    .if_empty("nobody is short any more");
    for (product, place, end) in ends(result, last) {
        let gap = end.wanted - end.used;
        table.push(vec![
            Cell::named(product, words.product(product)),
            Cell::named(place, words.place(place)),
            Cell::shown(gap / end.wanted, percent(gap / end.wanted)),
            Cell::shown(end.substituted / gap, percent((end.substituted / gap).clamp(0.0, 1.0))),
            Cell::number(end.spot),
            Cell::shown(end.spot / end.base, multiple(end.spot / end.base)),
            Cell::shown(end.loss, millions(end.loss)),
        ]);
    }
    table
}

#[derive(Default)]
struct End {
    wanted: f64,
    used: f64,
    substituted: f64,
    spot: f64,
    base: f64,
    loss: f64,
}

/// Products and places that get at least a twentieth less than wanted in a quarter, dearest first.
fn ends<'a>(result: &'a RunResult, quarter: &str) -> Vec<(&'a str, &'a str, End)> {
    let mut ends: BTreeMap<(&str, &str), End> = BTreeMap::new();
    for row in result.uses.iter().filter(|row| row.quarter == quarter) {
        let end = ends.entry((&row.product, &row.place)).or_default();
        end.wanted += row.wanted;
        end.used += row.used;
        end.substituted += row.substituted;
        end.spot = row.spot_usd_per_kg;
        end.loss += row.surplus_loss_kusd;
    }
    for row in result.prices.iter().filter(|row| row.quarter == quarter) {
        if let Some(end) = ends.get_mut(&(row.product.as_str(), row.place.as_str())) {
            end.base = row.base_usd_per_kg;
        }
    }
    let short = |end: &End| end.wanted - end.used >= SHORT_FROM * end.wanted && end.wanted > 0.0;
    let mut found: Vec<(&str, &str, End)> = ends
        .into_iter()
        .filter(|(_, end)| short(end))
        .map(|((product, place), end)| (product, place, end))
        .collect();
    found.sort_by(|a, b| b.2.loss.total_cmp(&a.2.loss));
    found
}

fn in_force(run: &Run) -> String {
    let last = run.scenario.last();
    let open: Vec<String> = (run.scenario.events.iter())
        .filter(|event| event.covered(last) > 0.0)
        .map(|event| format!("{} (since\u{a0}{})", event.id, event.from))
        .collect();
    if open.is_empty() {
        format!("No event is in force any more in {last}.")
    } else {
        format!("Still in force in {last}: {}.", open.join(", "))
    }
}

fn remarks(document: &mut Document<'_>, run: &Run) {
    let result = &run.result;
    document.remark(format!(
        "Prices in USD of {}; central values, bands come with `--paths`. Values marked unverified rest on background \
         evidence that no retrieved source supports (confidence C). Losses are users' surplus: what they would have \
         paid at most less what they pay.",
        result.base_year
    ));
    for fault in &run.faults {
        document.warning(fault.to_string());
    }
    for warning in &result.warnings {
        document.warning(warning.clone());
    }
}

fn timing_table(result: &RunResult) -> Table {
    let mut table = Table::new(
        "timings",
        "Seconds by phase",
        vec![Column::text("phase", "phase"), Column::number("seconds", "seconds")],
    );
    for (phase, seconds) in &result.timings {
        table.push(vec![Cell::text(phase), Cell::shown(*seconds, format!("{seconds:.3}"))]);
    }
    let all: f64 = result.timings.iter().map(|(_, seconds)| seconds).sum();
    table.push(vec![Cell::text("together"), Cell::shown(all, format!("{all:.3}"))]);
    table
}

fn size(written: &Written) -> String {
    let bytes: usize = written.files.iter().map(|file| file.bytes).sum();
    let kilobytes = u32::try_from(bytes.div_ceil(1000)).unwrap_or(u32::MAX);
    format!("{:.1} MB", f64::from(kilobytes) / 1e3)
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._-/:+@".contains(c);
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// Questions to ask next about this result.
fn next(short: &[Shortage], result: &RunResult, folder: &str) -> Vec<String> {
    let Some(worst) = short.first() else {
        let quarter = result.quarters.first().map_or("base", String::as_str);
        return vec![format!(
            "monazite explain {folder} --price Nd --place JPN --quarter {quarter}"
        )];
    };
    let (product, place) = (&worst.product, &worst.place);
    let short_name = product.strip_prefix("oxide:").unwrap_or(product);
    vec![
        format!(
            "monazite explain {folder} --price {short_name} --place {place} --quarter {}",
            worst.peak_quarter
        ),
        format!("monazite explain {folder} --shortage {short_name} --place {place}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn paths_are_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted("results/china-2025-04"), "results/china-2025-04");
        assert_eq!(quoted("my results"), "'my results'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
