//! The uncertain inputs: rows of `uncertainty.csv` met with the rows they speak of.
//!
//! Every input is a distribution of a *multiple* of the best estimate, so several may act on one cell. A row's own
//! `low` and `high` make its distribution where it has them; else the multiples of `uncertainty.csv` do; else the
//! default spread of the row's confidence, which is widest for C.

mod cells;

use std::collections::BTreeMap;

use monazite_evidence::table::{Scope, Shape, Uncertainty};
use monazite_evidence::{Confidence, Dataset, SourceId};

use crate::EnsembleError;
use crate::distribution::{Distribution, normal_quantile, normal_share};
pub use cells::{Cell, Column};

/// A cell that an input moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Where it is.
    pub cell: Cell,
    /// Its best estimate, as the table has it.
    pub central: f64,
    /// How its multiple is distributed.
    pub distribution: Distribution,
}

/// What an input acts on besides the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Cells of the dataset that the chain is built from, on a base year that stands.
    Chain,
    /// Cells of the dataset that the base year is balanced from.
    BaseYear,
    /// Odds of licences, as a multiple.
    LicenceShare,
    /// Days until the first licence, as a multiple.
    LicenceDelay,
    /// Quarters by which plants to come are late.
    StartDelay,
}

/// One uncertain input: one dimension of an ensemble.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name: the parameter, and the row where rows vary one by one, such as `elasticity/ev_traction`.
    pub id: String,
    /// The parameter of `uncertainty.csv`.
    pub parameter: String,
    /// What it stands for.
    pub meaning: String,
    /// What it acts on.
    pub effect: Effect,
    /// Cells of the dataset that move; none for what a scenario says.
    pub targets: Vec<Target>,
    /// Distribution of its multiple; of the first cell, where it moves several.
    pub distribution: Distribution,
    /// Position of its group among [`Inputs::groups`].
    pub group: Option<usize>,
    /// Worst confidence of the rows it moves.
    pub confidence: Confidence,
    /// Sources of those rows.
    pub sources: Vec<SourceId>,
}

/// Inputs that move together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Rank correlation between any two of its inputs.
    pub correlation: f64,
}

/// All uncertain inputs of a dataset and base year, in the order of their dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Inputs {
    /// The inputs.
    pub list: Vec<Input>,
    /// Their groups.
    pub groups: Vec<Group>,
}

impl Inputs {
    /// Reads what is uncertain about a base year.
    ///
    /// # Errors
    /// A row of `uncertainty.csv` that names a table, column or range that cannot vary.
    pub fn from_dataset(dataset: &Dataset, base_year: u16) -> Result<Self, EnsembleError> {
        let defaults = defaults(dataset)?;
        let mut inputs = Self {
            list: Vec::new(),
            groups: Vec::new(),
        };
        for row in dataset.uncertainty.iter().filter(|row| row.table != "default") {
            let group = inputs.group(row)?;
            inputs.list.extend(of_row(dataset, base_year, row, group, &defaults)?);
        }
        Ok(inputs)
    }

    /// Dimensions of a point: one per input, then one per group for what its inputs share.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.list.len() + self.groups.len()
    }

    /// Quantiles of the inputs at a point of the cube, correlated within groups.
    ///
    /// Inputs of a group follow a one-factor Gaussian copula whose rank correlation is the group's, so the uniform
    /// distribution of each, and every draw's independence of the others, are kept.
    #[must_use]
    pub fn quantiles(&self, point: &[f64]) -> Vec<f64> {
        let coordinate = |d: usize| point.get(d).copied().unwrap_or(0.5);
        let shared: Vec<f64> = (0..self.groups.len())
            .map(|g| normal_quantile(coordinate(self.list.len() + g)))
            .collect();
        self.list
            .iter()
            .enumerate()
            .map(|(d, input)| {
                let own = coordinate(d);
                let Some(group) = input.group else { return own };
                // Rank correlation r of two normals with correlation p: r = 6/π asin(p/2).
                let p = 2.0 * (std::f64::consts::PI * self.groups[group].correlation / 6.0).sin();
                normal_share(p.sqrt() * shared[group] + (1.0 - p).max(0.0).sqrt() * normal_quantile(own))
            })
            .collect()
    }

    /// The input of a name.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|input| input.id == id)
    }

    fn group(&mut self, row: &Uncertainty) -> Result<Option<usize>, EnsembleError> {
        let Some(name) = &row.group else { return Ok(None) };
        let Some(correlation) = row.correlation else {
            return Err(wrong(row, "a group needs a correlation"));
        };
        if let Some(at) = self.groups.iter().position(|g| g.name == *name) {
            if (self.groups[at].correlation - correlation).abs() > 1e-12 {
                return Err(wrong(row, "its group has another correlation in an earlier row"));
            }
            return Ok(Some(at));
        }
        self.groups.push(Group {
            name: name.clone(),
            correlation,
        });
        Ok(Some(self.groups.len() - 1))
    }
}

