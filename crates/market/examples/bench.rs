//! The public benchmark instances S and M: 200 scenarios each on two threads, objectives against the given ones.
//!
//! `cargo run --release -p monazite-market --example bench -- FOLDER [S|M] [threads] [scenarios]
//! [reference|stepwise]`. Every scenario starts from the base optimum's basis with a solver that has forgotten the one before. Prints wall and CPU seconds from the
//! loaded programme to the last objective.
#![allow(clippy::print_stdout, reason = "an example is a program")]

use std::collections::HashMap;
use std::error::Error;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use flate2::read::GzDecoder;
use monazite_market::lp::{Basis, ColId, LpError, Method, Options, Problem, RowId, Sense, Solution, Solver};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Objectives by scenario, and pivots in all.
type Solved = (Vec<(usize, f64)>, usize);

fn unzip(path: &Path) -> Outcome<String> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(path)?).read_to_string(&mut text)?;
    Ok(text)
}

/// Columns with their entries, and rows.
struct Model {
    cost: Vec<f64>,
    upper: Vec<f64>,
    entries: Vec<Vec<(u32, f64)>>,
    rows: Vec<(f64, f64)>,
}

impl Model {
    /// Reads the plain subset of the MPS format that the instances use.
    fn read(text: &str) -> Outcome<Self> {
        let mut section = "";
        let mut names: HashMap<&str, (char, Option<u32>)> = HashMap::new();
        let mut cols: HashMap<&str, usize> = HashMap::new();
        let mut kinds: Vec<char> = Vec::new();
        let mut sides: HashMap<u32, f64> = HashMap::new();
        let mut model = Self {
            cost: Vec::new(),
            upper: Vec::new(),
            entries: Vec::new(),
            rows: Vec::new(),
        };
        for line in text.lines() {
            if !line.starts_with(' ') {
                section = line.split_whitespace().next().unwrap_or("");
                continue;
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            match (section, words.as_slice()) {
                ("ROWS", ["N", name]) => {
                    names.insert(name, ('N', None));
                }
                ("ROWS", [kind, name]) => {
                    let kind = kind.chars().next().ok_or("empty row kind")?;
                    names.insert(name, (kind, Some(u32::try_from(kinds.len())?)));
                    kinds.push(kind);
                }
                ("COLUMNS", [col, pairs @ ..]) => {
                    let next = cols.len();
                    let j = *cols.entry(col).or_insert(next);
                    if j == model.cost.len() {
                        model.cost.push(0.0);
                        model.upper.push(f64::INFINITY);
                        model.entries.push(Vec::new());
                    }
                    for pair in pairs.chunks_exact(2) {
                        let value: f64 = pair[1].parse()?;
                        match names.get(pair[0]).ok_or("unknown row")?.1 {
                            Some(row) => model.entries[j].push((row, value)),
                            None => model.cost[j] = value,
                        }
                    }
                }
                ("RHS", [_, pairs @ ..]) => {
                    for pair in pairs.chunks_exact(2) {
                        let row = names.get(pair[0]).ok_or("unknown row")?.1;
                        sides.insert(row.ok_or("side of the objective")?, pair[1].parse()?);
                    }
                }
                ("BOUNDS", ["UP", _, col, value]) => {
                    model.upper[*cols.get(col).ok_or("unknown column")?] = value.parse()?;
                }
                other => return Err(format!("not understood: {other:?}").into()),
            }
        }
        for (row, kind) in kinds.iter().enumerate() {
            let side = sides.get(&u32::try_from(row)?).copied().unwrap_or(0.0);
            model.rows.push(match kind {
                'G' => (side, f64::INFINITY),
                'L' => (f64::NEG_INFINITY, side),
                _ => (side, side),
            });
        }
        Ok(model)
    }

    fn problem(&self) -> Problem {
        let mut problem = Problem::new(Sense::Minimise);
        for (cost, upper) in self.cost.iter().zip(&self.upper) {
            problem.add_col(*cost, 0.0, *upper);
        }
        for (lower, upper) in &self.rows {
            problem.add_row(*lower, *upper);
        }
        for (col, entries) in (0_u32..).zip(&self.entries) {
            for (row, value) in entries {
                problem.add_entry(RowId(*row), ColId(col), *value);
            }
        }
        problem
    }
}

/// New upper bounds of columns and of rows.
#[derive(Clone, Default)]
struct Patch {
    cols: Vec<(u32, f64)>,
    rows: Vec<(u32, f64)>,
}

fn patches(text: &str, count: usize) -> Outcome<Vec<Patch>> {
    let mut patches = vec![Patch::default(); count];
    for line in text.lines().skip(1) {
        let mut words = line.split(',');
        let mut next = || words.next().ok_or("a line is short");
        let (scenario, kind, index, value) = (next()?, next()?, next()?, next()?);
        let Some(patch) = patches.get_mut(scenario.parse::<usize>()?) else {
            continue;
        };
        if kind == "u" {
            patch.cols.push((index.parse()?, value.parse()?));
        } else {
            patch.rows.push((index.parse()?, value.parse()?));
        }
    }
    Ok(patches)
}

/// A solver that goes from the base to a scenario and back.
struct Bench<'a> {
    model: &'a Model,
    solver: Solver,
    base: &'a Basis,
}

