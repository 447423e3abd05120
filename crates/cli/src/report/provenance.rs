//! What the numbers were made from, and what calibration had to bend.

use monazite_market::chain::CalibrationNote;
use serde::Serialize;

use super::numbers::{THIN, count, figure};
use super::run::Run;

/// Letters of the fingerprint shown at a glance.
const SHORT: usize = 12;
/// Calibration notes written out.
const MOST_NOTES: usize = 60;

/// The section.
#[derive(Debug, Serialize)]
pub struct Provenance {
    facts: Vec<Fact>,
    notes: Vec<Note>,
    notes_number: String,
    notes_left_out: usize,
    warnings: Vec<String>,
}

/// A name and a value.
#[derive(Debug, Serialize)]
struct Fact {
    name: String,
    value: String,
    /// The whole of a shortened value.
    full: Option<String>,
}

/// What calibration had to bend.
#[derive(Debug, Serialize)]
struct Note {
    what: String,
    prior: String,
    calibrated: String,
    why: &'static str,
}

/// Builds the section.
pub fn provenance(run: &Run<'_>) -> Provenance {
    let mut notes: Vec<&CalibrationNote> = run.result.notes.iter().collect();
    notes.sort_by(|a, b| bend(b).total_cmp(&bend(a)).then_with(|| a.what.cmp(&b.what)));
    Provenance {
        facts: facts(run),
        notes_number: count(notes.len()),
        notes_left_out: notes.len().saturating_sub(MOST_NOTES),
        notes: notes
            .into_iter()
            .take(MOST_NOTES)
            .map(|note| words(run, note))
            .collect(),
        warnings: run.result.warnings.clone(),
    }
}

fn bend(note: &CalibrationNote) -> f64 {
    let change = (note.calibrated - note.prior).abs();
    if change.is_finite() { change } else { 0.0 }
}

fn words(run: &Run<'_>, note: &CalibrationNote) -> Note {
    let what = match note.what.rsplit_once(" in ") {
        Some((what, place)) => format!("{what} in {}", run.names.the_place(place)),
        None => note.what.clone(),
    };
    Note {
        what: super::names::sentence(&what.replace('_', " ")),
        prior: figure(note.prior),
        calibrated: figure(note.calibrated),
        why: note.why,
    }
}

fn facts(run: &Run<'_>) -> Vec<Fact> {
    let result = run.result;
    let fact = |name: &str, value: String| Fact {
        name: name.to_owned(),
        value,
        full: None,
    };
    let fingerprint = run.inputs.dataset.fingerprint();
    let short: String = fingerprint.chars().take(SHORT).collect();
    let first = result.quarters.first().map_or("", String::as_str);
    let last = result.quarters.last().map_or("", String::as_str);
    let mut places: Vec<&str> = result.prices.iter().map(|row| row.place.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    let mut facts = vec![
        fact("Scenario", result.scenario.clone()),
        fact("Quarters", format!("{first} to {last}")),
        fact(
            "Base year and money",
            format!("{}, real USD of that year", result.base_year),
        ),
        fact("View", format!("{} ({} places)", result.view, count(places.len()))),
        Fact {
            name: "Dataset".to_owned(),
            value: format!("SHA-256 {short}…"),
            full: Some(fingerprint),
        },
        fact("Program", format!("Monazite {}", run.inputs.version)),
        fact("Worst KKT residual", residual(result.worst_kkt)),
    ];
    facts.extend(
        result
            .timings
            .iter()
            .map(|(phase, seconds)| fact(&format!("Time, {phase}"), format!("{}{THIN}s", figure(*seconds)))),
    );
    if let Some(command) = run.inputs.command {
        facts.push(fact("Made by", command.to_owned()));
    }
    facts
}

/// The scaled violation of the optimality conditions: `1.8 × 10⁻¹²`.
fn residual(kkt: f64) -> String {
    if !kkt.is_finite() {
        return "–".to_owned();
    }
    if kkt <= 0.0 {
        return "0".to_owned();
    }
    let power = super::numbers::power_of_ten(kkt);
    let digits: String = power.to_string().chars().map(superscript).collect();
    format!(
        "{:.1}{THIN}×{THIN}10{digits} (relative; 0 is exact)",
        kkt / 10f64.powi(power)
    )
}

fn superscript(digit: char) -> char {
    match digit {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        other => other,
    }
}
