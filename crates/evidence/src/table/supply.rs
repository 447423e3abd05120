//! What is in the ground and what comes out of it.

use crate::element::Element;
use crate::ids::{DepositId, DistributionId, FeedId, PlaceId};
use crate::provenance::FULL;
use crate::table::table;
use crate::units::{MillionTonnes, MillionUsd, Percent, Share, TonnesReo, UsdPerKg};
use crate::words::words;

table! {
    /// The composition of a feed: each element's part of the total rare-earth oxide, summing to 100 ± 0.1.
    pub struct Distribution in "distributions" key ["distribution"] {
        /// Short id.
        distribution: DistributionId,
        /// Deposit or product described.
        name: String,
        /// Where it is from.
        place: Option<PlaceId>,
        /// What was analysed: ore, concentrate, carbonate.
        basis: Option<String>,
        /// `La₂O₃`, percent of total rare-earth oxide.
        la: Percent,
        /// `CeO₂`, percent of total rare-earth oxide.
        ce: Percent,
        /// `Pr₆O₁₁`, percent of total rare-earth oxide.
        pr: Percent,
        /// `Nd₂O₃`, percent of total rare-earth oxide.
        nd: Percent,
        /// `Sm₂O₃`, percent of total rare-earth oxide.
        sm: Percent,
        /// `Eu₂O₃`, percent of total rare-earth oxide.
        eu: Percent,
        /// `Gd₂O₃`, percent of total rare-earth oxide.
        gd: Percent,
        /// `Tb₄O₇`, percent of total rare-earth oxide.
        tb: Percent,
        /// `Dy₂O₃`, percent of total rare-earth oxide.
        dy: Percent,
        /// `Ho₂O₃`, percent of total rare-earth oxide.
        ho: Percent,
        /// `Er₂O₃`, percent of total rare-earth oxide.
        er: Percent,
        /// `Tm₂O₃`, percent of total rare-earth oxide.
        tm: Percent,
        /// `Yb₂O₃`, percent of total rare-earth oxide.
        yb: Percent,
        /// `Lu₂O₃`, percent of total rare-earth oxide.
        lu: Percent,
        /// `Y₂O₃`, percent of total rare-earth oxide.
        y: Percent,
        /// How the published figures were brought to 100 percent.
        normalisation: Option<String>,
        /// Whether this is the one to use for its deposit unless told otherwise.
        use_by_default: bool,
    } with FULL
}

impl Distribution {
    /// Percent of total rare-earth oxide by [`Element::index`]; scandium is always 0.
    #[must_use]
    pub fn percents(&self) -> [Percent; Element::COUNT] {
        [
            self.la,
            self.ce,
            self.pr,
            self.nd,
            self.sm,
            self.eu,
            self.gd,
            self.tb,
            self.dy,
            self.ho,
            self.er,
            self.tm,
            self.yb,
            self.lu,
            self.y,
            Percent(0.0),
        ]
    }

    /// Percent of total rare-earth oxide that is the oxide of `element`.
    #[must_use]
    pub fn percent(&self, element: Element) -> Percent {
        self.percents().get(element.index()).copied().unwrap_or_default()
    }

    /// The same as a fraction.
    #[must_use]
    pub fn share(&self, element: Element) -> Share {
        self.percent(element).share()
    }
}

words! {
    /// The mineral a feed comes from, which decides how it is cracked.
    "ore"
    pub enum Ore {
        /// Bastnaesite: a fluorocarbonate, roasted and leached.
        Bastnaesite = "bastnaesite",
        /// Monazite: a phosphate with thorium, cracked with acid or caustic.
        Monazite = "monazite",
        /// Ion-adsorption clay: leached in place or in heaps, rich in heavy elements.
        IonicClay = "ionic_clay",
        /// Loparite: a titanate, chlorinated.
        Loparite = "loparite",
        /// Xenotime: a phosphate rich in yttrium and heavy elements.
        Xenotime = "xenotime",
        /// Eudialyte and other minerals of alkaline rocks: much zirconium and silica, hardly processed anywhere yet.
        Peralkaline = "peralkaline",
        /// Swarf and end-of-life scrap.
        Recycled = "recycled",
    }
}