impl<'a> Bench<'a> {
    fn new(model: &'a Model, base: &'a Basis, method: Method) -> Result<Self, LpError> {
        let options = Options {
            method,
            ..Options::default()
        };
        let solver = Solver::with_options(model.problem(), &options)?;
        Ok(Self { model, solver, base })
    }

    fn change(&mut self, patch: &Patch, back: bool) -> Result<(), LpError> {
        let model = self.model;
        let cols: Vec<_> = (patch.cols.iter())
            .map(|(j, upper)| (ColId(*j), 0.0, if back { model.upper[*j as usize] } else { *upper }))
            .collect();
        let rows: Vec<_> = (patch.rows.iter())
            .map(|(row, upper)| {
                let known = model.rows[*row as usize];
                (RowId(*row), known.0, if back { known.1 } else { *upper })
            })
            .collect();
        self.solver.change_cols_bounds(&cols)?;
        self.solver.change_rows_bounds(&rows)
    }

    fn solve(&mut self, patch: &Patch) -> Result<Solution, LpError> {
        self.change(patch, false)?;
        let solution = self.solver.solve_from(self.base)?;
        self.change(patch, true)?;
        Ok(solution)
    }
}

/// Solves all scenarios on some threads: objectives in their order, and pivots in all.
fn sweep(model: &Model, base: &Basis, patches: &[Patch], threads: usize, method: Method) -> Outcome<(Vec<f64>, usize)> {
    let next = AtomicUsize::new(0);
    let parts = std::thread::scope(|scope| {
        let work = || -> Outcome<Solved> {
            let mut bench = Bench::new(model, base, method)?;
            let (mut found, mut pivots) = (Vec::new(), 0);
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some(patch) = patches.get(i) else {
                    return Ok((found, pivots));
                };
                let solution = bench.solve(patch)?;
                pivots += solution.iterations as usize;
                found.push((i, solution.objective));
            }
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles
            .into_iter()
            .map(|h| h.join().map_err(|_| "a thread stopped"))
            .collect::<Vec<_>>()
    });
    let mut objectives = vec![f64::NAN; patches.len()];
    let mut pivots = 0;
    for part in parts {
        let (found, p) = part??;
        for (i, objective) in found {
            objectives[i] = objective;
        }
        pivots += p;
    }
    Ok((objectives, pivots))
}

/// CPU seconds of this process so far.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .skip(11)
        .take(2);
    ticks.filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn main() -> Outcome<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "../shared/bench".to_owned()));
    let size = std::env::args().nth(2).unwrap_or_else(|| "S".to_owned());
    let threads: usize = std::env::args().nth(3).map_or(Ok(2), |t| t.parse())?;
    let most: usize = std::env::args().nth(4).map_or(Ok(usize::MAX), |n| n.parse())?;
    let method = match std::env::args().nth(5).as_deref() {
        Some("stepwise") => Method::Stepwise,
        _ => Method::Reference,
    };
    let file = |ending: &str| folder.join(format!("ree_{size}{ending}"));
    if !file(".mps.gz").is_file() {
        println!("skipped: `{}` is not there", file(".mps.gz").display());
        return Ok(());
    }
    let model = Model::read(&unzip(&file(".mps.gz"))?)?;
    let given = std::fs::read_to_string(file("_scenario_objectives.csv"))?;
    let given: Vec<f64> = (given.lines().filter(|l| !l.starts_with('#')).take(most))
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let patches = patches(&unzip(&file("_scenarios.csv.gz"))?, given.len())?;
    let busy = cpu();
    let mut solver = Solver::new(model.problem())?;
    let objective = solver.solve_cold()?.objective;
    let base = solver.basis()?;
    println!(
        "{size}: {} columns, base {objective} in {:.2} s CPU",
        model.cost.len(),
        cpu() - busy
    );
    drop(solver);

    let (wall, busy) = (Instant::now(), cpu());
    let (found, pivots) = sweep(&model, &base, &patches, threads, method)?;
    let apart = |(a, b): (&f64, &f64)| (a - b).abs() / b.abs().max(1.0);
    let worst = found.iter().zip(&given).map(apart).fold(0.0, f64::max);
    println!(
        "{size}: {} scenarios, {threads} threads: {:.2} s wall, {:.2} s CPU, {} pivots each, objectives within {worst:.1e}",
        found.len(),
        wall.elapsed().as_secs_f64(),
        cpu() - busy,
        pivots / found.len().max(1),
    );
    Ok(())
}
