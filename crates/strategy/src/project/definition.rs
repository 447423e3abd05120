//! A project as a person writes it down.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A project: what it makes, when, at which cost, under which taxes and finance.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// What it is called.
    pub name: String,
    /// Where it is; free text.
    #[serde(default)]
    pub place: Option<String>,
    /// Currency of all money, ISO 4217: `USD`.
    pub currency: String,
    /// The year whose money all amounts are in.
    pub money_year: u16,
    /// Dollars that one unit of the currency buys; needed when prices come from the evidence and the currency is not USD.
    #[serde(default)]
    pub usd_per_unit: Option<f64>,
    /// Calendar year of the first construction year; matters only for price paths.
    #[serde(default)]
    pub first_year: Option<u16>,
    /// Ore and what comes out of it; instead of, or besides, products in tonnes.
    #[serde(default)]
    pub ore: Option<Ore>,
    /// What is sold.
    #[serde(default, rename = "product")]
    pub products: Vec<Product>,
    /// When.
    pub schedule: Schedule,
    /// At which cost.
    pub costs: Costs,
    /// Royalties and taxes.
    #[serde(default)]
    pub fiscal: Fiscal,
    /// Discounting, inflation, debt.
    pub finance: Finance,
    /// What a study says the project is worth, to be set beside the computed value.
    #[serde(default)]
    pub published: Option<Published>,
}

/// The outcome of a published study.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Net present value at the project's discount rate, millions.
    pub npv_m: f64,
    /// Internal rate of return, a year.
    #[serde(default)]
    pub irr: Option<f64>,
    /// Whether both are after tax.
    pub after_tax: bool,
    /// Where it was published.
    pub source: String,
}

/// One thing sold.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Element (`Dy`), `NdPr`, or any other name when a price is given.
    pub material: String,
    /// Tonnes sold in a full year.
    pub t_per_year: f64,
    /// Price per kilogram, in the project's currency; from the price deck when missing.
    #[serde(default)]
    pub price_per_kg: Option<f64>,
    /// Share of the price that the buyer pays.
    #[serde(default = "one")]
    pub payability: f64,
}

/// Ore mined and what comes out of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ore {
    /// Ore treated in a full year, tonnes.
    pub t_per_year: f64,
    /// Grade, percent total rare-earth oxide.
    pub grade_treo_pct: f64,
    /// Share of the rare earths in ore that ends up in what is sold.
    pub recovery: f64,
    /// A composition of the dataset, such as `nolans`; or give `composition_pct`.
    #[serde(default)]
    pub distribution: Option<String>,
    /// Percent of total rare-earth oxide by element.
    #[serde(default)]
    pub composition_pct: BTreeMap<String, f64>,
    /// What is sold: separated oxides or mixed carbonate.
    #[serde(default)]
    pub form: Form,
    /// Share of the oxide price that the buyer pays.
    #[serde(default = "one")]
    pub payability: f64,
    /// Elements that find no buyer.
    #[serde(default)]
    pub unsold: Vec<String>,
}

/// The form in which rare earths are sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Separated oxides.
    #[default]
    Oxide,
    /// Mixed carbonate; the buyer separates.
    Carbonate,
}

/// When money is spent and earned.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Share of capital cost in each construction year; they sum to 1.
    pub capex_shares: Vec<f64>,
    /// Share of full output in the first years of production; full output after them.
    #[serde(default)]
    pub ramp: Vec<f64>,
    /// Years of production.
    pub life_years: u16,
}

/// Costs, in the money of the stated year.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Capital cost with contingency, millions.
    pub capex_m: f64,
    /// Spent every year of production to keep the plant up, millions.
    #[serde(default)]
    pub sustaining_m_per_year: f64,
    /// Operating cost that does not depend on output, millions a year.
    #[serde(default)]
    pub opex_m_per_year: f64,
    /// Operating cost per kilogram sold.
    #[serde(default)]
    pub opex_per_kg: f64,
    /// Charge of whoever separates, per kilogram sold.
    #[serde(default)]
    pub separation_per_kg: f64,
    /// Revenue of other products (phosphate, uranium) less their cost, millions a year.
    #[serde(default)]
    pub by_product_m_per_year: f64,
    /// Closing the site, in the year after production ends, millions.
    #[serde(default)]
    pub closure_m: f64,
    /// Days of revenue tied up in stocks and bills.
    #[serde(default)]
    pub working_capital_days: f64,
}

/// Royalties and taxes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fiscal {
    /// Royalty, share of revenue.
    #[serde(default)]
    pub royalty_share: f64,
    /// Tax on profit, share.
    #[serde(default)]
    pub tax_rate: f64,
    /// Years over which capital cost is written off, straight line from the first year of production.
    #[serde(default = "ten")]
    pub depreciation_years: u16,
    /// Whether losses may be set against later profits.
    #[serde(default = "yes")]
    pub losses_carried_forward: bool,
}

impl Default for Fiscal {
    fn default() -> Self {
        Self {
            royalty_share: 0.0,
            tax_rate: 0.0,
            depreciation_years: ten(),
            losses_carried_forward: true,
        }
    }
}

/// Discounting, inflation, debt.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finance {
    /// Discount rate a year, share; real without inflation, nominal with.
    pub discount_rate: f64,
    /// When within a year flows fall.
    #[serde(default)]
    pub discounting: Discounting,
    /// Yearly rise of money amounts.
    #[serde(default)]
    pub inflation: Inflation,
    /// Share of capital cost borrowed.
    #[serde(default)]
    pub debt_share: f64,
    /// Interest a year, share.
    #[serde(default)]
    pub debt_rate: f64,
    /// Years of equal payments, from the first year of production.
    #[serde(default)]
    pub debt_years: u16,
}

/// When within a year flows fall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discounting {
    /// At its end.
    #[default]
    EndOfYear,
    /// In its middle.
    MidYear,
}

/// Yearly rise of money amounts, shares; the first year is at the stated year's prices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inflation {
    /// Of prices.
    #[serde(default)]
    pub revenue: f64,
    /// Of operating, sustaining and closure costs.
    #[serde(default)]
    pub opex: f64,
    /// Of capital cost.
    #[serde(default)]
    pub capex: f64,
}

const fn one() -> f64 {
    1.0
}

const fn ten() -> u16 {
    10
}

const fn yes() -> bool {
    true
}

static STUDIES: include_dir::Dir<'static> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/studies");

/// Published studies that come with the program: name and file, sorted by name.
#[must_use]
pub fn studies() -> Vec<(&'static str, &'static str)> {
    let mut studies: Vec<(&str, &str)> = STUDIES
        .files()
        .filter_map(|file| Some((file.path().file_stem()?.to_str()?, file.contents_utf8()?)))
        .collect();
    studies.sort_unstable();
    studies
}

/// A file to start a project from, with every key explained.
#[must_use]
pub const fn template() -> &'static str {
    include_str!("template.toml")
}
