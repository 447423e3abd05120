//! What a deposit of the evidence is worth, all by one rule, so that deposits can be compared.
//!
//! Every deposit is taken through to separated oxides at outside prices, whatever its owner plans to sell. Published
//! costs are used up to the product they reach; steps beyond it, and deposits without published costs, take the priors of
//! `stage_costs.csv` and `project_terms.csv`. Holmium, erbium, thulium, ytterbium and lutetium are counted as unsold:
//! their markets are too thin for a new mine.

mod costs;

use monazite_evidence::table::{CostScope, Deposit};
use monazite_evidence::{Confidence, CostStage, Dataset, Element, Stage};

use super::breakeven::break_even_multiple;
use super::case::{Case, Line};
use super::deck::Deck;
use super::definition::{Discounting, Finance, Fiscal, Inflation, Schedule};
use super::draws::{Bands, Spread, bands};
use super::value::{Valuation, value};

/// Elements whose markets a new mine cannot sell into.
const UNSOLD: [Element; 5] = [Element::Ho, Element::Er, Element::Tm, Element::Yb, Element::Lu];

/// Where a number of the assessment comes from.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Input {
    /// What it is.
    pub what: &'static str,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Published, derived or prior, in words.
    pub basis: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// What a computed value says about a deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Worth something at today's prices in nine draws of ten or more.
    Viable,
    /// Worth something at today's prices in half of the draws or more.
    Likely,
    /// Needs prices up to twice today's in the middle draw.
    UpToTwice,
    /// Needs more than twice today's prices.
    BeyondTwice,
    /// The evidence does not say enough.
    Unknown,
}

/// A deposit, assessed.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Assessment {
    /// The deposit's id.
    pub deposit: String,
    /// Its name.
    pub name: String,
    /// Country.
    pub place: String,
    /// Where the project stands, as the evidence says.
    pub status: String,
    /// What the numbers rest on.
    pub inputs: Vec<Input>,
    /// The value from central inputs; none when something is missing.
    pub valuation: Option<Valuation>,
    /// Multiple of today's prices at which it breaks even, from central inputs.
    pub break_even_multiple: Option<f64>,
    /// Multiple of today's prices at which it covers its running cost, capital being sunk.
    pub running_multiple: Option<f64>,
    /// Value and break-even over the uncertainty of the inputs.
    pub bands: Option<Bands>,
    /// What that says.
    pub verdict: Verdict,
    /// What is missing, when the verdict is unknown.
    pub missing: Vec<&'static str>,
    /// Least trusted input.
    pub confidence: Confidence,
    /// What a reader should know.
    pub remarks: Vec<String>,
    /// How uncertain its inputs are.
    pub spread: Spread,
    /// The case, for further questions.
    #[serde(skip)]
    pub case: Option<Case>,
}

/// Assesses a deposit with `draws` draws from `seed`.
#[must_use]
pub fn assess(dataset: &Dataset, deposit: &Deposit, deck: &Deck, draws: usize, seed: u64) -> Assessment {
    let mut study = Study::new(dataset, deposit);
    let case = study.case(deck);
    let valuation = case.as_ref().map(value);
    let bands = case.as_ref().map(|case| bands(case, &study.spread, draws, seed));
    let verdict = bands.as_ref().map_or(Verdict::Unknown, |bands| {
        let [_, middle, _] = bands.break_even_multiple;
        match bands.probability_positive {
            p if p >= 0.9 => Verdict::Viable,
            p if p >= 0.5 => Verdict::Likely,
            _ if middle <= 2.0 => Verdict::UpToTwice,
            _ => Verdict::BeyondTwice,
        }
    });
    let confidence = study.inputs.iter().map(|input| input.confidence).max();
    Assessment {
        deposit: deposit.deposit.to_string(),
        name: deposit.name.clone(),
        place: deposit.place.to_string(),
        status: deposit.status.clone().unwrap_or_default(),
        valuation,
        break_even_multiple: case.as_ref().and_then(break_even_multiple),
        running_multiple: case.as_ref().and_then(|case| break_even_multiple(&sunk(case))),
        bands,
        verdict,
        missing: study.missing,
        confidence: confidence.unwrap_or(Confidence::C),
        inputs: study.inputs,
        remarks: study.remarks,
        spread: study.spread,
        case,
    }
}

