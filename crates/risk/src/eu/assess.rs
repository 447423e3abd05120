//! One assessment: inputs with their sources, and the scores they give.

use monazite_evidence::table::{AssessmentStage, SupplyUsed};
use monazite_evidence::{Confidence, SourceId};

use super::formula::{self, Band, SupplyRisk};
use crate::score::{Missing, Score, Term};

/// An input with its source.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The value.
    pub band: Band,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// A country in a weighted concentration.
#[derive(Clone, Debug, PartialEq)]
pub struct Country {
    /// Name for people.
    pub name: String,
    /// Fraction of supply.
    pub share: f64,
    /// Governance from 0 (good) to 10 (bad), or why it is not known.
    pub governance: Result<f64, Missing>,
    /// Trade parameter.
    pub trade_parameter: f64,
    /// Where the share comes from.
    pub sources: Vec<SourceId>,
    /// How far share and governance can be trusted.
    pub confidence: Confidence,
}

/// A weighted concentration: given as one figure, or from its countries.
#[derive(Clone, Debug, PartialEq)]
pub enum Concentration {
    /// As one figure.
    Figure(Input),
    /// From countries.
    Countries(Vec<Country>),
}

impl Concentration {
    /// The value; countries of unknown governance count from best to worst.
    #[must_use]
    pub fn band(&self) -> Band {
        match self {
            Self::Figure(input) => input.band,
            Self::Countries(countries) => {
                let mut band = Band::exact(0.0);
                for country in countries {
                    if let Ok(governance) = country.governance {
                        let add = formula::weighted(country.share, governance, country.trade_parameter);
                        band.value += add;
                        band.low += add;
                        band.high += add;
                    } else {
                        band.high += formula::weighted(country.share, 10.0, country.trade_parameter);
                    }
                }
                band
            }
        }
    }

    /// Share of supply whose governance is not known.
    fn ungoverned(&self) -> f64 {
        match self {
            Self::Figure(_) => 0.0,
            Self::Countries(countries) => {
                let unknown = countries.iter().filter(|country| country.governance.is_err());
                unknown.map(|country| country.share).sum()
            }
        }
    }

    fn terms(&self, of: &str, weight: f64, terms: &mut Vec<Term>) {
        match self {
            Self::Figure(input) => terms.push(
                Term::new(format!("weighted concentration of {of}"), input.band.value, "")
                    .contributing(weight * input.band.value)
                    .from(&input.sources, input.confidence),
            ),
            Self::Countries(countries) => {
                for country in countries {
                    let what = match country.governance {
                        Ok(governance) => format!(
                            "{of}: share of {} (governance {governance:.2}, t {})",
                            country.name, country.trade_parameter
                        ),
                        Err(_) => format!("{of}: share of {} (governance not known)", country.name),
                    };
                    let add = country.governance.as_ref().map_or(0.0, |governance| {
                        formula::weighted(country.share, *governance, country.trade_parameter)
                    });
                    terms.push(
                        Term::new(what, country.share, "")
                            .contributing(weight * add)
                            .from(&country.sources, country.confidence),
                    );
                }
            }
        }
    }
}

/// Supply at one stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The stage.
    pub stage: AssessmentStage,
    /// Of the world.
    pub global: Option<Concentration>,
    /// Of the Union.
    pub union: Option<Concentration>,
    /// What a reader should know.
    pub remarks: Vec<String>,
}

/// One use.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// Application and sector.
    pub what: String,
    /// Fraction of use.
    pub share: f64,
    /// Value added of the sector, million EUR; none where no sector is named.
    pub value_added: Option<f64>,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// Everything that an assessment of one material rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// The material.
    pub material: String,
    /// The year of the scores.
    pub year: u16,
    /// Supply by stage, or why there is none.
    pub stages: Result<Vec<Stage>, Missing>,
    /// Which supply counts; by what is known where it is not said.
    pub used: Option<SupplyUsed>,
    /// Import reliance.
    pub import_reliance: Result<Input, Missing>,
    /// Recycled part of input.
    pub eol_rir: Result<Input, Missing>,
    /// Substitution index of supply risk.
    pub substitution_sr: Result<Input, Missing>,
    /// Substitution index of economic importance.
    pub substitution_ei: Result<Input, Missing>,
    /// Uses, or why there are none.
    pub uses: Result<Vec<Use>, Missing>,
    /// Value added of the largest sector, million EUR.
    pub largest_sector: f64,
    /// What a reader should know.
    pub remarks: Vec<String>,
}

/// A stage with a part of supply of unknown governance above this is not scored.
const UNGOVERNED: f64 = 0.05;

