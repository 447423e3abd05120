//! Lost output and value added, from shortfalls and needs.
//!
//! For each quarter: an end use loses output by its products' shortfalls, weighted by what it pays for each. An industry
//! loses the part of its output that needs the use. Uses of one industry mostly go into the same units (a car needs
//! sensors and a catalyst), so the worst of them counts; the highest case adds them instead. The loss then goes through
//! the table. Every step is an assumption with a range, so the answer is a set of cases.

use std::collections::BTreeMap;

use nalgebra::DMatrix;

use super::economy::Economy;
use super::mapping::Need;
use super::propagate::Propagation;
use super::shortfall::Shortfall;
use crate::Range;

/// One set of assumptions.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Case {
    /// Its name in tables.
    pub name: &'static str,
    /// What it assumes, in words.
    pub meaning: &'static str,
    /// Which end of the industries' needs: 0 low, 1 central, 2 high.
    pub need: u8,
    /// Whether users save and replace what they can before output falls.
    pub users_substitute: bool,
    /// Part of lost domestic inputs that customers replace; none: only the industry itself loses.
    pub chain: Option<f64>,
    /// Whether the uses and products of an industry go into the same units (the worst counts) or not (they add up).
    pub same_units: bool,
}

/// Part of a lost domestic input that its customers replace by other suppliers, imports and stocks in the central cases.
/// Our prior; the ends of the range are 1 (no chain) and 0.
const REPLACED: f64 = 0.5;

impl Case {
    /// The cases, lowest first and highest last. Low, central and high of every answer are the first, third and last.
    pub const ALL: [Self; 6] = [
        Self {
            name: "low",
            meaning: "lowest needs, users substitute, no loss beyond the industry",
            need: 0,
            users_substitute: true,
            chain: None,
            same_units: true,
        },
        Self {
            name: "direct",
            meaning: "users substitute, no loss beyond the industry",
            need: 1,
            users_substitute: true,
            chain: None,
            same_units: true,
        },
        Self {
            name: "central",
            meaning: "users substitute; customers replace half of what they lack, suppliers lose orders",
            need: 1,
            users_substitute: true,
            chain: Some(REPLACED),
            same_units: true,
        },
        Self {
            name: "direct_fixed",
            meaning: "no substitution by users, no loss beyond the industry",
            need: 1,
            users_substitute: false,
            chain: None,
            same_units: true,
        },
        Self {
            name: "fixed",
            meaning: "no substitution by users; customers replace half of what they lack, suppliers lose orders",
            need: 1,
            users_substitute: false,
            chain: Some(REPLACED),
            same_units: true,
        },
        Self {
            name: "high",
            meaning: "highest needs, no substitution by users or customers, losses of uses add up",
            need: 2,
            users_substitute: false,
            chain: Some(0.0),
            same_units: false,
        },
    ];
    /// Position of the central case in [`Case::ALL`].
    pub const CENTRAL: usize = 2;

    /// The substitutions that a table must be factored for.
    #[must_use]
    pub fn substitutions() -> Vec<f64> {
        let mut all: Vec<f64> = Self::ALL.iter().filter_map(|case| case.chain).collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    }

    fn share(self, need: &Need) -> f64 {
        match self.need {
            0 => need.share.low,
            1 => need.share.central,
            _ => need.share.high,
        }
    }
}

/// What one case says.
#[derive(Clone, Debug)]
pub struct CaseLoss {
    /// The case.
    pub case: Case,
    /// Lost value added over the path, million USD of the table's year.
    pub total_musd: f64,
    /// The part lost in the industries that need the uses themselves.
    pub direct_musd: f64,
    /// Lost value added by quarter, million USD.
    pub by_quarter_musd: Vec<f64>,
    /// Lost value added by industry over the path, million USD.
    pub by_industry_musd: Vec<f64>,
}

/// What an industry loses over the path.
#[derive(Clone, Debug)]
pub struct IndustryLoss {
    /// Position in the economy.
    pub industry: usize,
    /// Lost value added, million USD.
    pub loss_musd: Range,
    /// The part from its own shortages in the central case, million USD.
    pub direct_musd: f64,
    /// Largest share of a quarter's output lost in the central case.
    pub deepest: f64,
    /// The use whose shortage costs it most, where it has one.
    pub input: Option<String>,
}

/// What a country loses.
#[derive(Clone, Debug)]
pub struct Loss {
    /// All cases, in the order of [`Case::ALL`].
    pub cases: Vec<CaseLoss>,
    /// Industries that lose anything in the highest case, largest central loss first.
    pub industries: Vec<IndustryLoss>,
    /// Inputs with a shortfall that no industry is known to need.
    pub unmapped: Vec<String>,
}

impl Loss {
    /// Lost value added, million USD: lowest, central and highest case.
    #[must_use]
    pub fn total(&self) -> Range {
        self.over(|case| case.total_musd)
    }

    fn over(&self, value: impl Fn(&CaseLoss) -> f64) -> Range {
        let at = |n: usize| self.cases.get(n).map_or(0.0, &value);
        Range::new(at(0), at(Case::CENTRAL), at(Case::ALL.len() - 1))
    }
}

