//! The checks: a published figure, what the program computes, and how close it should be.

use std::collections::BTreeMap;

use monazite_evidence::reconcile::BaseYear;
use monazite_evidence::{Dataset, Element, SourceId};
use monazite_market::calibrate::zone_prices;
use monazite_market::chain::Chain;
use monazite_market::path::{Behaviour, simulate};
use monazite_market::quarter::{Outcome, QuarterModel};
use monazite_market::scenario::{Vocabulary, library};
use monazite_risk::eu::eu;
use monazite_risk::{Context, Question, Subject};
use monazite_strategy::project::{Deck, Project, studies, value};

use crate::args::ViewArg;
use crate::commands::calibrate::{PRICE_TOLERANCE, fit, note_table, price};
use crate::commands::model::{base_year, calibrated, calibrated_for};
use crate::commands::targets::{MINE_TOLERANCE, SHARE_TOLERANCE, Target, mines, shares};
use crate::failure::Failure;
use crate::output::Table;
use crate::output::progress::Progress;

/// Largest scaled violation of optimality conditions.
const OPTIMALITY: f64 = 1e-7;
/// Largest share of supply that may be missing from a balance.
const CLOSURE: f64 = 1e-6;
/// Weighted error of the fifty largest flows.
const FLOWS: f64 = 0.10;
/// Supply risks are printed with one decimal.
const ROUNDING: f64 = 0.05;
/// Net present values of studies, as a share; their rates of return, in points.
const NPV: f64 = 0.10;
const IRR: f64 = 5.0;

/// How a difference is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// As a share of what was published.
    Share,
    /// In percentage points.
    Points,
    /// In the unit of the figure.
    Absolute,
}

/// One published figure, or one property that must hold, and what the program makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its name in the committed table.
    pub id: String,
    /// Part of the program.
    pub part: &'static str,
    /// What it is.
    pub what: String,
    /// Its unit.
    pub unit: &'static str,
    /// What was published; nothing where a residual should be zero.
    pub published: Option<f64>,
    /// What the program computes.
    pub computed: f64,
    /// How the difference is measured.
    pub measure: Measure,
    /// Largest difference wanted.
    pub wanted: f64,
    /// Confidence letter of the published figure.
    pub confidence: String,
    /// Where it was published.
    pub source: String,
}

impl Check {
    /// How far the computed figure is from the published one.
    pub fn off(&self) -> f64 {
        match (self.measure, self.published) {
            (Measure::Share, Some(published)) => self.computed / published - 1.0,
            (_, published) => self.computed - published.unwrap_or(0.0),
        }
    }

    /// The difference as a multiple of the one wanted.
    pub fn strain(&self) -> f64 {
        self.off().abs() / self.wanted
    }

    /// Whether it is close enough.
    pub fn met(&self) -> bool {
        self.strain() <= 1.0 + 1e-9
    }
}

/// Everything worked out.
pub struct Found {
    /// Checks, part by part.
    pub checks: Vec<Check>,
    /// Costs and prices that calibration had to move, largest first.
    pub residuals: Table,
}

/// Works out all checks.
///
/// # Errors
/// When the evidence cannot be balanced or a market not be solved.
pub fn run(dataset: &Dataset, progress: &Progress) -> Result<Found, Failure> {
    let base = base_year(dataset, 2024, ViewArg::Full)?;
    let past = base_year(dataset, 2009, ViewArg::Full)?;
    let chain = calibrated(dataset, &base)?;
    let mut checks = evidence(dataset, &base, &past);
    let model = QuarterModel::new(&chain, &[])?;
    checks.extend(market(dataset, &base, &past, &chain, model.base())?);
    checks.push(optimality(dataset, progress)?);
    progress.now("European assessments and published studies");
    checks.extend(assessments(dataset)?);
    checks.extend(projects(dataset)?);
    number_repeats(&mut checks);
    Ok(Found {
        checks,
        residuals: note_table(&chain),
    })
}

