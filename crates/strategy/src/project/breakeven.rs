//! Prices, floors and grants that carry a project.

use super::case::Case;
use super::cash_flow::cash_flow;
use super::value::{irr, npv, value};

/// Prices beyond this multiple of the deck are not looked at.
const HIGHEST: f64 = 1e4;

/// A price floor and what it costs whoever guarantees it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Floor {
    /// The floor, per kilogram.
    pub per_kg: f64,
    /// What the guarantor pays over the life if prices stay as they are, present value at the project's rate, millions.
    pub cost_m: f64,
    /// The same in the first full year, millions.
    pub cost_m_per_year: f64,
}

/// The argument from which a rising function is not negative: the bracket doubles from `start` up to `highest`, then regula
/// falsi in the Illinois variant, which values of projects (piecewise linear in price) need few steps for.
fn root(start: f64, highest: f64, rising: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut low, mut at_low) = (0.0, rising(0.0));
    if at_low >= 0.0 {
        return Some(low);
    }
    let (mut high, mut at_high) = (start.min(highest), rising(start.min(highest)));
    while at_high < 0.0 {
        if high >= highest {
            return None;
        }
        (low, at_low) = (high, at_high);
        high = (high * 2.0).min(highest);
        at_high = rising(high);
    }
    let mut kept = 0;
    for _ in 0..200 {
        if high - low <= 1e-12 * high || at_high <= 0.0 {
            break;
        }
        let guess = (low * at_high - high * at_low) / (at_high - at_low);
        let guess = if guess > low && guess < high {
            guess
        } else {
            f64::midpoint(low, high)
        };
        let value = rising(guess);
        if value < 0.0 {
            (low, at_low) = (guess, value);
            // The same end kept twice: half its value, or the steps become small.
            at_high = if kept == 1 { at_high / 2.0 } else { at_high };
            kept = 1;
        } else {
            (high, at_high) = (guess, value);
            at_low = if kept == -1 { at_low / 2.0 } else { at_low };
            kept = -1;
        }
    }
    Some(high)
}

/// The multiple of all prices at which the project is worth nothing after tax. None when no price up to ten thousand
/// times the deck's is enough.
#[must_use]
pub fn break_even_multiple(case: &Case) -> Option<f64> {
    root(1.0, HIGHEST, |factor| value(&case.with_prices(factor)).npv_m)
}

/// The price of one material, all others unchanged, at which the project is worth nothing after tax, per kilogram; 0 when
/// it is worth something even if the material is given away. None when no price is enough or the material is not sold.
#[must_use]
pub fn break_even_price(case: &Case, material: &str) -> Option<f64> {
    let at = case.lines.iter().position(|line| line.material == material)?;
    let today = case.lines.get(at)?.price(1).max(1.0);
    let with = |price: f64| {
        let mut changed = case.clone();
        if let Some(line) = changed.lines.get_mut(at) {
            line.price_per_kg = vec![price];
        }
        value(&changed).npv_m
    };
    root(today, today * HIGHEST, with)
}

/// The floor under the prices of `materials` that gives the project a rate of return of `target` after tax: whoever
/// guarantees it pays the difference to the market price, of which the buyer's payability is taken too. One number is
/// the floor of all of them: for `Nd` and `Pr`, the floor of NdPr. None when no floor is enough.
#[must_use]
pub fn floor_for_irr(case: &Case, materials: &[&str], target: f64) -> Option<Floor> {
    let floored = |floor: f64| {
        let mut changed = case.clone();
        for line in &mut changed.lines {
            if materials.contains(&line.material.as_str()) {
                for price in &mut line.price_per_kg {
                    *price = price.max(floor);
                }
            }
        }
        changed
    };
    let reached = |floor: f64| {
        npv(
            &cash_flow(&floored(floor)).after_tax(),
            target,
            case.finance.discounting,
        )
    };
    let highest = case
        .lines
        .iter()
        .filter(|line| materials.contains(&line.material.as_str()))
        .map(|line| line.price(1).max(1.0) * HIGHEST)
        .fold(f64::NAN, f64::max);
    if highest.is_nan() {
        return None;
    }
    let per_kg = root(highest / HIGHEST, highest, reached)?;
    let paid: Vec<f64> = (cash_flow(&floored(per_kg)).years.iter())
        .zip(&cash_flow(case).years)
        .map(|(with, without)| with.revenue_m - without.revenue_m)
        .collect();
    Some(Floor {
        per_kg,
        cost_m: npv(&paid, case.finance.discount_rate, case.finance.discounting),
        cost_m_per_year: paid.iter().copied().fold(0.0, f64::max),
    })
}

/// The grant towards capital cost that gives the project a rate of return of `target` after tax, millions; 0 when it has it
/// anyway. None when even free capital is not enough.
#[must_use]
pub fn grant_for_irr(case: &Case, target: f64) -> Option<f64> {
    let with = |grant: f64| {
        let mut changed = case.clone();
        changed.grant_m = grant;
        npv(&cash_flow(&changed).after_tax(), target, case.finance.discounting)
    };
    let already = irr(&cash_flow(case).after_tax()).is_some_and(|rate| rate >= target);
    if already {
        return Some(0.0);
    }
    root(case.costs.capex_m, case.costs.capex_m, with)
}
