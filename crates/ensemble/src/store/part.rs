//! One part: a range of paths as five tables and their hashes.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use super::plan::{Entry, Plan, RunFile};
use super::table::{Column, column, counts, encode, figures, numbers, texts};
use super::{PARTED, RunStoreError, sha256};
use crate::frame::{Frame, Record};
use crate::inputs::Inputs;

pub(super) const PART_KIND: &str = "part of an ensemble";

/// Name of a table's file of a part.
pub(super) fn file_of(table: &str, part: u32) -> String {
    format!("{table}/part-{part:05}.parquet")
}

/// Name of the file with a part's hashes.
pub(super) fn hashes_of(part: u32) -> String {
    format!("parts/{part:05}.toml")
}

/// Writes a file beside its place, flushes it, and puts it in place.
pub(super) fn put(dir: &Path, file: &str, bytes: &[u8]) -> Result<(), RunStoreError> {
    let path = dir.join(file);
    let partial = dir.join(format!("{file}.partial"));
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|e| RunStoreError::io(parent, e))?;
    }
    let write = || -> std::io::Result<()> {
        let mut out = File::create(&partial)?;
        out.write_all(bytes)?;
        out.sync_all()
    };
    if let Err(error) = write() {
        // Half a file is of no use; that it cannot be removed would hide the cause.
        let _ = fs::remove_file(&partial);
        return Err(RunStoreError::io(&path, error));
    }
    fs::rename(&partial, &path).map_err(|e| RunStoreError::io(&path, e))
}

/// Writes a part: its tables, then its hashes.
pub(super) fn write(
    dir: &Path,
    plan: &Plan,
    part: u32,
    records: &[Record],
    frame: &Frame,
    inputs: &Inputs,
) -> Result<Vec<Entry>, RunStoreError> {
    let mut entries = Vec::new();
    for (table, rows, bytes) in tables(records, frame, inputs)? {
        let file = file_of(table, part);
        put(dir, &file, &bytes)?;
        entries.push(Entry {
            file,
            rows: Some(rows),
            sha256: sha256(&bytes),
        });
    }
    let hashes = RunFile {
        kind: PART_KIND.to_owned(),
        plan_sha256: plan.identity(),
        file: entries.clone(),
    };
    put(dir, &hashes_of(part), encoded(&hashes, &hashes_of(part))?.as_bytes())?;
    Ok(entries)
}

pub(super) fn encoded<T: serde::Serialize>(value: &T, file: &str) -> Result<String, RunStoreError> {
    toml::to_string(value).map_err(|e| RunStoreError::Encode {
        table: file.to_owned(),
        why: e.to_string(),
    })
}

/// The files of a part that is whole, or what is wrong with it: nothing when it was never written.
pub(super) fn check(dir: &Path, plan: &Plan, part: u32) -> Result<Vec<Entry>, Option<String>> {
    let Ok(text) = fs::read_to_string(dir.join(hashes_of(part))) else {
        return Err(None);
    };
    let damaged = |file: &str| Some(format!("`{file}` is damaged"));
    let hashes: RunFile = toml::from_str(&text).map_err(|_| damaged(&hashes_of(part)))?;
    let expected: Vec<String> = PARTED.iter().map(|table| file_of(table, part)).collect();
    let listed: Vec<&String> = hashes.file.iter().map(|entry| &entry.file).collect();
    if hashes.plan_sha256 != plan.identity() || !listed.iter().copied().eq(expected.iter()) {
        return Err(damaged(&hashes_of(part)));
    }
    for entry in &hashes.file {
        match fs::read(dir.join(&entry.file)) {
            Ok(bytes) if sha256(&bytes) == entry.sha256 => {}
            Ok(_) => return Err(damaged(&entry.file)),
            Err(_) => return Err(Some(format!("`{}` is missing", entry.file))),
        }
    }
    Ok(hashes.file)
}

type Bytes = (&'static str, usize, Vec<u8>);

fn tables(records: &[Record], frame: &Frame, inputs: &Inputs) -> Result<Vec<Bytes>, RunStoreError> {
    let n = records.len();
    let quarters = frame.quarters.len();
    let coded = |table: &'static str, rows: usize, columns| match encode(columns) {
        Ok(bytes) => Ok((table, rows, bytes)),
        Err(why) => Err(RunStoreError::Encode {
            table: table.to_owned(),
            why,
        }),
    };
    Ok(vec![
        coded("prices", frame.series.len() * quarters * n, prices(records, frame))?,
        coded("losses", frame.places.len() * n, losses(records, frame))?,
        coded("shortages", frame.users.len() * quarters, shortages(records, frame))?,
        coded("draws", n, draws(records, inputs))?,
        coded("paths", n, paths(records))?,
    ])
}

fn numbers_of(records: &[Record]) -> Column {
    column(
        "path",
        "-",
        "number of the path",
        counts(records.iter().map(|r| r.path)),
    )
}

