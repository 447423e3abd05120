//! The chain: evidence of a base year turned into a network with costs, capacities and demand.
//!
//! Quantities are per quarter, prices and costs in USD/kg of the product's own unit. Everything the
//! market model may do in a quarter is one of four things: run a [`Process`], ship along a
//! [`Route`], serve a [`Segment`], or hold a [`Store`]. Each has a step curve, so that quantities
//! respond gradually to prices instead of flipping.

mod build;
mod capacity;
mod openings;
mod priors;
mod segments;
mod users;

use std::collections::BTreeMap;

use monazite_evidence::product::{Catalogue, Product};
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::{PlaceIx, ViewPlace};
use monazite_evidence::{Confidence, Element, EndUseId, FacilityId, Stage};

pub use build::{Settings, chain};

/// Position of a node in [`Chain::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeIx(pub u32);

/// Position of a capacity in [`Chain::capacities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CapacityIx(pub u32);

impl NodeIx {
    /// As an index into a slice.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl CapacityIx {
    /// As an index into a slice.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A product in a place: where supply meets use and a price forms.
#[derive(Clone, Debug)]
pub struct Node {
    /// What.
    pub product: Product,
    /// Where.
    pub place: PlaceIx,
    /// Price of the calibrated base quarter, USD/kg.
    pub base_price: f64,
    /// Whether all supply must be used or explicitly left over (streams and solutions), or may be wasted (products).
    pub exact: bool,
}

/// One step of a supply or demand curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Width in units of quantity per quarter; infinite for the last step of a route.
    pub width: f64,
    /// Marginal cost (supply) or value (demand), USD/kg.
    pub value: f64,
}

/// A facility, or all plants of a stage in a place, running a recipe.
#[derive(Clone, Debug)]
pub struct Process {
    /// What it does.
    pub activity: Activity,
    /// Where.
    pub place: PlaceIx,
    /// The single facility, for mines.
    pub facility: Option<FacilityId>,
    /// Nodes taken from, with the amount per unit of level.
    pub inputs: Vec<(NodeIx, f64)>,
    /// Nodes given to, with the amount per unit of level.
    pub outputs: Vec<(NodeIx, f64)>,
    /// Level of the base quarter.
    pub base: f64,
    /// Step curve of marginal cost.
    pub steps: Vec<Step>,
    /// The capacity it draws on and how much per unit of level.
    pub capacity: Option<(CapacityIx, f64)>,
}

/// A way to ship a product between two places.
#[derive(Clone, Debug)]
pub struct Route {
    /// What is shipped.
    pub product: Product,
    /// From.
    pub origin: PlaceIx,
    /// To.
    pub destination: PlaceIx,
    /// Node shipped from.
    pub from: NodeIx,
    /// Node shipped to.
    pub to: NodeIx,
    /// Flow of the base quarter.
    pub base: f64,
    /// Step curve of freight and trade margin.
    pub steps: Vec<Step>,
}

/// Demand of one end use in one place for one product.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Who uses it; several small uses are merged under `minor_uses`.
    pub end_use: EndUseId,
    /// Node drawn from.
    pub node: NodeIx,
    /// Use of the base quarter at the base price.
    pub base: f64,
    /// Descending step curve of willingness to pay at the base reference.
    pub steps: Vec<Step>,
    /// Long-run own-price elasticity, absolute value.
    pub long_run_elasticity: f64,
    /// Growth of its reference demand a year, log, since the middle of the base year; none in the chain as calibrated.
    pub trend: f64,
    /// Confidence of the demand evidence.
    pub confidence: Confidence,
}

/// Commercial stock held at a node.
#[derive(Clone, Debug)]
pub struct Store {
    /// Node held at.
    pub node: NodeIx,
    /// Target stock: cover days times base use, in the product's unit.
    pub target: f64,
    /// Whether it holds enough of the world's stock to be modelled in fine steps.
    pub fine: bool,
    /// Value of the first tonne of cover as a multiple of the expected price.
    pub convenience: f64,
    /// Target in days of base use.
    pub days: f64,
    /// Value, as multiples of the expected price, of stock up to half above target, up to two and a half times it,
    /// and without limit.
    pub beyond: [f64; 3],
}

