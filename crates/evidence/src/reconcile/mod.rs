//! Reconciliation: conflicting evidence of one year turned into one balanced base year.
//!
//! Every quantity of the chain in every place is a variable: mine output, what each plant stage
//! processes, oxides finished and left unsold, metals, magnets by grade, scrap returned, trade and
//! use. Each piece of evidence is an equation with a standard deviation taken from its confidence
//! and spread; mass balances per product and place hold exactly. The weighted least-squares answer
//! is the base year, and every piece of evidence it had to move is listed, largest first.

mod adjust;
mod content;
mod lookup;
mod network;
mod observe;
mod plants;
mod priors;
mod recoveries;
mod solve;

use crate::dataset::Dataset;
use crate::ids::{EndUseId, FacilityId, SourceId};
use crate::product::{Catalogue, Product};
use crate::provenance::Confidence;
use crate::recipe::{Activity, Recipe, recipe};

pub use content::{Content, Link, Node, Step, content};
pub use recoveries::{Recoveries, catalogue, recoveries};

/// Position of a place in [`BaseYear::places`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceIx(pub u16);

impl PlaceIx {
    /// As an index into a slice.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A place of the view: a country or a bloc of countries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewPlace {
    /// Id in `views.csv`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Ids of the places of the full view it stands for; itself alone in the full view.
    pub members: Vec<String>,
}

/// What a stage did in a place in the base year.
#[derive(Clone, Debug)]
pub struct BaseActivity {
    /// What was done.
    pub activity: Activity,
    /// Where.
    pub place: PlaceIx,
    /// The single facility, for mines.
    pub facility: Option<FacilityId>,
    /// Recovery used in its recipe, share.
    pub recovery: f64,
    /// Level in the year, in the activity's unit.
    pub level: f64,
}

/// Trade of a product between two places in the base year.
#[derive(Clone, Debug)]
pub struct BaseFlow {
    /// What was traded.
    pub product: Product,
    /// From.
    pub origin: PlaceIx,
    /// To.
    pub destination: PlaceIx,
    /// Quantity in the year, in the product's unit.
    pub quantity: f64,
}

/// Use of a product by an end use in a place in the base year.
#[derive(Clone, Debug)]
pub struct BaseUse {
    /// What was used.
    pub product: Product,
    /// By which end use.
    pub end_use: EndUseId,
    /// Where.
    pub place: PlaceIx,
    /// Quantity in the year, in the product's unit.
    pub quantity: f64,
    /// Confidence of the demand evidence behind it.
    pub confidence: Confidence,
}

/// A piece of evidence and what reconciliation made of it.
#[derive(Clone, Debug)]
pub struct Adjustment {
    /// What was observed, in words.
    pub what: String,
    /// Stage or step of the chain.
    pub stage: &'static str,
    /// Place id, or `WLD`.
    pub place: String,
    /// Value of the evidence.
    pub evidence: f64,
    /// Value in the balanced base year.
    pub reconciled: f64,
    /// Where both are distances from a published share: that share, in the same unit.
    pub stated: Option<f64>,
    /// Unit of both.
    pub unit: &'static str,
    /// Standard deviation the evidence was given.
    pub sigma: f64,
    /// Where the evidence comes from.
    pub sources: Vec<SourceId>,
    /// Its confidence.
    pub confidence: Confidence,
}

impl Adjustment {
    /// Reconciled less evidence, in the unit of both.
    #[must_use]
    pub fn change(&self) -> f64 {
        self.reconciled - self.evidence
    }

    /// Change in standard deviations of the evidence.
    #[must_use]
    pub fn z(&self) -> f64 {
        self.change() / self.sigma
    }
}

/// One balanced year of the chain.
#[derive(Clone, Debug)]
pub struct BaseYear {
    /// The year.
    pub year: u16,
    /// Places of the view, by [`PlaceIx`].
    pub places: Vec<ViewPlace>,
    /// Compositions and conversion factors.
    pub catalogue: Catalogue,
    /// What was done where.
    pub activities: Vec<BaseActivity>,
    /// Trade.
    pub flows: Vec<BaseFlow>,
    /// Use.
    pub uses: Vec<BaseUse>,
    /// All evidence against the balanced values, largest change first (in shares of the evidence's stage total).
    pub adjustments: Vec<Adjustment>,
    /// Evidence that could not be used, in words, with the reason.
    pub warnings: Vec<String>,
}

/// Why a base year could not be built.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The tables hold nothing for the year.
    #[error("no {what} evidence for base year {year}; years with a base: {available}")]
    NoEvidence {
        /// What is missing.
        what: &'static str,
        /// The year asked for.
        year: u16,
        /// Years that could be asked for instead.
        available: String,
    },
    /// A parameter the chain cannot do without is missing from the tables.
    #[error("the dataset lacks {0}")]
    Missing(String),
    /// The least-squares solver failed.
    #[error("the reconciliation did not converge: {0}")]
    Solver(String),
}

/// Builds the balanced base year of the full view.
///
/// # Errors
/// [`ReconcileError`] when the year has no evidence, a parameter is missing or the solver fails.
pub fn reconcile(dataset: &Dataset, year: u16) -> Result<BaseYear, ReconcileError> {
    let lookup = lookup::Lookup::new(dataset, year)?;
    let priors = priors::priors(&lookup)?;
    let network = network::network(&lookup, &priors);
    let observations = observe::observations(&lookup, &priors, &network);
    let equations: Vec<solve::Equation> = observations
        .iter()
        .map(|o| solve::Equation {
            form: o.form.clone(),
            value: o.value,
            sigma: o.sigma,
        })
        .collect();
    let x = solve::solve(&network.scales(), &equations, &network.balances(&lookup.catalogue))?;
    Ok(adjust::base_year(&lookup, &priors, &network, &observations, &x))
}

