//! What happens in a scenario, and how strongly in each quarter.

use jiff::civil::Date;
use monazite_evidence::{Element, EndUseId, FacilityId, FeedId, GradeId, Stage, ViewPlace};

use super::quarter::Quarter;
use super::schedule::Schedule;

/// A kind of product that events are about. The words are those of scenario files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProductKind {
    /// Mineral concentrate, by feed; t REO.
    Concentrate,
    /// Mixed rare-earth carbonate, by feed; t REO.
    Carbonate,
    /// Concentrate of samarium and heavier elements, by feed; t REO.
    HeavyConcentrate,
    /// Separated oxide, by element; t REO.
    Oxide,
    /// Metal, by element; t.
    Metal,
    /// Permanent magnet, by grade; t.
    Magnet,
}

impl ProductKind {
    /// Every kind, from mine to magnet.
    pub const ALL: &'static [Self] = &[
        Self::Concentrate,
        Self::Carbonate,
        Self::HeavyConcentrate,
        Self::Oxide,
        Self::Metal,
        Self::Magnet,
    ];

    /// The word in scenario files; the same as the kind of a product in result tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Concentrate => "concentrate",
            Self::Carbonate => "carbonate",
            Self::HeavyConcentrate => "heavy_concentrate",
            Self::Oxide => "oxide",
            Self::Metal => "metal",
            Self::Magnet => "magnet",
        }
    }
}

impl std::fmt::Display for ProductKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A choice of ids: all, all but some, or a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection<T> {
    /// The ids listed; none means all.
    pub only: Option<Vec<T>>,
    /// Ids taken out again.
    pub except: Vec<T>,
}

impl<T> Selection<T> {
    /// Everything.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            only: None,
            except: Vec::new(),
        }
    }

    /// Only these.
    #[must_use]
    pub const fn of(ids: Vec<T>) -> Self {
        Self {
            only: Some(ids),
            except: Vec::new(),
        }
    }

    /// Whether an id is chosen.
    #[must_use]
    pub fn contains<Q>(&self, id: &Q) -> bool
    where
        T: PartialEq<Q>,
        Q: ?Sized,
    {
        let listed = self.only.as_ref().is_none_or(|only| only.iter().any(|item| item == id));
        listed && !self.except.iter().any(|item| item == id)
    }

    /// Whether nothing was left out.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.only.is_none() && self.except.is_empty()
    }
}

/// The routes an event is about: which products, from where, to where.
#[derive(Debug, Clone, PartialEq)]
pub struct Flows {
    /// Kinds of product.
    pub products: Vec<ProductKind>,
    /// Elements: of oxides and metals directly; of magnets, grades that contain any of them.
    pub elements: Selection<Element>,
    /// Magnet grades.
    pub grades: Selection<GradeId>,
    /// Feeds, for concentrates and carbonate.
    pub feeds: Selection<FeedId>,
    /// A grade contains an element when it holds more than this, in kg per kg of magnet.
    pub content_threshold: f64,
    /// Places the routes leave from.
    pub origin: Selection<ViewPlace>,
    /// Places they lead to.
    pub destination: Selection<ViewPlace>,
    /// End uses at the destination that are concerned, of bans and licences.
    pub end_uses: Selection<EndUseId>,
}

impl Flows {
    /// Whether the routes of a product kind are concerned at all.
    #[must_use]
    pub fn concerns(&self, kind: ProductKind) -> bool {
        self.products.contains(&kind)
    }

    /// Whether the oxide or metal of an element is concerned.
    #[must_use]
    pub fn has_element(&self, kind: ProductKind, element: Element) -> bool {
        matches!(kind, ProductKind::Oxide | ProductKind::Metal)
            && self.concerns(kind)
            && self.elements.contains(&element)
    }

    /// Whether magnets of a grade are concerned. `content` holds kg of each element per kg of
    /// finished magnet, in the order of [`Element::ALL`].
    #[must_use]
    pub fn has_grade(&self, grade: &GradeId, content: &[f64; Element::COUNT]) -> bool {
        self.concerns(ProductKind::Magnet)
            && self.grades.contains(grade)
            && (self.elements.is_all()
                || Element::ALL
                    .iter()
                    .zip(content)
                    .any(|(element, &share)| share > self.content_threshold && self.elements.contains(element)))
    }

