//! The emergency, as a person writes it down.

use serde::Deserialize;

use super::estimate::{Estimate, Yearly};

/// An emergency: who needs what, who still delivers, what may be done about it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// Short id.
    pub name: String,
    /// One line.
    pub title: String,
    /// More about it.
    #[serde(default)]
    pub description: String,
    /// The balanced base year that supply and use are taken from.
    pub base_year: u16,
    /// The first year of the emergency.
    pub first_year: u16,
    /// How many years it lasts.
    pub years: usize,
    /// Growth of use, and of supply, a year from the base year on, share.
    pub growth: Estimate,
    /// Defence use in the emergency as a multiple of that of peace.
    pub surge: Yearly,
    /// The part of an end use that is defence; 0 where it is not named.
    #[serde(default)]
    pub defence: Vec<DefenceUse>,
    /// Civilian users.
    #[serde(default)]
    pub civilian: Civilian,
    /// What building up the arms industry takes on top.
    #[serde(default)]
    pub investment: Vec<Investment>,
    /// Who delivers how much; `*` stands for everybody not named.
    #[serde(default, rename = "supplier")]
    pub suppliers: Vec<Supplier>,
    /// Supply that the base year does not have yet.
    #[serde(default, rename = "supply")]
    pub added: Vec<Added>,
    /// Stocks held already.
    #[serde(default)]
    pub held: Vec<Held>,
    /// What stock costs.
    #[serde(default)]
    pub cost: Cost,
    /// What may be done instead of a stock.
    #[serde(default)]
    pub options: Options,
    /// How the market model compares stocks.
    #[serde(default)]
    pub market: Market,
}

/// The part of an end use that is defence.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefenceUse {
    /// The end use.
    pub end_use: String,
    /// Share of its use.
    pub share: Estimate,
}

/// Civilian users.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Civilian {
    /// Multiple of the evidence's essential shares (`end_uses`).
    pub essential: Estimate,
    /// What austerity leaves of essential use.
    pub austerity: Yearly,
}

impl Default for Civilian {
    fn default() -> Self {
        Self {
            essential: Estimate::exactly(1.0),
            austerity: Yearly::exactly(1.0),
        }
    }
}

/// Extra use for investment in an emergency.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Investment {
    /// The end use.
    pub end_use: String,
    /// Extra use, share of the peacetime use.
    pub extra: Yearly,
}

/// Who delivers how much.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplier {
    /// Places of the full view; `*` for everybody not named elsewhere.
    pub places: Vec<String>,
    /// Those of one side: trade among them goes on.
    #[serde(default)]
    pub side: Option<String>,
    /// Share of mines and plants lost to war damage.
    #[serde(default = "none")]
    pub damage: Yearly,
    /// Share of what they export that still may be bought.
    #[serde(default = "all")]
    pub access: Yearly,
    /// Share of what they ship that is lost on the way.
    #[serde(default = "none")]
    pub shipping_loss: Yearly,
}

/// Supply that the base year does not have yet.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Added {
    /// What it is.
    pub what: String,
    /// The product, such as `oxide:Nd` or `magnet:h`.
    pub product: String,
    /// Tonnes a year.
    pub t_per_year: Estimate,
    /// First calendar year.
    pub from_year: u16,
}

/// A stock held already.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The product.
    pub product: String,
    /// How much, in the product's unit.
    pub tonnes: Estimate,
}

/// What stock costs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cost {
    /// Price paid while buying, as a multiple of the base year's price in the country.
    pub price: Estimate,
    /// Storing, handling and renewing, share of the value a year.
    pub storage: Estimate,
    /// Years a stock is held before it is needed.
    pub years_held: f64,
}

impl Default for Cost {
    fn default() -> Self {
        Self {
            price: Estimate::exactly(1.0),
            storage: Estimate::exactly(0.0),
            years_held: 0.0,
        }
    }
}

/// What may be done instead of a stock.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Buying what reliable suppliers sell to others.
    pub extra_buy: Option<Premium>,
    /// Keeping at home what is exported.
    pub keep_exports: Option<Premium>,
    /// Collecting magnets at the end of their life.
    pub recycling: Option<Recycling>,
    /// What a part costs, as a multiple of the rare-earth product in it: turns the evidence's cost of substitutes, a share
    /// of the part, into money. Without it nothing is substituted.
    pub substitution: Option<Estimate>,
    /// Suppliers that could be qualified.
    pub qualify: Vec<Qualified>,
}

/// A share of a flow, at a premium.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Premium {
    /// Share of the flow that can be had.
    pub share: Estimate,
    /// What it costs on top of the price, share of the price.
    pub premium: Estimate,
}

/// Collecting magnets at the end of their life.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recycling {
    /// Share of a year's magnet use that comes back.
    pub share: Estimate,
    /// Collecting and making magnets of it, USD per kilogram of magnet.
    pub usd_per_kg: Estimate,
    /// Years of the emergency before it works.
    pub lead_years: usize,
}

/// A supplier that could be qualified.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualified {
    /// Who.
    pub what: String,
    /// The product.
    pub product: String,
    /// Tonnes a year.
    pub t_per_year: Estimate,
    /// Years of the emergency before the first delivery.
    pub lead_years: usize,
    /// What it costs on top of the price, share of the price: qualification, higher cost of making.
    pub premium: Estimate,
    /// Where the tonnage comes from: an id of the evidence, or `assumption`.
    pub evidence: String,
}

/// How the market model compares stocks.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Market {
    /// Probability that the emergency comes while the stock is held.
    pub probability: Estimate,
    /// Share of its value that a stock loses when it is sold unused.
    pub resale_loss: f64,
    /// How many products are looked at, the dearest shortfalls first.
    pub products: usize,
}

impl Default for Market {
    fn default() -> Self {
        Self {
            probability: Estimate::exactly(0.1),
            resale_loss: 0.2,
            products: 6,
        }
    }
}

fn none() -> Yearly {
    Yearly::exactly(0.0)
}

fn all() -> Yearly {
    Yearly::exactly(1.0)
}

static CONFLICTS: include_dir::Dir<'static> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/conflicts");

/// The conflicts that come with the program: name and file, sorted by name.
#[must_use]
pub fn bundled() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<(&str, &str)> = CONFLICTS
        .files()
        .filter_map(|file| Some((file.path().file_stem()?.to_str()?, file.contents_utf8()?)))
        .collect();
    all.sort_unstable();
    all
}

/// The file to start one's own from: the bundled four-year conflict.
#[must_use]
pub const fn template() -> &'static str {
    include_str!("../../conflicts/conflict-4y.toml")
}
