//! Committed distances from what was published, and how far a new one may fall behind.

use super::checks::Check;
use crate::failure::Failure;

/// The distances as committed.
const COMMITTED: &str = include_str!("../../../../../book/src/validation/oracles.csv");
/// A check may move by this share of what is wanted before somebody should look.
const SLACK: f64 = 0.2;

/// Sentences about checks that are further off than committed, by more than their tolerance.
///
/// # Errors
/// When the committed table cannot be read.
pub fn worse(checks: &[Check]) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for check in checks {
        match committed(&check.id)? {
            None => found.push(format!("`{}` has no committed value", check.id)),
            Some(known) if check.off().abs() > known.abs() + SLACK * check.wanted => found.push(format!(
                "`{}` is off by {:.4}, committed {known:.4}, tolerance {:.4}",
                check.id,
                check.off(),
                SLACK * check.wanted
            )),
            Some(_) => {}
        }
    }
    Ok(found)
}

/// Column of the distance in the committed table.
const OFF: &str = "off";

fn committed(id: &str) -> Result<Option<f64>, Failure> {
    let broken = || Failure::failed("the committed checks inside the program cannot be read".to_owned());
    let mut reader = csv::Reader::from_reader(COMMITTED.as_bytes());
    let heads = reader.headers().map_err(|_| broken())?.clone();
    let at = heads.iter().position(|head| head == OFF).ok_or_else(broken)?;
    for record in reader.records() {
        let record = record.map_err(|_| broken())?;
        if record.get(0) == Some(id) {
            let value = record.get(at).and_then(|cell| cell.parse().ok());
            return value.map(Some).ok_or_else(broken);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::super::checks::Measure;
    use super::*;

    fn check(id: &str, computed: f64) -> Check {
        Check {
            id: id.to_owned(),
            part: "evidence",
            what: String::new(),
            unit: "",
            published: None,
            computed,
            measure: Measure::Absolute,
            wanted: 1e-6,
            confidence: String::new(),
            source: String::new(),
        }
    }

    #[test]
    fn a_check_is_worse_only_beyond_its_tolerance() {
        let known = committed("evidence.balance.2024")
            .expect("readable")
            .expect("committed");
        let at = |more: f64| worse(&[check("evidence.balance.2024", known.abs() + more)]).expect("readable");
        assert!(at(1e-7).is_empty());
        assert_eq!(at(3e-7).len(), 1);
    }

    #[test]
    fn a_check_nobody_committed_is_named() {
        assert!(worse(&[check("no.such", 0.0)]).expect("readable")[0].contains("no committed value"));
    }
}
