//! Running an ensemble into its folder, from wherever it was stopped.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use monazite_market::scenario::Scenario;
use rayon::ThreadPool;

use super::part::{self, encoded, put};
use super::plan::{Entry, Plan, RunFile};
use super::read::{self, LossBand, Matrix, PriceBand, ShortageRow, Stored};
use super::table::{Column, column, encode, numbers, texts};
use super::{
    BANDS_FILE, INPUTS_FILE, LOCK_FILE, LOSSES_FILE, MADE_FILE, PLAN_FILE, RUN_FILE, RunStoreError, SCENARIO_FILE,
    SHORT_FILE, sha256,
};
use crate::bands::Band;
use crate::frame::{Frame, Record};
use crate::inputs::Inputs;
use crate::run::{frame, records};
use crate::sample::Sampler;
use crate::world::World;

pub(super) const RUN_KIND: &str = "ensemble";

/// What to run.
pub struct Order<'a> {
    /// The uncertain world.
    pub world: &'a World,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its file, letter for letter.
    pub scenario_text: &'a str,
    /// Gives the points.
    pub sampler: &'a Sampler,
    /// What it all is.
    pub plan: Plan,
    /// The workers.
    pub pool: &'a ThreadPool,
    /// Replace what is in the folder, if another run wrote it.
    pub force: bool,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Paths that are done, those found included.
    pub done: u32,
    /// Paths in all.
    pub all: u32,
    /// Paths that were found done.
    pub found: u32,
}

/// A part that was there but not whole, and was computed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Which part.
    pub part: u32,
    /// What was wrong.
    pub why: String,
}

/// A complete ensemble.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The folder.
    pub dir: PathBuf,
    /// What came of it.
    pub stored: Stored,
    /// Paths that were found done.
    pub found: u32,
    /// Parts that were computed again.
    pub repairs: Vec<Repair>,
    /// Wall seconds of this call.
    pub seconds: f64,
}

/// The paths of a part, a few per thread at a time, so that there is something to tell before it is whole.
fn simulated(
    order: &Order<'_>,
    range: std::ops::Range<u32>,
    frame: &Frame,
    mut tell: impl FnMut(u32),
) -> Result<Vec<Record>, RunStoreError> {
    let at_once = u32::try_from(8 * order.pool.current_num_threads()).unwrap_or(u32::MAX);
    let mut all = Vec::new();
    let mut from = range.start;
    while from < range.end {
        let until = from.saturating_add(at_once).min(range.end);
        let some = || records(order.world, order.scenario, order.sampler, from..until, frame);
        all.extend(order.pool.install(some)?);
        tell(until - range.start);
        from = until;
    }
    Ok(all)
}

/// Completes an ensemble: computes the parts that are missing or damaged, and the answer over all paths.
///
/// # Errors
/// When the folder holds something else, the disk is full, or a path cannot be simulated. What is finished stays.
pub fn complete(dir: &Path, order: &Order<'_>, tell: &mut dyn FnMut(Progress)) -> Result<Finished, RunStoreError> {
    let started = Instant::now();
    claim(dir, order)?;
    let inputs = order.world.inputs();
    let plan = &order.plan;
    let (frame, best) = order.pool.install(|| frame(order.world, order.scenario))?;
    let lock = order
        .world
        .dataset()
        .lock()
        .to_toml()
        .map_err(|e| RunStoreError::Encode {
            table: LOCK_FILE.to_owned(),
            why: e.to_string(),
        })?;
    let mut entries = Vec::new();
    for (file, rows, bytes) in [
        (SCENARIO_FILE, None, order.scenario_text.as_bytes().to_vec()),
        (LOCK_FILE, None, lock.into_bytes()),
        (INPUTS_FILE, Some(inputs.list.len()), inputs_table(inputs)?),
    ] {
        store(dir, file, rows, &bytes, &mut entries)?;
    }
    let parts = plan.parts();
    let (mut done, mut found, mut repairs) = (0, 0, Vec::new());
    for part in 0..parts {
        let range = plan.range(part);
        let count = range.end - range.start;
        match part::check(dir, plan, part) {
            Ok(files) => {
                entries.extend(files);
                found += count;
            }
            Err(why) => {
                repairs.extend(why.map(|why| Repair { part, why }));
                let begun = |paths| {
                    tell(Progress {
                        done: done + paths,
                        all: plan.paths,
                        found,
                    });
                };
                let records = simulated(order, range, &frame, begun)?;
                let whole = usize::try_from(part).unwrap_or(0);
                let all = usize::try_from(parts).unwrap_or(0);
                entries.extend(
                    part::write(dir, plan, part, &records, &frame, inputs).map_err(|e| e.with_parts(whole, all))?,
                );
            }
        }
        done += count;
        tell(Progress {
            done,
            all: plan.paths,
            found,
        });
    }
    summarise(dir, plan, &frame, &best, &mut entries)?;
    let run = RunFile {
        kind: RUN_KIND.to_owned(),
        plan_sha256: plan.identity(),
        file: entries,
    };
    let made = format!(
        "at = \"{}\"\nseconds = {:.3}\nfound_paths = {found}\n",
        jiff::Timestamp::now(),
        started.elapsed().as_secs_f64()
    );
    put(dir, MADE_FILE, made.as_bytes())?;
    put(dir, RUN_FILE, encoded(&run, RUN_FILE)?.as_bytes())?;
    Ok(Finished {
        dir: dir.to_path_buf(),
        stored: read::open(dir)?,
        found,
        repairs,
        seconds: started.elapsed().as_secs_f64(),
    })
}

