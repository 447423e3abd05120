//! `monazite deals`: the ledger of deals and the money in it.

use monazite_brief::ledger::{Filter, Sum, by_party_and_year, by_year, deals as find, firmness, party_name, total};
use monazite_evidence::Dataset;
use monazite_evidence::table::Deal;

use super::dataset;
use crate::args::Global;
use crate::args::brief::DealsArgs;
use crate::failure::{Failure, counted};
use crate::output::words::{flag, plain};
use crate::output::{Cell, Column, Document, Printer, Table, number};

/// Lists and sums deals.
pub fn deals(args: &DealsArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let dataset = dataset(global)?;
    let filter = filter(args, &dataset)?;
    let found = find(&dataset, &filter);
    let mut document = Document::new();
    document.table(listed(&found, args.limit));
    let sum = total(&found);
    document.fact("deals_found", found.len());
    document.text(in_words(&sum));
    document.table(years(&found));
    document.table(money(&found));
    document.remark(
        "Million USD as the evidence has them, not of one year. Committed: signed, closed, awarded; intended: letters of intent, \
         memoranda, bills. A deal with several parties counts once for each of them, so parties must not be added up. Amounts in other \
         currencies are in the notes (`--csv=deals`) and in no sum. Stalled and superseded deals add nothing.",
    );
    printer.print(&document)
}

fn filter(args: &DealsArgs, dataset: &Dataset) -> Result<Filter, Failure> {
    if let (Some(least), Some(most)) = (args.min, args.max)
        && least > most
    {
        let wrong = Failure::input(format!("no amount is at least {least} and at most {most} million USD"));
        return Err(wrong.hint("--min is the smaller of the two"));
    }
    if args.min.into_iter().chain(args.max).any(f64::is_nan) {
        return Err(Failure::input("`nan` is no amount").hint("amounts are in million USD, such as `--min 100`"));
    }
    if let Some(party) = &args.party {
        let named = |deal: &Deal| {
            deal.parties
                .iter()
                .flat_map(|name| [name.clone(), party_name(name)])
                .collect::<Vec<_>>()
        };
        let mut known: Vec<String> = dataset.deals.iter().flat_map(named).collect();
        known.sort_unstable();
        known.dedup();
        let lower = party.to_lowercase();
        if !known.iter().any(|name| name.to_lowercase().contains(&lower))
            && find(dataset, &Filter::of_party(party)).is_empty()
        {
            let known = known.iter().map(String::as_str);
            return Err(Failure::unknown(&monazite_evidence::Unknown::new(
                "party of a deal",
                party,
                known,
            )));
        }
    }
    if let Some(year) = args.year {
        let years = dataset.deals.iter().map(|deal| deal.date.year());
        let (first, last) = (years.clone().min().unwrap_or(year), years.max().unwrap_or(year));
        if year < first || year > last {
            return Err(Failure::input(format!("the ledger has no deal of {year}"))
                .hint(format!("it has deals of {first} to {last}")));
        }
    }
    let of = |column: fn(&Deal) -> Option<&str>| {
        let mut known: Vec<&str> = dataset.deals.iter().filter_map(column).collect();
        known.sort_unstable();
        known.dedup();
        known
    };
    among(
        "instrument of a deal",
        args.instrument.as_deref(),
        &of(|deal| deal.instrument.as_deref()),
    )?;
    among(
        "status of a deal",
        args.status.as_deref(),
        &of(|deal| deal.status.as_deref()),
    )?;
    let place = match &args.place {
        Some(words) => Some(dataset.resolve_place(words)?.place.as_str().to_owned()),
        None => None,
    };
    if let Some(stage) = &args.stage {
        let mut known: Vec<&str> = dataset
            .deals
            .iter()
            .filter_map(|deal| deal.stage.as_deref())
            .flat_map(|stage| stage.split(';'))
            .collect();
        known.sort_unstable();
        known.dedup();
        if !known.contains(&stage.as_str()) {
            let unknown = monazite_evidence::Unknown::new("stage of a deal", stage, known.iter().copied());
            return Err(Failure::unknown(&unknown).hint(format!("stages in the ledger: {}", known.join(", "))));
        }
    }
    Ok(Filter {
        party: args.party.clone(),
        instrument: args.instrument.clone(),
        stage: args.stage.clone(),
        place,
        status: args.status.clone(),
        year: args.year,
        at_least_musd: args.min,
        at_most_musd: args.max,
    })
}

/// Whether a word is, or is part of, one of those the ledger has.
fn among(what: &'static str, word: Option<&str>, known: &[&str]) -> Result<(), Failure> {
    let Some(word) = word else { return Ok(()) };
    let lower = word.to_lowercase();
    let plain = |known: &str| known.to_lowercase().replace('_', " ");
    if known
        .iter()
        .any(|known| known.to_lowercase().contains(&lower) || plain(known).contains(&lower))
    {
        return Ok(());
    }
    let unknown = monazite_evidence::Unknown::new(what, word, known.iter().copied());
    Err(Failure::unknown(&unknown).hint(format!("the ledger has: {}", known.join(", "))))
}

