//! How far one input at a time moves the value.

use super::case::Case;
use super::draws::Spread;
use super::value::value;

/// What one input does to the net present value, all others unchanged.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Swing {
    /// The input.
    pub input: &'static str,
    /// It at its low and high end, as multiples of the stated value.
    pub range: (f64, f64),
    /// Net present value at the low and high end, millions.
    pub npv_m: (f64, f64),
}

/// The swings of a case, the widest first.
#[must_use]
pub fn tornado(case: &Case, spread: &Spread) -> Vec<Swing> {
    let mut swings: Vec<Swing> = spread
        .inputs()
        .into_iter()
        .map(|(input, (low, high))| Swing {
            input,
            range: (low, high),
            npv_m: (
                value(&Spread::at(case, input, low)).npv_m,
                value(&Spread::at(case, input, high)).npv_m,
            ),
        })
        .collect();
    let width = |swing: &Swing| (swing.npv_m.1 - swing.npv_m.0).abs();
    swings.sort_by(|a, b| width(b).total_cmp(&width(a)));
    swings
}