impl BaseYear {
    /// The recipe of one of its activities.
    #[must_use]
    pub fn recipe_of(&self, activity: &BaseActivity) -> Recipe {
        recipe(&self.catalogue, activity.activity, activity.recovery)
    }

    /// Largest imbalance over all products and places: supply less use, as a share of supply.
    ///
    /// Supplies below one kilogram a year count as one kilogram.
    #[must_use]
    pub fn max_imbalance(&self) -> f64 {
        let mut nodes: std::collections::BTreeMap<(Product, PlaceIx), (f64, f64)> = std::collections::BTreeMap::new();
        for a in &self.activities {
            let recipe = self.recipe_of(a);
            for (p, amount) in recipe.outputs {
                nodes.entry((p, a.place)).or_default().0 += amount * a.level;
            }
            for (p, amount) in recipe.inputs {
                nodes.entry((p, a.place)).or_default().1 += amount * a.level;
            }
        }
        for f in &self.flows {
            nodes.entry((f.product, f.origin)).or_default().1 += f.quantity;
            nodes.entry((f.product, f.destination)).or_default().0 += f.quantity;
        }
        for u in &self.uses {
            nodes.entry((u.product, u.place)).or_default().1 += u.quantity;
        }
        nodes
            .values()
            .map(|(supply, usage)| (supply - usage).abs() / supply.max(*usage).max(1e-3))
            .fold(0.0, f64::max)
    }

    /// The same year with places merged: `group` gives the new place of each old one.
    ///
    /// Trade inside a merged place disappears; totals are unchanged.
    #[must_use]
    pub fn merged(&self, places: Vec<ViewPlace>, group: &[PlaceIx]) -> Self {
        use std::collections::BTreeMap;
        let mut activities: BTreeMap<(Activity, PlaceIx, Option<FacilityId>), (f64, f64)> = BTreeMap::new();
        for a in &self.activities {
            let entry = activities
                .entry((a.activity, group[a.place.index()], a.facility.clone()))
                .or_default();
            entry.0 += a.level;
            // Output-weighted recovery keeps the merged balances exact where the level is the input.
            entry.1 += match a.activity {
                Activity::MakeMetal(_) => a.level / a.recovery,
                _ => a.level * a.recovery,
            };
        }
        let mut flows: BTreeMap<(Product, PlaceIx, PlaceIx), f64> = BTreeMap::new();
        for f in &self.flows {
            let (o, d) = (group[f.origin.index()], group[f.destination.index()]);
            if o != d {
                *flows.entry((f.product, o, d)).or_default() += f.quantity;
            }
        }
        let mut uses: BTreeMap<(Product, EndUseId, PlaceIx), (f64, Confidence)> = BTreeMap::new();
        for u in &self.uses {
            let entry = uses
                .entry((u.product, u.end_use.clone(), group[u.place.index()]))
                .or_insert((0.0, u.confidence));
            entry.0 += u.quantity;
            entry.1 = entry.1.max(u.confidence);
        }
        Self {
            year: self.year,
            places,
            catalogue: self.catalogue.clone(),
            activities: activities
                .into_iter()
                .map(|((activity, place, facility), (level, weighted))| BaseActivity {
                    activity,
                    place,
                    facility,
                    recovery: match activity {
                        Activity::MakeMetal(_) => level / weighted,
                        _ => weighted / level,
                    },
                    level,
                })
                .collect(),
            flows: flows
                .into_iter()
                .map(|((product, origin, destination), quantity)| BaseFlow {
                    product,
                    origin,
                    destination,
                    quantity,
                })
                .collect(),
            uses: uses
                .into_iter()
                .map(|((product, end_use, place), (quantity, confidence))| BaseUse {
                    product,
                    end_use,
                    place,
                    quantity,
                    confidence,
                })
                .collect(),
            adjustments: self.adjustments.clone(),
            warnings: self.warnings.clone(),
        }
    }
}

/// The base year in blocs: the places of the full view merged into those of `bloc14`.
///
/// # Errors
/// When a place of the view belongs to no bloc.
pub fn in_blocs(dataset: &Dataset, base: &BaseYear) -> Result<BaseYear, ReconcileError> {
    use crate::ids::PlaceId;
    use crate::table::ViewName;
    let mut blocs: Vec<ViewPlace> = dataset
        .view(ViewName::Bloc14)
        .map(|v| ViewPlace {
            id: v.id.clone(),
            name: v.name.clone(),
            members: Vec::new(),
        })
        .collect();
    let mut group = Vec::with_capacity(base.places.len());
    for place in &base.places {
        let bloc = dataset.bloc(&PlaceId::from(place.id.as_str()));
        let at = bloc.and_then(|b| blocs.iter().position(|v| v.id == b.as_str()));
        let at = at.ok_or_else(|| ReconcileError::Missing(format!("the bloc of `{}`", place.id)))?;
        blocs[at].members.push(place.id.clone());
        group.push(PlaceIx(u16::try_from(at).unwrap_or(u16::MAX)));
    }
    Ok(base.merged(blocs, &group))
}
