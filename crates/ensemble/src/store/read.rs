//! Reading an ensemble back.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;

use super::part::{check, file_of};
use super::plan::{Plan, RunFile};
use super::table::{decode, read_numbers, read_texts};
use super::{BANDS_FILE, LOSSES_FILE, PLAN_FILE, RUN_FILE, RunStoreError, SHORT_FILE, sha256};
use crate::bands::Band;
use crate::frame::{Frame, Record};

/// The place that stands for all.
const ALL: &str = "all";
/// The quarter that stands for the highest of each path.
const PEAK: &str = "peak";

/// The band of a price.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceBand {
    /// Product name.
    pub product: String,
    /// Zone.
    pub zone: String,
    /// Quarter, or `peak`: the highest of each path.
    pub quarter: String,
    /// Base price at best estimates.
    pub base: f64,
    /// Price at best estimates.
    pub best: f64,
    /// The band over paths.
    pub band: Band,
}

/// The band of users' losses.
#[derive(Clone, Debug, PartialEq)]
pub struct LossBand {
    /// Place id, or `all`.
    pub place: String,
    /// Loss at best estimates, thousand USD.
    pub best: f64,
    /// The band over paths.
    pub band: Band,
}

/// How likely a shortage is.
#[derive(Clone, Debug, PartialEq)]
pub struct ShortageRow {
    /// Product name.
    pub product: String,
    /// Place id.
    pub place: String,
    /// Quarter.
    pub quarter: String,
    /// Share of paths that are short.
    pub probability: f64,
    /// Mean shortfall, as a share of what is wanted.
    pub mean: f64,
    /// Largest shortfall of a path.
    pub largest: f64,
}

/// An ensemble and its answer.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The folder.
    pub dir: PathBuf,
    /// What it is.
    pub plan: Plan,
    /// Identity of its content: the hash of `run.toml`.
    pub sha256: String,
    /// Files and rows.
    pub run: RunFile,
    /// Bands of prices.
    pub prices: Vec<PriceBand>,
    /// Bands of losses.
    pub losses: Vec<LossBand>,
    /// Probabilities of shortage.
    pub shortages: Vec<ShortageRow>,
}

/// The plan of an ensemble, complete or not.
pub(super) fn plan(dir: &Path) -> Result<Plan, RunStoreError> {
    let not = |why: String| RunStoreError::NotARun {
        path: dir.to_path_buf(),
        why,
    };
    let text = fs::read_to_string(dir.join(PLAN_FILE)).map_err(|_| not(format!("it has no `{PLAN_FILE}`")))?;
    toml::from_str(&text).map_err(|e| not(format!("its `{PLAN_FILE}` cannot be read: {}", e.message())))
}

/// Opens a complete ensemble; its answer is checked against its hashes, its parts when they are read.
///
/// # Errors
/// When there is none, it is not complete, or a file is damaged.
pub fn open(dir: &Path) -> Result<Stored, RunStoreError> {
    let plan = plan(dir)?;
    let path = dir.join(RUN_FILE);
    let text = fs::read_to_string(&path).map_err(|_| RunStoreError::NotARun {
        path: dir.to_path_buf(),
        why: format!("it was stopped before it was complete: it has no `{RUN_FILE}`"),
    })?;
    let damaged = |why: &str| RunStoreError::Damaged {
        path: path.clone(),
        why: why.to_owned(),
    };
    let run: RunFile = toml::from_str(&text).map_err(|e| damaged(e.message()))?;
    if run.plan_sha256 != plan.identity() {
        return Err(damaged("it belongs to another plan"));
    }
    let file = |name: &str| checked(dir, &run, name);
    let prices = file(BANDS_FILE)?;
    let losses = file(LOSSES_FILE)?;
    let shortages = file(SHORT_FILE)?;
    let faulty = |name: &'static str| {
        let path = dir.join(name);
        move |why: String| RunStoreError::Damaged { path, why }
    };
    Ok(Stored {
        dir: dir.to_path_buf(),
        sha256: sha256(text.as_bytes()),
        prices: decode(prices)
            .and_then(|b| decode_prices(&b))
            .map_err(faulty(BANDS_FILE))?,
        losses: decode(losses)
            .and_then(|b| decode_losses(&b))
            .map_err(faulty(LOSSES_FILE))?,
        shortages: decode(shortages)
            .and_then(|b| decode_shortages(&b))
            .map_err(faulty(SHORT_FILE))?,
        plan,
        run,
    })
}

