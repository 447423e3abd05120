//! The stock that minimises expected loss in the market model.
//!
//! The shortfall asks what is missing; the market asks what it is worth to have it. The conflict becomes a market scenario
//! of the fourteen-bloc view, at a mild, a middle and a hard severity; stocks are released over the years in proportion to
//! the shortfall, and bought beforehand. For every product the multiple of the shortfall is sought that minimises
//!
//! ```text
//! outlay + storage − (1 − p) · resale + p · (users' loss − proceeds of the release)
//! ```
//!
//! one product after the other, the dearest shortfall first.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{in_blocs, recoveries};
use monazite_market::chain::{Chain, Settings, chain};
use monazite_market::path::{Behaviour, simulate_from};
use monazite_market::quarter::{QuarterModel, Start};
use monazite_market::result::tabulate;
use monazite_market::scenario::{Scenario, Vocabulary};
use rayon::prelude::*;

use super::conflict::Conflict;
use super::error::StockpileError;
use super::ground::Ground;
use super::numbers::Numbers;
use super::shortfall::{Need, Shortfall, calendar};

/// Multiples of the shortfall that are tried.
const LEVELS: [f64; 7] = [0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0];
/// Severities as quantiles of every estimate, turned so that more is worse, with their weights.
const SEVERITIES: [(f64, f64); 3] = [(0.15, 0.25), (0.5, 0.5), (0.85, 0.25)];
/// Position of the whole shortfall among the multiples.
const WHOLE: usize = 3;

/// One product of the rule.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct RuleRow {
    /// The product.
    pub product: String,
    /// Its unit.
    pub unit: &'static str,
    /// The shortfall of it.
    pub shortfall: f64,
    /// The stock that minimises expected cost.
    pub stock: f64,
    /// What it costs to buy, million USD.
    pub outlay_musd: f64,
    /// What expected cost would be without it, the others as they are, less what it is with it, million USD.
    pub worth_musd: f64,
}

/// The rule and what it does.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Rule {
    /// By product, in the order of the shortfall's cost.
    pub rows: Vec<RuleRow>,
    /// Probability of the emergency while the stock is held.
    pub probability: f64,
    /// Users' loss in the emergency without any stock, mean over severities, million USD.
    pub loss_without_musd: f64,
    /// The same with the stock of the rule.
    pub loss_with_musd: f64,
    /// Expected cost without any stock, million USD.
    pub cost_without_musd: f64,
    /// The same with the stock of the rule.
    pub cost_with_musd: f64,
    /// The same with a stock of the whole shortfall of these products.
    pub cost_whole_musd: f64,
    /// Largest multiple of the shortfall that was tried.
    pub largest: f64,
    /// Paths simulated.
    pub paths: usize,
}

/// The market scenario of a conflict at its best guesses, as a file.
#[must_use]
pub fn market_scenario(ground: &Ground, conflict: &Conflict) -> String {
    text(ground, conflict, &conflict.central(), &[])
}

/// Finds the rule. `progress` is told how many paths have been simulated.
///
/// # Errors
/// When the market cannot be calibrated or a path cannot be solved.
pub fn rule(
    dataset: &Dataset,
    ground: &Ground,
    conflict: &Conflict,
    shortfall: &Shortfall,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Rule, StockpileError> {
    let market = MarketModel::new(dataset, ground, conflict)?;
    let needs: Vec<&Need> = (shortfall.needs.iter())
        .filter(|need| need.short > 0.0 && need.price_usd_per_kg.is_some() && market.trades(need))
        .take(conflict.market.products)
        .collect();
    let mut search = Search {
        market: &market,
        needs: &needs,
        known: BTreeMap::new(),
        progress,
    };
    let nothing = vec![0; needs.len()];
    let whole = vec![WHOLE; needs.len()];
    search.look(&[nothing.clone(), whole.clone()])?;
    let mut best = nothing.clone();
    for at in 0..needs.len() {
        let tried: Vec<Vec<usize>> = (0..LEVELS.len()).map(|level| with(&best, at, level)).collect();
        search.look(&tried)?;
        best = (tried.into_iter())
            .min_by(|a, b| search.cost(a).total_cmp(&search.cost(b)))
            .unwrap_or(best);
    }
    let alone: Vec<Vec<usize>> = (0..needs.len()).map(|at| with(&best, at, 0)).collect();
    search.look(&alone)?;
    let rows = (needs.iter().zip(&best).zip(&alone))
        .map(|((need, level), without)| {
            let stock = LEVELS.get(*level).copied().unwrap_or_default() * need.short;
            RuleRow {
                product: need.product.clone(),
                unit: need.unit,
                shortfall: need.short,
                stock,
                outlay_musd: stock * need.price_usd_per_kg.unwrap_or_default() * market.dear / 1e3,
                worth_musd: search.cost(without) - search.cost(&best),
            }
        })
        .collect();
    Ok(Rule {
        rows,
        probability: market.probability,
        loss_without_musd: search.loss(&nothing),
        loss_with_musd: search.loss(&best),
        cost_without_musd: search.cost(&nothing),
        cost_with_musd: search.cost(&best),
        largest: LEVELS.last().copied().unwrap_or_default(),
        cost_whole_musd: search.cost(&whole),
        paths: search.known.len() * SEVERITIES.len(),
    })
}

fn with(levels: &[usize], at: usize, level: usize) -> Vec<usize> {
    let mut changed = levels.to_vec();
    if let Some(slot) = changed.get_mut(at) {
        *slot = level;
    }
    changed
}

/// What a stock came to: expected cost and users' loss in the emergency, million USD.
#[derive(Clone, Copy)]
struct Outcome {
    cost: f64,
    loss: f64,
}

struct Search<'a> {
    market: &'a MarketModel<'a>,
    needs: &'a [&'a Need],
    known: BTreeMap<Vec<usize>, Outcome>,
    progress: &'a (dyn Fn(usize) + Sync),
}