impl Assessment {
    /// The supply risk at the stage where it is higher, with what every country adds.
    #[must_use]
    pub fn supply_risk(&self) -> Score {
        let mut score = Score::new("eu_sr", &self.material, self.year, Err(Missing(String::new())));
        score.remarks.clone_from(&self.remarks);
        let stages = match &self.stages {
            Ok(stages) => stages,
            Err(missing) => return without(score, missing.clone()),
        };
        let mut best: Option<(f64, Score)> = None;
        let mut others: Vec<Term> = Vec::new();
        let mut why: Vec<String> = Vec::new();
        for stage in stages {
            match self.at(stage, score.clone()) {
                Ok((value, found)) => {
                    let word = stage.stage.as_str();
                    let loser = match &best {
                        Some((known, _)) if *known >= value => Some((word, value)),
                        Some((known, old)) => old.stage.map(|stage| (stage, *known)),
                        None => None,
                    };
                    others.extend(
                        loser.map(|(stage, value)| Term::new(format!("supply risk at {stage}, lower"), value, "")),
                    );
                    if best.as_ref().is_none_or(|(known, _)| value > *known) {
                        best = Some((value, found));
                    }
                }
                Err(missing) => why.push(format!("{}: {missing}", stage.stage)),
            }
        }
        match best {
            Some((_, mut found)) => {
                found.terms.extend(others);
                if !why.is_empty() {
                    found.remarks.push(format!("not compared with {}", why.join("; ")));
                }
                found
            }
            None => without(score, Missing(why.join("; "))),
        }
    }

    /// The supply risk at one stage.
    fn at(&self, stage: &Stage, mut score: Score) -> Result<(f64, Score), Missing> {
        let used = match (self.used, &stage.global, &stage.union) {
            (_, None, None) => return Err(Missing("supply is not known".to_owned())),
            (Some(SupplyUsed::Both) | None, Some(_), Some(_)) => SupplyUsed::Both,
            (Some(SupplyUsed::Both | SupplyUsed::Global) | None, Some(_), _) => SupplyUsed::Global,
            (Some(SupplyUsed::Both | SupplyUsed::Union) | None, _, Some(_)) => SupplyUsed::Union,
            (Some(used), _, _) => return Err(Missing(format!("the supply asked for ({used}) is not known"))),
        };
        for (concentration, counts) in [
            (&stage.global, used != SupplyUsed::Union),
            (&stage.union, used != SupplyUsed::Global),
        ] {
            let unknown = concentration.as_ref().map_or(0.0, Concentration::ungoverned);
            if counts && unknown > UNGOVERNED {
                return Err(Missing(format!(
                    "governance is not known for {:.0} % of supply",
                    100.0 * unknown
                )));
            }
        }
        let reliance = match (&self.import_reliance, used) {
            (Ok(input), _) => Some(input),
            (Err(_), SupplyUsed::Global | SupplyUsed::Union) => None,
            (Err(missing), SupplyUsed::Both) => return Err(missing.clone()),
        };
        // Without them the stages can still be compared, and the score before them is shown.
        let open = Input {
            band: Band::exact(0.0),
            sources: Vec::new(),
            confidence: Confidence::A,
        };
        let eol_rir = self.eol_rir.as_ref().unwrap_or(&open);
        let full = Input {
            band: Band::exact(1.0),
            ..open.clone()
        };
        let substitution = self.substitution_sr.as_ref().unwrap_or(&full);
        let lacking = self.eol_rir.as_ref().err().or(self.substitution_sr.as_ref().err());
        let band_of = |concentration: &Option<Concentration>| {
            concentration.as_ref().map_or(Band::exact(0.0), Concentration::band)
        };
        let risk = SupplyRisk {
            hhi_global: band_of(&stage.global),
            hhi_union: band_of(&stage.union),
            import_reliance: reliance.map_or(Band::exact(1.0), |input| input.band.within(0.0, 1.0)),
            eol_rir: eol_rir.band,
            substitution: substitution.band,
        };
        let band = risk.score(used);
        score.stage = Some(stage.stage.as_str());
        score.value = lacking.map_or(Ok(band.value), |missing| Err(missing.clone()));
        if lacking.is_none() {
            score.range = (band.high - band.low > 1e-9).then_some((band.low, band.high));
        }
        let (of_global, of_union) = formula::weights(used, risk.import_reliance.value);
        let left = risk.left().value;
        if let (Some(global), true) = (&stage.global, used != SupplyUsed::Union) {
            global.terms("global supply", of_global * left, &mut score.terms);
        }
        if let (Some(union), true) = (&stage.union, used != SupplyUsed::Global) {
            union.terms("sourcing of the Union", of_union * left, &mut score.terms);
        }
        score.confidence = worst(&score.terms);
        if lacking.is_some() {
            for term in &mut score.terms {
                term.contribution = None;
            }
            score.remarks.push(format!(
                "before recycling and substitution: {:.2}",
                risk.core(used).value
            ));
        }
        self.add_inputs(&mut score, reliance);
        if lacking.is_none() {
            variants(&mut score, stage, &risk, reliance.is_some());
        }
        score.terms.push(Term::new(
            "supply risk before recycling and substitution",
            risk.core(used).value,
            "",
        ));
        score.remarks.extend(stage.remarks.iter().cloned());
        score.remarks.push(
            match used {
                SupplyUsed::Both => "global supply and sourcing of the Union",
                SupplyUsed::Global => "global supply only",
                SupplyUsed::Union => "sourcing of the Union only",
            }
            .to_owned(),
        );
        Ok((band.value, score))
    }