/// The same case with its plant already paid for.
fn sunk(case: &Case) -> Case {
    let mut running = case.clone();
    running.costs.capex_m = 0.0;
    running
}

/// How a kind of ore is worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    HardRock,
    Clay,
    MineralSand,
    Residue,
}

impl Kind {
    /// The kind that the evidence's words for a deposit stand for.
    fn of(deposit: &Deposit) -> Self {
        let words = deposit.deposit_type.as_deref().unwrap_or_default().to_lowercase();
        let has = |word: &str| words.contains(word);
        if has("gypsum") || has("stockpile") {
            Self::Residue
        } else if has("clay") {
            Self::Clay
        } else if has("sand") || has("placer") {
            Self::MineralSand
        } else {
            Self::HardRock
        }
    }

    const fn item(self) -> &'static str {
        match self {
            Self::HardRock => "hard_rock",
            Self::Clay => "clay",
            Self::MineralSand => "mineral_sand",
            Self::Residue => "residue",
        }
    }

    /// Up to which product the mine itself goes.
    const fn product(self) -> CostScope {
        match self {
            Self::Clay | Self::Residue => CostScope::Carbonate,
            Self::HardRock | Self::MineralSand => CostScope::Concentrate,
        }
    }
}

/// One assessment in the making.
struct Study<'a> {
    dataset: &'a Dataset,
    deposit: &'a Deposit,
    kind: Kind,
    inputs: Vec<Input>,
    missing: Vec<&'static str>,
    remarks: Vec<String>,
    spread: Spread,
}

impl<'a> Study<'a> {
    fn new(dataset: &'a Dataset, deposit: &'a Deposit) -> Self {
        Self {
            dataset,
            deposit,
            kind: Kind::of(deposit),
            inputs: Vec::new(),
            missing: Vec::new(),
            remarks: Vec::new(),
            spread: Spread::default(),
        }
    }

    fn note(
        &mut self,
        what: &'static str,
        value: f64,
        unit: &'static str,
        basis: impl Into<String>,
        confidence: Confidence,
    ) {
        self.inputs.push(Input {
            what,
            value,
            unit,
            basis: basis.into(),
            confidence,
        });
    }

    /// A term, of the country before that of the world.
    fn term(&mut self, parameter: &str, item: Option<&str>, what: &'static str, unit: &'static str) -> Option<f64> {
        let row = self
            .dataset
            .project_terms
            .iter()
            .filter(|row| {
                row.parameter == parameter && row.item.as_deref() == item && row.place.covers(&self.deposit.place)
            })
            .max_by_key(|row| row.place.place().is_some())?;
        let (value, confidence) = (row.central, row.provenance.confidence);
        self.note(what, value, unit, "project_terms", confidence);
        Some(value)
    }

    /// A stage cost per kilogram REO: of the country, of the rest of the world, of the world.
    fn stage_cost(&mut self, stage: CostStage, item: &str, what: &'static str, unit: &'static str) -> Option<f64> {
        let china = self.deposit.place == "CHN";
        let row = self
            .dataset
            .stage_costs
            .iter()
            .filter(|row| row.stage == stage && row.item.as_deref() == Some(item))
            .filter(|row| row.place.covers(&self.deposit.place) && !(china && row.place.as_str() == "ROW"))
            .max_by_key(|row| match row.place.as_str() {
                "WLD" => 0,
                "ROW" => 1,
                _ => 2,
            })?;
        let (value, confidence) = (row.central, row.provenance.confidence);
        self.note(what, value, unit, "stage_costs", confidence);
        Some(value)
    }

