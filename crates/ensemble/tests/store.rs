//! The run store: resumed equals uninterrupted to the byte, damage is found and repaired, a full disk leaves what is
//! finished.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use monazite_ensemble::run::workers;
use monazite_ensemble::sample::{Method, Sampler};
use monazite_ensemble::store::{Finished, Order, Plan, RunStoreError, complete, list, open, remove, sha256};
use monazite_ensemble::world::{View, World};
use monazite_evidence::Dataset;
use monazite_market::scenario::{Scenario, Vocabulary, find};

const PATHS: u32 = 5;

struct Case {
    world: World,
    scenario: Scenario,
    text: &'static str,
    sampler: Sampler,
}

impl Case {
    fn new(name: &str) -> Self {
        let dataset = Dataset::bundled().unwrap();
        let bundled = find(name).unwrap();
        let mut scenario = Scenario::parse(bundled.text, bundled.name, &Vocabulary::from_dataset(&dataset)).unwrap();
        scenario.quarters = 2;
        let world = World::new(dataset, 2024, View::Bloc14, 3, 1).unwrap();
        let sampler = Sampler::new(Method::Lhs, 3, PATHS as usize, world.dimensions()).unwrap();
        Self {
            world,
            scenario,
            text: bundled.text,
            sampler,
        }
    }

    fn plan(&self) -> Plan {
        let mut plan = Plan {
            format: 0,
            program: String::new(),
            scenario: self.scenario.name.clone(),
            title: self.scenario.title.clone(),
            scenario_sha256: sha256(self.text.as_bytes()),
            dataset_sha256: self.world.dataset().fingerprint(),
            view: "bloc14".to_owned(),
            base_year: 2024,
            quarters: self.scenario.timeline().map(|q| q.to_string()).collect(),
            paths: PATHS,
            seed: 3,
            sampler: "lhs".to_owned(),
            variants: 1,
            part_paths: 0,
        }
        .of_this_build();
        plan.part_paths = 2;
        plan
    }

    fn run(&self, dir: &Path, threads: usize) -> Result<Finished, RunStoreError> {
        let pool = workers(threads).unwrap();
        let order = Order {
            world: &self.world,
            scenario: &self.scenario,
            scenario_text: self.text,
            sampler: &self.sampler,
            plan: self.plan(),
            pool: &pool,
            force: false,
        };
        complete(dir, &order, &mut |_| {})
    }
}

/// Every file but the one that says when, with its bytes.
fn content(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![dir.to_path_buf()];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if !path.ends_with("made.toml") {
                let name = path.strip_prefix(dir).unwrap().display().to_string();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn stopped_damaged_and_full_runs_end_like_an_uninterrupted_one() {
    let case = Case::new("china-2025-04");
    let root = tempfile::tempdir().unwrap();
    let whole = root.path().join("whole");
    let finished = case.run(&whole, 2).unwrap();
    assert_eq!((finished.found, finished.repairs.len()), (0, 0));
    assert_eq!(finished.stored.plan.parts(), 3);
    let expected = content(&whole);
    finished.stored.verify().unwrap();

    // Stopped after the first part, with half a file of the second: the rest is computed, with another thread count.
    let stopped = root.path().join("stopped");
    case.run(&stopped, 1).unwrap();
    for file in [
        "run.toml",
        "bands.parquet",
        "parts/00001.toml",
        "parts/00002.toml",
        "losses/part-00002.parquet",
    ] {
        fs::remove_file(stopped.join(file)).unwrap();
    }
    fs::write(stopped.join("prices/part-00001.parquet"), b"half").unwrap();
    fs::write(stopped.join("prices/part-00001.parquet.partial"), b"half").unwrap();
    assert!(matches!(open(&stopped), Err(RunStoreError::NotARun { .. })));
    let listed = list(root.path()).unwrap();
    assert_eq!((listed[0].paths, listed[0].complete), (2, false));
    let finished = case.run(&stopped, 2).unwrap();
    assert_eq!(finished.found, 2);
    assert_eq!(content(&stopped), expected);

    // One bit of a finished part: found by its hash, named, and computed again.
    let damaged = stopped.join("prices/part-00001.parquet");
    let mut bytes = fs::read(&damaged).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&damaged, bytes).unwrap();
    let message = open(&stopped).unwrap().verify().unwrap_err().to_string();
    assert!(message.contains("prices/part-00001.parquet"), "{message}");
    let finished = case.run(&stopped, 1).unwrap();
    assert_eq!(finished.repairs.len(), 1);
    assert!(
        finished.repairs[0].why.contains("prices/part-00001.parquet"),
        "{:?}",
        finished.repairs
    );
    assert_eq!(content(&stopped), expected);

    // Another plan does not overwrite it, and a strange file keeps it from being removed.
    let mut other = case;
    other.text = "# another";
    assert!(matches!(other.run(&stopped, 1), Err(RunStoreError::Taken { .. })));
    fs::write(stopped.join("thesis.txt"), b"mine").unwrap();
    assert!(matches!(remove(&stopped), Err(RunStoreError::Taken { .. })));
    remove(&whole).unwrap();
    assert!(!whole.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_with_a_message_and_leaves_what_is_finished() {
    let case = Case::new("china-2025-04");
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("run");
    // What the second part writes first goes to a device that is always full.
    fs::create_dir_all(dir.join("prices")).unwrap();
    fs::write(dir.join("plan.toml"), toml::to_string(&case.plan()).unwrap()).unwrap();
    std::os::unix::fs::symlink("/dev/full", dir.join("prices/part-00001.parquet.partial")).unwrap();
    let error = case.run(&dir, 1).unwrap_err();
    let RunStoreError::DiskFull { finished, parts, .. } = &error else {
        unreachable!("{error}")
    };
    assert_eq!((*finished, *parts), (1, 3));
    assert!(error.to_string().contains("the disk is full"), "{error}");
    assert_eq!(
        list(root.path()).unwrap()[0].paths,
        2,
        "the first part is there and whole"
    );
    // With room again, it goes on.
    assert_eq!(case.run(&dir, 1).unwrap().found, 2);
}

#[test]
fn two_scenarios_on_the_same_draws_are_paired() {
    let (a, b) = (Case::new("china-2025-04"), Case::new("china-2025-04"));
    let root = tempfile::tempdir().unwrap();
    let first = a.run(&root.path().join("a"), 1).unwrap().stored;
    let second = b.run(&root.path().join("b"), 2).unwrap().stored;
    let differences = first.less(&second).unwrap();
    assert!(!differences.is_empty());
    assert!(
        differences
            .iter()
            .all(|d| d.band.p5 == 0.0 && d.band.p95 == 0.0 && d.higher == 0.0)
    );
}

#[test]
fn duckdb_and_polars_read_a_run() {
    let case = Case::new("china-2025-04");
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("run");
    case.run(&dir, 2).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers.py");
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let Ok(output) = std::process::Command::new(python).arg(script).arg(&dir).output() else {
        println!("skipped: there is no python3");
        return;
    };
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{words}");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