fn in_words(sum: &Sum) -> String {
    let gap = if sum.without_amount > 0 {
        format!(
            "; {} of them without an amount in dollars, which adds nothing and is not zero",
            sum.without_amount
        )
    } else {
        String::new()
    };
    format!(
        "{}{gap}. Committed {} million USD, announced {}, intended {}{}.",
        counted(sum.deals, "deal"),
        number::figures(sum.committed_musd),
        number::figures(sum.announced_musd),
        number::figures(sum.intended_musd),
        if sum.unverified { "; part of it unverified" } else { "" }
    )
}

fn listed(found: &[&Deal], limit: usize) -> Table {
    let mut table = Table::new(
        "deals",
        "Deals, the newest first",
        vec![
            Column::text("deal", "deal"),
            Column::text("date", "date"),
            Column::text("parties", "parties"),
            Column::text("title", "title").for_programs(),
            Column::text("place", "where"),
            Column::text("stage", "stage").minor(),
            Column::text("instrument", "instrument"),
            Column::number("amount_musd", "M USD"),
            Column::number("volume_t_per_year", "t/yr"),
            Column::text("status", "status"),
            Column::text("firmness", "firmness").for_programs(),
            Column::text("confidence", ""),
            Column::text("sources", "").for_programs(),
            Column::text("note", "").for_programs(),
        ],
    )
    .if_empty("no deal in the ledger fits");
    if limit > 0 {
        table = table.show_at_most(limit);
    }
    for deal in found {
        let text = |text: Option<&str>| text.map_or_else(Cell::empty, |text| Cell::named(text, plain(text)));
        let quantity = |value: Option<f64>| value.map_or_else(Cell::empty, Cell::number);
        let confidence = deal.provenance.confidence.as_str();
        let sources: Vec<&str> = deal
            .provenance
            .sources
            .iter()
            .map(monazite_evidence::SourceId::as_str)
            .collect();
        table.push(vec![
            Cell::text(deal.deal.as_str()),
            Cell::text(deal.date.to_string()),
            Cell::text(deal.parties.join("; ")),
            Cell::text(&deal.title),
            deal.place
                .as_ref()
                .map_or_else(Cell::empty, |place| Cell::text(place.as_str())),
            text(deal.stage.as_deref()),
            text(deal.instrument.as_deref()),
            quantity(deal.amount_musd.map(|amount| amount.0)),
            quantity(deal.volume_t_per_year),
            text(deal.status.as_deref()),
            Cell::text(firmness(deal).as_str()),
            Cell::named(confidence, flag(confidence)),
            Cell::text(sources.join(";")),
            Cell::text(&deal.provenance.note),
        ]);
    }
    table
}

fn sums() -> Vec<Column> {
    vec![
        Column::number("deals", "deals"),
        Column::number("without_amount", "no amount"),
        Column::number("committed_musd", "committed"),
        Column::number("announced_musd", "announced"),
        Column::number("intended_musd", "intended"),
        Column::text("unverified", ""),
    ]
}

/// A sum; where no deal of it has an amount, there is none.
fn cells(sum: &Sum) -> Vec<Cell> {
    let known = sum.deals > sum.without_amount;
    let money = |value: f64| {
        if known && value > 0.0 {
            Cell::number(value)
        } else if known {
            Cell::shown(0.0, "")
        } else {
            Cell::empty()
        }
    };
    vec![
        Cell::count(sum.deals),
        Cell::count(sum.without_amount),
        money(sum.committed_musd),
        money(sum.announced_musd),
        money(sum.intended_musd),
        Cell::flag(sum.unverified, "unverified", ""),
    ]
}

fn years(found: &[&Deal]) -> Table {
    let mut columns = vec![Column::text("year", "year")];
    columns.extend(sums());
    let mut table = Table::new("years", "The money by year, each deal once, million USD", columns);
    for (year, sum) in by_year(found).iter().rev() {
        let mut row = vec![Cell::ordinal(*year)];
        row.extend(cells(sum));
        table.push(row);
    }
    table
}

fn money(found: &[&Deal]) -> Table {
    let mut columns = vec![Column::text("party", "party"), Column::text("year", "year")];
    columns.extend(sums());
    let mut table = Table::new("money", "The money by party and year, million USD", columns).show_at_most(20);
    let mut rows: Vec<((String, i16), Sum)> = by_party_and_year(found).into_iter().collect();
    let size = |sum: &Sum| sum.committed_musd + sum.announced_musd + sum.intended_musd;
    rows.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)).then_with(|| a.0.cmp(&b.0)));
    for ((party, year), sum) in &rows {
        let mut row = vec![Cell::text(party), Cell::ordinal(*year)];
        row.extend(cells(sum));
        table.push(row);
    }
    table
}
