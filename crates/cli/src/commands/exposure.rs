//! `monazite exposure`: what is exposed: products, platforms, fleets, industries, GDP.

mod bill;
mod country;
mod fleet;
mod paths;
mod ranges;
mod technologies;

use std::path::Path;

use monazite_evidence::reconcile::BaseYear;
use monazite_evidence::{Dataset, PlaceId};
use monazite_exposure::bom::Sheet;
use monazite_market::chain::Chain;
use monazite_market::path::{Behaviour, simulate};
use monazite_market::result::{RunResult, tabulate};
use monazite_market::scenario::{Scenario, Vocabulary};

use super::dataset;
use super::model::{ScenarioText, base_year, calibrated};
use crate::args::exposure::{ExposureArgs, ExposureCommand};
use crate::args::{Global, ViewArg};
use crate::failure::Failure;
use crate::output::Printer;
use crate::output::progress::Progress;

/// The base year of questions without a scenario.
const BASE_YEAR: u16 = 2024;
/// Sheets larger than this are a mistake.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Does what a `monazite exposure` verb asks.
pub fn exposure(args: &ExposureArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    match (&args.command, &args.bom, &args.country, &args.fleet) {
        (Some(ExposureCommand::Technologies { name }), ..) => {
            technologies::technologies(name.as_deref(), &dataset(global)?, printer)
        }
        (Some(ExposureCommand::New { file }), ..) => technologies::new(file, printer),
        (None, Some(file), ..) => bill::bill(file, args, global, printer),
        (None, None, Some(country), _) => country::country(country, args, global, printer),
        (None, None, None, Some(name)) => fleet::fleet(name, args, &dataset(global)?, printer),
        (None, None, None, None) => Err(Failure::input("what is exposed? Nothing was named")
            .hint("a bill of materials: `monazite exposure bom.csv --for USA`; `monazite exposure new bom.csv` writes one")
            .hint("a country: `monazite exposure --country USA --scenario china-2025-04`")
            .hint("a fleet: `monazite exposure --fleet EV --for USA --years 2025..2035`")),
    }
}

/// A calibrated market, with a scenario's result where one was asked for.
struct Market {
    base: BaseYear,
    chain: Chain,
    run: Option<(Scenario, RunResult)>,
}

impl Market {
    fn of(dataset: &Dataset, scenario: Option<&str>, progress: &Progress) -> Result<Self, Failure> {
        let scenario = match scenario {
            Some(name) => {
                let text = ScenarioText::find(name)?;
                Some(text.read(&Vocabulary::from_dataset(dataset))?.scenario)
            }
            None => None,
        };
        let year = match &scenario {
            Some(scenario) => u16::try_from(scenario.base_year)
                .map_err(|_| Failure::input(format!("there is no base year {}", scenario.base_year)))?,
            None => BASE_YEAR,
        };
        progress.now("balancing the base year");
        let base = base_year(dataset, year, ViewArg::Full)?;
        let chain = calibrated(dataset, &base)?;
        let run = match scenario {
            Some(scenario) => {
                progress.now("solving quarter after quarter");
                let path = simulate(&chain, &scenario, Behaviour::from_dataset(dataset)?)?;
                let result = tabulate(&chain, &scenario, ViewArg::Full.as_str(), &path);
                Some((scenario, result))
            }
            None => None,
        };
        Ok(Self { base, chain, run })
    }

    fn result(&self) -> Option<&RunResult> {
        self.run.as_ref().map(|(_, result)| result)
    }
}

/// The one place that a word stands for. A group of places is refused: a part is bought in one place, a table is of one.
fn one_place(dataset: &Dataset, word: &str) -> Result<PlaceId, Failure> {
    let unknown = match dataset.resolve_place(word) {
        Ok(place) => return Ok(place.place.clone()),
        Err(unknown) => unknown,
    };
    let Ok(group) = dataset.group(word) else {
        return Err(unknown.into());
    };
    Err(Failure::input(format!(
        "`{word}` is a group of places ({}), and exposure is answered for one place: parts are bought in one, and \
         tables and fleets are counted in one",
        group.name
    ))
    .hint(format!(
        "name a member, such as `DEU`: `monazite data groups {}` lists them",
        group.group
    )))
}

/// The bytes of a file that the user named.
fn read(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let fail = |error: std::io::Error| Failure::io(what, path, &error);
    let meta = std::fs::metadata(path).map_err(fail)?;
    if meta.is_dir() {
        return Err(fail(std::io::ErrorKind::IsADirectory.into()));
    }
    if meta.len() > LARGEST {
        return Err(Failure::input(format!("`{}` is too large", path.display())));
    }
    std::fs::read(path).map_err(fail)
}

/// A sheet that the user named.
fn sheet(path: &Path, what: &str) -> Result<Sheet, Failure> {
    let bytes = read(path, what)?;
    Ok(Sheet::read(&bytes, &path.display().to_string())?)
}

/// The first and last quarter of a path, in words.
fn span(quarters: &[String]) -> String {
    match (quarters.first(), quarters.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => first.clone(),
        _ => String::new(),
    }
}