    fn add_inputs(&self, score: &mut Score, reliance: Option<&Input>) {
        let inputs = [
            ("import reliance", reliance.map(Ok)),
            ("recycled part of input (EoL-RIR)", Some(self.eol_rir.as_ref())),
            ("substitution index of supply risk", Some(self.substitution_sr.as_ref())),
        ];
        for (what, input) in inputs {
            match input {
                None => {}
                Some(Err(missing)) => score.terms.push(Term::missing(what, missing.to_string())),
                Some(Ok(input)) => {
                    if input.band.value < 0.0 {
                        score
                            .remarks
                            .push(format!("net exporter: {what} {:.2} counts as 0", input.band.value));
                    }
                    score.confidence = score.confidence.max(input.confidence);
                    score
                        .terms
                        .push(Term::new(what, input.band.value, "").from(&input.sources, input.confidence));
                }
            }
        }
    }

    /// The economic importance, with what every use adds.
    #[must_use]
    pub fn importance(&self) -> Score {
        let mut score = Score::new("eu_ei", &self.material, self.year, Err(Missing(String::new())));
        score.remarks.clone_from(&self.remarks);
        let uses = match &self.uses {
            Ok(uses) => uses,
            Err(missing) => return without(score, missing.clone()),
        };
        let substitution = match &self.substitution_ei {
            Ok(input) => input,
            Err(missing) => return without(score, missing.clone()),
        };
        let (mut before, mut unknown) = (0.0, 0.0);
        for item in uses {
            let Some(value_added) = item.value_added else {
                unknown += item.share;
                score.terms.push(
                    Term::new(format!("use: {}", item.what), item.share, "").from(&item.sources, item.confidence),
                );
                continue;
            };
            let add = formula::importance(item.share, value_added, self.largest_sector);
            before += add;
            score.terms.push(
                Term::new(format!("use: {}", item.what), item.share, "")
                    .contributing(add * substitution.band.value)
                    .from(&item.sources, item.confidence),
            );
        }
        score.confidence = worst(&score.terms).max(substitution.confidence);
        let Band { value, low, high } = substitution.band;
        score.value = Ok(before * value);
        let range = (before * low, (before + 10.0 * unknown) * high);
        score.range = (range.1 - range.0 > 1e-9).then_some(range);
        score.terms.push(
            Term::new("substitution index of economic importance", value, "")
                .from(&substitution.sources, substitution.confidence),
        );
        score
            .terms
            .push(Term::new("economic importance before substitution", before, ""));
        score.terms.push(Term::new(
            "value added of the largest sector",
            self.largest_sector,
            "MEUR",
        ));
        if unknown > 0.0 {
            score.remarks.push(format!(
                "{:.0} % of use has no sector: the value leaves it out, the range takes it up to the largest sector",
                100.0 * unknown
            ));
        }
        score
    }
}

/// What the score is on other supplies than the one that counts.
fn variants(score: &mut Score, stage: &Stage, risk: &SupplyRisk, reliance_known: bool) {
    let (global, union) = (stage.global.is_some(), stage.union.is_some());
    for (what, used, known) in [
        ("supply risk on global supply only", SupplyUsed::Global, global),
        ("supply risk on sourcing of the Union only", SupplyUsed::Union, union),
        (
            "supply risk on both",
            SupplyUsed::Both,
            global && union && reliance_known,
        ),
    ] {
        if known {
            score.terms.push(Term::new(what, risk.score(used).value, ""));
        }
    }
}

fn worst(terms: &[Term]) -> Confidence {
    terms.iter().map(|term| term.confidence).max().unwrap_or(Confidence::C)
}

fn without(mut score: Score, missing: Missing) -> Score {
    score.value = Err(missing);
    score.confidence = Confidence::C;
    score.terms.clear();
    score
}