/// Lost value added of a country over `quarters` quarters.
#[must_use]
pub fn loss(
    economy: &Economy,
    propagation: &Propagation,
    needs: &[Need],
    shortfalls: &[Shortfall],
    quarters: usize,
) -> Loss {
    let n = economy.industries.len();
    let mut direct_central = DMatrix::zeros(n, quarters);
    let mut total_central = DMatrix::zeros(n, quarters);
    let mut cases = Vec::with_capacity(Case::ALL.len());
    for (at, case) in Case::ALL.into_iter().enumerate() {
        let uses = use_losses(case, shortfalls, quarters);
        let direct = direct_losses(case, needs, &uses, n, quarters);
        let total = match case.chain {
            Some(substitution) => propagation.losses(&direct, substitution),
            None => direct.clone(),
        };
        cases.push(case_loss(case, economy, &direct, &total));
        if at == Case::CENTRAL {
            direct_central = direct;
            total_central = total;
        }
    }
    let worst_inputs = worst_inputs(economy, needs, shortfalls, quarters);
    let quarter_value = |j: usize| economy.value_added[j] / 4.0;
    let mut industries: Vec<IndustryLoss> = (0..n)
        .filter_map(|j| {
            let of = |case: usize| cases.get(case).map_or(0.0, |c: &CaseLoss| c.by_industry_musd[j]);
            let loss_musd = Range::new(of(0), of(Case::CENTRAL), of(Case::ALL.len() - 1));
            (loss_musd.high.abs() > 0.0).then(|| IndustryLoss {
                industry: j,
                loss_musd,
                direct_musd: direct_central.row(j).sum() * quarter_value(j),
                deepest: total_central.row(j).max(),
                input: worst_inputs.get(&j).cloned(),
            })
        })
        .collect();
    industries.sort_by(|a, b| b.loss_musd.central.total_cmp(&a.loss_musd.central));
    let mut unmapped: Vec<String> = (shortfalls.iter())
        .filter(|s| s.cut.iter().any(|cut| *cut > 0.0) && !needs.iter().any(|need| need.input == s.input))
        .map(|s| s.input.clone())
        .collect();
    unmapped.sort();
    unmapped.dedup();
    Loss {
        cases,
        industries,
        unmapped,
    }
}

/// Output lost in each use by quarter: the mean over its products by value, or the worst product.
fn use_losses(case: Case, shortfalls: &[Shortfall], quarters: usize) -> BTreeMap<&str, Vec<f64>> {
    let mut value: BTreeMap<&str, f64> = BTreeMap::new();
    for s in shortfalls {
        *value.entry(&s.input).or_default() += s.value_kusd;
    }
    let mut losses: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for s in shortfalls {
        let all = value.get(s.input.as_str()).copied().unwrap_or(0.0);
        let weight = if all > 0.0 { s.value_kusd / all } else { 0.0 };
        let sums = losses.entry(&s.input).or_insert_with(|| vec![0.0; quarters]);
        for (q, sum) in sums.iter_mut().enumerate() {
            let lost = s.output_loss(q, case.users_substitute);
            *sum = if case.same_units {
                *sum + weight * lost
            } else {
                sum.max(lost)
            };
        }
    }
    losses
}

fn direct_losses(
    case: Case,
    needs: &[Need],
    uses: &BTreeMap<&str, Vec<f64>>,
    n: usize,
    quarters: usize,
) -> DMatrix<f64> {
    let mut direct: DMatrix<f64> = DMatrix::zeros(n, quarters);
    for need in needs {
        let Some(lost) = uses.get(need.input.as_str()) else {
            continue;
        };
        for (q, short) in lost.iter().enumerate() {
            let stopped = case.share(need) * short;
            let cell = &mut direct[(need.industry, q)];
            *cell = if case.same_units {
                cell.max(stopped)
            } else {
                (*cell + stopped).min(1.0)
            };
        }
    }
    direct
}

fn case_loss(case: Case, economy: &Economy, direct: &DMatrix<f64>, total: &DMatrix<f64>) -> CaseLoss {
    let value = |shares: &DMatrix<f64>, j: usize, q: usize| shares[(j, q)] * economy.value_added[j] / 4.0;
    let n = economy.industries.len();
    let quarters = total.ncols();
    let by_quarter_musd: Vec<f64> = (0..quarters)
        .map(|q| (0..n).map(|j| value(total, j, q)).sum())
        .collect();
    CaseLoss {
        case,
        total_musd: by_quarter_musd.iter().sum(),
        direct_musd: (0..quarters)
            .flat_map(|q| (0..n).map(move |j| (j, q)))
            .map(|(j, q)| value(direct, j, q))
            .sum(),
        by_industry_musd: (0..n)
            .map(|j| (0..quarters).map(|q| value(total, j, q)).sum())
            .collect(),
        by_quarter_musd,
    }
}

/// The use that costs each industry most over the path, without substitution by users.
fn worst_inputs(
    economy: &Economy,
    needs: &[Need],
    shortfalls: &[Shortfall],
    quarters: usize,
) -> BTreeMap<usize, String> {
    let case = Case::ALL[Case::CENTRAL + 2];
    let uses = use_losses(case, shortfalls, quarters);
    let mut worst: BTreeMap<usize, (f64, &str)> = BTreeMap::new();
    for need in needs {
        let lost: f64 = uses.get(need.input.as_str()).map_or(0.0, |lost| lost.iter().sum());
        let cost = need.share.central * lost * economy.value_added[need.industry];
        let entry = worst.entry(need.industry).or_insert((0.0, ""));
        if cost > entry.0 {
            *entry = (cost, &need.input);
        }
    }
    worst
        .into_iter()
        .filter(|(_, (cost, _))| *cost > 0.0)
        .map(|(industry, (_, input))| (industry, input.to_owned()))
        .collect()
}