table! {
    /// One mixed rare-earth stream of fixed composition.
    pub struct Feed in "feeds" key ["feed"] {
        /// Short id.
        feed: FeedId,
        /// English name.
        name: String,
        /// The mineral it comes from.
        ore: Ore,
        /// Its composition.
        distribution: DistributionId,
        /// True if it is traded as mineral concentrate and needs cracking; false for clays, which leave the mine as mixed carbonate.
        concentrate: bool,
    } with FULL
}

words! {
    /// Up to which product a published cost of a deposit reaches.
    "scope of a cost"
    pub enum CostScope {
        /// Mineral concentrate.
        Concentrate = "concentrate",
        /// Mixed carbonate, chloride or sulphate.
        Carbonate = "carbonate",
        /// Separated oxides.
        Oxide = "oxide",
    }
}

table! {
    /// One deposit or project.
    pub struct Deposit in "deposits" key ["deposit"] {
        /// Short id.
        deposit: DepositId,
        /// English name.
        name: String,
        /// Country.
        place: PlaceId,
        /// Latitude.
        lat: Option<f64> { unit: "degrees north", min: -90.0, max: 90.0 },
        /// Longitude.
        lon: Option<f64> { unit: "degrees east", min: -180.0, max: 180.0 },
        /// Geological type.
        deposit_type: Option<String>,
        /// Main rare-earth minerals.
        ore_mineral: Option<String>,
        /// Ore resource.
        resource_mt: Option<MillionTonnes>,
        /// Grade, percent total rare-earth oxide.
        grade_treo_pct: Option<Percent>,
        /// Where the project stands.
        status: Option<String>,
        /// Owner or operator.
        owner: Option<String>,
        /// Output planned or reached, t REO per year.
        planned_t_reo_per_year: Option<TonnesReo>,
        /// First year of production, past or planned.
        start_year: Option<u16> { min: 1850.0, max: 2100.0 },
        /// Capital cost as published.
        capex_musd: Option<MillionUsd>,
        /// Operating cost as published, per kilogram REO.
        opex_usd_per_kg: Option<UsdPerKg>,
        /// Up to which product the published costs reach.
        cost_scope: Option<CostScope>,
        /// Neodymium and praseodymium, percent of total rare-earth oxide.
        ndpr_pct_of_treo: Option<Percent>,
        /// The feed that stands for it in the model.
        feed: Option<FeedId>,
    } with FULL
}

table! {
    /// Mine production of one place in one year, as one series states it. Conflicting series are kept; one is preferred.
    pub struct Production in "production" key ["place", "year", "series"] {
        /// Country.
        place: PlaceId,
        /// Calendar year.
        year: u16 { min: 1850.0, max: 2100.0 },
        /// The series: an edition of a yearbook, or customs.
        series: String,
        /// Mine production, t REO in the year.
        production_t_reo: TonnesReo,
        /// True for the one value of the place and year that the model uses.
        preferred: bool,
    } with FULL
}

words! {
    /// What a reserve figure counts.
    "kind of reserve"
    pub enum ReserveKind {
        /// Economically mineable today.
        Reserves = "reserves",
        /// In the ground, mineable or not.
        Resources = "resources",
        /// In a state's own register, by its own rules.
        StateBalanceResources = "state_balance_resources",
    }
}

table! {
    /// Reserves or resources of one place as one edition states them. Conflicts are kept.
    pub struct Reserve in "reserves" key [] {
        /// Country.
        place: PlaceId,
        /// Year of the edition.
        edition_year: u16 { min: 1850.0, max: 2100.0 },
        /// What is counted.
        kind: ReserveKind,
        /// Quantity, t REO.
        value_t_reo: TonnesReo,
    } with FULL
}
