//! Sums of growing and discounted payments, as engineering economics writes them.
//!
//! Source of the loan cost: the costing block of the open `PrOMMiS` flowsheets (NETL, LBNL), whose published test case is
//! an oracle of this crate.

/// Present value of a payment of 1 a year over `years`, growing by `growth` a year from the first, discounted at `rate`
/// at the end of each year.
#[must_use]
pub fn annuity(rate: f64, growth: f64, years: u32) -> f64 {
    let n = i32::try_from(years).unwrap_or(i32::MAX);
    if (rate - growth).abs() < 1e-12 {
        return f64::from(years) / (1.0 + rate);
    }
    (1.0 - (1.0 + growth).powi(n) * (1.0 + rate).powi(-n)) / (rate - growth)
}

/// What a loan of `amount` costs its taker in present value: equal payments over `years` at the loan's rate, discounted at
/// `discount`, less the amount. Negative when money costs less than it is worth to the taker.
#[must_use]
pub fn loan_cost(amount: f64, loan_rate: f64, years: u32, discount: f64) -> f64 {
    amount * (annuity(discount, 0.0, years) / annuity(loan_rate, 0.0, years) - 1.0)
}
