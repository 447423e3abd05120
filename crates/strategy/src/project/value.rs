//! What a cash flow is worth.

use super::case::Case;
use super::cash_flow::{CashFlow, cash_flow};
use super::definition::Discounting;

/// What a project is worth. Money in millions of its currency.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Valuation {
    /// Net present value after tax, before finance.
    pub npv_m: f64,
    /// Net present value before tax and finance.
    pub npv_before_tax_m: f64,
    /// Net present value to the owners, after debt, at the same rate; equals `npv_m` without debt.
    pub npv_equity_m: f64,
    /// Internal rate of return after tax, a year; none when the flow never turns positive, or not once only.
    pub irr: Option<f64>,
    /// Internal rate of return before tax.
    pub irr_before_tax: Option<f64>,
    /// Years from the first production until the project has earned back what it cost, after tax; none when it never does.
    pub payback_years: Option<f64>,
    /// Average price of what is sold, per kilogram, at first-year prices and before payability.
    pub basket_price_per_kg: f64,
    /// Cost of a kilogram sold over the life, discounted: operating, royalty, sustaining, capital and closure cost less by-products.
    pub unit_cost_per_kg: f64,
    /// Operating cost of a kilogram in a full year at the stated year's prices.
    pub opex_per_kg: f64,
    /// Revenue less royalty and operating cost of the first full year, millions.
    pub ebitda_m: f64,
    /// The cash flow.
    pub cash_flow: CashFlow,
}

/// Values a case.
#[must_use]
pub fn value(case: &Case) -> Valuation {
    let flow = cash_flow(case);
    let (rate, when) = (case.finance.discount_rate, case.finance.discounting);
    let (before, after) = (flow.before_tax(), flow.after_tax());
    let costs = &case.costs;
    let kg = case.kg_per_year();
    let full = flow
        .years
        .iter()
        .find(|year| year.output_share >= 1.0)
        .copied()
        .unwrap_or_default();
    Valuation {
        npv_m: npv(&after, rate, when),
        npv_before_tax_m: npv(&before, rate, when),
        npv_equity_m: npv(&flow.equity(), rate, when),
        irr: irr(&after),
        irr_before_tax: irr(&before),
        payback_years: payback(&flow),
        basket_price_per_kg: case.basket_price(),
        unit_cost_per_kg: unit_cost(case, &flow),
        opex_per_kg: costs.opex_m_per_year * 1e6 / kg + costs.opex_per_kg + costs.separation_per_kg,
        ebitda_m: full.revenue_m - full.royalty_m - full.opex_m,
        cash_flow: flow,
    }
}

/// Net present value of yearly flows at the start of year 1.
#[must_use]
pub fn npv(flows: &[f64], rate: f64, when: Discounting) -> f64 {
    let step = 1.0 / (1.0 + rate);
    let mut factor = match when {
        Discounting::EndOfYear => step,
        Discounting::MidYear => step.sqrt(),
    };
    let mut sum = 0.0;
    for flow in flows {
        sum += flow * factor;
        factor *= step;
    }
    sum
}

/// The rate at which the flows are worth nothing.
///
/// None when there is no such rate between -99 % and 1,000 % a year, or when more than one is possible because the
/// cumulative flow changes its sign more than once (Norstrøm's condition fails): a single number would mislead.
#[must_use]
pub fn irr(flows: &[f64]) -> Option<f64> {
    let mut total = 0.0;
    let mut changes = 0;
    let mut positive: Option<bool> = None;
    for flow in flows {
        total += flow;
        if total != 0.0 {
            let now = total > 0.0;
            changes += usize::from(positive.is_some_and(|before| before != now));
            positive = Some(now);
        }
    }
    // Closing a site at the end may turn the sum once more; it then stays small against what was earned.
    if changes > 2 {
        return None;
    }
    let at = |rate: f64| npv(flows, rate, Discounting::EndOfYear);
    let (mut low, mut high) = (-0.99, 10.0);
    let (first, last) = (at(low), at(high));
    if !(first.is_finite() && first > 0.0 && last < 0.0) {
        return None;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if at(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
        if high - low < 1e-12 {
            break;
        }
    }
    Some(f64::midpoint(low, high))
}

/// Years from the first production until the cumulative flow after tax is positive for the first time.
fn payback(flow: &CashFlow) -> Option<f64> {
    let mut total = 0.0;
    for (at, year) in flow.years.iter().enumerate() {
        let before = total;
        total += year.after_tax_m;
        if total >= 0.0 && before < 0.0 {
            let part = before / (before - total);
            let built = f64::from(flow.construction_years);
            return Some((f64::from(u16::try_from(at).unwrap_or(u16::MAX)) + part - built).max(0.0));
        }
    }
    None
}

/// Discounted cost over discounted kilograms.
fn unit_cost(case: &Case, flow: &CashFlow) -> f64 {
    let (rate, when) = (case.finance.discount_rate, case.finance.discounting);
    let built = usize::from(flow.construction_years);
    let by_product = |at: usize, share: f64| {
        let planned = at
            .checked_sub(built)
            .and_then(|n| case.schedule.by_product_m_by_year.get(n));
        planned.copied().unwrap_or(share * case.costs.by_product_m_per_year)
    };
    let cost: Vec<f64> = (flow.years.iter().enumerate())
        .map(|(at, year)| year.royalty_m + year.opex_m + year.capex_m - by_product(at, year.output_share))
        .collect();
    let kg: Vec<f64> = (flow.years.iter())
        .map(|year| year.output_share * case.kg_per_year() / 1e6)
        .collect();
    npv(&cost, rate, when) / npv(&kg, rate, when)
}