    /// Share kept by a step.
    fn recovery(&mut self, stage: Stage, what: &'static str) -> f64 {
        let china = self.deposit.place == "CHN";
        let row = self
            .dataset
            .recoveries
            .iter()
            .filter(|row| row.stage == stage && row.place.covers(&self.deposit.place))
            .filter(|row| !(china && row.place.as_str() == "ROW"))
            .filter(|row| row.feed.is_none() || row.feed == self.deposit.feed)
            .max_by_key(|row| {
                (
                    row.feed.is_some(),
                    row.place.place().is_some(),
                    row.place.as_str() == "ROW",
                )
            });
        let (value, confidence) = row.map_or((0.9, Confidence::C), |row| (row.central.0, row.provenance.confidence));
        self.note(what, value, "share", "recoveries", confidence);
        value
    }

    fn case(&mut self, deck: &Deck) -> Option<Case> {
        let composition = self.composition();
        if composition.is_none() {
            self.missing.push("composition");
        }
        let reserve_t_reo = self.contained();
        let output_kg = self.output(reserve_t_reo);
        if output_kg.is_none() {
            self.missing.push("grade and tonnage, or planned output");
        }
        let (composition, mined_kg) = (composition?, output_kg?);
        let sold_share = self.downstream_recovery();
        let lines = Self::lines(&composition, mined_kg * sold_share, deck)?;
        let costs = self.costs(&composition, mined_kg, sold_share)?;
        let schedule = self.schedule(mined_kg, reserve_t_reo)?;
        let fiscal = Fiscal {
            royalty_share: self.term("royalty_share", None, "royalty", "share of revenue")?,
            tax_rate: self.term("tax_rate", None, "tax on profit", "share")?,
            ..Fiscal::default()
        };
        let finance = Finance {
            discount_rate: self.term("discount_rate", None, "discount rate, real", "a year")?,
            discounting: Discounting::EndOfYear,
            inflation: Inflation::default(),
            debt_share: 0.0,
            debt_rate: 0.0,
            debt_years: 0,
        };
        Some(Case {
            name: self.deposit.name.clone(),
            money: ("USD".to_owned(), 2024),
            lines,
            schedule,
            costs,
            fiscal,
            finance,
            grant_m: 0.0,
            remarks: Vec::new(),
        })
    }

    /// Share of total rare-earth oxide by element: the deposit's own assay, its feed's, or NdPr alone.
    fn composition(&mut self) -> Option<Vec<(Element, f64)>> {
        let own = (self.dataset.distributions.iter())
            .filter(|row| row.distribution == self.deposit.deposit.as_str())
            .max_by_key(|row| row.use_by_default);
        let feed = self.deposit.feed.as_ref().and_then(|feed| self.dataset.feed(feed));
        let stand_in = feed.and_then(|feed| self.dataset.distribution(&feed.distribution));
        if let Some(row) = own.or(stand_in) {
            let basis = if own.is_some() {
                format!("assay `{}`", row.distribution)
            } else {
                format!("stands in: `{}`", row.distribution)
            };
            // A stand-in is a guess, however good the assay it borrows.
            let confidence = if own.is_some() {
                row.provenance.confidence
            } else {
                Confidence::C
            };
            let ndpr = row.share(Element::Nd).0 + row.share(Element::Pr).0;
            self.note("NdPr in rare earths", ndpr, "share", basis, confidence);
            return Some(Element::ALL.iter().map(|e| (*e, row.share(*e).0)).collect());
        }
        let ndpr = self.deposit.ndpr_pct_of_treo?.0 / 100.0;
        let confidence = self.deposit.provenance.confidence;
        self.note(
            "NdPr in rare earths",
            ndpr,
            "share",
            "published; nothing else is known",
            confidence,
        );
        self.remarks
            .push("only NdPr is known of the composition; all else counts as worthless".to_owned());
        Some(vec![(Element::Pr, ndpr * 0.25), (Element::Nd, ndpr * 0.75)])
    }