/// Two sources may publish the same figure: the second gets a number.
fn number_repeats(checks: &mut [Check]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for check in checks {
        let times = seen.entry(check.id.clone()).or_default();
        *times += 1;
        if *times > 1 {
            check.id = format!("{}.{times}", check.id);
        }
    }
}

fn evidence(dataset: &Dataset, base: &BaseYear, past: &BaseYear) -> Vec<Check> {
    let target = |t: Target, measure, wanted, unit| Check {
        id: format!("evidence.{}.{}", t.what, t.place)
            .to_lowercase()
            .replace([' ', ','], "_"),
        part: "evidence",
        what: if unit == "%" {
            format!("share of {}, {}", t.short, t.place)
        } else {
            format!("mined in {}, {}", t.place, t.short)
        },
        unit,
        published: Some(t.evidence),
        computed: t.reconciled,
        measure,
        wanted,
        confidence: t.confidence,
        source: t.source,
    };
    let tonnes = mines(dataset, base).into_iter();
    let tonnes = tonnes.filter(|t| t.evidence > 0.0);
    let mut found: Vec<Check> = tonnes
        .map(|t| target(t, Measure::Share, MINE_TOLERANCE, "t REO"))
        .collect();
    let parts = shares(dataset, base).into_iter();
    found.extend(parts.map(|t| target(t, Measure::Points, SHARE_TOLERANCE, "%")));
    for (year, base) in [(2024, base), (2009, past)] {
        found.push(property(
            "evidence",
            &format!("balance.{year}"),
            format!("balance of {year}: largest gap, share of supply"),
            base.max_imbalance(),
            CLOSURE,
        ));
    }
    found
}

/// A number that should be zero.
fn property(part: &'static str, id: &str, what: String, computed: f64, wanted: f64) -> Check {
    Check {
        id: format!("{part}.{id}"),
        part,
        what,
        unit: "",
        published: None,
        computed,
        measure: Measure::Absolute,
        wanted,
        confidence: String::new(),
        source: String::new(),
    }
}

fn market(
    dataset: &Dataset,
    base: &BaseYear,
    past: &BaseYear,
    chain: &Chain,
    outcome: &Outcome,
) -> Result<Vec<Check>, Failure> {
    let quotes = zone_prices(dataset, base.year)
        .map_err(|_| Failure::failed("the dataset lacks prices of the base year".to_owned()))?;
    let mut found = Vec::new();
    for (zone, list, inside) in [("China", &quotes.china, true), ("outside", &quotes.outside, false)] {
        for element in Element::ALL.iter().copied() {
            let (Some(quote), Some(computed)) = (list.get(element.index()), price(chain, outcome, element, inside))
            else {
                continue;
            };
            let sources: Vec<&str> = quote.sources.iter().map(SourceId::as_str).collect();
            found.push(Check {
                id: format!("market.price.{}.{}", zone.to_lowercase(), element.symbol()),
                part: "market",
                what: format!("{} oxide, {zone}, {}", element.symbol(), base.year),
                unit: "USD/kg",
                published: Some(quote.usd_per_kg),
                computed,
                measure: Measure::Share,
                wanted: PRICE_TOLERANCE,
                confidence: quote.confidence.as_str().to_owned(),
                source: sources.join(";"),
            });
        }
    }
    for (year, base) in [(2024, base), (2009, past)] {
        found.push(property(
            "market",
            &format!("customs.{year}"),
            format!("fifty largest customs flows of {year}, weighted error"),
            fit::customs(base),
            FLOWS,
        ));
    }
    found.push(property(
        "market",
        "flows",
        "all flows, solved base quarter against base year, weighted error".to_owned(),
        fit::flows(chain, outcome),
        FLOWS,
    ));
    Ok(found)
}

