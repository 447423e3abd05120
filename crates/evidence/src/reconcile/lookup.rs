//! The tables as reconciliation reads them: one year, places of the full view, indices for ids.

use std::collections::BTreeMap;

use super::plants::{Plant, active};
use super::recoveries::{Recoveries, catalogue};
use super::{PlaceIx, ReconcileError, ViewPlace};
use crate::area::Area;
use crate::dataset::Dataset;
use crate::element::Element;
use crate::ids::{EndUseId, PlaceId, SourceId};
use crate::product::{Catalogue, FeedIx, GradeIx, Product};
use crate::provenance::Confidence;
use crate::recipe::Activity;
use crate::stage::{ShareStage, Stage};
use crate::table::{CapacityUnit, EndUseKind, Hs, RouteProduct, ViewName};

/// The year that the column `output_2024` of the facilities speaks of.
const OUTPUT_YEAR: u16 = 2024;
pub(super) struct Measured {
    pub place: PlaceIx,
    pub value: f64,
    pub confidence: Confidence,
    pub sources: Vec<SourceId>,
}

pub(super) struct RouteRow {
    pub product: Product,
    pub origin: PlaceIx,
    pub destination: PlaceIx,
    pub quantity: f64,
    pub confidence: Confidence,
    pub sources: Vec<SourceId>,
}

pub(super) struct DemandRow {
    pub end_use: EndUseId,
    pub element: Option<Element>,
    pub quantity: f64,
    pub confidence: Confidence,
    pub sources: Vec<SourceId>,
}

pub(super) struct StageTarget {
    pub what: String,
    pub stage: Stage,
    /// `None` for the rest of the world.
    pub place: Option<PlaceIx>,
    /// Places that the same publication names, which the rest of the world excludes.
    pub named: Vec<PlaceIx>,
    pub share: f64,
    pub confidence: Confidence,
    pub sources: Vec<SourceId>,
}

/// Customs headings that carry a group of products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TradeGroup {
    Oxides(Element),
    Metals,
    Magnets,
}

pub(super) struct Lookup<'a> {
    dataset: &'a Dataset,
    pub year: u16,
    pub places: Vec<ViewPlace>,
    views: BTreeMap<PlaceId, PlaceIx>,
    pub catalogue: Catalogue,
    pub recoveries: Recoveries,
    pub plants: Vec<Plant>,
    pub production: Vec<Measured>,
    pub routes: Vec<RouteRow>,
    pub demand: Vec<DemandRow>,
    pub stage_targets: Vec<StageTarget>,
    trade: BTreeMap<(Hs, PlaceIx, PlaceIx), f64>,
    pub warnings: Vec<String>,
}

impl<'a> Lookup<'a> {
    pub fn new(dataset: &'a Dataset, year: u16) -> Result<Self, ReconcileError> {
        let places: Vec<ViewPlace> = dataset
            .view(ViewName::Full)
            .map(|v| ViewPlace {
                id: v.id.clone(),
                name: v.name.clone(),
                members: vec![v.id.clone()],
            })
            .collect();
        let views: BTreeMap<PlaceId, PlaceIx> = dataset
            .places
            .iter()
            .filter_map(|p| {
                let at = places.iter().position(|v| v.id == p.view_place.as_str())?;
                Some((p.place.clone(), PlaceIx(u16::try_from(at).ok()?)))
            })
            .collect();
        let catalogue = catalogue(dataset)?;
        let recoveries = Recoveries::new(dataset, &catalogue, &places);
        let mut lookup = Self {
            dataset,
            year,
            places,
            views,
            catalogue,
            recoveries,
            plants: Vec::new(),
            production: Vec::new(),
            routes: Vec::new(),
            demand: Vec::new(),
            stage_targets: Vec::new(),
            trade: BTreeMap::new(),
            warnings: Vec::new(),
        };
        lookup.read_plants();
        lookup.read_production();
        lookup.read_routes();
        lookup.read_demand();
        lookup.read_stage_shares();
        lookup.read_trade()?;
        Ok(lookup)
    }

    pub fn place(&self, id: &str) -> Option<PlaceIx> {
        self.views.get(id).copied()
    }

    pub fn recovery(&self, activity: Activity, place: PlaceIx) -> f64 {
        self.recoveries.share(activity, place)
    }

    pub fn no_evidence(&self, what: &'static str) -> ReconcileError {
        let mut years: Vec<u16> = self.dataset.demand.iter().map(|d| d.year).collect();
        years.sort_unstable();
        years.dedup();
        let available = years.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        ReconcileError::NoEvidence {
            what,
            year: self.year,
            available,
        }
    }