fn checked(dir: &Path, run: &RunFile, name: &str) -> Result<Vec<u8>, RunStoreError> {
    let path = dir.join(name);
    let bytes = fs::read(&path).map_err(|e| RunStoreError::io(&path, e))?;
    let entry = run.file.iter().find(|entry| entry.file == name);
    if entry.is_some_and(|entry| entry.sha256 == sha256(&bytes)) {
        return Ok(bytes);
    }
    Err(RunStoreError::Damaged {
        path,
        why: "its bytes are not those that were written; running the same command again repairs it".to_owned(),
    })
}

fn band(batches: &[RecordBatch], unit: &str) -> Result<Vec<Band>, String> {
    let read = |name: &str| read_numbers(batches, &format!("{name}_{unit}"));
    let (p5, p25, median, p75, p95, mean) = (
        read("p5")?,
        read("p25")?,
        read("median")?,
        read("p75")?,
        read("p95")?,
        read("mean")?,
    );
    Ok((0..p5.len())
        .map(|i| Band {
            p5: p5[i],
            p25: p25[i],
            median: median[i],
            p75: p75[i],
            p95: p95[i],
            mean: mean[i],
        })
        .collect())
}

fn decode_prices(batches: &[RecordBatch]) -> Result<Vec<PriceBand>, String> {
    let bands = band(batches, "usd_per_kg")?;
    let (product, zone) = (read_texts(batches, "product")?, read_texts(batches, "zone")?);
    let quarter = read_texts(batches, "quarter")?;
    let (base, best) = (
        read_numbers(batches, "base_usd_per_kg")?,
        read_numbers(batches, "best_usd_per_kg")?,
    );
    let names = product.into_iter().zip(zone).zip(quarter);
    Ok(names
        .zip(base.into_iter().zip(best).zip(bands))
        .map(|(((product, zone), quarter), ((base, best), band))| PriceBand {
            product,
            zone,
            quarter,
            base,
            best,
            band,
        })
        .collect())
}

fn decode_losses(batches: &[RecordBatch]) -> Result<Vec<LossBand>, String> {
    let bands = band(batches, "kusd")?;
    let rows = read_texts(batches, "place")?
        .into_iter()
        .zip(read_numbers(batches, "best_kusd")?)
        .zip(bands);
    Ok(rows
        .map(|((place, best), band)| LossBand { place, best, band })
        .collect())
}

fn decode_shortages(batches: &[RecordBatch]) -> Result<Vec<ShortageRow>, String> {
    let names = read_texts(batches, "product")?
        .into_iter()
        .zip(read_texts(batches, "place")?);
    let names = names.zip(read_texts(batches, "quarter")?);
    let (probability, mean) = (
        read_numbers(batches, "probability")?,
        read_numbers(batches, "mean_shortfall")?,
    );
    let numbers = probability
        .into_iter()
        .zip(mean)
        .zip(read_numbers(batches, "largest_shortfall")?);
    Ok(names
        .zip(numbers)
        .map(
            |(((product, place), quarter), ((probability, mean), largest))| ShortageRow {
                product,
                place,
                quarter,
                probability,
                mean,
                largest,
            },
        )
        .collect())
}

/// Spot prices of all paths: series by series, quarter by quarter, path by path. Seven figures are kept, so ten
/// thousand paths of twelve quarters take some forty megabytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    series: usize,
    quarters: usize,
    paths: usize,
    values: Vec<f32>,
}

impl Matrix {
    /// Reads all parts. Rows of a part stand in a fixed order, which its hash vouches for.
    pub(super) fn read(dir: &Path, plan: &Plan, series: usize) -> Result<Self, RunStoreError> {
        let quarters = plan.quarters.len();
        let paths = usize::try_from(plan.paths).unwrap_or(0);
        let mut values = vec![0.0_f32; series * quarters * paths];
        for part in 0..plan.parts() {
            let name = file_of("prices", part);
            let spot = part_numbers(dir, &name, "spot_usd_per_kg")?;
            let range = plan.range(part);
            let (from, n) = (range.start as usize, range.len());
            if spot.len() != series * quarters * n {
                return Err(RunStoreError::Damaged {
                    path: dir.join(name),
                    why: format!("it has {} rows, not {}", spot.len(), series * quarters * n),
                });
            }
            for (row, chunk) in spot.chunks_exact(n.max(1)).enumerate() {
                for (p, value) in chunk.iter().enumerate() {
                    #[allow(clippy::cast_possible_truncation, reason = "written with seven figures")]
                    let value = *value as f32;
                    values[row * paths + from + p] = value;
                }
            }
        }
        Ok(Self {
            series,
            quarters,
            paths,
            values,
        })
    }

