//! The cells that may vary, by table and column.

use monazite_evidence::table::{
    Behaviour, Demand, Distribution, EndUse, MagnetGrade, Production, Recovery, Row, StageCost,
};
use monazite_evidence::{Confidence, Dataset, SourceId};

use super::Effect;

/// A column that may vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// `behaviour.value`.
    Behaviour,
    /// `end_uses.elasticity`.
    Elasticity,
    /// `end_uses.long_run_elasticity`.
    LongRunElasticity,
    /// `end_uses.essential`.
    Essential,
    /// `end_uses.ceiling_multiple`.
    Ceiling,
    /// `end_uses.stock_days`.
    StockDays,
    /// `stage_costs.central`.
    StageCost,
    /// `demand.quantity_t`.
    Demand,
    /// `distributions.dy`.
    Dysprosium,
    /// `distributions.tb`.
    Terbium,
    /// `recoveries.central`.
    Recovery,
    /// `magnet_grades.material_yield`.
    MagnetYield,
    /// `production.production_t_reo`.
    Production,
}

/// One cell of the dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// Its column.
    pub column: Column,
    /// Its row.
    pub row: usize,
}

/// A row that a parameter speaks of.
pub(super) struct Found {
    pub cell: Cell,
    pub label: String,
    pub central: f64,
    pub range: Option<(f64, f64)>,
    pub confidence: Confidence,
    pub sources: Vec<SourceId>,
}

const COLUMNS: [(&str, &str, Column); 13] = [
    ("behaviour", "value", Column::Behaviour),
    ("end_uses", "elasticity", Column::Elasticity),
    ("end_uses", "long_run_elasticity", Column::LongRunElasticity),
    ("end_uses", "essential", Column::Essential),
    ("end_uses", "ceiling_multiple", Column::Ceiling),
    ("end_uses", "stock_days", Column::StockDays),
    ("stage_costs", "central", Column::StageCost),
    ("demand", "quantity_t", Column::Demand),
    ("distributions", "dy", Column::Dysprosium),
    ("distributions", "tb", Column::Terbium),
    ("recoveries", "central", Column::Recovery),
    ("magnet_grades", "material_yield", Column::MagnetYield),
    ("production", "production_t_reo", Column::Production),
];

impl Column {
    /// The column of a table, if it may vary.
    #[must_use]
    pub fn of(table: &str, column: &str) -> Option<Self> {
        COLUMNS
            .iter()
            .find(|(t, c, _)| *t == table && *c == column)
            .map(|(.., known)| *known)
    }

    /// All that may vary, in words.
    pub(super) fn known() -> String {
        COLUMNS.map(|(table, column, _)| format!("{table}.{column}")).join(", ")
    }

    /// Whether the base year must be balanced anew when it moves.
    #[must_use]
    pub const fn effect(self) -> Effect {
        match self {
            Self::Demand | Self::Dysprosium | Self::Terbium | Self::Recovery | Self::MagnetYield | Self::Production => {
                Effect::BaseYear
            }
            _ => Effect::Chain,
        }
    }

    /// The rows that a selection of `column=value` chooses; for yearly tables, those of the base year.
    pub(super) fn rows(self, dataset: &Dataset, base_year: u16, rows: &[String]) -> Result<Vec<Found>, String> {
        match self {
            Self::Behaviour => chosen(&dataset.behaviour, rows, |r: &Behaviour| {
                (r.parameter.to_string(), r.value, Some((r.low, r.high)))
            }),
            Self::Elasticity => chosen(&dataset.end_uses, rows, |r: &EndUse| {
                (
                    r.end_use.to_string(),
                    r.elasticity,
                    Some((r.elasticity_low, r.elasticity_high)),
                )
            }),
            Self::LongRunElasticity => chosen(&dataset.end_uses, rows, |r: &EndUse| {
                (r.end_use.to_string(), r.long_run_elasticity, None)
            }),
            Self::Essential => chosen(&dataset.end_uses, rows, |r: &EndUse| {
                (r.end_use.to_string(), r.essential.0, None)
            }),
            Self::Ceiling => chosen(&dataset.end_uses, rows, |r: &EndUse| {
                (r.end_use.to_string(), r.ceiling_multiple, None)
            }),
            Self::StockDays => chosen(&dataset.end_uses, rows, |r: &EndUse| {
                (r.end_use.to_string(), r.stock_days, None)
            }),
            Self::StageCost => chosen(&dataset.stage_costs, rows, |r: &StageCost| {
                (format!("{}@{}", r.stage, r.place), r.central, Some((r.low, r.high)))
            }),
            Self::Demand => {
                let found = chosen(&dataset.demand, rows, |r: &Demand| {
                    (r.end_use.to_string(), r.quantity_t, None)
                });
                found.map(|mut found| {
                    found.retain(|f| dataset.demand[f.cell.row].year == base_year);
                    found
                })
            }
            Self::Dysprosium => chosen(&dataset.distributions, rows, |r: &Distribution| {
                (r.distribution.to_string(), r.dy.0, None)
            }),
            Self::Terbium => chosen(&dataset.distributions, rows, |r: &Distribution| {
                (r.distribution.to_string(), r.tb.0, None)
            }),
            Self::Recovery => chosen(&dataset.recoveries, rows, |r: &Recovery| {
                (
                    format!("{}@{}", r.stage, r.place),
                    r.central.0,
                    Some((r.low.0, r.high.0)),
                )
            }),
            Self::MagnetYield => chosen(&dataset.magnet_grades, rows, |r: &MagnetGrade| {
                (
                    r.grade.to_string(),
                    r.material_yield.0,
                    Some((r.yield_low.0, r.yield_high.0)),
                )
            }),
            Self::Production => {
                let found = chosen(&dataset.production, rows, |r: &Production| {
                    (r.place.to_string(), r.production_t_reo.0, None)
                });
                found.map(|mut found| {
                    found.retain(|f| dataset.production[f.cell.row].year == base_year);
                    found
                })
            }
        }
        .map(|mut found| {
            for f in &mut found {
                f.cell.column = self;
            }
            found
        })
    }