/// Series by series, then quarter by quarter, then path by path: a query for one product reads a short run of a file.
fn prices<'a>(records: &'a [Record], frame: &'a Frame) -> Vec<Column> {
    let (n, quarters) = (records.len(), frame.quarters.len());
    let keys: Vec<(usize, usize)> = (0..frame.series.len())
        .flat_map(|s| (0..quarters).map(move |q| (s, q)))
        .collect();
    let repeated = |name: &dyn Fn(usize, usize) -> &'a str| {
        texts(keys.iter().flat_map(|(s, q)| std::iter::repeat_n(name(*s, *q), n)))
    };
    let over = |value: fn(&Record) -> &[f64]| {
        let values = keys
            .iter()
            .flat_map(|(s, q)| records.iter().map(move |r| value(r)[s * quarters + q]));
        figures(values)
    };
    vec![
        column(
            "product",
            "-",
            "product, as kind:item",
            repeated(&|s, _| frame.series[s].name.as_str()),
        ),
        column(
            "zone",
            "-",
            "inside or outside the places that restrict",
            repeated(&|s, _| frame.series[s].zone.as_str()),
        ),
        column("quarter", "-", "quarter", repeated(&|_, q| frame.quarters[q].as_str())),
        column(
            "path",
            "-",
            "number of the path",
            counts(keys.iter().flat_map(|_| records.iter().map(|r| r.path))),
        ),
        column(
            "spot_usd_per_kg",
            "USD/kg",
            "price at the margin, weighted over the zone by base need",
            over(|r| &r.spot),
        ),
        column(
            "average_usd_per_kg",
            "USD/kg",
            "price averaged with contracts",
            over(|r| &r.average),
        ),
    ]
}

fn losses(records: &[Record], frame: &Frame) -> Vec<Column> {
    let rows = || {
        records
            .iter()
            .flat_map(|r| frame.places.iter().zip(&r.loss).map(move |(p, l)| (r.path, p, *l)))
    };
    vec![
        column("path", "-", "number of the path", counts(rows().map(|x| x.0))),
        column("place", "-", "place id", texts(rows().map(|x| x.1.as_str()))),
        column(
            "loss_kusd",
            "thousand USD",
            "users' loss of surplus over the run",
            numbers(rows().map(|x| x.2)),
        ),
    ]
}

fn shortages(records: &[Record], frame: &Frame) -> Vec<Column> {
    let quarters = frame.quarters.len();
    let rows = || (0..frame.users.len()).flat_map(|u| (0..quarters).map(move |q| (u, q)));
    let short = |u: usize, q: usize| records.iter().map(move |r| r.shortfall[u * quarters + q]);
    let count = |u, q| u32::try_from(short(u, q).filter(|s| Frame::is_short(*s)).count()).unwrap_or(u32::MAX);
    vec![
        column(
            "product",
            "-",
            "product, as kind:item",
            texts(rows().map(|(u, _)| frame.users[u].name.as_str())),
        ),
        column(
            "place",
            "-",
            "place id",
            texts(rows().map(|(u, _)| frame.users[u].place_id.as_str())),
        ),
        column(
            "quarter",
            "-",
            "quarter",
            texts(rows().map(|(_, q)| frame.quarters[q].as_str())),
        ),
        column(
            "paths_short",
            "-",
            "paths that get at least a twentieth less than wanted",
            counts(rows().map(|(u, q)| count(u, q))),
        ),
        column(
            "shortfall_sum",
            "1",
            "shortfall summed over the paths of the part, as shares of what is wanted",
            numbers(rows().map(|(u, q)| short(u, q).map(|s| s.max(0.0)).sum())),
        ),
        column(
            "shortfall_largest",
            "1",
            "largest shortfall of a path",
            numbers(rows().map(|(u, q)| short(u, q).fold(0.0, f64::max))),
        ),
    ]
}

fn draws(records: &[Record], inputs: &Inputs) -> Vec<Column> {
    let of_input = |(d, input): (usize, &crate::inputs::Input)| {
        let values = records.iter().map(|r| r.multiples.get(d).copied().unwrap_or(1.0));
        column(&input.id, "× central", &input.meaning, numbers(values))
    };
    std::iter::once(numbers_of(records))
        .chain(inputs.list.iter().enumerate().map(of_input))
        .collect()
}

fn paths(records: &[Record]) -> Vec<Column> {
    let of = |value: fn(&Record) -> f64| numbers(records.iter().map(value));
    vec![
        numbers_of(records),
        column(
            "loss_kusd",
            "thousand USD",
            "users' loss of surplus over the run, all places",
            of(|r| r.loss.iter().sum()),
        ),
        column(
            "pivots",
            "-",
            "simplex iterations of all quarters",
            counts(records.iter().map(|r| r.pivots)),
        ),
        column(
            "worst_kkt",
            "1",
            "worst violation of the optimality conditions",
            of(|r| r.worst_kkt),
        ),
    ]
}
