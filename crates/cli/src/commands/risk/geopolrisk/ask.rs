//! From what is typed to what the library is asked.

use std::path::Path;

use monazite_evidence::{Dataset, Regions, ShareStage};
use monazite_risk::columns::Paths;
use monazite_risk::context::BASE_YEARS;
use monazite_risk::geopolrisk::corrected::Options;
use monazite_risk::geopolrisk::makers::Concentration;
use monazite_risk::geopolrisk::target::{Target, all_materials, targets};
use monazite_risk::question::years;
use monazite_risk::{Context, Importer, Subject};

use crate::args::geopolrisk::{ConcentrationArg, GeopolriskArgs, TablesArgs};
use crate::args::risk::{Slice, StageArg};
use crate::failure::Failure;

/// Where the user's tables are.
pub fn paths(args: &TablesArgs) -> Result<Paths, Failure> {
    let given = Paths {
        trade: args.trade.clone(),
        production: args.production.clone(),
        governance: args.governance.clone(),
    };
    let Some(dir) = &args.data else { return Ok(given) };
    if !dir.is_dir() {
        let error = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(Failure::io("read", dir, &error).hint("`monazite data import` makes one"));
    }
    let found = Paths::of_folder(dir);
    if found.is_empty() {
        return Err(
            Failure::input(format!("`{}` holds no imported table", dir.display())).hint(
                "expected: trade.parquet, production.parquet or governance.parquet, as `monazite data import` writes them",
            ),
        );
    }
    Ok(given.or(found))
}

/// The years asked for; the latest balanced one by default.
pub fn years_of(slice: &Slice) -> Result<Vec<u16>, Failure> {
    Ok(match &slice.years {
        Some(text) => years(text)?,
        None => BASE_YEARS.first().copied().into_iter().collect(),
    })
}

/// How to score.
pub fn options(args: &GeopolriskArgs, explain: bool) -> Options {
    Options {
        explain,
        keep_outliers: args.keep_outliers,
        concentration: match args.concentration {
            ConcentrationArg::Traded => Concentration::Stage,
            ConcentrationArg::Reported => Concentration::Reported,
        },
    }
}

/// A stage as the library names it.
pub const fn stage(stage: StageArg) -> ShareStage {
    match stage {
        StageArg::Mine => ShareStage::Mine,
        StageArg::Separation => ShareStage::Separation,
        StageArg::Metal => ShareStage::Metal,
        StageArg::Magnet => ShareStage::Magnet,
    }
}

/// What is scored: rare earths by default, and every other material too when there is production of it.
pub fn targets_of(context: &Context<'_>, slice: &Slice, own_production: bool) -> Result<Vec<Target>, Failure> {
    let dataset = context.dataset;
    let stages: Vec<ShareStage> = if slice.stage.is_empty() {
        ShareStage::ALL.to_vec()
    } else {
        slice.stage.iter().map(|asked| stage(*asked)).collect()
    };
    let mut subjects: Vec<Subject> = slice.material.iter().map(|name| Subject::Other(name.clone())).collect();
    for text in &slice.element {
        subjects.push(Subject::rare_earths(dataset, text)?);
    }
    if subjects.is_empty() && own_production {
        subjects = all_materials(dataset);
        subjects.extend(Subject::all().into_iter().skip(1));
    } else if subjects.is_empty() {
        subjects = Subject::all();
    }
    Ok(targets(dataset, &subjects, &stages)?)
}

/// An importer: a place or a group, with its members in each year.
pub fn importer(dataset: &Dataset, text: &str, years: &[u16]) -> Result<Importer, Failure> {
    let regions = Regions::new(dataset);
    let mut found = Importer {
        id: text.to_owned(),
        name: text.to_owned(),
        members: std::collections::BTreeMap::new(),
    };
    for year in years {
        let region = regions.resolve(text, *year)?;
        found.id = match (&region.group, region.members.as_slice()) {
            (Some(group), _) => group.to_string(),
            (None, [place]) => place.to_string(),
            (None, _) => region.name.clone(),
        };
        found.name = match (&region.group, region.members.as_slice()) {
            (None, [place]) => dataset.place(place).map_or(region.name, |place| place.name.clone()),
            _ => region.name,
        };
        found.members.insert(*year, region.members);
    }
    Ok(found)
}

/// The importers asked for; none when all are meant.
pub fn importers(dataset: &Dataset, slice: &Slice, years: &[u16]) -> Result<Vec<Importer>, Failure> {
    slice
        .importer
        .iter()
        .map(|text| importer(dataset, text, years))
        .collect()
}

/// Whether a path asks for CSV by its ending.
pub fn is_csv(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"))
}
