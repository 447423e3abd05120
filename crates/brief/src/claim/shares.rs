//! Shares of the world.

use monazite_evidence::table::StageShare;
use monazite_evidence::{Dataset, ShareStage};

use super::find::{Said, figure};
use super::{Answer, Figure, Verdict};
use crate::amount::Amount;

/// Percentage points by which a rounded share may miss.
const ROUNDING: f64 = 3.0;
/// Points beyond which a share is not merely exaggerated.
const FAR: f64 = 20.0;

/// Years after which a published share says nothing any more.
const OLD: i32 = 5;

/// Points by which a share may be too low and still be right in its direction.
const LOW: f64 = 10.0;

/// The stage words speak of; none where they do not say.
fn stage_of(words: &str) -> Option<ShareStage> {
    let lower = words.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["magnet"]) && !says(&["magnet rare", "separat", "refin"]) {
        Some(ShareStage::Magnet)
    } else if says(&["separat", "refin", "process", "oxide", "those"]) {
        Some(ShareStage::Separation)
    } else if says(&["metal and alloy", "metals and alloys", "metal-making", "metallisation"]) {
        Some(ShareStage::Metal)
    } else if says(&["mine", "mining", "output", "ore", "production", "produc", "supply"]) {
        Some(ShareStage::Mine)
    } else {
        None
    }
}

/// What published shares are shares of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// All rare earths, or the one product of the stage.
    All,
    /// Magnet rare earths, a chain, a basket.
    Part,
    /// Heavy rare earths.
    Heavy,
    /// Capacity.
    Capacity,
}

impl Of {
    fn row(row: &StageShare) -> Option<Self> {
        let basis = format!("{} {}", row.material, row.basis.as_deref().unwrap_or_default()).to_lowercase();
        let all = matches!(
            row.material.to_string().to_lowercase().as_str(),
            "all rare earths" | "all reo" | "rare earths" | "ree" | "reo" | "treo" | "rare earth oxides" | "total"
        ) || row.stage == ShareStage::Magnet;
        if basis.contains("projection") || basis.contains("forecast") {
            None
        } else if basis.contains("heavy") {
            Some(Self::Heavy)
        } else if basis.contains("capacity") {
            Some(Self::Capacity)
        } else if all {
            Some(Self::All)
        } else {
            Some(Self::Part)
        }
    }

    const fn as_str(self, stage: ShareStage) -> &'static str {
        match self {
            Self::All if matches!(stage, ShareStage::Magnet) => "of magnets",
            Self::All => "of all rare earths",
            Self::Part => "of magnet rare earths and baskets",
            Self::Heavy => "of heavy ones",
            Self::Capacity => "of capacity",
        }
    }
}

type Rows<'d> = Vec<(Of, &'d StageShare)>;

/// Published shares of a place at a stage, of past years not far from the one meant.
fn known<'d>(dataset: &'d Dataset, place: &str, stage: ShareStage, year: i16) -> Rows<'d> {
    let mut rows: Rows<'d> = dataset
        .stage_shares
        .iter()
        .filter(|row| row.stage == stage && row.place.as_str() == place)
        .filter(|row| i32::from(row.year) <= i32::from(year).min(2026))
        .filter_map(|row| Some((Of::row(row)?, row)))
        .collect();
    let latest = rows.iter().map(|(_, row)| row.year).max().unwrap_or_default();
    rows.retain(|(_, row)| row.year + 3 >= latest);
    rows
}

/// Those a claim is compared with: of all rare earths where there are any, else of a part, else of capacity.
fn compared<'d>(rows: &Rows<'d>, heavy: bool) -> Rows<'d> {
    let of = |wanted: Of| -> Rows<'d> { rows.iter().filter(|(of, _)| *of == wanted).copied().collect() };
    if heavy {
        return of(Of::Heavy);
    }
    [Of::All, Of::Part, Of::Capacity]
        .into_iter()
        .map(of)
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn figures(rows: &Rows<'_>) -> Vec<Figure> {
    let one = |(_, row): &(Of, &StageShare)| {
        figure(
            format!("share of {} in {}, {}", row.place, row.stage, row.material),
            row.share_pct.0,
            "%",
            row.year,
            "stage_shares",
            &row.provenance,
        )
    };
    rows.iter().map(one).collect()
}