    fn read_plants(&mut self) {
        for f in self.dataset.facilities.iter().filter(|f| active(f, self.year)) {
            let Some(place) = self.place(f.place.as_str()) else {
                continue;
            };
            self.plants.push(Plant {
                id: f.facility.clone(),
                stage: f.stage,
                place,
                feed: f.feed.as_ref().and_then(|id| self.catalogue.feed_by_id(id.as_str())),
                elements: f.made(),
                capacity: f.capacity,
                in_ndpr: f.capacity_unit == Some(CapacityUnit::TonnesNdPrOxidePerYear),
                output: f.output_2024.filter(|_| self.year == OUTPUT_YEAR),
                confidence: f.provenance.confidence,
                sources: f.provenance.sources.clone(),
            });
        }
    }

    fn read_production(&mut self) {
        for row in self
            .dataset
            .production
            .iter()
            .filter(|r| r.year == self.year && r.preferred)
        {
            let Some(place) = self.place(row.place.as_str()) else {
                continue;
            };
            self.production.push(Measured {
                place,
                value: row.production_t_reo.0,
                confidence: row.provenance.confidence,
                sources: row.provenance.sources.clone(),
            });
        }
    }

    fn read_routes(&mut self) {
        for row in self.dataset.routes.iter().filter(|r| r.year == self.year) {
            let feed = row.feed.as_ref().and_then(|f| self.catalogue.feed_by_id(f.as_str()));
            let (Some(feed), Some(origin), Some(destination)) = (
                feed,
                self.place(row.origin.as_str()),
                self.place(row.destination.as_str()),
            ) else {
                continue;
            };
            let product = match row.product {
                RouteProduct::Concentrate => Product::Concentrate(feed),
                RouteProduct::Carbonate => Product::Carbonate(feed),
                RouteProduct::HeavyConcentrate => Product::HeavyConcentrate(feed),
            };
            self.routes.push(RouteRow {
                product,
                origin,
                destination,
                quantity: row.quantity_t_reo.0,
                confidence: row.provenance.confidence,
                sources: row.provenance.sources.clone(),
            });
        }
    }

    /// Demand of the year, with an open word on how much of it nobody has verified.
    fn read_demand(&mut self) {
        let rows: Vec<_> = self.dataset.demand.iter().filter(|r| r.year == self.year).collect();
        let unverified: Vec<_> = rows
            .iter()
            .filter(|r| r.provenance.confidence == Confidence::C)
            .collect();
        if !unverified.is_empty() {
            let mut notes: BTreeMap<&str, usize> = BTreeMap::new();
            for row in &unverified {
                *notes.entry(row.provenance.note.as_str()).or_default() += 1;
            }
            let usual = notes
                .into_iter()
                .max_by_key(|(_, count)| *count)
                .map_or("", |(note, _)| note);
            self.warnings.push(format!(
                "{} of {} rows of the {} element and end-use matrix are unverified (confidence C); most say: {usual}",
                unverified.len(),
                rows.len(),
                self.year
            ));
        }
        for row in self.dataset.demand.iter().filter(|r| r.year == self.year) {
            let element = row.element.as_ref().and_then(crate::material::Material::element);
            if element.is_none() && row.element.is_some() {
                self.warnings.push(format!(
                    "demand of {} names no single element and is not used",
                    row.end_use
                ));
                continue;
            }
            self.demand.push(DemandRow {
                end_use: row.end_use.clone(),
                element,
                quantity: row.quantity_t,
                confidence: row.provenance.confidence,
                sources: row.provenance.sources.clone(),
            });
        }
    }

    /// Shares of kinds of ore in what a place mined in the year.
    pub fn feed_shares(&self, place: PlaceIx) -> BTreeMap<FeedIx, f64> {
        let rows = self.dataset.feed_shares.iter();
        let rows = rows.filter(|row| row.year == self.year && self.place(row.place.as_str()) == Some(place));
        rows.filter_map(|row| Some((self.catalogue.feed_by_id(row.feed.as_str())?, row.share_pct.share().0)))
            .collect()
    }

