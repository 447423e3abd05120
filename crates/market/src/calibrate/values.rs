//! Base prices of every product in every place, derived along the chain.

use std::collections::BTreeMap;

use monazite_evidence::product::{FeedIx, GradeIx, Product};
use monazite_evidence::recipe::{Activity, mined_product, recipe};
use monazite_evidence::reconcile::{BaseYear, PlaceIx};
use monazite_evidence::table::{PriceProduct, PriceZone};
use monazite_evidence::{CostStage, Dataset, Element};

use super::{ZonePrices, behaviour, quote, stage_cost, zone_prices};
use crate::MarketError;
use crate::chain::CalibrationNote;

/// A leftover below this share of what was available is rounding of the reconciliation, not a surplus.
const SURPLUS_SHARE: f64 = 0.02;
/// Freight is never more than this share of a finished product's price.
const LARGEST_FREIGHT_SHARE: f64 = 0.1;
/// Oxide-to-metal recovery at which metal is priced.
const METAL_RECOVERY: f64 = 0.95;
/// Recovery at which buyers of swarf reckon.
const SWARF_RECOVERY: f64 = 0.94;
/// Magnets outside China cost at least this multiple of Chinese cost.
const LEAST_MAGNET_FACTOR: f64 = 1.05;

/// Base prices in USD/kg, the conversion priors behind them, and what had to be bent.
pub struct Values {
    /// Price of each product in each place.
    pub price: BTreeMap<(Product, PlaceIx), f64>,
    /// Oxide quotes of the two zones.
    pub zones: ZonePrices,
    /// Freight of a finished product by sea, USD/kg.
    pub freight: f64,
    /// Freight of a concentrate or carbonate, USD/kg.
    pub freight_stream: f64,
    /// Cost of leaving an element or stream unsold, USD/kg.
    pub disposal: f64,
    /// Differences from priors.
    pub notes: Vec<CalibrationNote>,
}

struct Work<'a> {
    dataset: &'a Dataset,
    base: &'a BaseYear,
    china: Option<PlaceIx>,
    supply: BTreeMap<(Product, PlaceIx), f64>,
    left: BTreeMap<(Product, PlaceIx), f64>,
    values: Values,
}

/// Derives base prices.
///
/// # Errors
/// When an element has no price or a stage no cost in the evidence.
pub fn values(dataset: &Dataset, base: &BaseYear) -> Result<Values, MarketError> {
    let zones = zone_prices(dataset, base.year).map_err(|elements| {
        let names: Vec<&str> = elements.iter().map(|e| e.symbol()).collect();
        MarketError::MissingEvidence(format!("oxide prices of {} for {}", names.join(", "), base.year))
    })?;
    let at = base.places.iter().position(|p| p.id == "CHN");
    let mut work = Work {
        dataset,
        base,
        china: at.and_then(|i| u16::try_from(i).ok()).map(PlaceIx),
        supply: BTreeMap::new(),
        left: BTreeMap::new(),
        values: Values {
            price: BTreeMap::new(),
            zones,
            freight: behaviour(dataset, "freight_sea_usd_per_kg")?,
            freight_stream: behaviour(dataset, "freight_concentrate_usd_per_kg")?,
            disposal: stage_cost(dataset, CostStage::Disposal, "CHN")?,
            notes: Vec::new(),
        },
    };
    work.tally();
    work.oxides();
    work.metals()?;
    work.solutions()?;
    work.magnets()?;
    work.streams()?;
    Ok(work.values)
}