fn range(rows: &Rows<'_>) -> Option<(f64, f64)> {
    let values = rows.iter().map(|(_, row)| row.share_pct.0);
    let low = values.clone().reduce(f64::min)?;
    Some((low, values.reduce(f64::max)?))
}

/// `90 to 91 %`.
fn span(low: f64, high: f64) -> String {
    if high - low < 0.5 || format!("{low:.0}") == format!("{high:.0}") {
        format!("{high:.0} %")
    } else {
        format!("{low:.0} to {high:.0} %")
    }
}

/// `90 to 91 % of all rare earths (2023 to 2024), 85 % of capacity (2022)`: every basis there is.
fn by_basis(rows: &Rows<'_>) -> String {
    let parts = [Of::All, Of::Part, Of::Heavy, Of::Capacity]
        .into_iter()
        .filter_map(|of| {
            let own: Rows<'_> = rows.iter().filter(|(basis, _)| *basis == of).copied().collect();
            let (low, high) = range(&own)?;
            let years = own.iter().map(|(_, row)| row.year);
            let (first, last) = (years.clone().min()?, years.max()?);
            let years = if first == last {
                first.to_string()
            } else {
                format!("{first} to {last}")
            };
            let stage = own.first()?.1.stage;
            Some(format!("{} {} ({years})", span(low, high), of.as_str(stage)))
        });
    parts.collect::<Vec<_>>().join(", ")
}

/// The words a percentage belongs to: from the comma before it to the one after it.
fn phrase<'w>(words: &'w str, percent: &Amount) -> &'w str {
    let Some(at) = words.find(percent.span.text()) else {
        return words;
    };
    let end = at + percent.span.text().len();
    let stops = |c: char| matches!(c, ',' | ';' | '(' | ')' | '—' | '–');
    let from = words
        .get(..at)
        .and_then(|before| before.rfind(stops))
        .map_or(0, |stop| stop + 1);
    let until = words
        .get(end..)
        .and_then(|after| after.find(stops))
        .map_or(words.len(), |stop| end + stop);
    words.get(from..until).unwrap_or(words)
}

/// Words beside a percentage that make it a change, a plan, a margin or a part of a firm, no share of the world.
const OTHERWISE: &[&str] = &[
    "rose",
    "rise",
    "fell",
    "fall",
    "up ",
    "down ",
    "by ",
    "price",
    "profit",
    "revenue",
    "sales",
    "cost",
    "grew",
    "grow",
    "year on year",
    "year-on-year",
    "month on month",
    "shipment",
    "leap",
    "jump",
    "slid",
    "slip",
    "slump",
    "shrank",
    "cut",
    "drop",
    "declin",
    "increas",
    "reduc",
    "rais",
    "higher",
    "lower",
    "bigger",
    "smaller",
    "larger",
    "% more",
    "cent more",
    "% less",
    "cent less",
    "gain",
    "goal",
    "target",
    "aim",
    "will ",
    "could",
    "would",
    "should",
    "plan",
    "expect",
    "forecast",
    "shares in",
    "shares of",
    "capital",
    "budget",
    "the company",
];