fn wrong(row: &Uncertainty, why: impl Into<String>) -> EnsembleError {
    EnsembleError::Parameter {
        parameter: row.parameter.to_string(),
        why: why.into(),
    }
}

/// The spread of each confidence.
fn defaults(dataset: &Dataset) -> Result<BTreeMap<Confidence, Distribution>, EnsembleError> {
    let mut found = BTreeMap::new();
    for confidence in Confidence::ALL.iter().copied() {
        let id = format!("default_{confidence}");
        let row = dataset.uncertainty.iter().find(|row| row.parameter == id.as_str());
        let missing = || EnsembleError::Parameter {
            parameter: id.clone(),
            why: "it is missing, or has no `low` and `high`".to_owned(),
        };
        let row = row.ok_or_else(missing)?;
        let (low, high) = row.low.zip(row.high).ok_or_else(missing)?;
        found.insert(confidence, sound(row, row.shape, low, high)?);
    }
    Ok(found)
}

fn sound(row: &Uncertainty, shape: Shape, low: f64, high: f64) -> Result<Distribution, EnsembleError> {
    let distribution = Distribution { shape, low, high };
    if distribution.is_sound() {
        Ok(distribution)
    } else {
        Err(wrong(
            row,
            format!("{low} to {high} is no range around 1 for shape `{shape}`"),
        ))
    }
}

fn of_row(
    dataset: &Dataset,
    base_year: u16,
    row: &Uncertainty,
    group: Option<usize>,
    defaults: &BTreeMap<Confidence, Distribution>,
) -> Result<Vec<Input>, EnsembleError> {
    let input = |id: String, effect, targets: Vec<Target>, distribution, confidence, sources| Input {
        id,
        parameter: row.parameter.to_string(),
        meaning: row.meaning.clone(),
        effect,
        targets,
        distribution,
        group,
        confidence,
        sources,
    };
    let own = row.provenance.clone();
    let effect = match (row.table.as_str(), row.column.as_str()) {
        ("scenario", "approved_share") => Some(Effect::LicenceShare),
        ("scenario", "processing_delay_days") => Some(Effect::LicenceDelay),
        ("chain", "start_delay_quarters") => Some(Effect::StartDelay),
        _ => None,
    };
    if let Some(effect) = effect {
        let (low, high) = row
            .low
            .zip(row.high)
            .ok_or_else(|| wrong(row, "`low` and `high` are needed here"))?;
        let distribution = sound(row, row.shape, low, high)?;
        let id = row.parameter.to_string();
        return Ok(vec![input(
            id,
            effect,
            Vec::new(),
            distribution,
            own.confidence,
            own.sources,
        )]);
    }
    let column = Column::of(&row.table, &row.column).ok_or_else(|| {
        wrong(
            row,
            format!(
                "column `{}` of table `{}` cannot vary; those that can: {}",
                row.column,
                row.table,
                Column::known()
            ),
        )
    })?;
    let found = column
        .rows(dataset, base_year, &row.rows)
        .map_err(|why| wrong(row, why))?;
    let mut inputs: Vec<Input> = Vec::new();
    for f in found {
        let distribution = match (row.low.zip(row.high), f.range) {
            (Some((low, high)), _) => sound(row, row.shape, low, high)?,
            (None, Some((low, high))) => Distribution {
                shape: row.shape,
                low: low / f.central,
                high: high / f.central,
            },
            (None, None) => defaults[&f.confidence],
        };
        if distribution.is_fixed() || !distribution.is_sound() {
            continue;
        }
        let id = match row.scope {
            Scope::Each => format!("{}/{}", row.parameter, f.label),
            Scope::Together => row.parameter.to_string(),
        };
        let target = Target {
            cell: f.cell,
            central: f.central,
            distribution,
        };
        if let Some(known) = inputs.iter_mut().find(|i| i.id == id) {
            known.targets.push(target);
            known.confidence = known.confidence.max(f.confidence);
            known.sources.extend(f.sources);
            known.sources.sort_unstable();
            known.sources.dedup();
        } else {
            inputs.push(input(
                id,
                column.effect(),
                vec![target],
                distribution,
                f.confidence,
                f.sources,
            ));
        }
    }
    Ok(inputs)
}

#[cfg(test)]
mod tests;
