//! Shares of the world.

use monazite_evidence::table::StageShare;
use monazite_evidence::{Dataset, ShareStage};

use super::find::{Said, figure};
use super::{Answer, Figure, Verdict};

/// Percentage points by which a rounded share may miss.
const ROUNDING: f64 = 3.0;
/// Points beyond which a share is not merely exaggerated.
const FAR: f64 = 20.0;

/// The stage a sentence speaks of.
pub(super) fn stage(said: &Said<'_>) -> ShareStage {
    if said.says(&["magnet"]) && !said.says(&["magnet rare", "separat", "refin"]) {
        ShareStage::Magnet
    } else if said.says(&["separat", "refin", "process", "oxide", "those"]) {
        ShareStage::Separation
    } else if said.says(&["metal and alloy", "metals and alloys", "metal-making", "metallisation"]) {
        ShareStage::Metal
    } else {
        ShareStage::Mine
    }
}

/// Published shares of a place at a stage, of past years not far from the one meant, heavy ones only where meant.
fn known<'d>(dataset: &'d Dataset, place: &str, stage: ShareStage, heavy: bool, year: i16) -> Vec<&'d StageShare> {
    let fits = |row: &&StageShare| {
        let basis = format!("{} {}", row.material, row.basis.as_deref().unwrap_or_default()).to_lowercase();
        let projected = i32::from(row.year) > i32::from(year).min(2026)
            || basis.contains("projection")
            || basis.contains("capacity")
            || basis.contains("forecast");
        row.stage == stage && row.place.as_str() == place && basis.contains("heavy") == heavy && !projected
    };
    let mut rows: Vec<&StageShare> = dataset.stage_shares.iter().filter(fits).collect();
    let latest = rows.iter().map(|row| row.year).max().unwrap_or_default();
    rows.retain(|row| row.year + 3 >= latest);
    rows
}

fn figures(rows: &[&StageShare]) -> Vec<Figure> {
    let one = |row: &&StageShare| {
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

fn range(rows: &[&StageShare]) -> Option<(f64, f64)> {
    let values = rows.iter().map(|row| row.share_pct.0);
    let low = values.clone().reduce(f64::min)?;
    Some((low, values.reduce(f64::max)?))
}

/// `China makes 90 % of all magnets`.
pub(super) fn share(said: &Said<'_>) -> Option<Answer> {
    let country = said.country()?;
    let percent = said.amounts.iter().find(|amount| amount.is_percent())?;
    let stage = stage(said);
    let heavy = said.says(&["heavy"]) && stage != ShareStage::Magnet;
    let rows = known(said.dataset, &country.key, stage, heavy, said.year().unwrap_or(2026));
    let Some((low, high)) = range(&rows) else {
        return Some(Answer::unverifiable(format!(
            "The evidence has no share of {} in {stage}{}.",
            country.name,
            if heavy { " of heavy rare earths" } else { "" }
        )));
    };
    let claimed = percent.value;
    let span = if high - low < 0.5 {
        format!("{high:.0} %")
    } else {
        format!("{low:.0} to {high:.0} %")
    };
    let beyond = if claimed > high {
        claimed - high
    } else {
        (low - claimed).max(0.0)
    };
    let (verdict, words) = if beyond <= ROUNDING {
        (Verdict::Supported, "which agrees")
    } else if beyond <= FAR {
        (
            Verdict::Exaggerated,
            if claimed > high {
                "so the text puts it too high"
            } else {
                "so the text puts it too low"
            },
        )
    } else {
        (Verdict::Contradicted, "which is another size")
    };
    Some(Answer::new(
        verdict,
        format!("Published shares of {} in {stage} are {span}, {words}.", country.name),
        figures(&rows),
    ))
}

/// `China dominates`.
pub(super) fn dominance(said: &Said<'_>) -> Option<Answer> {
    let country = said.country()?;
    let year = said.year().unwrap_or(2026);
    let mut all = Vec::new();
    let mut parts = Vec::new();
    let mut highest = 0.0_f64;
    for stage in [ShareStage::Mine, ShareStage::Separation, ShareStage::Magnet] {
        let rows = known(said.dataset, &country.key, stage, false, year);
        if let Some((low, high)) = range(&rows) {
            let span = if high - low < 0.5 {
                format!("{high:.0} %")
            } else {
                format!("{low:.0} to {high:.0} %")
            };
            parts.push(format!("{span} in {stage}"));
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