/// Lines of a stage that cannot take each other's work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// All there are, but for those below.
    #[default]
    Main,
    /// Samarium-cobalt magnets are pressed, sintered and machined on plants of their own.
    SamariumCobalt,
}

/// Capacity of a stage in a place, or of one mine.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// Stage.
    pub stage: Stage,
    /// Place.
    pub place: PlaceIx,
    /// The mine, where it is one facility.
    pub facility: Option<FacilityId>,
    /// The lines of the stage.
    pub line: Line,
    /// Limit of the base quarter in the stage's unit.
    pub base_limit: f64,
    /// What ran on it in the base quarter.
    pub base_level: f64,
    /// Facilities behind it: id and share of the base limit.
    pub shares: Vec<(FacilityId, f64)>,
    /// Facilities that start later: id, first quarter as (year, quarter 1–4), and limit added per quarter at full ramp.
    pub additions: Vec<(FacilityId, (i16, i8), f64)>,
}

impl Capacity {
    /// The stage as results name it; lines that stand apart have a word of their own.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.line {
            Line::Main => self.stage.as_str(),
            Line::SamariumCobalt => "magnet_smco",
        }
    }
}

/// What calibration had to assume or bend, shown with results.
#[derive(Clone, Debug)]
pub struct CalibrationNote {
    /// Subject, such as `finish Lu in CHN`.
    pub what: String,
    /// Prior from the evidence, USD/kg.
    pub prior: f64,
    /// Value that reproduces the base quarter, USD/kg.
    pub calibrated: f64,
    /// Why they differ.
    pub why: &'static str,
}

/// The calibrated network of one base year in one view.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Base year.
    pub year: u16,
    /// Places of the view.
    pub places: Vec<ViewPlace>,
    /// Compositions and conversion factors.
    pub catalogue: Catalogue,
    /// Products in places.
    pub nodes: Vec<Node>,
    /// What plants can do.
    pub processes: Vec<Process>,
    /// What can be shipped.
    pub routes: Vec<Route>,
    /// Who uses what.
    pub segments: Vec<Segment>,
    /// Commercial stocks.
    pub stores: Vec<Store>,
    /// Capacities.
    pub capacities: Vec<Capacity>,
    /// What calibration had to bend.
    pub notes: Vec<CalibrationNote>,
    /// Confidence of the oxide price evidence, inside and outside China, by element.
    price_confidence: [Vec<Confidence>; 2],
    index: BTreeMap<(Product, PlaceIx), NodeIx>,
}

impl Chain {
    /// The node of a product in a place, if the chain has one.
    #[must_use]
    pub fn node(&self, product: Product, place: PlaceIx) -> Option<NodeIx> {
        self.index.get(&(product, place)).copied()
    }

    /// Confidence of the evidence behind a base price: the oxide quotes of what the product is made of, C for streams.
    #[must_use]
    pub fn price_confidence(&self, product: Product, place: PlaceIx) -> Confidence {
        let zone = usize::from(self.place_id(place) != "CHN");
        let of = |e: Element| {
            self.price_confidence[zone]
                .get(e.index())
                .copied()
                .unwrap_or(Confidence::C)
        };
        match product {
            Product::Oxide(e) => of(e),
            Product::Metal(e) => of(e).max(Confidence::B),
            _ => Confidence::C,
        }
    }

    /// A place by its id.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<PlaceIx> {
        let at = self.places.iter().position(|p| p.id == id)?;
        u16::try_from(at).ok().map(PlaceIx)
    }

    /// The place that stands for a place of the full view: itself, or the bloc it belongs to.
    #[must_use]
    pub fn place_of_member(&self, id: &str) -> Option<PlaceIx> {
        let at = self.places.iter().position(|p| p.members.iter().any(|m| m == id))?;
        u16::try_from(at).ok().map(PlaceIx)
    }

    /// Id of a place.
    #[must_use]
    pub fn place_id(&self, place: PlaceIx) -> &str {
        &self.places[place.index()].id
    }

    /// Table name of a node's product, such as `oxide:Dy`.
    #[must_use]
    pub fn product_name(&self, node: NodeIx) -> String {
        self.catalogue.name(self.nodes[node.index()].product)
    }
}
