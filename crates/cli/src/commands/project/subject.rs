//! What a word after `monazite project value` stands for: a file, a published study or a deposit.

use std::path::Path;

use monazite_evidence::Dataset;
use monazite_evidence::error::Unknown;
use monazite_evidence::table::Deposit;
use monazite_strategy::project::{Assessment, Case, Deck, Project, Published, Spread, assess, studies};

use crate::args::DrawArgs;
use crate::failure::Failure;

/// A case and where it comes from.
pub struct Subject {
    /// The case.
    pub case: Case,
    /// How uncertain its inputs are.
    pub spread: Spread,
    /// What a study says, where it is one.
    pub published: Option<Published>,
    /// What a reader should know.
    pub remarks: Vec<String>,
    /// Whether it rests on priors.
    pub unverified: bool,
}

/// Finds what a word stands for.
pub fn find(wanted: &str, dataset: &Dataset, deck: &Deck) -> Result<Subject, Failure> {
    let path = Path::new(wanted);
    let looks_like_file = path.components().count() > 1
        || path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
        || path.is_file();
    let is_workbook = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    if is_workbook {
        let bytes = std::fs::read(path).map_err(|error| Failure::io("read", path, &error))?;
        return of_project(Project::from_workbook(&bytes, wanted)?, dataset, deck);
    }
    if looks_like_file {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
        return of_file(&text, wanted, dataset, deck);
    }
    if let Some((_, text)) = studies().into_iter().find(|(name, _)| *name == wanted) {
        return of_file(text, wanted, dataset, deck);
    }
    let deposit = deposit(
        wanted,
        dataset,
        &studies().iter().map(|(name, _)| *name).collect::<Vec<_>>(),
    )?;
    let draws = DrawArgs { draws: 1, seed: 0 };
    let assessed = assessment(deposit, dataset, deck, &draws);
    let Some(case) = assessed.case else {
        return Err(Failure::input(format!(
            "`{wanted}` cannot be valued: the evidence lacks its {}",
            assessed.missing.join(" and ")
        ))
        .hint("`monazite project new` writes a file for your own numbers"));
    };
    Ok(Subject {
        case,
        spread: assessed.spread,
        published: None,
        remarks: assessed.remarks,
        unverified: true,
    })
}

fn of_file(text: &str, name: &str, dataset: &Dataset, deck: &Deck) -> Result<Subject, Failure> {
    of_project(Project::parse(text, name)?, dataset, deck)
}

fn of_project(project: Project, dataset: &Dataset, deck: &Deck) -> Result<Subject, Failure> {
    let case = project.case(dataset, deck)?;
    Ok(Subject {
        remarks: case.remarks.clone(),
        unverified: case
            .lines
            .iter()
            .any(|line| line.confidence == Some(monazite_evidence::Confidence::C)),
        case,
        spread: project.uncertainty.unwrap_or_default(),
        published: project.published,
    })
}

/// A deposit by its id or name.
pub fn deposit<'d>(wanted: &str, dataset: &'d Dataset, besides: &[&str]) -> Result<&'d Deposit, Failure> {
    let folded = wanted.to_lowercase();
    let found = dataset
        .deposits
        .iter()
        .find(|row| row.deposit == folded.as_str() || row.name.to_lowercase() == folded);
    found.ok_or_else(|| {
        let known = dataset.deposits.iter().map(|row| row.deposit.as_str());
        Failure::unknown(&Unknown::new("deposit", wanted, known.chain(besides.iter().copied())))
            .hint("`monazite project list` names all deposits; a file must end in `.toml` or `.xlsx`")
    })
}

/// A deposit, assessed.
pub fn assessment(deposit: &Deposit, dataset: &Dataset, deck: &Deck, draws: &DrawArgs) -> Assessment {
    assess(dataset, deposit, deck, draws.draws.max(1), draws.seed)
}