/// The worst optimality residual over every quarter of every bundled scenario in both views.
fn optimality(dataset: &Dataset, progress: &Progress) -> Result<Check, Failure> {
    let vocabulary = Vocabulary::from_dataset(dataset);
    let behaviour = Behaviour::from_dataset(dataset)?;
    let mut worst = 0.0_f64;
    for bundled in library() {
        progress.now(bundled.name);
        let scenario = bundled
            .read(&vocabulary)
            .map_err(|errors| Failure::scenario(bundled.name, &errors))?
            .scenario;
        let year = u16::try_from(scenario.base_year)
            .map_err(|_| Failure::input(format!("there is no base year {}", scenario.base_year)))?;
        for view in [ViewArg::Full, ViewArg::Bloc14] {
            let base = base_year(dataset, year, view)?;
            let chain = calibrated_for(dataset, &base, &scenario)?;
            let path = simulate(&chain, &scenario, behaviour)?;
            let quarters = path.steps.iter().map(|step| step.outcome.report.kkt);
            worst = quarters.fold(worst.max(path.base.report.kkt), f64::max);
        }
    }
    Ok(property(
        "market",
        "optimality",
        format!(
            "optimality of every quarter of {} scenarios in both views, worst residual",
            library().len()
        ),
        worst,
        OPTIMALITY,
    ))
}

/// Supply risks of the European assessment of 2017 from its printed inputs.
fn assessments(dataset: &Dataset) -> Result<Vec<Check>, Failure> {
    let rows = || dataset.eu_assessments.iter().filter(|row| row.year == 2017);
    let subjects = rows().map(|row| {
        let name = row.material.to_string();
        Subject::rare_earths(dataset, &name).unwrap_or(Subject::Other(name))
    });
    let question = Question {
        subjects: subjects.collect(),
        years: vec![2017],
        assessment: Some(2017),
        ..Question::default()
    };
    let scores = eu(&Context::new(dataset), &question)?;
    let mut found = Vec::new();
    for row in rows() {
        let score = scores
            .iter()
            .find(|s| s.method == "eu_sr" && row.material == *s.material);
        let (Some(score), Some(printed)) = (score, row.supply_risk) else {
            continue;
        };
        // Inputs are printed rounded, so the score is a range: the nearest point of it counts.
        if let (Ok(_), Some((low, high))) = (&score.value, score.range) {
            found.push(Check {
                id: format!("risk.eu_sr_2017.{}", row.material)
                    .to_lowercase()
                    .replace([' ', ','], "_"),
                part: "risk",
                what: format!("EU supply risk 2017, {}", row.material),
                unit: "",
                published: Some(printed),
                computed: printed.clamp(low, high),
                measure: Measure::Absolute,
                wanted: ROUNDING,
                confidence: row.provenance.confidence.to_string(),
                source: joined(&row.provenance.sources),
            });
        }
    }
    Ok(found)
}

fn joined(sources: &[SourceId]) -> String {
    let ids: Vec<&str> = sources.iter().map(SourceId::as_str).collect();
    ids.join(";")
}

/// Published studies that disclose enough to be valued again.
fn projects(dataset: &Dataset) -> Result<Vec<Check>, Failure> {
    let mut found = Vec::new();
    for (name, text) in studies() {
        let project = Project::parse(text, name).map_err(|e| Failure::failed(e.to_string()))?;
        let Some(published) = project.published.clone() else {
            continue;
        };
        let case = project
            .case(dataset, &Deck::none())
            .map_err(|e| Failure::failed(e.to_string()))?;
        let worth = value(&case);
        let (npv, irr) = if published.after_tax {
            (worth.npv_m, worth.irr)
        } else {
            (worth.npv_before_tax_m, worth.irr_before_tax)
        };
        let check = |what: &str, unit, published_value, computed, measure, wanted| Check {
            id: format!("projects.{name}.{what}").to_lowercase(),
            part: "projects",
            what: format!("{name}, {what}"),
            unit,
            published: Some(published_value),
            computed,
            measure,
            wanted,
            confidence: String::new(),
            source: published.source.clone(),
        };
        found.push(check("NPV", "millions", published.npv_m, npv, Measure::Share, NPV));
        if let (Some(published_irr), Some(irr)) = (published.irr, irr) {
            found.push(check(
                "IRR",
                "%",
                100.0 * published_irr,
                100.0 * irr,
                Measure::Points,
                IRR,
            ));
        }
    }
    Ok(found)
}