    /// The number in a row of the dataset.
    pub(crate) fn number(self, dataset: &mut Dataset, row: usize) -> Option<&mut f64> {
        Some(match self {
            Self::Behaviour => &mut dataset.behaviour.get_mut(row)?.value,
            Self::Elasticity => &mut dataset.end_uses.get_mut(row)?.elasticity,
            Self::LongRunElasticity => &mut dataset.end_uses.get_mut(row)?.long_run_elasticity,
            Self::Essential => &mut dataset.end_uses.get_mut(row)?.essential.0,
            Self::Ceiling => &mut dataset.end_uses.get_mut(row)?.ceiling_multiple,
            Self::StockDays => &mut dataset.end_uses.get_mut(row)?.stock_days,
            Self::StageCost => &mut dataset.stage_costs.get_mut(row)?.central,
            Self::Demand => &mut dataset.demand.get_mut(row)?.quantity_t,
            Self::Dysprosium => &mut dataset.distributions.get_mut(row)?.dy.0,
            Self::Terbium => &mut dataset.distributions.get_mut(row)?.tb.0,
            Self::Recovery => &mut dataset.recoveries.get_mut(row)?.central.0,
            Self::MagnetYield => &mut dataset.magnet_grades.get_mut(row)?.material_yield.0,
            Self::Production => &mut dataset.production.get_mut(row)?.production_t_reo.0,
        })
    }

    /// The range that a number of this column may have whatever is drawn.
    pub(crate) const fn limits(self) -> (f64, f64) {
        match self {
            Self::Essential => (0.0, 0.98),
            Self::Recovery | Self::MagnetYield => (0.01, 1.0),
            Self::Ceiling => (1.5, f64::MAX),
            _ => (0.0, f64::MAX),
        }
    }
}

/// Label, best estimate and range of a row.
type Read = (String, f64, Option<(f64, f64)>);

fn chosen<R: Row>(table: &[R], rows: &[String], read: impl Fn(&R) -> Read) -> Result<Vec<Found>, String> {
    let mut wanted: Vec<(usize, &str)> = Vec::new();
    for condition in rows.iter().filter(|condition| *condition != "*") {
        let (column, value) = condition
            .split_once('=')
            .ok_or_else(|| format!("`{condition}` is not `column=value`"))?;
        let at = R::SPEC.columns().iter().position(|field| field.name == column);
        let at = at.ok_or_else(|| format!("table `{}` has no column `{column}`", R::SPEC.name))?;
        wanted.push((at, value));
    }
    let found: Vec<Found> = table
        .iter()
        .enumerate()
        .filter(|(_, row)| {
            let cells = if wanted.is_empty() { Vec::new() } else { row.to_record() };
            wanted
                .iter()
                .all(|(at, value)| cells.get(*at).is_some_and(|cell| cell == value))
        })
        .filter_map(|(at, row)| {
            let (label, central, range) = read(row);
            let provenance = row.provenance()?;
            // The column is filled in by the caller; a best estimate of nothing has no multiples.
            (central > 0.0).then(|| Found {
                cell: Cell {
                    column: Column::Behaviour,
                    row: at,
                },
                label,
                central,
                range,
                confidence: provenance.confidence,
                sources: provenance.sources.clone(),
            })
        })
        .collect();
    if found.is_empty() {
        return Err(format!("no row of `{}` is {}", R::SPEC.name, rows.join(" and ")));
    }
    Ok(found)
}
