//! The public benchmark instance: a four-period market of 28,720 columns and 200 scenarios.
//!
//! Skipped, with a word, when the files are not at hand.

use std::collections::HashMap;
use std::error::Error;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use monazite_market::lp::{ColId, Problem, RowId, Sense, Solver, residuals};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// New bounds of columns and of rows.
type Patch = (Vec<(ColId, f64, f64)>, Vec<(RowId, f64, f64)>);

const SCENARIOS: usize = 8;

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench");
    folder.join("ree_S.mps.gz").is_file().then_some(folder)
}

fn unzip(path: &Path) -> Outcome<String> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(path)?).read_to_string(&mut text)?;
    Ok(text)
}

/// Reads the plain subset of the MPS format that the instance uses.
fn read_mps(text: &str) -> Outcome<Problem> {
    let mut problem = Problem::new(Sense::Minimise);
    let mut section = "";
    let mut rows: HashMap<&str, (char, Option<RowId>)> = HashMap::new();
    let mut cols: HashMap<&str, ColId> = HashMap::new();
    let mut costs: Vec<(ColId, f64)> = Vec::new();
    let mut uppers: HashMap<ColId, f64> = HashMap::new();
    let mut rhs: HashMap<RowId, f64> = HashMap::new();
    let mut entries: Vec<(RowId, ColId, f64)> = Vec::new();
    let mut count = 0u32;
    for line in text.lines() {
        if !line.starts_with(' ') {
            section = line.split_whitespace().next().unwrap_or("");
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        match (section, words.as_slice()) {
            ("ROWS", ["N", name]) => {
                rows.insert(name, ('N', None));
            }
            ("ROWS", [kind, name]) => {
                let kind = kind.chars().next().ok_or("empty row kind")?;
                rows.insert(name, (kind, Some(RowId(count))));
                count += 1;
            }
            ("COLUMNS", [col, pairs @ ..]) => {
                let next = ColId(u32::try_from(cols.len())?);
                let col = *cols.entry(col).or_insert(next);
                for pair in pairs.chunks_exact(2) {
                    let value: f64 = pair[1].parse()?;
                    match rows.get(pair[0]).ok_or("unknown row")?.1 {
                        Some(row) => entries.push((row, col, value)),
                        None => costs.push((col, value)),
                    }
                }
            }
            ("RHS", [_, pairs @ ..]) => {
                for pair in pairs.chunks_exact(2) {
                    let row = rows.get(pair[0]).ok_or("unknown row")?.1;
                    rhs.insert(row.ok_or("right-hand side of the objective")?, pair[1].parse()?);
                }
            }
            ("BOUNDS", ["UP", _, col, value]) => {
                uppers.insert(*cols.get(col).ok_or("unknown column")?, value.parse()?);
            }
            other => return Err(format!("not understood: {other:?}").into()),
        }
    }
    let mut cost = vec![0.0; cols.len()];
    for (col, value) in costs {
        cost[col.index()] = value;
    }
    for (j, &cost) in (0u32..).zip(&cost) {
        let upper = uppers.get(&ColId(j)).copied().unwrap_or(f64::INFINITY);
        problem.add_col(cost, 0.0, upper);
    }
    let mut kinds: Vec<(RowId, char)> = rows.values().filter_map(|r| Some((r.1?, r.0))).collect();
    kinds.sort_unstable();
    for (row, kind) in kinds {
        let side = rhs.get(&row).copied().unwrap_or(0.0);
        let (lower, upper) = match kind {
            'G' => (side, f64::INFINITY),
            'L' => (f64::NEG_INFINITY, side),
            _ => (side, side),
        };
        problem.add_row(lower, upper);
    }
    for (row, col, value) in entries {
        problem.add_entry(row, col, value);
    }
    Ok(problem)
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}

#[test]
fn benchmark_objectives_are_met() -> Outcome<()> {
    let Some(folder) = folder() else {
        println!("skipped: shared/bench/ree_S.mps.gz is not beside this checkout");
        return Ok(());
    };
    let problem = read_mps(&unzip(&folder.join("ree_S.mps.gz"))?)?;
    assert_eq!(problem.dims(), (28_720, 4_080));
    assert_eq!(problem.nonzeros(), 66_540);

    let mut solver = Solver::new(problem)?;
    let base_solution = solver.solve()?;
    let base = solver.basis()?;
    let near = |got: f64, want: f64| (got - want).abs() <= 1e-6 * want.abs();
    assert!(near(base_solution.objective, -34_314.316_391_364_91));
    assert!(residuals(solver.problem(), &base_solution).max() <= 1e-7);
    println!("cold: {:.3} s", base_solution.seconds);

    let objectives = std::fs::read_to_string(folder.join("ree_S_scenario_objectives.csv"))?;
    let objectives: Vec<f64> = objectives
        .lines()
        .filter(|l| !l.starts_with('#'))
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let (base_cols, base_rows) = (
        solver.problem().col_upper().to_vec(),
        solver.problem().row_upper().to_vec(),
    );
    let mut patches = vec![Patch::default(); SCENARIOS];
    for line in unzip(&folder.join("ree_S_scenarios.csv.gz"))?.lines().skip(1) {
        let words: Vec<&str> = line.split(',').collect();
        let [scenario, kind, index, value] = words.as_slice() else {
            return Err(format!("not understood: {line}").into());
        };
        let Some(patch) = patches.get_mut(scenario.parse::<usize>()?) else {
            continue;
        };
        let (index, value) = (index.parse()?, value.parse()?);
        match *kind {
            "u" => patch.0.push((ColId(index), 0.0, value)),
            _ => patch.1.push((RowId(index), f64::NEG_INFINITY, value)),
        }
    }
    let mut seconds = 0.0;
    for (scenario, (cols, rows)) in patches.iter().enumerate() {
        solver.change_cols_bounds(cols)?;
        solver.change_rows_bounds(rows)?;
        let solution = solver.solve_from(&base)?;
        seconds += solution.seconds;
        let want = objectives[scenario];
        assert!(
            near(solution.objective, want),
            "scenario {scenario}: {} is not {want}",
            solution.objective
        );
        assert!(residuals(solver.problem(), &solution).max() <= 1e-7);
        if scenario == SCENARIOS - 1 {
            let rebuilt = Solver::new(solver.problem().clone())?.solve_from(&base)?;
            assert_eq!(bits(&solution.row_duals), bits(&rebuilt.row_duals));
            assert_eq!(bits(&solution.col_values), bits(&rebuilt.col_values));
        }
        // Back to the base, by the same batch calls.
        let cols: Vec<_> = cols.iter().map(|c| (c.0, 0.0, base_cols[c.0.index()])).collect();
        let rows: Vec<_> = rows.iter().map(|r| (r.0, r.1, base_rows[r.0.index()])).collect();
        solver.change_cols_bounds(&cols)?;
        solver.change_rows_bounds(&rows)?;
    }
    println!("warm: {:.4} s a scenario", seconds / 8.0);
    let again = solver.solve_from(&base)?;
    assert!(near(again.objective, base_solution.objective));
    Ok(())
}