fn store(
    dir: &Path,
    file: &str,
    rows: Option<usize>,
    bytes: &[u8],
    entries: &mut Vec<Entry>,
) -> Result<(), RunStoreError> {
    put(dir, file, bytes)?;
    entries.push(Entry {
        file: file.to_owned(),
        rows,
        sha256: sha256(bytes),
    });
    Ok(())
}

/// Makes the folder this ensemble's own.
fn claim(dir: &Path, order: &Order<'_>) -> Result<(), RunStoreError> {
    let path = dir.join(PLAN_FILE);
    match fs::read_to_string(&path) {
        Ok(text) => {
            let standing: Option<Plan> = toml::from_str(&text).ok();
            if standing.as_ref() == Some(&order.plan) {
                return Ok(());
            }
            let what = standing.map_or_else(|| "an ensemble of another version".to_owned(), |plan| plan.words());
            if !order.force {
                return Err(RunStoreError::Taken {
                    path: dir.to_path_buf(),
                    what,
                });
            }
            super::index::remove(dir)?;
        }
        Err(_) if dir.exists() => {
            let mut entries = fs::read_dir(dir).map_err(|e| RunStoreError::io(dir, e))?;
            if let Some(entry) = entries.next() {
                let name = entry.map_err(|e| RunStoreError::io(dir, e))?.file_name();
                return Err(RunStoreError::Taken {
                    path: dir.to_path_buf(),
                    what: format!("`{}`, which no ensemble wrote", name.to_string_lossy()),
                });
            }
        }
        Err(_) => {}
    }
    fs::create_dir_all(dir).map_err(|e| RunStoreError::io(dir, e))?;
    put(dir, PLAN_FILE, encoded(&order.plan, PLAN_FILE)?.as_bytes())
}

fn inputs_table(inputs: &Inputs) -> Result<Vec<u8>, RunStoreError> {
    let list = || inputs.list.iter();
    let sources: Vec<String> = list()
        .map(|i| i.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(";"))
        .collect();
    let group = |i: &crate::inputs::Input| i.group.map_or("", |g| inputs.groups[g].name.as_str());
    let columns = vec![
        column(
            "input",
            "-",
            "name of the input; a column of draws",
            texts(list().map(|i| i.id.as_str())),
        ),
        column(
            "parameter",
            "-",
            "row of uncertainty.csv",
            texts(list().map(|i| i.parameter.as_str())),
        ),
        column(
            "meaning",
            "-",
            "what it stands for",
            texts(list().map(|i| i.meaning.as_str())),
        ),
        column(
            "shape",
            "-",
            "shape of its distribution",
            texts(list().map(|i| i.distribution.shape.as_str())),
        ),
        column(
            "low",
            "× central",
            "lowest value, or 5 % point",
            numbers(list().map(|i| i.distribution.low)),
        ),
        column(
            "high",
            "× central",
            "highest value, or 95 % point",
            numbers(list().map(|i| i.distribution.high)),
        ),
        column("group", "-", "inputs that move together", texts(list().map(group))),
        column(
            "confidence",
            "-",
            "worst confidence of its rows",
            texts(list().map(|i| i.confidence.as_str())),
        ),
        column(
            "source",
            "-",
            "sources of its rows",
            texts(sources.iter().map(String::as_str)),
        ),
    ];
    encode(columns).map_err(|why| RunStoreError::Encode {
        table: INPUTS_FILE.to_owned(),
        why,
    })
}

