//! The yearly cash flow of a case.

use super::case::Case;
use super::definition::Depreciation;

/// One year. Money in millions; costs are positive numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Year {
    /// Year from the start of construction, from 1.
    pub year: u16,
    /// Share of full output.
    pub output_share: f64,
    /// Sales, with by-products.
    pub revenue_m: f64,
    /// Royalties.
    pub royalty_m: f64,
    /// Operating cost, with separation charges.
    pub opex_m: f64,
    /// Capital, sustaining and closure cost, less grants.
    pub capex_m: f64,
    /// Added to working capital; negative when it is released.
    pub working_capital_m: f64,
    /// Written off.
    pub depreciation_m: f64,
    /// Tax on profit.
    pub tax_m: f64,
    /// Free cash flow before tax and finance.
    pub before_tax_m: f64,
    /// Free cash flow after tax, before finance.
    pub after_tax_m: f64,
    /// Drawn from lenders less what is paid to them.
    pub debt_m: f64,
    /// Cash flow to the owners: after tax with interest deducted, and after debt.
    pub equity_m: f64,
}

/// All years of a case.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct CashFlow {
    /// In order, from the first construction year to the year after production ends.
    pub years: Vec<Year>,
    /// Years of construction.
    pub construction_years: u16,
}

impl CashFlow {
    /// Free cash flow before tax, by year.
    #[must_use]
    pub fn before_tax(&self) -> Vec<f64> {
        self.years.iter().map(|year| year.before_tax_m).collect()
    }

    /// Free cash flow after tax, by year.
    #[must_use]
    pub fn after_tax(&self) -> Vec<f64> {
        self.years.iter().map(|year| year.after_tax_m).collect()
    }

    /// Cash flow to the owners, by year.
    #[must_use]
    pub fn equity(&self) -> Vec<f64> {
        self.years.iter().map(|year| year.equity_m).collect()
    }
}

/// The cash flow of a case.
///
/// Capital is spent over construction; production follows at once, ramping up. Capital cost is written off from the first
/// year of production, what is left in the last one; sustaining cost when spent, unless the project says otherwise.
/// Interest during construction is added to the debt, which is paid back in equal payments.
#[must_use]
pub fn cash_flow(case: &Case) -> CashFlow {
    let built = case.schedule.capex_shares.len();
    let life = usize::from(case.schedule.life_years);
    let mut years = operations(case, built, life);
    taxes(case, &mut years, built, life, None);
    let interest = debt(case, &mut years, built);
    let mut taxed_with_interest = years.clone();
    taxes(case, &mut taxed_with_interest, built, life, Some(&interest));
    for (year, with_interest) in years.iter_mut().zip(&taxed_with_interest) {
        year.equity_m = with_interest.after_tax_m + year.debt_m;
    }
    CashFlow {
        years,
        construction_years: u16::try_from(built).unwrap_or(u16::MAX),
    }
}

/// What amounts of the stated year are in a year, at a yearly rise.
fn grown(rate: f64, year: usize) -> f64 {
    (1.0 + rate).powi(i32::try_from(year).unwrap_or(i32::MAX) - 1)
}

/// Everything before tax.
fn operations(case: &Case, built: usize, life: usize) -> Vec<Year> {
    let costs = &case.costs;
    let inflation = case.finance.inflation;
    let kg = case.kg_per_year();
    let mut tied_up = 0.0;
    let mut years = Vec::with_capacity(built + life + 1);
    for n in 1..=built + life + 1 {
        let mut year = Year {
            year: u16::try_from(n).unwrap_or(u16::MAX),
            ..Year::default()
        };
        let (prices, opex, capex) = (
            grown(inflation.revenue, n),
            grown(inflation.opex, n),
            grown(inflation.capex, n),
        );
        if n <= built {
            let share = case.schedule.capex_shares.get(n - 1).copied().unwrap_or_default();
            year.capex_m = share * (costs.capex_m - case.grant_m) * capex;
        } else if n <= built + life {
            let share = case.schedule.ramp.get(n - built - 1).copied().unwrap_or(1.0);
            let sold: f64 = case.lines.iter().map(|line| line.revenue_m(n)).sum();
            year.output_share = share;
            year.royalty_m = share * sold * prices * case.fiscal.royalty_share;
            let planned = |list: &[f64], usual: f64| list.get(n - built - 1).copied().unwrap_or(usual);
            // A by-product by year is what it is; the usual one ramps up with the rest.
            let usual = share * costs.by_product_m_per_year;
            let by_product = planned(&case.schedule.by_product_m_by_year, usual);
            year.revenue_m = (share * sold + by_product) * prices;
            let per_kg = (costs.opex_per_kg + costs.separation_per_kg) * kg / 1e6;
            let fixed = costs.opex_m_per_year * planned(&case.schedule.opex_by_year, 1.0);
            year.opex_m = (fixed + share * per_kg) * opex;
            year.capex_m = planned(&case.schedule.sustaining_m_by_year, costs.sustaining_m_per_year) * opex;
        } else {
            year.capex_m = costs.closure_m * opex;
        }
        // Stocks and bills are given back in the year after the last sale.
        let needed = year.revenue_m * costs.working_capital_days / 365.0;
        year.working_capital_m = needed - tied_up;
        tied_up = needed;
        year.before_tax_m = year.revenue_m - year.royalty_m - year.opex_m - year.capex_m - year.working_capital_m;
        years.push(year);
    }
    years
}