impl Work<'_> {
    fn places(&self) -> impl Iterator<Item = PlaceIx> + use<> {
        (0..u16::try_from(self.base.places.len()).unwrap_or(u16::MAX)).map(PlaceIx)
    }

    fn id(&self, place: PlaceIx) -> &str {
        &self.base.places[place.index()].id
    }

    fn get(&self, product: Product, place: PlaceIx) -> f64 {
        self.values.price.get(&(product, place)).copied().unwrap_or(0.0)
    }

    /// Supply and leftovers of every product in every place.
    fn tally(&mut self) {
        for a in &self.base.activities {
            for (product, amount) in self.base.recipe_of(a).outputs {
                *self.supply.entry((product, a.place)).or_default() += amount * a.level;
            }
            if let Activity::Discard(product) = a.activity {
                *self.left.entry((product, a.place)).or_default() += a.level;
            }
        }
        for f in &self.base.flows {
            *self.supply.entry((f.product, f.destination)).or_default() += f.quantity;
        }
    }

    fn is_surplus(&self, product: Product, place: PlaceIx) -> bool {
        let key = (product, place);
        let left = self.left.get(&key).copied().unwrap_or(0.0);
        left > SURPLUS_SHARE * self.supply.get(&key).copied().unwrap_or(0.0) && left > 0.0
    }

    /// Whether a place makes the product itself, so that its price is the zone's without freight.
    fn makes(&self, product: Product, place: PlaceIx) -> bool {
        self.base
            .flows
            .iter()
            .any(|f| f.product == product && f.origin == place)
    }

    fn oxides(&mut self) {
        for e in Element::ALL.iter().copied() {
            let product = Product::Oxide(e);
            let outside = self.values.zones.outside[e.index()].usd_per_kg;
            let quoted = self.values.zones.china[e.index()].usd_per_kg;
            let china = quoted.min(outside);
            if quoted > outside {
                self.values.notes.push(CalibrationNote {
                    what: format!("price of {} oxide in China", e.symbol()),
                    prior: quoted,
                    calibrated: china,
                    why: "quoted above the price outside; nobody ships to a cheaper zone",
                });
            }
            self.put(product, china, outside);
        }
    }

    /// Metals at their quotes where these fit the oxide they take, else at oxide plus a conversion margin.
    fn metals(&mut self) -> Result<(), MarketError> {
        let conversion = stage_cost(self.dataset, CostStage::Metal, "CHN")?;
        let outside_factor = behaviour(self.dataset, "metal_conversion_factor_row")?;
        for e in Element::ALL.iter().copied() {
            let oxide_per_metal = self.base.catalogue.oxide_per_element[e.index()] / METAL_RECOVERY;
            let zone_price = |zone: PriceZone, oxide: f64, margin: f64| {
                let material = oxide * oxide_per_metal;
                let quoted = quote(self.dataset, PriceProduct::Metal, e.symbol(), zone, self.base.year);
                // A quote below its oxide, or far above it, is of another form, purity or date.
                let fits = |p: &f64| *p > material + 0.5 && *p < 2.5 * (material + 0.5);
                quoted.map(|q| q.usd_per_kg).filter(fits).unwrap_or(material + margin)
            };
            let outside_oxide = self.values.zones.outside[e.index()].usd_per_kg;
            let china_oxide = self.values.zones.china[e.index()].usd_per_kg.min(outside_oxide);
            let china = zone_price(PriceZone::China, china_oxide, conversion);
            let margin = conversion * outside_factor;
            let outside = zone_price(PriceZone::Outside, outside_oxide + self.values.freight, margin).max(china);
            self.put(Product::Metal(e), china, outside);
        }
        Ok(())
    }

    /// Sets a product's price in both zones; places that do not ship it pay freight.
    fn put(&mut self, product: Product, china: f64, outside: f64) {
        // Cheap oxides travel in bulk: freight is at most a tenth of what they fetch.
        let freight = self.values.freight.min(LARGEST_FREIGHT_SHARE * outside);
        for place in self.places() {
            let price = if Some(place) == self.china {
                china
            } else if self.makes(product, place) {
                outside
            } else {
                outside + freight
            };
            self.values.price.insert((product, place), price);
        }
    }

    /// An element in solution is worth its oxide less finishing, or what it costs to be rid of it.
    fn solutions(&mut self) -> Result<(), MarketError> {
        let disposal = self.values.disposal;
        for place in self.places() {
            let finishing = stage_cost(self.dataset, CostStage::Finishing, self.id(place))?;
            for e in Element::ALL.iter().copied() {
                let product = Product::InSolution(e);
                if !self.supply.contains_key(&(product, place)) {
                    continue;
                }
                let oxide = self.get(Product::Oxide(e), place);
                let value = if self.is_surplus(product, place) {
                    -disposal
                } else {
                    (oxide - finishing).max(-disposal)
                };
                self.values.price.insert((product, place), value);
                let calibrated = oxide - value;
                if (calibrated - finishing).abs() > 0.5 * finishing + 0.05 {
                    self.values.notes.push(CalibrationNote {
                        what: format!("finishing {} oxide in {}", e.symbol(), self.id(place)),
                        prior: finishing,
                        calibrated,
                        why: "part of it stays unsold, so the price is finishing less disposal",
                    });
                }
            }
        }
        Ok(())
    }

    /// Magnets at Chinese cost inside China, and at the customs unit value of exports outside.
    fn magnets(&mut self) -> Result<(), MarketError> {
        let Some(china) = self.china else { return Ok(()) };
        let recycling = stage_cost(self.dataset, CostStage::Recycling, "CHN")?;
        let outside_factor = behaviour(self.dataset, "magnet_cost_factor_row")?;
        let (mut value, mut volume) = (0.0, 0.0);
        let mut home = Vec::new();
        for g in self.base.catalogue.grade_indices() {
            let swarf = self.swarf_value(g, china, recycling);
            for place in self.places() {
                let here = if Some(place) == self.china {
                    swarf
                } else {
                    (swarf - self.values.freight_stream).max(0.0)
                };
                self.values.price.insert((Product::Swarf(g), place), here);
            }
            let price = self.magnet_cost(g, china, swarf);
            let exports = self
                .base
                .flows
                .iter()
                .filter(|f| f.product == Product::Magnet(g) && f.origin == china);
            let exported: f64 = exports.map(|f| f.quantity).sum();
            value += exported * price;
            volume += exported;
            home.push((g, price));
        }
        // Exports are coated, magnetised and often assembled: their customs unit value sets the price outside.
        let unit_value = quote(
            self.dataset,
            PriceProduct::Magnet,
            "NdFeB",
            PriceZone::Outside,
            self.base.year,
        );
        let factor = unit_value.filter(|_| value > 0.0).map_or(outside_factor, |q| {
            (q.usd_per_kg * volume / value).max(LEAST_MAGNET_FACTOR)
        });
        for (g, price) in home {
            for place in self.places() {
                let here = if Some(place) == self.china {
                    price
                } else {
                    price * factor
                };
                self.values.price.insert((Product::Magnet(g), place), here);
            }
        }
        Ok(())
    }

    /// What a tonne of swarf is worth to a recycler: the elements it gives less the cost of getting them.
    fn swarf_value(&self, g: GradeIx, place: PlaceIx, cost: f64) -> f64 {
        let made = recipe(&self.base.catalogue, Activity::Recycle(g), SWARF_RECOVERY);
        let revenue: f64 = made.outputs.iter().map(|(p, a)| a * self.get(*p, place)).sum();
        (revenue - cost).max(0.0)
    }

    /// Metal and conversion less the swarf that comes back, USD/kg of finished magnet.
    fn magnet_cost(&self, g: GradeIx, place: PlaceIx, swarf: f64) -> f64 {
        let made = recipe(&self.base.catalogue, Activity::MakeMagnet(g), 1.0);
        let id = &self.base.catalogue.grade(g).id;
        let row = self.dataset.magnet_grades.iter().find(|m| m.grade == *id);
        let inputs: f64 = made.inputs.iter().map(|(p, a)| a * self.get(*p, place)).sum();
        let scrap = made.outputs.iter().filter(|(p, _)| matches!(p, Product::Swarf(_)));
        inputs - scrap.map(|(_, a)| a * swarf).sum::<f64>() + row.map_or(0.0, |m| m.conversion_usd_per_kg.0)
    }

    /// Streams upstream of separation, from the last step back to the mine.
    fn streams(&mut self) -> Result<(), MarketError> {
        for feed in self.base.catalogue.feed_indices().collect::<Vec<_>>() {
            self.stream(
                Product::HeavyConcentrate(feed),
                Activity::SeparateHeavy(feed),
                CostStage::SeparationHeavy,
            )?;
            self.stream(
                Product::Carbonate(feed),
                Activity::SeparateLight(feed),
                CostStage::SeparationLight,
            )?;
            if mined_product(&self.base.catalogue, feed) == Product::Concentrate(feed) {
                self.stream(Product::Concentrate(feed), Activity::Crack(feed), CostStage::Cracking)?;
            }
            self.check_mine(feed);
        }
        Ok(())
    }

    /// Price of a stream where it is processed: what comes out less the cost prior; elsewhere: the best netback.
    fn stream(&mut self, product: Product, activity: Activity, stage: CostStage) -> Result<(), MarketError> {
        let floor = -self.values.disposal;
        let mut known: BTreeMap<PlaceIx, f64> = BTreeMap::new();
        for a in self.base.activities.iter().filter(|a| a.activity == activity) {
            let made = self.base.recipe_of(a);
            let revenue: f64 = made
                .outputs
                .iter()
                .map(|(p, amount)| amount * self.get(*p, a.place))
                .sum();
            let prior = stage_cost(self.dataset, stage, self.id(a.place))?;
            let value = (revenue - prior).max(floor);
            if revenue - prior < floor {
                self.values.notes.push(CalibrationNote {
                    what: format!(
                        "{} {} in {}",
                        activity.word(),
                        activity.item(&self.base.catalogue),
                        self.id(a.place)
                    ),
                    prior,
                    calibrated: revenue - floor,
                    why: "the plant ran in the base year, so its cost cannot exceed what its products fetched",
                });
            }
            known.insert(a.place, value);
        }
        // Origins take the netback of the destination that pays least among those used: the others' routes keep the margin.
        let mut pending: Vec<_> = self.base.flows.iter().filter(|f| f.product == product).collect();
        while !pending.is_empty() {
            let before = pending.len();
            let mut netback: BTreeMap<PlaceIx, f64> = BTreeMap::new();
            pending.retain(|f| match known.get(&f.destination) {
                Some(value) if !known.contains_key(&f.origin) => {
                    let net = (value - self.values.freight_stream).max(floor);
                    netback.entry(f.origin).and_modify(|v| *v = v.min(net)).or_insert(net);
                    false
                }
                Some(_) => false,
                None => true,
            });
            known.extend(netback);
            if pending.len() == before {
                break;
            }
        }
        let fallback = known.values().copied().fold(f64::NAN, f64::min);
        for ((p, place), _) in self.supply.iter().filter(|((p, _), _)| *p == product) {
            let value = known.get(place).copied().unwrap_or(if fallback.is_nan() {
                floor
            } else {
                fallback - self.values.freight_stream
            });
            self.values.price.insert((*p, *place), value.max(floor));
        }
        Ok(())
    }

    /// A mine whose stream is worth less than its cost prior ran all the same: say so.
    fn check_mine(&mut self, feed: FeedIx) {
        let product = mined_product(&self.base.catalogue, feed);
        for a in self
            .base
            .activities
            .iter()
            .filter(|a| a.activity == Activity::Mine(feed))
        {
            let price = self.values.price.get(&(product, a.place)).copied().unwrap_or(0.0);
            let Ok(prior) = stage_cost(self.dataset, CostStage::Mine, &self.base.places[a.place.index()].id) else {
                continue;
            };
            if price < prior {
                self.values.notes.push(CalibrationNote {
                    what: format!("mine {}", a.facility.as_ref().map_or("", |f| f.as_str())),
                    prior,
                    calibrated: price,
                    why: "its product fetched less than the cost prior; by-product credits or subsidies are not modelled",
                });
            }
        }
    }
}