    /// Whether concentrate, carbonate or heavy concentrate of a feed is concerned.
    #[must_use]
    pub fn has_feed(&self, kind: ProductKind, feed: &FeedId) -> bool {
        matches!(
            kind,
            ProductKind::Concentrate | ProductKind::Carbonate | ProductKind::HeavyConcentrate
        ) && self.concerns(kind)
            && self.feeds.contains(feed)
    }

    /// Whether a route between two places is concerned. Trade within a place never is.
    #[must_use]
    pub fn has_route(&self, origin: &ViewPlace, destination: &ViewPlace) -> bool {
        origin != destination && self.origin.contains(origin) && self.destination.contains(destination)
    }
}

/// The mines or plants an event is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Plants {
    /// Named ones.
    Facilities(Vec<FacilityId>),
    /// All of some stages in some places.
    At {
        /// Places.
        places: Selection<ViewPlace>,
        /// Stages.
        stages: Vec<Stage>,
    },
}

impl Plants {
    /// Whether a facility is concerned.
    #[must_use]
    pub fn has(&self, facility: &FacilityId, place: &ViewPlace, stage: Stage) -> bool {
        match self {
            Self::Facilities(named) => named.contains(facility),
            Self::At { places, stages } => places.contains(place) && stages.contains(&stage),
        }
    }
}

/// What of a product is released from a stock.
#[derive(Debug, Clone, PartialEq)]
pub enum Stocked {
    /// Oxide of an element.
    Oxide(Element),
    /// Metal of an element.
    Metal(Element),
    /// Magnets of a grade.
    Magnet(GradeId),
    /// Concentrate, carbonate or heavy concentrate of a feed.
    Feed(ProductKind, FeedId),
}

/// How much a quota allows.
#[derive(Debug, Clone, PartialEq)]
pub enum Allowed {
    /// The same in every quarter: tonnes per year.
    PerYear(f64),
    /// As announced: batches in order of time.
    Batches(Vec<Batch>),
}

/// Tonnes of a quota for some quarters, spread evenly over their days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Batch {
    /// First quarter.
    pub from: Quarter,
    /// Last quarter.
    pub until: Quarter,
    /// Tonnes over all of them.
    pub tonnes: f64,
}

/// What a quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Tonnes of product, as it is shipped.
    Product,
    /// Tonnes of rare-earth oxide contained.
    Reo,
}

/// How late a project comes against its date, in quarters: what the run takes, and the range for ensembles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slip {
    /// At the earliest.
    pub low: u32,
    /// What a run takes.
    pub central: u32,
    /// At the latest.
    pub high: u32,
}

