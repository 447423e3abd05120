//! `notes.csv`: what calibration had to bend, for people to read in a spreadsheet.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::chain::CalibrationNote;

const HEADER: [&str; 4] = ["what", "prior_usd_per_kg", "calibrated_usd_per_kg", "why"];

/// Reasons seen so far. A note's reason is one of a few sentences of the program, so that keeping
/// each once for good costs next to nothing.
static REASONS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

pub(super) fn encode(notes: &[CalibrationNote]) -> Result<Vec<u8>, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).map_err(|e| e.to_string())?;
    for note in notes {
        // The shortest text that reads back as the same number.
        let (prior, calibrated) = (note.prior.to_string(), note.calibrated.to_string());
        writer
            .write_record([note.what.as_str(), &prior, &calibrated, note.why])
            .map_err(|e| e.to_string())?;
    }
    writer.into_inner().map_err(|e| e.to_string())
}

pub(super) fn decode(bytes: &[u8]) -> Result<Vec<CalibrationNote>, String> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|e| e.to_string())?;
    if header.iter().ne(HEADER) {
        return Err(format!("its columns are not {}", HEADER.join(", ")));
    }
    let mut notes = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| e.to_string())?;
        let text = |at: usize| record.get(at).unwrap_or_default();
        let number = |at: usize| text(at).parse().map_err(|_| format!("`{}` is not a number", text(at)));
        notes.push(CalibrationNote {
            what: text(0).to_owned(),
            prior: number(1)?,
            calibrated: number(2)?,
            why: reason(text(3)),
        });
    }
    Ok(notes)
}

fn reason(text: &str) -> &'static str {
    let mut known = REASONS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(same) = known.get(text) {
        return same;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.insert(kept);
    kept
}