    /// Stage shares of the year; of several publications for one stage the most detailed is used.
    fn read_stage_shares(&mut self) {
        for stage in [
            ShareStage::Mine,
            ShareStage::Separation,
            ShareStage::Metal,
            ShareStage::Magnet,
        ] {
            let rows: Vec<_> = self.dataset.stage_shares.iter().filter(|r| r.stage == stage).collect();
            let Some(year) = rows
                .iter()
                .map(|r| r.year)
                .filter(|y| y.abs_diff(self.year) <= 4)
                .min_by_key(|y| y.abs_diff(self.year))
            else {
                continue;
            };
            let counts_magnet_elements =
                |r: &crate::table::StageShare| r.material.as_str().contains("magnet") || stage > ShareStage::Separation;
            let of_year: Vec<_> = rows
                .into_iter()
                .filter(|r| r.year == year && counts_magnet_elements(r))
                .collect();
            let mut by_material: BTreeMap<&str, Vec<_>> = BTreeMap::new();
            for row in of_year {
                by_material.entry(row.material.as_str()).or_default().push(row);
            }
            let Some(best) = by_material.into_values().max_by_key(Vec::len) else {
                continue;
            };
            let named: Vec<PlaceIx> = best
                .iter()
                .filter_map(|r| r.place.place())
                .filter_map(|p| self.place(p.as_str()))
                .collect();
            for row in best {
                let place = row.place.place().and_then(|p| self.place(p.as_str()));
                if place.is_none() && row.place != Area::Rest {
                    continue;
                }
                let repeated = self
                    .stage_targets
                    .iter()
                    .any(|t| t.stage == model_stage(stage) && t.place == place);
                if repeated {
                    continue;
                }
                self.stage_targets.push(StageTarget {
                    what: format!("{} {:.1}", row.place, row.share_pct.0),
                    stage: model_stage(stage),
                    place,
                    named: named.clone(),
                    share: row.share_pct.share().0,
                    confidence: row.provenance.confidence,
                    sources: row.provenance.sources.clone(),
                });
            }
        }
    }

    fn read_trade(&mut self) -> Result<(), ReconcileError> {
        let rows = self
            .dataset
            .trade_in(&[self.year])
            .map_err(|e| ReconcileError::Missing(e.to_string()))?;
        for row in rows {
            let (Some(o), Some(d)) = (self.place(row.exporter.as_str()), self.place(row.importer.as_str())) else {
                continue;
            };
            if o != d {
                *self.trade.entry((row.hs, o, d)).or_default() += row.value_kusd.0;
            }
        }
        Ok(())
    }

    pub fn has(&self, stage: Stage, place: PlaceIx) -> bool {
        self.plants.iter().any(|p| p.stage == stage && p.place == place)
    }

    pub fn is_metal_use(&self, end_use: &EndUseId) -> bool {
        self.dataset
            .end_use(end_use)
            .is_some_and(|u| u.kind == EndUseKind::Metal)
    }

    pub fn grade_mix(&self, end_use: &EndUseId) -> Vec<(GradeIx, f64)> {
        self.dataset
            .grade_mix
            .iter()
            .filter(|m| &m.end_use == end_use)
            .filter_map(|m| Some((self.catalogue.grade_by_id(m.grade.as_str())?, m.share.0)))
            .collect()
    }

    /// Where an end use consumes, as shares of the world.
    pub fn demand_places(&self, end_use: &EndUseId) -> Vec<(PlaceIx, f64)> {
        self.dataset
            .demand_shares
            .iter()
            .filter(|s| s.year == self.year && &s.end_use == end_use)
            .filter_map(|s| {
                let at = self.places.iter().position(|p| p.id == s.place.as_str())?;
                Some((PlaceIx(u16::try_from(at).ok()?), s.share.0))
            })
            .collect()
    }

    fn headings(group: TradeGroup) -> Hs {
        match group {
            TradeGroup::Oxides(Element::Ce) => Hs::CeriumCompounds,
            TradeGroup::Oxides(_) => Hs::RareEarthCompounds,
            TradeGroup::Metals => Hs::RareEarthMetals,
            TradeGroup::Magnets => Hs::MetalMagnets,
        }
    }

    /// Customs value of the group between two places in the year, kUSD.
    pub fn trade_value(&self, group: TradeGroup, origin: PlaceIx, destination: PlaceIx) -> f64 {
        self.trade
            .get(&(Self::headings(group), origin, destination))
            .copied()
            .unwrap_or(0.0)
    }

    /// Customs value of all exports of the group, kUSD.
    pub fn export_value(&self, group: TradeGroup, origin: PlaceIx) -> f64 {
        let hs = Self::headings(group);
        self.trade
            .iter()
            .filter(|((h, o, _), _)| *h == hs && *o == origin)
            .map(|(_, v)| v)
            .sum()
    }
}

fn model_stage(stage: ShareStage) -> Stage {
    match stage {
        ShareStage::Mine => Stage::Mine,
        ShareStage::Separation => Stage::SeparationLight,
        ShareStage::Metal => Stage::Metal,
        ShareStage::Magnet => Stage::Magnet,
    }
}