impl Search<'_> {
    /// Simulates the stocks that are not known yet.
    fn look(&mut self, wanted: &[Vec<usize>]) -> Result<(), StockpileError> {
        let mut new: Vec<Vec<usize>> = wanted
            .iter()
            .filter(|levels| !self.known.contains_key(*levels))
            .cloned()
            .collect();
        new.sort();
        new.dedup();
        let (market, needs) = (self.market, self.needs);
        let found: Vec<Outcome> = new
            .par_iter()
            .map(|levels| {
                let stocks: Vec<(&Need, f64)> = (needs.iter().zip(levels))
                    .map(|(need, level)| (*need, LEVELS.get(*level).copied().unwrap_or_default() * need.short))
                    .collect();
                market.outcome(&stocks)
            })
            .collect::<Result<_, _>>()?;
        self.known.extend(new.into_iter().zip(found));
        (self.progress)(self.known.len() * SEVERITIES.len());
        Ok(())
    }

    fn cost(&self, levels: &[usize]) -> f64 {
        self.known.get(levels).map_or(f64::INFINITY, |outcome| outcome.cost)
    }

    fn loss(&self, levels: &[usize]) -> f64 {
        self.known.get(levels).map_or(f64::NAN, |outcome| outcome.loss)
    }
}

struct MarketModel<'a> {
    ground: &'a Ground,
    conflict: &'a Conflict,
    chain: Chain,
    start: Start,
    behaviour: Behaviour,
    vocabulary: Vocabulary,
    /// The country's bloc.
    bloc: String,
    severities: Vec<(Numbers, f64)>,
    probability: f64,
    /// Price while buying, as a multiple.
    dear: f64,
    /// Storage over the years held, share of the outlay.
    storage: f64,
}

impl<'a> MarketModel<'a> {
    fn new(dataset: &Dataset, ground: &'a Ground, conflict: &'a Conflict) -> Result<Self, StockpileError> {
        let base = in_blocs(dataset, &ground.base)?;
        let chain = chain(dataset, &base, &recoveries(dataset, &base), Settings::default())?;
        let start = QuarterModel::new(&chain, &[])?.start();
        let country = ground
            .base
            .places
            .get(ground.place.index())
            .map_or("", |place| place.id.as_str());
        let bloc = chain
            .place_of_member(country)
            .map(|place| chain.place_id(place).to_owned());
        let central = conflict.central();
        let severity = |worse: f64| {
            conflict.numbers(&mut |what, _| Some(if what.starts_with("access") { 1.0 - worse } else { worse }))
        };
        Ok(Self {
            ground,
            conflict,
            start,
            behaviour: Behaviour::from_dataset(dataset)?,
            vocabulary: Vocabulary::from_dataset(dataset),
            bloc: bloc.unwrap_or_default(),
            severities: SEVERITIES
                .iter()
                .map(|(worse, weight)| (severity(*worse), *weight))
                .collect(),
            probability: conflict.market.probability.central,
            dear: central.price,
            storage: central.storage * conflict.cost.years_held,
            chain,
        })
    }

