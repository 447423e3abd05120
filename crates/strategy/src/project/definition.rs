//! A project as a person writes it down.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::draws::Spread;

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
    /// How far inputs may lie from their stated values.
    #[serde(default)]
    pub uncertainty: Option<Spread>,
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
    /// Price per kilogram, in the project's currency: one, or a list by year from the first of construction, whose last
    /// holds for good; from the price deck when missing.
    #[serde(default, deserialize_with = "one_or_many")]
    pub price_per_kg: Option<Vec<f64>>,
    /// Share sold under a contract at a fixed price.
    #[serde(default)]
    pub contract_share: f64,
    /// The contract's price per kilogram; needed with a share.
    #[serde(default)]
    pub contract_price_per_kg: Option<f64>,
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
    /// Share of the price paid for single elements, instead of `payability`.
    #[serde(default)]
    pub payability_by_element: BTreeMap<String, f64>,
    /// Share of single elements in ore that ends up in what is sold, instead of `recovery`.
    #[serde(default)]
    pub recovery_by_element: BTreeMap<String, f64>,
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
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Share of capital cost in each construction year; they sum to 1.
    pub capex_shares: Vec<f64>,
    /// Share of full output in the first years of production; full output after them. A list over the whole life is a mine
    /// plan.
    #[serde(default)]
    pub ramp: Vec<f64>,
    /// Multiple of the fixed operating cost by year of production; 1 after them.
    #[serde(default)]
    pub opex_by_year: Vec<f64>,
    /// Sustaining and expansion cost by year of production, millions, instead of `sustaining_m_per_year`; that one after them.
    #[serde(default)]
    pub sustaining_m_by_year: Vec<f64>,
    /// By-products by year of production, millions, instead of `by_product_m_per_year`; that one after them.
    #[serde(default)]
    pub by_product_m_by_year: Vec<f64>,
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
    /// How capital cost is written off.
    #[serde(default)]
    pub depreciation: Depreciation,
    /// Years over which capital cost is written off, from the first year of production.
    #[serde(default = "ten")]
    pub depreciation_years: u16,
    /// Whether sustaining cost is written off over the same years, in a straight line, instead of in the year it is spent.
    #[serde(default)]
    pub sustaining_written_off: bool,
    /// Largest share of a year's profit that losses of earlier years may be set against.
    #[serde(default = "one")]
    pub loss_limit_share: f64,
    /// Whether losses may be set against later profits.
    #[serde(default = "yes")]
    pub losses_carried_forward: bool,
}

impl Default for Fiscal {
    fn default() -> Self {
        Self {
            royalty_share: 0.0,
            tax_rate: 0.0,
            depreciation: Depreciation::default(),
            depreciation_years: ten(),
            sustaining_written_off: false,
            loss_limit_share: one(),
            losses_carried_forward: true,
        }
    }
}

/// How capital cost is written off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Depreciation {
    /// The same amount every year.
    #[default]
    StraightLine,
    /// Twice the straight line's share of what is left, until the straight line over the years left is more.
    DecliningBalance,
    /// In proportion to output over the life.
    UnitsOfProduction,
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

/// A number, or a list of numbers.
fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<f64>>, D::Error> {
    struct Numbers;

    impl<'de> serde::de::Visitor<'de> for Numbers {
        type Value = Vec<f64>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a number, or a list of numbers by year")
        }

        fn visit_f64<E>(self, value: f64) -> Result<Vec<f64>, E> {
            Ok(vec![value])
        }

        #[allow(clippy::cast_precision_loss, reason = "prices are small numbers")]
        fn visit_i64<E>(self, value: i64) -> Result<Vec<f64>, E> {
            Ok(vec![value as f64])
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Vec<f64>, A::Error> {
            let mut values = Vec::new();
            while let Some(value) = list.next_element()? {
                values.push(value);
            }
            if values.is_empty() {
                return Err(serde::de::Error::custom("the list is empty; give a number per year"));
            }
            Ok(values)
        }
    }

    deserializer.deserialize_any(Numbers).map(Some)
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

/// One row of the template as a table: a key, its values, what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateRow {
    /// The key with its section, such as `finance.discount_rate`.
    pub key: String,
    /// Its values as they stand in the file: numbers, words, `true` or `false`.
    pub values: Vec<String>,
    /// What it means.
    pub meaning: String,
}

/// The template as rows, for workbooks; products and sections given as tables are left out.
#[must_use]
pub fn template_rows() -> Vec<TemplateRow> {
    let mut section = String::new();
    let mut rows = Vec::new();
    for line in template().lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            name.clone_into(&mut section);
            continue;
        }
        let (code, meaning) = line
            .split_once('#')
            .map_or((line, ""), |(code, meaning)| (code, meaning.trim()));
        let Some((key, value)) = code.split_once('=').filter(|(key, _)| !key.trim().is_empty()) else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        let full = if section.is_empty() {
            key.to_owned()
        } else {
            format!("{section}.{key}")
        };
        let inner = value.trim_matches(|c| matches!(c, '[' | ']' | '{' | '}'));
        if value.starts_with('{') {
            // A table in one line: a row per key.
            for part in inner.split(',') {
                if let Some((name, number)) = part.split_once('=') {
                    rows.push(TemplateRow {
                        key: format!("{full}.{}", name.trim()),
                        values: vec![number.trim().to_owned()],
                        meaning: meaning.to_owned(),
                    });
                }
            }
            continue;
        }
        rows.push(TemplateRow {
            key: full,
            values: inner
                .split(',')
                .map(|one| one.trim().trim_matches('"').to_owned())
                .collect(),
            meaning: meaning.to_owned(),
        });
    }
    rows
}