/// What an event does.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// Nothing passes.
    Ban(Flows),
    /// Only a share of the base flow passes.
    Licence {
        /// The routes.
        flows: Flows,
        /// Share of the base year's flow let through.
        approved_share: Schedule,
        /// Days from the start in which nothing passes while first applications are dealt with.
        processing_delay_days: u32,
    },
    /// All the routes together carry at most so much.
    Quota {
        /// The group of routes.
        flows: Flows,
        /// How much.
        allowed: Allowed,
        /// What is counted.
        counted: Counted,
    },
    /// Goods of third countries need a licence where they hold material of an origin.
    ContentRule {
        /// The routes between third countries.
        flows: Flows,
        /// Whose material counts.
        content_origin: Selection<ViewPlace>,
        /// Share of the flow concerned that is let through.
        approved_share: Schedule,
        /// Days from the start in which nothing passes while first applications are dealt with.
        processing_delay_days: u32,
    },
    /// Ad valorem duty raised where the goods arrive.
    Tariff {
        /// The routes.
        flows: Flows,
        /// Share of the price; 0.25 is 25 %.
        rate: f64,
    },
    /// Ad valorem duty raised where the goods leave.
    ExportTax {
        /// The routes.
        flows: Flows,
        /// Share of the price; 0.25 is 25 %.
        rate: f64,
    },
    /// Mines or plants stand still, wholly or in part.
    Outage {
        /// The plants.
        plants: Plants,
        /// Share of capacity left.
        available_share: Schedule,
    },
    /// Demand is higher or lower.
    Demand {
        /// End uses.
        end_uses: Selection<EndUseId>,
        /// Places.
        places: Selection<ViewPlace>,
        /// Multiple of what demand would be.
        factor: Schedule,
    },
    /// New capacity.
    Capacity {
        /// Where: a named facility, or places and stages.
        plants: Plants,
        /// Tonnes per year once fully run up, in the unit of the stage; at each place and stage.
        extra_tonnes_per_year: f64,
        /// Quarters of equal steps until the whole of it runs; 0 or 1 means at once.
        ramp_quarters: u32,
        /// How late it comes.
        slip: Slip,
    },
    /// Plants to come start later.
    Delay {
        /// The plants.
        plants: Plants,
        /// By how many quarters.
        quarters: u32,
    },
    /// A state tops up what makers get to a floor: a contract for difference.
    PriceFloor {
        /// Where they make it.
        places: Selection<ViewPlace>,
        /// What they make.
        products: Vec<Stocked>,
        /// The floor, USD/kg.
        usd_per_kg: f64,
    },
    /// A state buys for its stock, evenly over the event's days, as long as it is not too dear.
    StockPurchase {
        /// Where.
        place: ViewPlace,
        /// What.
        product: Stocked,
        /// Tonnes over the whole event, at most.
        tonnes: f64,
        /// Most it pays, USD/kg.
        most_usd_per_kg: f64,
    },
    /// A seller has promised a flow.
    Offtake {
        /// Where from.
        origin: ViewPlace,
        /// Where to.
        destination: ViewPlace,
        /// What.
        product: Stocked,
        /// Tonnes per year.
        tonnes_per_year: f64,
        /// What breaking the promise costs, USD/kg.
        penalty_usd_per_kg: f64,
    },
    /// A stock is put on the market, evenly over the event's days.
    StockRelease {
        /// Where.
        place: ViewPlace,
        /// What.
        product: Stocked,
        /// Tonnes over the whole event.
        tonnes: f64,
    },
}

impl EventKind {
    /// The words for `kind` in scenario files.
    pub const WORDS: &'static [&'static str] = &[
        "ban",
        "licence",
        "quota",
        "tariff",
        "export_tax",
        "outage",
        "demand",
        "capacity",
        "stock_release",
        "content_rule",
        "price_floor",
        "stock_purchase",
        "offtake",
        "delay",
    ];

    /// The word for `kind`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Ban(_) => "ban",
            Self::Licence { .. } => "licence",
            Self::Quota { .. } => "quota",
            Self::Tariff { .. } => "tariff",
            Self::ExportTax { .. } => "export_tax",
            Self::Outage { .. } => "outage",
            Self::Demand { .. } => "demand",
            Self::Capacity { .. } => "capacity",
            Self::StockRelease { .. } => "stock_release",
            Self::ContentRule { .. } => "content_rule",
            Self::PriceFloor { .. } => "price_floor",
            Self::StockPurchase { .. } => "stock_purchase",
            Self::Offtake { .. } => "offtake",
            Self::Delay { .. } => "delay",
        }
    }

    /// The routes it is about, for events on trade.
    #[must_use]
    pub const fn flows(&self) -> Option<&Flows> {
        match self {
            Self::Ban(flows)
            | Self::Licence { flows, .. }
            | Self::Quota { flows, .. }
            | Self::ContentRule { flows, .. }
            | Self::Tariff { flows, .. }
            | Self::ExportTax { flows, .. } => Some(flows),
            _ => None,
        }
    }
}

/// One dated shock or policy, with the evidence it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Id, unique in the scenario.
    pub id: String,
    /// What it is, in words.
    pub title: Option<String>,
    /// Ids of policy events, deals, facilities, statements or sources; or the word `assumption`.
    pub evidence: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day; none means for good.
    pub until: Option<Date>,
    /// A remark that travels into reports.
    pub note: Option<String>,
    /// What it does.
    pub kind: EventKind,
}