    /// Prices of a series in a quarter, path by path.
    #[must_use]
    pub fn quarter(&self, series: usize, quarter: usize) -> Vec<f64> {
        let row = series * self.quarters + quarter;
        self.values[row * self.paths..(row + 1) * self.paths]
            .iter()
            .map(|v| f64::from(*v))
            .collect()
    }

    /// Highest price of a series on each path.
    #[must_use]
    pub fn peak(&self, series: usize) -> Vec<f64> {
        let mut peak = vec![f64::NEG_INFINITY; self.paths];
        for q in 0..self.quarters {
            for (high, value) in peak.iter_mut().zip(self.quarter(series, q)) {
                *high = high.max(value);
            }
        }
        peak
    }

    /// How many series it holds.
    #[must_use]
    pub const fn series(&self) -> usize {
        self.series
    }
}

fn part_numbers(dir: &Path, name: &str, column: &str) -> Result<Vec<f64>, RunStoreError> {
    let path = dir.join(name);
    let bytes = fs::read(&path).map_err(|e| RunStoreError::io(&path, e))?;
    decode(bytes)
        .and_then(|batches| read_numbers(&batches, column))
        .map_err(|why| RunStoreError::Damaged { path, why })
}

/// Bands of every price, quarter by quarter and at the peak.
pub(super) fn price_bands(matrix: &Matrix, frame: &Frame, best: &Record) -> Vec<PriceBand> {
    let quarters = frame.quarters.len();
    let mut bands = Vec::new();
    for (s, series) in frame.series.iter().enumerate() {
        let own = best.spot.get(s * quarters..(s + 1) * quarters).unwrap_or_default();
        let mut push = |quarter: &str, best_price: f64, mut values: Vec<f64>| {
            bands.push(PriceBand {
                product: series.name.clone(),
                zone: series.zone.as_str().to_owned(),
                quarter: quarter.to_owned(),
                base: best.base.get(s).copied().unwrap_or(0.0),
                best: best_price,
                band: Band::of(&mut values),
            });
        };
        for (q, quarter) in frame.quarters.iter().enumerate() {
            push(quarter, own.get(q).copied().unwrap_or(0.0), matrix.quarter(s, q));
        }
        push(PEAK, own.iter().copied().fold(0.0, f64::max), matrix.peak(s));
    }
    bands
}

/// Losses of every path by place, in the order of the frame, then of all places.
fn losses(dir: &Path, plan: &Plan, places: usize) -> Result<Vec<Vec<f64>>, RunStoreError> {
    let mut all: Vec<Vec<f64>> = vec![Vec::with_capacity(plan.paths as usize); places + 1];
    for part in 0..plan.parts() {
        let values = part_numbers(dir, &file_of("losses", part), "loss_kusd")?;
        for path in values.chunks_exact(places.max(1)) {
            for (column, value) in all.iter_mut().zip(path) {
                column.push(*value);
            }
            if let Some(sum) = all.last_mut() {
                sum.push(path.iter().sum());
            }
        }
    }
    Ok(all)
}

pub(super) fn loss_bands(
    dir: &Path,
    plan: &Plan,
    frame: &Frame,
    best: &Record,
) -> Result<Vec<LossBand>, RunStoreError> {
    let names = frame.places.iter().map(String::as_str).chain([ALL]);
    let total = best.loss.iter().sum();
    let at_best = best.loss.iter().copied().chain([total]);
    let columns = losses(dir, plan, frame.places.len())?;
    Ok(names
        .zip(at_best)
        .zip(columns)
        .map(|((place, best), mut values)| LossBand {
            place: place.to_owned(),
            best,
            band: Band::of(&mut values),
        })
        .collect())
}

/// Counts of the parts, summed.
pub(super) fn shortages(dir: &Path, plan: &Plan, frame: &Frame) -> Result<Vec<ShortageRow>, RunStoreError> {
    let quarters = frame.quarters.len();
    let rows = frame.users.len() * quarters;
    let mut sums = vec![(0.0, 0.0, 0.0_f64); rows];
    for part in 0..plan.parts() {
        let name = file_of("shortages", part);
        let count = part_numbers(dir, &name, "paths_short")?;
        let sum = part_numbers(dir, &name, "shortfall_sum")?;
        let largest = part_numbers(dir, &name, "shortfall_largest")?;
        for (total, ((count, sum), largest)) in sums.iter_mut().zip(count.into_iter().zip(sum).zip(largest)) {
            *total = (total.0 + count, total.1 + sum, total.2.max(largest));
        }
    }
    let n = f64::from(plan.paths.max(1));
    let keys = frame
        .users
        .iter()
        .flat_map(|user| frame.quarters.iter().map(move |quarter| (user, quarter)));
    Ok(keys
        .zip(sums)
        .map(|((user, quarter), (count, sum, largest))| ShortageRow {
            product: user.name.clone(),
            place: user.place_id.clone(),
            quarter: quarter.clone(),
            probability: count / n,
            mean: sum / n,
            largest,
        })
        .collect())
}