    /// Whether the market has the product in the country's bloc.
    fn trades(&self, need: &Need) -> bool {
        let place = self.chain.place(&self.bloc);
        let product = self.chain.catalogue.product_by_name(&need.product);
        place
            .zip(product)
            .is_some_and(|(place, product)| self.chain.node(product, place).is_some())
    }

    fn outcome(&self, stocks: &[(&Need, f64)]) -> Result<Outcome, StockpileError> {
        let (mut outlay, mut resale) = (0.0, 0.0);
        for (need, tonnes) in stocks {
            let value = tonnes * need.price_usd_per_kg.unwrap_or_default() / 1e3;
            outlay += value * self.dear;
            resale += value * (1.0 - self.conflict.market.resale_loss);
        }
        let (mut loss, mut proceeds) = (0.0, 0.0);
        for (numbers, weight) in &self.severities {
            let (users, sold) = self.run(numbers, stocks)?;
            loss += weight * users;
            proceeds += weight * sold;
        }
        let p = self.probability;
        Ok(Outcome {
            cost: outlay * (1.0 + self.storage) - (1.0 - p) * resale + p * (loss - proceeds),
            loss,
        })
    }

    /// Users' loss and proceeds of the release over one path, million USD.
    fn run(&self, numbers: &Numbers, stocks: &[(&Need, f64)]) -> Result<(f64, f64), StockpileError> {
        let written = text(self.ground, self.conflict, numbers, stocks);
        let scenario = Scenario::parse(&written, "conflict.toml", &self.vocabulary)
            .map_err(|errors| StockpileError::Scenario(errors.to_string()))?;
        let path = simulate_from(&self.chain, &scenario, self.behaviour, Some(&self.start))?;
        let result = tabulate(&self.chain, &scenario, "bloc14", &path);
        let loss: f64 = (result.uses.iter())
            .filter(|row| row.place == self.bloc && row.quarter != "base")
            .map(|row| row.surplus_loss_kusd)
            .sum();
        let mut proceeds = 0.0;
        for (need, tonnes) in stocks.iter().filter(|(_, tonnes)| *tonnes > 0.0) {
            for row in result
                .prices
                .iter()
                .filter(|row| row.place == self.bloc && row.product == need.product)
            {
                let year = row.quarter.get(..4).and_then(|year| year.parse::<u16>().ok());
                let released = year.map_or(0.0, |year| released(need, *tonnes, year));
                proceeds += released / 4.0 * row.spot_usd_per_kg;
            }
        }
        Ok((loss / 1e3, proceeds / 1e3))
    }
}

/// What of a stock is released in a year: in proportion to the shortfall.
fn released(need: &Need, tonnes: f64, year: u16) -> f64 {
    let short = need
        .years
        .iter()
        .find(|one| one.year == year)
        .map_or(0.0, super::shortfall::YearNeed::total_short);
    if need.short > 0.0 {
        tonnes * short / need.short
    } else {
        0.0
    }
}

