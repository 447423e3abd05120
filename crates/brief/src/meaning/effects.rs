//! What a run says, by element and year: prices in and outside China, shortage, dependence on imports, losses.

mod reliance;

use std::collections::BTreeMap;

use monazite_evidence::table::ViewName;
use monazite_evidence::{Dataset, Element, PlaceId};
use monazite_market::result::RunResult;
use monazite_market::scenario::Scenario;
use schemars::JsonSchema;
use serde::Serialize;

use self::reliance::reliance;
use super::bands::Spread;
use crate::entity::EntityKind;
use crate::event::Event;

/// Effects smaller than this share of price or need are not shown.
const NOTICED: f64 = 0.02;
/// Million USD a year below which a change of a product's cost is not material.
const MATERIAL_MUSD: f64 = 1.0;
/// Effects shown, the largest first.
const MOST: usize = 120;

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
    /// The same without the events of the scenario.
    pub without_usd_per_kg: f64,
    /// One over the other.
    pub multiple: f64,
    /// The same over the paths of an ensemble.
    pub band: Option<Spread>,
    /// What the base need of the year costs more than without the events, million USD; negative where it costs less.
    pub dearer_musd: f64,
    /// Whether the scenario is about its element, or it is a magnet.
    pub concerned: bool,
    /// What users could not get beyond what they could not get without the events, tonnes in the year.
    pub short_t: f64,
    /// The same as a share of what they wanted.
    pub short_share: f64,
}

/// Net imports over net imports plus own production, of a product in a place and year.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reliance {
    /// The product.
    pub product: String,
    /// The place.
    pub place: String,
    /// The year.
    pub year: String,
    /// Net imports of the year, tonnes; negative where more leaves than comes.
    pub net_imports_t: f64,
    /// The same without the events.
    pub without_net_imports_t: f64,
    /// Net imports over net imports plus own production; 1 where nothing is made.
    pub reliance: f64,
    /// The same without the events.
    pub without_reliance: f64,
}

