//! What a run says, by element and year: prices in and outside China, shortage, dependence on imports, losses.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::Dataset;
use monazite_evidence::table::ViewName;
use monazite_market::result::RunResult;
use schemars::JsonSchema;
use serde::Serialize;

/// Effects smaller than this share of price or need are not shown.
const NOTICED: f64 = 0.02;
/// Effects shown, the largest first.
const MOST: usize = 120;
/// Places whose dependence on imports is shown.
const IMPORTERS: &[&str] = &["USA", "EUR", "JPN"];

/// Price and shortage of a product in a year.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Effect {
    /// The product, such as `oxide:Dy` or `magnet:h`.
    pub product: String,
    /// The element, for oxides and metals.
    pub element: Option<String>,
    /// `China` or `outside China`.
    pub place: String,
    /// The year.
    pub year: String,
    /// Mean spot price, USD/kg, weighted by what users need in the base quarter.
    pub spot_usd_per_kg: f64,
    /// The same in the base quarter.
    pub base_usd_per_kg: f64,
    /// One over the other.
    pub multiple: f64,
    /// What users could not get, tonnes in the year.
    pub short_t: f64,
    /// The same as a share of what they wanted.
    pub short_share: f64,
}

/// Net imports over use plus what is made into something else, of a product in a place and year.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reliance {
    /// The product.
    pub product: String,
    /// The place.
    pub place: String,
    /// The year.
    pub year: String,
    /// Net imports of the year, tonnes.
    pub net_imports_t: f64,
    /// Net imports over net imports plus own production; 1 where nothing is made.
    pub reliance: f64,
    /// The same in the base year.
    pub base_reliance: f64,
}

/// What users lose.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Loss {
    /// The place.
    pub place: String,
    /// Loss of users' surplus over the run, million USD of the base year.
    pub musd: f64,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Effects {
    /// In a sentence.
    pub says: String,
    /// By product, side and year.
    pub prices_and_shortages: Vec<Effect>,
    /// Dependence on imports where it changes.
    pub import_reliance: Vec<Reliance>,
    /// Losses by place, the largest first.
    pub losses: Vec<Loss>,
    /// First year with a noticeable effect.
    pub first_year: Option<String>,
}

#[derive(Default)]
struct Sum {
    spot: f64,
    base: f64,
    need: f64,
    short: f64,
    wanted: f64,
}

fn year(quarter: &str) -> String {
    quarter.chars().take(4).collect()
}

fn side(place: &str) -> &'static str {
    if place == "CHN" { "China" } else { "outside China" }
}