/// A conflict as a market scenario.
fn text(ground: &Ground, conflict: &Conflict, numbers: &Numbers, stocks: &[(&Need, f64)]) -> String {
    let mut page = Page {
        text: String::new(),
        conflict,
    };
    let country = ground
        .base
        .places
        .get(ground.place.index())
        .map_or("", |place| place.id.as_str());
    page.line(&format!("name = \"{}-market\"", conflict.name));
    page.line(&format!("title = {:?}", conflict.title));
    page.line(&format!("base_year = {}", conflict.base_year));
    page.line(&format!("start = \"{}-Q1\"", calendar(conflict, 0)));
    page.line(&format!("quarters = {}", 4 * conflict.years));
    let place_ids: Vec<&str> = ground.base.places.iter().map(|place| place.id.as_str()).collect();
    for (at, (row, of)) in conflict.suppliers.iter().zip(&numbers.suppliers).enumerate() {
        let members = |wanted: Option<usize>| -> Vec<&str> {
            (place_ids.iter().zip(&ground.supplier))
                .filter(|(_, of)| **of == wanted)
                .map(|(id, _)| *id)
                .collect()
        };
        let own = members(Some(at));
        if own.is_empty() {
            continue;
        }
        let passes: Vec<f64> = (of.access.iter().zip(&of.shipping_loss))
            .map(|(access, lost)| access * (1.0 - lost))
            .collect();
        if passes.iter().any(|share| *share < 1.0) {
            page.event(&format!("access-{at}"), "licence");
            page.line(
                "products = [\"concentrate\", \"carbonate\", \"heavy_concentrate\", \"oxide\", \"metal\", \"magnet\"]",
            );
            page.list("origin", &own);
            let same_side: Vec<&str> = (place_ids.iter().zip(&ground.supplier))
                .filter(|(_, of)| {
                    let side = of.and_then(|of| conflict.suppliers.get(of)?.side.as_deref());
                    side.is_some() && side == row.side.as_deref()
                })
                .map(|(id, _)| *id)
                .collect();
            if !same_side.is_empty() {
                page.list("except_destination", &same_side);
            }
            page.schedule("approved_share", "share", &passes);
        }
        if of.damage.iter().any(|share| *share > 0.0) {
            page.event(&format!("damage-{at}"), "outage");
            page.list("places", &own);
            page.line("stages = [\"*\"]");
            let left: Vec<f64> = of.damage.iter().map(|share| 1.0 - share).collect();
            page.schedule("available_share", "share", &left);
        }
    }
    demand(&mut page, ground, numbers, country);
    for (at, (need, tonnes)) in stocks.iter().enumerate() {
        for year in &need.years {
            let released = released(need, *tonnes, year.year);
            if released > 1e-9 {
                page.event(&format!("release-{at}-{}", year.year), "stock_release");
                page.replace_dates(year.year);
                page.line(&format!("place = \"{country}\""));
                let (kind, item) = need.product.split_once(':').unwrap_or((need.form, ""));
                page.line(&format!("product = \"{kind}\""));
                let key = if kind == "magnet" { "grade" } else { "element" };
                page.line(&format!("{key} = \"{item}\""));
                page.line(&format!("tonnes = {released:.9}"));
            }
        }
    }
    page.text
}

/// Surge and investment on top of peacetime demand.
fn demand(page: &mut Page<'_>, ground: &Ground, numbers: &Numbers, country: &str) {
    let mut done: Vec<&str> = Vec::new();
    for row in &ground.uses {
        let name = row.end_use.as_str();
        if done.contains(&name) {
            continue;
        }
        done.push(name);
        let defence = row
            .defence
            .and_then(|d| numbers.defence.get(d))
            .copied()
            .unwrap_or_default();
        let factors: Vec<f64> = (0..page.conflict.years)
            .map(|year| {
                let at = |list: &[f64]| list.get(year).copied().unwrap_or_default();
                let extra: f64 = row
                    .investment
                    .iter()
                    .filter_map(|i| numbers.investment.get(*i))
                    .map(|list| at(list))
                    .sum();
                1.0 + defence * (at(&numbers.surge) - 1.0) + extra
            })
            .collect();
        if factors.iter().any(|factor| (factor - 1.0).abs() > 1e-9) {
            page.event(&format!("demand-{name}").replace('_', "-"), "demand");
            page.line(&format!("end_uses = [\"{name}\"]"));
            page.line(&format!("places = [\"{country}\"]"));
            page.schedule("factor", "factor", &factors);
        }
    }
}

/// A scenario file under construction. Writing to a `String` cannot fail.
struct Page<'a> {
    text: String,
    conflict: &'a Conflict,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    fn event(&mut self, id: &str, kind: &str) {
        let from = calendar(self.conflict, 0);
        let _ = write!(
            self.text,
            "\n[[event]]\nid = \"{id}\"\nkind = \"{kind}\"\nevidence = [\"assumption\"]\nfrom = \"{from}-01-01\"\n"
        );
    }

    /// The event just begun holds for one year only.
    fn replace_dates(&mut self, year: u16) {
        let from = format!("from = \"{}-01-01\"\n", calendar(self.conflict, 0));
        if let Some(kept) = self.text.strip_suffix(&from) {
            self.text = format!("{kept}from = \"{year}-01-01\"\nuntil = \"{year}-12-31\"\n");
        }
    }

    fn list(&mut self, key: &str, items: &[&str]) {
        let items: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
        self.line(&format!("{key} = [{}]", items.join(", ")));
    }

    fn schedule(&mut self, key: &str, unit: &str, values: &[f64]) {
        let steps: Vec<String> = (values.iter().enumerate())
            .map(|(year, value)| {
                format!(
                    "{{ quarter = \"{}-Q1\", {unit} = {value:.9} }}",
                    calendar(self.conflict, year)
                )
            })
            .collect();
        self.line(&format!("{key} = [{}]", steps.join(", ")));
    }
}