/// What users lose.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Loss {
    /// The place.
    pub place: String,
    /// Its id in the view.
    pub bloc: String,
    /// Loss of users' surplus over the run against the run without the events, million USD of the base year.
    pub musd: f64,
    /// The same over the paths of an ensemble.
    pub band: Option<Spread>,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Effects {
    /// In a sentence.
    pub says: String,
    /// By product, side and year; what weighs most of what is concerned first.
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

/// By product, side and year.
type Sums = BTreeMap<(String, &'static str, String), Sum>;

/// Prices, needs and shortages of a run by product, side and year.
fn sums(result: &RunResult) -> Sums {
    let mut sums: Sums = BTreeMap::new();
    for row in result.prices.iter().filter(|row| row.quarter != "base") {
        // Weighted by what is used there; where a product only goes on into others, all places count alike.
        let weight = row.base_need.max(1e-6);
        let sum = sums
            .entry((row.product.clone(), side(&row.place), year(&row.quarter)))
            .or_default();
        sum.spot += row.spot_usd_per_kg * weight;
        sum.need += weight;
    }
    for row in result.uses.iter().filter(|row| row.quarter != "base") {
        let sum = sums
            .entry((row.product.clone(), side(&row.place), year(&row.quarter)))
            .or_default();
        sum.short += row.short;
        sum.wanted += row.wanted;
    }
    sums.retain(|(product, _, _), sum| {
        let traded = ["oxide:", "metal:", "magnet:"]
            .iter()
            .any(|kind| product.starts_with(kind));
        traded && sum.need > 0.0 && sum.spot > 0.0
    });
    sums
}

/// What the bands of an ensemble need of one path: mean prices by product, side and year, and losses by place.
pub(super) fn of_path(result: &RunResult) -> (BTreeMap<Key, f64>, BTreeMap<String, f64>) {
    let rows = sums(result)
        .into_iter()
        .map(|((product, place, year), sum)| ((product, place.to_owned(), year), sum.spot / sum.need));
    let losses = lost(result).into_iter().map(|(place, musd)| (place.to_owned(), musd));
    (rows.collect(), losses.collect())
}

/// Product, side and year.
pub(super) type Key = (String, String, String);

/// Whom and what the article is about, to lead with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Focus {
    /// Blocs of the parties, with the names of the parties.
    blocs: Vec<(String, String)>,
    /// Elements the scenario or the article is about; empty for all.
    elements: Vec<Element>,
}

impl Focus {
    pub(super) fn new(dataset: &Dataset, events: &[Event], scenario: &Scenario) -> Self {
        let mut blocs: Vec<(String, String)> = Vec::new();
        let countries = events.iter().flat_map(|event| &event.parties);
        for party in countries.filter(|party| party.kind == EntityKind::Country) {
            if let Some(bloc) = dataset.bloc(&PlaceId::from(party.key.as_str()))
                && !blocs.iter().any(|(known, _)| known == bloc.as_str())
            {
                blocs.push((bloc.as_str().to_owned(), party.name.clone()));
            }
        }
        let restricted = scenario.events.iter().filter_map(|event| event.kind.flows());
        let mut elements: Vec<Element> = restricted
            .filter_map(|flows| flows.elements.only.clone())
            .flatten()
            .collect();
        elements.sort_unstable();
        elements.dedup();
        Self { blocs, elements }
    }

    /// Whether import reliance of a product is worth a row: what the scenario is about, or magnets and what they need.
    fn leads(&self, product: &str) -> bool {
        let magnets = ["magnet:", "oxide:Nd", "oxide:Pr", "oxide:Dy", "oxide:Tb"];
        self.concerns(product) && (!self.elements.is_empty() || magnets.iter().any(|name| product.starts_with(name)))
    }

    fn concerns(&self, product: &str) -> bool {
        let element = product
            .split_once(':')
            .and_then(|(kind, item)| (kind != "magnet").then_some(item));
        self.elements.is_empty()
            || element.is_none_or(|symbol| self.elements.iter().any(|element| element.symbol() == symbol))
    }
}

/// Effects of a run, against the same without the events.
pub(super) fn effects(dataset: &Dataset, result: &RunResult, without: &RunResult, focus: &Focus) -> Effects {
    let others = sums(without);
    let mut rows: Vec<Effect> = sums(result)
        .into_iter()
        .filter_map(|(key, sum)| {
            let other = others.get(&key)?;
            let (product, place, year) = key;
            let short = |sum: &Sum| if sum.wanted > 0.0 { sum.short / sum.wanted } else { 0.0 };
            Some(Effect {
                element: product
                    .split_once(':')
                    .filter(|(kind, _)| *kind != "magnet")
                    .map(|(_, element)| element.to_owned()),
                place: place.to_owned(),
                spot_usd_per_kg: sum.spot / sum.need,
                without_usd_per_kg: other.spot / other.need,
                multiple: sum.spot / other.spot,
                band: None,
                dearer_musd: (sum.spot - other.spot) / 1e3,
                concerned: focus.concerns(&product),
                short_t: (sum.short - other.short).max(0.0),
                short_share: (short(&sum) - short(other)).max(0.0),
                product,
                year,
            })
        })
        .filter(|effect| (effect.multiple - 1.0).abs() >= NOTICED || effect.short_share >= NOTICED)
        .collect();
    let material = |effect: &&Effect| weight(effect) >= MATERIAL_MUSD || effect.short_share >= NOTICED;
    let first_year = rows.iter().filter(material).map(|effect| effect.year.clone()).min();
    rows.sort_by(|a, b| {
        b.concerned
            .cmp(&a.concerned)
            .then(weight(b).total_cmp(&weight(a)))
            .then_with(|| a.product.cmp(&b.product))
            .then_with(|| a.year.cmp(&b.year))
    });
    rows.truncate(MOST);
    let losses = losses(dataset, result, without);
    Effects {
        says: says(&rows, &losses, first_year.as_deref(), result, focus),
        import_reliance: reliance(dataset, result, without, focus),
        prices_and_shortages: rows,
        losses,
        first_year,
    }
}

/// What a change weighs: what the base need costs more or less, million USD, and what is short at the prices without the events.
fn weight(effect: &Effect) -> f64 {
    effect.dearer_musd.abs() + effect.short_t * effect.without_usd_per_kg / 1e3
}

/// The rows to lead with: of every product and side the year in which it weighs most, at most `most`; metals follow
/// their oxides and are left out.
#[must_use]
pub fn leading(rows: &[Effect], most: usize) -> Vec<&Effect> {
    let mut lead: Vec<&Effect> = Vec::new();
    for row in rows.iter().filter(|row| !row.product.starts_with("metal:")) {
        let known = |other: &&Effect| other.product == row.product && other.place == row.place;
        if lead.len() < most && !lead.iter().any(known) {
            lead.push(row);
        }
    }
    lead
}

/// A sum of money in words: `11.4 billion USD`, `430 million USD`.
#[must_use]
pub fn money(musd: f64) -> String {
    let rounded = |value: f64| {
        if value >= 100.0 {
            format!("{value:.0}")
        } else if value >= 10.0 {
            format!("{value:.1}")
        } else {
            format!("{value:.2}")
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned()
        }
    };
    if musd.abs() >= 1e3 {
        format!("{} billion USD", rounded(musd / 1e3))
    } else if musd.abs() >= 100.0 {
        format!("{:.0} million USD", (musd / 10.0).round() * 10.0)
    } else {
        format!("{musd:.1} million USD")
    }
}

fn says(rows: &[Effect], losses: &[Loss], first: Option<&str>, result: &RunResult, focus: &Focus) -> String {
    let year_of = |quarter: Option<&String>| quarter.map(|quarter| year(quarter)).unwrap_or_default();
    let run = format!(
        "{} to {}",
        year_of(result.quarters.first()),
        year_of(result.quarters.last())
    );
    let Some(first) = first else {
        return format!(
            "Run from {run} and compared with the same without it, no price moves by 2 % where that is a million USD a year to its users, and nobody runs short by 2 %: nothing material changes."
        );
    };
    let lead = leading(rows, 40);
    let where_of = |row: &Effect| {
        if row.place == "China" {
            "in China"
        } else {
            "outside China"
        }
    };
    let dearer: Vec<String> = lead
        .iter()
        .filter(|row| row.place != "China" && row.multiple > 1.0 + NOTICED)
        .take(3)
        .map(|row| {
            let rise = if row.multiple < 1.5 {
                format!("+{:.0} %", 100.0 * (row.multiple - 1.0))
            } else {
                format!("×{:.1}", row.multiple)
            };
            format!("{} {rise} ({})", product(&row.product), row.year)
        })
        .collect();
    let cheaper: Vec<String> = lead
        .iter()
        .filter(|row| row.multiple < 1.0 - NOTICED)
        .take(2)
        .map(|row| {
            format!(
                "{} {} −{:.0} % ({})",
                product(&row.product),
                where_of(row),
                100.0 * (1.0 - row.multiple),
                row.year
            )
        })
        .collect();
    let list = |head: &str, items: Vec<String>| {
        if items.is_empty() {
            String::new()
        } else {
            format!(" {head}: {}.", items.join(", "))
        }
    };
    let total: f64 = losses.iter().map(|loss| loss.musd).sum();
    let named: Vec<String> = focus
        .blocs
        .iter()
        .filter_map(|(bloc, _)| losses.iter().find(|loss| loss.bloc == *bloc))
        .take(3)
        .map(|loss| format!("{} {}", loss.place, money(loss.musd)))
        .collect();
    let harm = if total >= 1.0 {
        let of = if named.is_empty() {
            String::new()
        } else {
            format!(", of the parties named {}", named.join(", "))
        };
        format!(" Users lose {} over {run}{of}.", money(total))
    } else {
        String::new()
    };
    format!(
        "First material effects in {first}, against the same years without it.{}{}{harm}",
        list("Dearer outside China at the peak", dearer),
        list("Cheaper", cheaper)
    )
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

fn lost(result: &RunResult) -> BTreeMap<&str, f64> {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for row in result.uses.iter().filter(|row| row.quarter != "base") {
        *sums.entry(row.place.as_str()).or_default() += row.surplus_loss_kusd / 1e3;
    }
    sums
}

fn losses(dataset: &Dataset, result: &RunResult, without: &RunResult) -> Vec<Loss> {
    let others = lost(without);
    let name = |id: &str| {
        dataset
            .view(ViewName::Bloc14)
            .find(|view| view.id == id)
            .map_or_else(|| id.to_owned(), |view| view.name.clone())
    };
    let mut all: Vec<Loss> = lost(result)
        .into_iter()
        .map(|(place, musd)| (place, musd - others.get(place).copied().unwrap_or_default()))
        .filter(|(_, musd)| *musd >= 0.5)
        .map(|(place, musd)| Loss {
            bloc: place.to_owned(),
            place: name(place),
            musd,
            band: None,
        })
        .collect();
    all.sort_by(|a, b| b.musd.total_cmp(&a.musd));
    all
}