/// Effects of a run.
pub(super) fn effects(dataset: &Dataset, result: &RunResult) -> Effects {
    let mut sums: BTreeMap<(String, &'static str, String), Sum> = BTreeMap::new();
    for row in result.prices.iter().filter(|row| row.quarter != "base") {
        // Weighted by what is used there; where a product only goes on into others, all places count alike.
        let weight = row.base_need.max(1e-6);
        let sum = sums
            .entry((row.product.clone(), side(&row.place), year(&row.quarter)))
            .or_default();
        sum.spot += row.spot_usd_per_kg * weight;
        sum.base += row.base_usd_per_kg * weight;
        sum.need += weight;
    }
    for row in result.uses.iter().filter(|row| row.quarter != "base") {
        let sum = sums
            .entry((row.product.clone(), side(&row.place), year(&row.quarter)))
            .or_default();
        sum.short += row.short;
        sum.wanted += row.wanted;
    }
    let traded = |product: &str| {
        ["oxide:", "metal:", "magnet:"]
            .iter()
            .any(|kind| product.starts_with(kind))
    };
    let mut rows: Vec<Effect> = sums
        .into_iter()
        .filter(|((product, _, _), sum)| traded(product) && sum.need > 0.0 && sum.base > 0.0)
        .map(|((product, place, year), sum)| Effect {
            element: product
                .split_once(':')
                .filter(|(kind, _)| *kind != "magnet")
                .map(|(_, element)| element.to_owned()),
            place: place.to_owned(),
            spot_usd_per_kg: sum.spot / sum.need,
            base_usd_per_kg: sum.base / sum.need,
            multiple: sum.spot / sum.base,
            short_t: sum.short,
            short_share: if sum.wanted > 0.0 { sum.short / sum.wanted } else { 0.0 },
            product,
            year,
        })
        .filter(|effect| (effect.multiple - 1.0).abs() >= NOTICED || effect.short_share >= NOTICED)
        .collect();
    let first_year = rows.iter().map(|effect| effect.year.clone()).min();
    rows.sort_by(|a, b| {
        strength(b)
            .total_cmp(&strength(a))
            .then(a.product.cmp(&b.product))
            .then(a.year.cmp(&b.year))
    });
    rows.truncate(MOST);
    rows.sort_by(|a, b| {
        a.product
            .cmp(&b.product)
            .then(b.place.cmp(&a.place))
            .then(a.year.cmp(&b.year))
    });
    let losses = losses(dataset, result);
    Effects {
        says: says(&rows, &losses, first_year.as_deref(), result),
        import_reliance: reliance(dataset, result),
        prices_and_shortages: rows,
        losses,
        first_year,
    }
}

fn strength(effect: &Effect) -> f64 {
    effect.multiple.max(1e-6).ln().abs() + effect.short_share
}

fn says(rows: &[Effect], losses: &[Loss], first: Option<&str>, result: &RunResult) -> String {
    let Some(first) = first else {
        return format!(
            "Run over {} quarters, no price moves by 2 % and nobody runs short by 2 %: nothing material changes.",
            result.quarters.len()
        );
    };
    let peak = rows
        .iter()
        .filter(|row| row.place != "China")
        .max_by(|a, b| a.multiple.total_cmp(&b.multiple));
    let peak = peak
        .filter(|row| row.multiple > 1.0 + NOTICED)
        .map_or_else(String::new, |row| {
            format!(
                " The largest rise outside China is {}, {:.1} times its base price in {}.",
                product(&row.product),
                row.multiple,
                row.year
            )
        });
    let fall = rows.iter().min_by(|a, b| a.multiple.total_cmp(&b.multiple));
    let fall = fall
        .filter(|row| row.multiple < 1.0 - NOTICED)
        .map_or_else(String::new, |row| {
            format!(
                " The largest fall is {} {}, {:.0} % below its base price in {}.",
                product(&row.product),
                if row.place == "China" {
                    "in China"
                } else {
                    "outside China"
                },
                100.0 * (1.0 - row.multiple),
                row.year
            )
        });
    let total: f64 = losses.iter().map(|loss| loss.musd).sum();
    let lost = if total >= 1.0 {
        format!(" Users lose {total:.0} million USD in all.")
    } else {
        String::new()
    };
    format!("The first effects show in {first}.{peak}{fall}{lost}")
}

/// A product in words: `Dy oxide`, `NdFeB h magnets`.
#[must_use]
pub fn product(name: &str) -> String {
    match name.split_once(':') {
        Some(("magnet", "smco")) => "SmCo magnets".to_owned(),
        Some(("magnet", grade)) => format!(
            "NdFeB {} magnets",
            if grade.len() <= 2 {
                grade.to_uppercase()
            } else {
                grade.to_owned()
            }
        ),
        Some((kind, item)) => format!("{item} {kind}"),
        None => name.to_owned(),
    }
}

fn losses(dataset: &Dataset, result: &RunResult) -> Vec<Loss> {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for row in result.uses.iter().filter(|row| row.quarter != "base") {
        *sums.entry(row.place.as_str()).or_default() += row.surplus_loss_kusd / 1e3;
    }
    let name = |id: &str| {
        dataset
            .view(ViewName::Bloc14)
            .find(|view| view.id == id)
            .map_or_else(|| id.to_owned(), |view| view.name.clone())
    };
    let mut all: Vec<Loss> = sums
        .into_iter()
        .filter(|(_, musd)| *musd >= 0.5)
        .map(|(place, musd)| Loss {
            place: name(place),
            musd,
        })
        .collect();
    all.sort_by(|a, b| b.musd.total_cmp(&a.musd));
    all.truncate(6);
    all
}

/// Net imports and own production of oxides and magnets, by place and year.
fn reliance(dataset: &Dataset, result: &RunResult) -> Vec<Reliance> {
    let mut imports: BTreeMap<(String, String, String), f64> = BTreeMap::new();
    for row in &result.flows {
        let year = if row.quarter == "base" {
            "base".to_owned()
        } else {
            year(&row.quarter)
        };
        if row.origin != row.destination && (row.product.starts_with("oxide:") || row.product.starts_with("magnet:")) {
            *imports
                .entry((row.product.clone(), row.destination.clone(), year.clone()))
                .or_default() += row.quantity;
            *imports
                .entry((row.product.clone(), row.origin.clone(), year))
                .or_default() -= row.quantity;
        }
    }
    let mut made: BTreeMap<(String, String, String), f64> = BTreeMap::new();
    for row in &result.production {
        let product = match row.activity.as_str() {
            "finish" => format!("oxide:{}", row.item),
            "make_magnet" => format!("magnet:{}", row.item),
            _ => continue,
        };
        let year = if row.quarter == "base" {
            "base".to_owned()
        } else {
            year(&row.quarter)
        };
        *made.entry((product, row.place.clone(), year)).or_default() += row.level;
    }
    let of = |key: &(String, String, String)| {
        let net = imports.get(key).copied().unwrap_or_default();
        let own = made.get(key).copied().unwrap_or_default();
        let all = net.max(0.0) + own;
        (net, (all > 1e-6).then(|| net.max(0.0) / all))
    };
    let years: BTreeSet<String> = result.quarters.iter().map(|quarter| year(quarter)).collect();
    let products: BTreeSet<&String> = imports.keys().map(|(product, _, _)| product).collect();
    let name = |id: &str| {
        dataset
            .view(ViewName::Bloc14)
            .find(|view| view.id == id)
            .map_or_else(|| id.to_owned(), |view| view.name.clone())
    };
    let mut rows = Vec::new();
    for product in products {
        for place in IMPORTERS {
            let (_, Some(base)) = of(&(product.clone(), (*place).to_owned(), "base".to_owned())) else {
                continue;
            };
            for year in &years {
                let (net, Some(share)) = of(&(product.clone(), (*place).to_owned(), year.clone())) else {
                    continue;
                };
                if (share - base).abs() >= NOTICED {
                    rows.push(Reliance {
                        product: product.clone(),
                        place: name(place),
                        year: year.clone(),
                        net_imports_t: net,
                        reliance: share,
                        base_reliance: base,
                    });
                }
            }
        }
    }
    rows.sort_by(|a, b| {
        (b.reliance - b.base_reliance)
            .abs()
            .total_cmp(&(a.reliance - a.base_reliance).abs())
            .then(a.product.cmp(&b.product))
            .then(a.year.cmp(&b.year))
    });
    rows.truncate(MOST);
    rows
}