/// Depreciation and tax, with or without interest.
fn taxes(case: &Case, years: &mut [Year], built: usize, life: usize, interest: Option<&[f64]>) {
    let fiscal = &case.fiscal;
    let written_off = depreciation(case, years, built, life);
    let mut losses = 0.0_f64;
    for (at, year) in years.iter_mut().enumerate() {
        year.depreciation_m = written_off.get(at).copied().unwrap_or_default();
        let paid = interest
            .and_then(|interest| interest.get(at))
            .copied()
            .unwrap_or_default();
        // Closure cost is deducted when spent, and sustaining cost unless it is written off; capital cost by depreciation.
        let closing = at >= built + life;
        let spent = if closing || (at >= built && !fiscal.sustaining_written_off) {
            year.capex_m
        } else {
            0.0
        };
        let profit = year.revenue_m - year.royalty_m - year.opex_m - spent - year.depreciation_m - paid;
        let used = losses.min(profit.max(0.0) * fiscal.loss_limit_share);
        year.tax_m = fiscal.tax_rate * (profit - used).max(0.0);
        losses = if fiscal.losses_carried_forward {
            losses - used + (-profit).max(0.0)
        } else {
            0.0
        };
        year.after_tax_m = year.before_tax_m - year.tax_m;
    }
}

/// What is written off in each year. Whatever is left is written off in the last year of production.
fn depreciation(case: &Case, years: &[Year], built: usize, life: usize) -> Vec<f64> {
    let span = usize::from(case.fiscal.depreciation_years).max(1);
    let invested: f64 = years.iter().take(built).map(|year| year.capex_m).sum();
    let output: f64 = years.iter().map(|year| year.output_share).sum();
    let mut written_off = vec![0.0; years.len()];
    let mut add = |at: usize, amount: f64| {
        if let Some(slot) = written_off.get_mut(at) {
            *slot += amount;
        }
    };
    let mut left = invested;
    for n in 0..life {
        let last = n + 1 == life;
        let straight = invested / float(span);
        let amount = match case.fiscal.depreciation {
            Depreciation::UnitsOfProduction => {
                let share = years.get(built + n).map_or(0.0, |year| year.output_share);
                if output > 0.0 { invested * share / output } else { 0.0 }
            }
            _ if n + 1 >= span => left,
            Depreciation::StraightLine => straight,
            Depreciation::DecliningBalance => (2.0 * left / float(span)).max(left / float(span - n)),
        };
        let amount = if last { left } else { amount.min(left) };
        add(built + n, amount);
        left -= amount;
    }
    if case.fiscal.sustaining_written_off {
        for n in 0..life {
            let spent = years.get(built + n).map_or(0.0, |year| year.capex_m);
            // From the year after it is spent; in the last year, at once.
            let first = (n + 1).min(life - 1);
            let over = span.min(life - first);
            for later in 0..over {
                add(built + first + later, spent / float(over));
            }
        }
    }
    written_off
}

/// Draws and payments; gives back the interest of each year.
fn debt(case: &Case, years: &mut [Year], built: usize) -> Vec<f64> {
    let finance = &case.finance;
    let mut owed = 0.0;
    let mut interest = vec![0.0; years.len()];
    let mut payment = 0.0;
    for (at, year) in years.iter_mut().enumerate() {
        let n = at + 1;
        if n <= built {
            let drawn = finance.debt_share * year.capex_m;
            owed += owed * finance.debt_rate + drawn;
            year.debt_m = drawn;
        } else if n <= built + usize::from(finance.debt_years) {
            if n == built + 1 {
                payment = owed / super::convention::annuity(finance.debt_rate, 0.0, finance.debt_years.into());
            }
            if let Some(slot) = interest.get_mut(at) {
                *slot = owed * finance.debt_rate;
            }
            owed += owed * finance.debt_rate - payment;
            year.debt_m = -payment;
        }
    }
    interest
}

#[allow(clippy::cast_precision_loss, reason = "a handful of years")]
fn float(count: usize) -> f64 {
    count as f64
}