/// Reads the parts back and writes the bands.
fn summarise(
    dir: &Path,
    plan: &Plan,
    frame: &Frame,
    best: &Record,
    entries: &mut Vec<Entry>,
) -> Result<(), RunStoreError> {
    let mut save = |file: &str, rows: usize, columns: Vec<Column>| {
        let bytes = encode(columns).map_err(|why| RunStoreError::Encode {
            table: file.to_owned(),
            why,
        })?;
        store(dir, file, Some(rows), &bytes, entries)
    };
    let matrix = Matrix::read(dir, plan, frame.series.len())?;
    let prices = read::price_bands(&matrix, frame, best);
    drop(matrix);
    save(BANDS_FILE, prices.len(), price_columns(&prices))?;
    let losses = read::loss_bands(dir, plan, frame, best)?;
    save(LOSSES_FILE, losses.len(), loss_columns(&losses))?;
    let short = read::shortages(dir, plan, frame)?;
    save(SHORT_FILE, short.len(), shortage_columns(&short))
}

/// Name, meaning and value of a column of a band.
type BandColumn = (&'static str, &'static str, fn(&Band) -> f64);

const BAND: [BandColumn; 6] = [
    ("p5", "5 % of paths lie below", |b| b.p5),
    ("p25", "25 % of paths lie below", |b| b.p25),
    ("median", "half of the paths lie below", |b| b.median),
    ("p75", "75 % of paths lie below", |b| b.p75),
    ("p95", "95 % of paths lie below", |b| b.p95),
    ("mean", "mean over paths", |b| b.mean),
];

fn band_columns<R>(rows: &[R], suffix: &str, unit: &'static str, band: fn(&R) -> &Band) -> Vec<Column> {
    BAND.iter()
        .map(|(name, about, value)| {
            let values = rows.iter().map(|row| value(band(row)));
            column(&format!("{name}_{suffix}"), unit, about, numbers(values))
        })
        .collect()
}

fn price_columns(bands: &[PriceBand]) -> Vec<Column> {
    let text = |value: fn(&PriceBand) -> &str| texts(bands.iter().map(value));
    let mut columns = vec![
        column("product", "-", "product, as kind:item", text(|b| &b.product)),
        column(
            "zone",
            "-",
            "inside or outside the places that restrict",
            text(|b| &b.zone),
        ),
        column(
            "quarter",
            "-",
            "quarter, or peak: the highest of each path",
            text(|b| &b.quarter),
        ),
        column(
            "base_usd_per_kg",
            "USD/kg",
            "price of the base quarter",
            numbers(bands.iter().map(|b| b.base)),
        ),
        column(
            "best_usd_per_kg",
            "USD/kg",
            "price at best estimates",
            numbers(bands.iter().map(|b| b.best)),
        ),
    ];
    columns.extend(band_columns(bands, "usd_per_kg", "USD/kg", |b| &b.band));
    columns
}

fn loss_columns(bands: &[LossBand]) -> Vec<Column> {
    let mut columns = vec![
        column(
            "place",
            "-",
            "place id, or all",
            texts(bands.iter().map(|b| b.place.as_str())),
        ),
        column(
            "best_kusd",
            "thousand USD",
            "loss at best estimates",
            numbers(bands.iter().map(|b| b.best)),
        ),
    ];
    columns.extend(band_columns(bands, "kusd", "thousand USD", |b| &b.band));
    columns
}

fn shortage_columns(rows: &[ShortageRow]) -> Vec<Column> {
    let text = |value: fn(&ShortageRow) -> &str| texts(rows.iter().map(value));
    let number = |value: fn(&ShortageRow) -> f64| numbers(rows.iter().map(value));
    vec![
        column("product", "-", "product, as kind:item", text(|r| &r.product)),
        column("place", "-", "place id", text(|r| &r.place)),
        column("quarter", "-", "quarter", text(|r| &r.quarter)),
        column(
            "probability",
            "1",
            "share of paths that get at least a twentieth less than wanted",
            number(|r| r.probability),
        ),
        column("mean_shortfall", "1", "shortfall, mean over paths", number(|r| r.mean)),
        column(
            "largest_shortfall",
            "1",
            "largest shortfall of a path",
            number(|r| r.largest),
        ),
    ]
}