/// `China makes 90 % of all magnets`.
pub(super) fn share(said: &Said<'_>) -> Option<Answer> {
    let percents = said.amounts.iter().filter(|amount| amount.is_percent());
    let of_the_world = |amount: &&Amount| {
        let own = phrase(said.words, amount).to_lowercase();
        !OTHERWISE.iter().any(|word| own.contains(word))
    };
    let percent = percents.into_iter().find(of_the_world)?;
    let country = said.country_of(percent)?;
    let own = phrase(said.words, percent);
    let stage = if own.len() > 24 {
        stage_of(own).or_else(|| stage_of(said.words))
    } else {
        stage_of(said.words)
    };
    let stage = stage.unwrap_or(ShareStage::Mine);
    let heavy = own.to_lowercase().contains("heavy") && stage != ShareStage::Magnet;
    let Some(year) = said.year() else {
        return Some(Answer::unverifiable(
            "Shares change from year to year, and neither the text nor `--date` says when this was.".to_owned(),
        ));
    };
    let rows = known(said.dataset, &country.key, stage, year);
    let against = compared(&rows, heavy);
    let latest = against.iter().map(|(_, row)| i32::from(row.year)).max();
    if let Some(latest) = latest.filter(|latest| latest + OLD < i32::from(year)) {
        return Some(Answer::unverifiable(format!(
            "The latest share of {} in {stage} that the evidence has is of {latest}: too old for {year}.",
            country.name
        )));
    }
    let Some((low, high)) = range(&against) else {
        return Some(Answer::unverifiable(format!(
            "The evidence has no share of {} in {stage}{}.",
            country.name,
            if heavy { " of heavy rare earths" } else { "" }
        )));
    };
    let (verdict, words) = verdict(percent, low, high);
    let figures = figures(&against).into_iter().chain(figures(
        &rows.iter().filter(|row| !against.contains(row)).copied().collect(),
    ));
    Some(Answer::new(
        verdict,
        format!(
            "Published shares of {} in {stage}: {}; {words}.",
            country.name,
            by_basis(&rows)
        ),
        figures.collect(),
    ))
}

/// A claimed share against the lowest and highest published one. Too low a share is no exaggeration.
fn verdict(claimed: &Amount, low: f64, high: f64) -> (Verdict, String) {
    let (least, most) = (
        claimed.low.unwrap_or(claimed.value),
        claimed.high.unwrap_or(claimed.value),
    );
    let floor = claimed
        .qualifier
        .as_deref()
        .is_some_and(|word| matches!(word, "more than" | "over" | "at least"));
    if least > high + ROUNDING {
        let beyond = least - high;
        if beyond <= FAR {
            (
                Verdict::Exaggerated,
                format!("the text puts it {beyond:.0} points too high"),
            )
        } else {
            (Verdict::Contradicted, "the text overstates it by far".to_owned())
        }
    } else if most >= low - ROUNDING || floor {
        (Verdict::Supported, "the text agrees".to_owned())
    } else if low - most <= LOW {
        (
            Verdict::Supported,
            format!("the text understates it by {:.0} points", low - most),
        )
    } else {
        (
            Verdict::Contradicted,
            format!("the text understates it by {:.0} points", low - most),
        )
    }
}

/// `China dominates`.
pub(super) fn dominance(said: &Said<'_>) -> Option<Answer> {
    let country = said.country()?;
    let year = said.year().unwrap_or(2026);
    let mut all = Vec::new();
    let mut parts = Vec::new();
    let mut highest = 0.0_f64;
    for stage in [ShareStage::Mine, ShareStage::Separation, ShareStage::Magnet] {
        let rows = compared(&known(said.dataset, &country.key, stage, year), false);
        if let Some((low, high)) = range(&rows) {
            parts.push(format!("{} in {stage}", span(low, high)));
            highest = highest.max(high);
            all.extend(figures(&rows));
        }
    }
    if all.is_empty() {
        return Some(Answer::unverifiable(format!(
            "The evidence has no published shares of {}.",
            country.name
        )));
    }
    let verdict = if highest >= 50.0 {
        Verdict::Supported
    } else if highest >= 30.0 {
        Verdict::Exaggerated
    } else {
        Verdict::Contradicted
    };
    Some(Answer::new(
        verdict,
        format!("Published shares of {}: {}.", country.name, parts.join(", ")),
        all,
    ))
}