    /// Rare earths in the resource, t REO.
    fn contained(&self) -> Option<f64> {
        let (ore_mt, grade) = (self.deposit.resource_mt?.0, self.deposit.grade_treo_pct?.0);
        (ore_mt > 0.0 && grade > 0.0).then_some(ore_mt * 1e6 * grade / 100.0)
    }

    /// Rare earths that leave the mine in a full year, kg REO: planned, or what the resource lasts the usual life for.
    fn output(&mut self, contained_t_reo: Option<f64>) -> Option<f64> {
        if let Some(planned) = self.deposit.planned_t_reo_per_year.filter(|planned| planned.0 > 0.0) {
            let confidence = self.deposit.provenance.confidence;
            self.note(
                "output of the mine",
                planned.0,
                "t REO a year",
                "published plan",
                confidence,
            );
            return Some(planned.0 * 1e3);
        }
        let contained = contained_t_reo?;
        let recovery = self.recovery(Stage::Mine, "recovery, ore to product of the mine");
        let life = self.term("life_years", None, "usual life", "years")?;
        let largest = self.term("largest_output", None, "largest output of a new mine", "t REO a year")?;
        let output = (contained * recovery / life).min(largest);
        self.note(
            "output of the mine",
            output,
            "t REO a year",
            "resource over the usual life",
            Confidence::C,
        );
        self.spread.output = (0.6, 1.2);
        Some(output * 1e3)
    }

    /// Share of what leaves the mine that is sold as oxide.
    fn downstream_recovery(&mut self) -> f64 {
        let cracking = if self.kind.product() == CostScope::Concentrate {
            self.recovery(Stage::Cracking, "recovery of cracking")
        } else {
            1.0
        };
        cracking * self.recovery(Stage::SeparationLight, "recovery of separation")
    }

    fn lines(composition: &[(Element, f64)], kg: f64, deck: &Deck) -> Option<Vec<Line>> {
        let mut lines = Vec::new();
        for (element, share) in composition {
            if *share <= 0.0 || *element == Element::Sc {
                continue;
            }
            let unsold = UNSOLD.contains(element);
            let price = deck.prices.get(element)?;
            lines.push(Line {
                material: element.symbol().to_owned(),
                kg_per_year: kg * share,
                price_per_kg: if unsold { vec![0.0] } else { price.usd_per_kg.clone() },
                payability: 1.0,
                confidence: Some(price.confidence),
            });
        }
        Some(lines)
    }

    fn schedule(&mut self, mined_kg: f64, contained_t_reo: Option<f64>) -> Option<Schedule> {
        let construction = self.term("construction_years", None, "construction", "years")?;
        let usual = self.term("life_years", None, "usual life", "years")?;
        let first = self.term("ramp_first_year", None, "output of the first year", "share")?;
        let second = self.term("ramp_second_year", None, "output of the second year", "share")?;
        let lasts = contained_t_reo.map(|contained| contained * 1e3 * self.mine_recovery() / mined_kg);
        let life = usual.min(lasts.unwrap_or(usual)).max(1.0);
        if lasts.is_some_and(|years| years < usual) {
            self.remarks
                .push(format!("the resource lasts {life:.0} years at the planned output"));
        }
        let years = whole(construction);
        Some(Schedule {
            capex_shares: vec![1.0 / f64::from(years); usize::from(years)],
            ramp: vec![first, second],
            life_years: whole(life),
            ..Schedule::default()
        })
    }

    /// The recovery of the mine if it has been noted, else the world's.
    fn mine_recovery(&self) -> f64 {
        let noted = self.inputs.iter().find(|input| input.what.starts_with("recovery, ore"));
        noted.map_or(0.7, |input| input.value)
    }
}

/// A number of years, at least 1.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of u16"
)]
fn whole(years: f64) -> u16 {
    years.round().clamp(1.0, 200.0) as u16
}
