//! The dataset: all tables, typed.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use crate::check::check;
use crate::error::{EvidenceError, Result, Unknown};
use crate::files::Files;
use crate::ids::{
    BehaviourId, Bloc, DistributionId, EndUseId, FeedId, GradeId, Interner, PlaceId, SourceId, ViewPlace,
};
use crate::problem::Problems;
use crate::read::{read, read_where};
use crate::resolve::Spellings;
use crate::table::{
    Behaviour, Deal, Demand, DemandShare, Deployment, Deposit, Disruption, Distribution, ElementRow, EndUse,
    EuAssessment, EuSector, EuSupplyShare, EuUseShare, Facility, Feed, FeedShare, Governance, GradeMix, Group,
    GroupMember, IndustryUse, Intensity, MagnetGrade, MaterialCode, MaterialRow, Measure, Place, PolicyEvent, Position,
    Price, Production, ProjectTerm, Recovery, Reserve, Route, Row, Source, StageCost, StageShare, Statement,
    Substitute, TableSpec, Technology, Trade, Uncertainty, View, ViewName,
};

/// Declares the dataset's tables once: the struct, the loader and the list of specifications.
macro_rules! tables {
    ( $( $(#[$doc:meta])+ $name:ident : $row:ident, )+ ) => {
        /// All tables of one dataset. The trade table is large and is read when asked for.
        #[derive(Debug)]
        pub struct Dataset {
            $( $(#[$doc])+ pub $name: Vec<$row>, )+
            trade: OnceLock<Vec<Trade>>,
            files: Files,
            interner: Mutex<Interner>,
            places_by_id: HashMap<PlaceId, usize>,
            spellings: OnceLock<Spellings>,
        }

        /// Every table of a dataset, in the order of the reference pages.
        pub const TABLES: &[TableSpec] = &[ $( $row::SPEC, )+ Trade::SPEC ];

        /// Calls the visitor once for every table, in the order of [`TABLES`].
        pub(crate) fn visit_tables(visitor: &mut impl TableVisitor) {
            $( visitor.visit::<$row>(); )+
            visitor.visit::<Trade>();
        }

        impl Dataset {
            fn parse(files: Files) -> Result<Self> {
                let mut interner = Interner::default();
                let mut problems = Problems::default();
                $( let $name = rows::<$row>(&files, &mut interner, &mut problems); )+
                problems.into_result()?;
                let mut dataset = Self {
                    $( $name, )+
                    trade: OnceLock::new(),
                    files,
                    interner: Mutex::new(interner),
                    places_by_id: HashMap::new(),
                    spellings: OnceLock::new(),
                };
                let places = dataset.places.iter().enumerate();
                dataset.places_by_id = places.map(|(at, row)| (row.place.clone(), at)).collect();
                Ok(dataset)
            }
        }

        impl Clone for Dataset {
            fn clone(&self) -> Self {
                Self {
                    $( $name: self.$name.clone(), )+
                    trade: self.trade.clone(),
                    files: self.files.clone(),
                    interner: Mutex::new(Interner::default()),
                    places_by_id: self.places_by_id.clone(),
                    spellings: self.spellings.clone(),
                }
            }
        }
    };
}

/// Something to do for every table, whatever its row type.
pub(crate) trait TableVisitor {
    /// Called once per table.
    fn visit<T: Row>(&mut self);
}

/// The declaration of a table.
///
/// # Errors
/// When there is no such table; the message names the nearest one.
pub fn table_spec(name: &str) -> Result<&'static TableSpec> {
    let wanted = name.strip_suffix(".csv").unwrap_or(name);
    TABLES
        .iter()
        .find(|table| table.name == wanted)
        .ok_or_else(|| Unknown::new("table", name, TABLES.iter().map(|t| t.name)).into())
}

tables! {
    /// Places.
    places: Place,
    /// Views of the world.
    views: View,
    /// Groups of places.
    groups: Group,
    /// Members of groups, by spell.
    group_members: GroupMember,
    /// Elements.
    elements: ElementRow,
    /// Materials of World Mining Data.
    materials: MaterialRow,
    /// Customs headings of materials.
    material_codes: MaterialCode,
    /// Compositions of feeds.
    distributions: Distribution,
    /// Feeds.
    feeds: Feed,
    /// Deposits.
    deposits: Deposit,
    /// Mine production.
    production: Production,
    /// Reserves.
    reserves: Reserve,
    /// Mines and plants.
    facilities: Facility,
    /// Where plants stand.
    positions: Position,
    /// Recoveries.
    recoveries: Recovery,
    /// Costs of stages.
    stage_costs: StageCost,
    /// Terms of project economics.
    project_terms: ProjectTerm,
    /// Published shares of stages.
    stage_shares: StageShare,
    /// Shares of kinds of ore in a place's mine production.
    feed_shares: FeedShare,
    /// Known flows of concentrate and carbonate.
    routes: Route,
    /// Prices.
    prices: Price,
    /// End uses.
    end_uses: EndUse,
    /// Demand.
    demand: Demand,
    /// Shares of demand by place.
    demand_shares: DemandShare,
    /// Magnet grades.
    magnet_grades: MagnetGrade,
    /// Grades used by each end use.
    grade_mix: GradeMix,
    /// Rare earths in technologies.
    intensities: Intensity,
    /// Technologies and platforms.
    technologies: Technology,
    /// What replaces rare earths.
    substitutes: Substitute,
    /// Industries that need an end use.
    industry_uses: IndustryUse,
    /// Units built and sold.
    deployment: Deployment,
    /// Governance indicators.
    governance: Governance,
    /// Inputs and results of the European Union's criticality assessments.
    eu_assessments: EuAssessment,
    /// Shares of supply in them.
    eu_supply_shares: EuSupplyShare,
    /// Value added of sectors in them.
    eu_sectors: EuSector,
    /// Uses in them.
    eu_use_shares: EuUseShare,
    /// Policy events.
    policy_events: PolicyEvent,
    /// Deals.
    deals: Deal,
    /// What a decision-maker can do.
    measures: Measure,
    /// What may go wrong, with its probability.
    disruptions: Disruption,
    /// Parameters of behaviour.
    behaviour: Behaviour,
    /// What is uncertain, and how.
    uncertainty: Uncertainty,
    /// Published statements.
    statements: Statement,
    /// Sources.
    sources: Source,
}

/// The rows of one table. A file that is not there gives no rows; [`Dataset::missing_files`] names it.
fn rows<T: Row>(files: &Files, interner: &mut Interner, problems: &mut Problems) -> Vec<T> {
    files
        .get(T::SPEC.file)
        .map(|bytes| read::<T>(bytes, interner, problems).rows)
        .unwrap_or_default()
}

impl Dataset {
    /// The dataset compiled into the program.
    ///
    /// # Errors
    /// When a bundled table is malformed, which the tests of this crate rule out for a release.
    pub fn bundled() -> Result<Self> {
        Self::parse(Files::bundled())
    }

    /// A dataset from a folder of CSV files, checked: a folder that [`crate::check::check`] finds errors in is refused,
    /// so that no number is computed from a table that contradicts itself.
    ///
    /// # Errors
    /// When the folder cannot be read, a table is missing or malformed, or a check fails; up to twenty problems are
    /// named with file, line and column.
    pub fn from_dir(dir: &Path) -> Result<Self> {
        let files = Files::from_dir(dir)?;
        let mut problems = Problems::default();
        for problem in check(&files).errors() {
            problems.push(problem.clone());
        }
        problems.into_result()?;
        Self::parse(files)
    }

    /// A dataset from files already in memory, without checks across tables. A table that is not among them is empty;
    /// [`Self::missing_files`] names it. For tests and for variants of a dataset that was checked.
    ///
    /// # Errors
    /// When a table is malformed.
    pub fn from_files(files: Files) -> Result<Self> {
        Self::parse(files)
    }

    /// The bytes the dataset was read from.
    #[must_use]
    pub const fn files(&self) -> &Files {
        &self.files
    }

    /// The declared files that are not there.
    pub fn missing_files(&self) -> impl Iterator<Item = &'static str> + '_ {
        TABLES
            .iter()
            .map(|table| table.file)
            .filter(|file| self.files.get(file).is_none())
    }

    /// All rows of the trade table, read on first use.
    ///
    /// # Errors
    /// When the table is malformed.
    pub fn trade(&self) -> Result<&[Trade]> {
        if let Some(rows) = self.trade.get() {
            return Ok(rows);
        }
        let rows = self.read_trade(None)?;
        Ok(self.trade.get_or_init(|| rows))
    }

    /// The trade of some years only; much faster than [`Self::trade`] when it has not been read yet.
    ///
    /// # Errors
    /// When one of the rows of those years is malformed.
    pub fn trade_in(&self, years: &[u16]) -> Result<Vec<Trade>> {
        if let Some(rows) = self.trade.get() {
            let wanted = rows.iter().filter(|row| years.contains(&row.year));
            return Ok(wanted.cloned().collect());
        }
        let years: Vec<String> = years.iter().map(u16::to_string).collect();
        self.read_trade(Some(&years))
    }

    fn read_trade(&self, years: Option<&[String]>) -> Result<Vec<Trade>> {
        let Some(bytes) = self.files.get(Trade::SPEC.file) else {
            return Ok(Vec::new());
        };
        let mut problems = Problems::default();
        let mut interner = match self.interner.lock() {
            Ok(interner) => interner,
            // Another thread stopped half-way; what it had shared is still valid text.
            Err(poisoned) => poisoned.into_inner(),
        };
        let only = years.map(|years| ("year", years));
        let rows = read_where::<Trade>(bytes, &mut interner, &mut problems, only).rows;
        problems.into_result()?;
        Ok(rows)
    }

    pub(crate) fn spellings(&self) -> &Spellings {
        self.spellings.get_or_init(|| Spellings::new(&self.places))
    }

    /// The place with this code.
    #[must_use]
    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        let at = self.places_by_id.get(id).copied();
        at.and_then(|at| self.places.get(at))
            .filter(|place| &place.place == id)
            .or_else(|| self.places.iter().find(|place| &place.place == id))
    }

    /// The place of the `full` view that stands for a country.
    #[must_use]
    pub fn view_place(&self, country: &PlaceId) -> Option<&ViewPlace> {
        self.place(country).map(|place| &place.view_place)
    }

    /// The bloc of the `bloc14` view that a country belongs to.
    #[must_use]
    pub fn bloc(&self, country: &PlaceId) -> Option<&Bloc> {
        self.place(country).map(|place| &place.bloc)
    }

    /// The ids of one view, in the order of the table.
    pub fn view(&self, name: ViewName) -> impl Iterator<Item = &View> {
        self.views.iter().filter(move |view| view.view == name)
    }

    /// The feed with this id.
    #[must_use]
    pub fn feed(&self, id: &FeedId) -> Option<&Feed> {
        self.feeds.iter().find(|row| &row.feed == id)
    }

    /// The composition with this id.
    #[must_use]
    pub fn distribution(&self, id: &DistributionId) -> Option<&Distribution> {
        self.distributions.iter().find(|row| &row.distribution == id)
    }

    /// The end use with this id.
    #[must_use]
    pub fn end_use(&self, id: &EndUseId) -> Option<&EndUse> {
        self.end_uses.iter().find(|row| &row.end_use == id)
    }

    /// The magnet grade with this id.
    #[must_use]
    pub fn magnet_grade(&self, id: &GradeId) -> Option<&MagnetGrade> {
        self.magnet_grades.iter().find(|row| &row.grade == id)
    }

    /// The source with this id.
    #[must_use]
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.iter().find(|row| &row.source == id)
    }

    /// A parameter of behaviour.
    ///
    /// # Errors
    /// When the dataset has no such parameter; the message names the nearest one.
    pub fn behaviour(&self, parameter: &str) -> Result<&Behaviour> {
        self.behaviour
            .iter()
            .find(|row| row.parameter.as_str() == parameter)
            .ok_or_else(|| {
                let known = self.behaviour.iter().map(|row| BehaviourId::as_str(&row.parameter));
                EvidenceError::from(Unknown::new("parameter of behaviour", parameter, known))
            })
    }
}