/// A paired difference: of the same draw under two scenarios.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What differs: a product in a zone, or users' loss.
    pub what: String,
    /// Zone or place.
    pub at: String,
    /// Quarter, `peak`, or `run`.
    pub when: String,
    /// First less second, over paths.
    pub band: Band,
    /// Share of paths on which the first is higher.
    pub higher: f64,
}

impl Stored {
    /// What differs, path by path, from another ensemble of the same draws: this one less the other. Prices are
    /// compared quarter by quarter where both have the quarter, and at their peaks.
    ///
    /// # Errors
    /// When the two do not share seed, sampler, paths, evidence, view or variants, or a part is damaged.
    pub fn less(&self, other: &Self) -> Result<Vec<Difference>, RunStoreError> {
        self.paired(&other.plan)?;
        for stored in [self, other] {
            stored.verify()?;
        }
        let (mine, theirs) = (self.series(), other.series());
        let matrices = (
            Matrix::read(&self.dir, &self.plan, mine.len())?,
            Matrix::read(&other.dir, &other.plan, theirs.len())?,
        );
        let at: BTreeMap<&(String, String), usize> = theirs.iter().enumerate().map(|(i, key)| (key, i)).collect();
        let mut found = Vec::new();
        for (s, key) in mine.iter().enumerate() {
            let Some(t) = at.get(key).copied() else { continue };
            found.push(difference(key, PEAK, &matrices.0.peak(s), &matrices.1.peak(t)));
            for (q, quarter) in self.plan.quarters.iter().enumerate() {
                if let Some(r) = other.plan.quarters.iter().position(|known| known == quarter) {
                    let (a, b) = (matrices.0.quarter(s, q), matrices.1.quarter(t, r));
                    found.push(difference(key, quarter, &a, &b));
                }
            }
        }
        let places = self.losses.len().saturating_sub(1);
        let (a, b) = (
            losses(&self.dir, &self.plan, places)?,
            losses(&other.dir, &other.plan, places)?,
        );
        for (row, (a, b)) in self.losses.iter().zip(a.iter().zip(&b)) {
            found.push(difference(&("loss".to_owned(), row.place.clone()), "run", a, b));
        }
        Ok(found)
    }

    fn paired(&self, other: &Plan) -> Result<(), RunStoreError> {
        let plan = &self.plan;
        let differs = [
            ("seed", plan.seed != other.seed),
            ("sampler", plan.sampler != other.sampler),
            ("number of paths", plan.paths != other.paths),
            ("evidence", plan.dataset_sha256 != other.dataset_sha256),
            ("view", plan.view != other.view),
            ("base year", plan.base_year != other.base_year),
            ("number of variants", plan.variants != other.variants),
            ("version", plan.program != other.program),
        ];
        match differs.iter().find(|(_, differs)| *differs) {
            Some((what, _)) => Err(RunStoreError::NotPaired {
                why: format!("they differ in their {what}"),
            }),
            None => Ok(()),
        }
    }

    /// Checks every part against its hashes.
    ///
    /// # Errors
    /// The first part that is damaged or missing.
    pub fn verify(&self) -> Result<(), RunStoreError> {
        for part in 0..self.plan.parts() {
            check(&self.dir, &self.plan, part).map_err(|why| RunStoreError::Damaged {
                path: self.dir.clone(),
                why: why.unwrap_or_else(|| format!("part {part} is missing"))
                    + "; running the same command again repairs it",
            })?;
        }
        Ok(())
    }

    /// Product and zone of every series, in the order of the matrix.
    fn series(&self) -> Vec<(String, String)> {
        self.prices
            .iter()
            .filter(|band| band.quarter == PEAK)
            .map(|band| (band.product.clone(), band.zone.clone()))
            .collect()
    }
}

fn difference(key: &(String, String), when: &str, a: &[f64], b: &[f64]) -> Difference {
    let mut values: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    #[allow(clippy::cast_precision_loss, reason = "path counts are far below 2^52")]
    let higher = values.iter().filter(|d| **d > 1e-9).count() as f64 / values.len().max(1) as f64;
    Difference {
        what: key.0.clone(),
        at: key.1.clone(),
        when: when.to_owned(),
        band: Band::of(&mut values),
        higher,
    }
}
