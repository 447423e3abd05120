//! `monazite simulate --paths`, `runs` and `sensitivity` through the real program.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{Bench, RIGHT, rows, scenario};

/// Runs the program and compares what a user sees; how long it took is replaced.
macro_rules! seen {
    ($bench:expr, $args:expr, @$text:literal) => {
        insta::with_settings!({ filters => vec![
            (r"\d+\.\d s\.", "[time]."),
            (r"come with the program: .*", "come with the program: [names]"),
        ]}, {
            insta::assert_snapshot!($bench.run(&$args), @$text);
        });
    };
}

/// A scenario of one quarter, in the folder of the test.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.file("test.toml", scenario(RIGHT).replace("quarters = 2", "quarters = 1"));
    bench
}

/// Eight paths in four parts.
fn paths<'a>(out: &'a str, threads: &'a str) -> Vec<&'a str> {
    let mut args = vec![
        "simulate",
        "./test.toml",
        "--view",
        "bloc14",
        "--paths",
        "8",
        "--seed",
        "7",
    ];
    args.extend([
        "--variants",
        "1",
        "--part-paths",
        "2",
        "--out",
        out,
        "--threads",
        threads,
    ]);
    args
}

/// Every file of a run but the one that says when, with its bytes.
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
fn bands_hold_their_medians_and_programs_get_every_quarter() {
    let bench = bench();
    let text = bench.stdout(&paths("run", "2"));
    for part in [
        "Peak prices, USD/kg",
        "Who may run short",
        "What it costs users",
        "run/scenario.toml",
    ] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&bench.stdout(&["runs", "show", "run", "--json"])).unwrap();
    assert_eq!((json["paths"].as_u64(), json["seed"].as_u64()), (Some(8), Some(7)));
    let csv = |table: &str| rows(&bench.stdout(&["runs", "show", "run", &format!("--csv={table}")]));
    let number = |row: &BTreeMap<String, String>, key: &str| row[key].parse::<f64>().unwrap();
    let bands = csv("bands");
    assert!(
        bands
            .iter()
            .any(|row| row["product"] == "oxide:Dy" && row["zone"] == "outside" && row["quarter"] == "2025Q1")
    );
    for row in &bands {
        let [low, median, high] = ["p5", "median", "p95"].map(|p| number(row, &format!("{p}_usd_per_kg")));
        assert!(low <= median && median <= high, "{row:?}");
    }
    let short = csv("shortages");
    assert!(!short.is_empty());
    for row in &short {
        let paths = number(row, "probability") * 8.0;
        assert!(paths >= 1.0 && (paths - paths.round()).abs() < 1e-9, "{row:?}");
    }
    assert!(csv("losses").iter().any(|row| row["place"] == "all"));
    let page = fs::read_to_string(bench.dir.path().join("run/report.html")).unwrap();
    assert!(page.contains("<polygon class=\"wide\"") && page.contains("Probability of shortage"));
}

#[test]
fn threads_change_nothing_and_a_killed_run_ends_like_a_whole_one() {
    let bench = bench();
    bench.stdout(&paths("whole", "1"));
    let expected = content(&bench.dir.path().join("whole"));
    for (out, threads) in [("two", "2"), ("eight", "8")] {
        bench.stdout(&paths(out, threads));
        assert!(
            content(&bench.dir.path().join(out)) == expected,
            "{threads} threads differ"
        );
    }
    // Killed once the first part is there.
    let stopped = bench.dir.path().join("stopped");
    let mut child = bench
        .command(&paths("stopped", "1"))
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !stopped.join("parts/00000.toml").exists() && begun.elapsed() < Duration::from_mins(2) {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        stopped.join("parts/00000.toml").exists(),
        "nothing was written in two minutes"
    );
    assert!(!stopped.join("run.toml").exists(), "it was too fast to be killed");
    let listed = bench.stdout(&["runs", "list", "."]);
    assert!(listed.contains("stopped at"), "{listed}");
    let again = bench.stdout(&paths("stopped", "2"));
    assert!(again.contains("were done already"), "{again}");
    assert!(content(&stopped) == expected, "the resumed run differs");
}

#[test]
fn damage_is_named_and_computed_again() {
    let bench = bench();
    bench.stdout(&paths("run", "2"));
    seen!(bench, ["runs", "check", "run"], @"
    exit code 0
    ----- output
    As it was written: 8 paths, 4 parts.
    ");
    let expected = content(&bench.dir.path().join("run"));
    let file = bench.dir.path().join("run/prices/part-00001.parquet");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let seen = bench.run(&["runs", "check", "run"]);
    assert!(
        seen.starts_with("exit code 3") && seen.contains("prices/part-00001.parquet"),
        "{seen}"
    );
    let text = bench.stdout(&paths("run", "1"));
    assert!(
        text.contains("Computed again: `prices/part-00001.parquet` is damaged."),
        "{text}"
    );
    assert!(content(&bench.dir.path().join("run")) == expected);
    assert!(bench.run(&["runs", "check", "run"]).starts_with("exit code 0"));
}

#[test]
fn two_runs_are_compared_path_by_path_and_removed() {
    let bench = bench();
    bench.file(
        "milder.toml",
        fs::read_to_string(bench.dir.path().join("test.toml"))
            .unwrap()
            .replace("0.3", "0.9"),
    );
    let mut args = paths("run", "2");
    args.extend(["--versus", "./milder.toml"]);
    let text = bench.stdout(&args);
    assert!(
        text.contains("path by path on the same draws") && text.contains("Dy oxide"),
        "{text}"
    );
    let found = rows(&bench.stdout(&["runs", "compare", "run", "run-versus", "--csv=differences"]));
    let dysprosium = found
        .iter()
        .find(|row| row["what"] == "oxide:Dy" && row["at"] == "outside" && row["when"] == "peak");
    let more: f64 = dysprosium.unwrap()["median"].parse().unwrap();
    assert!(more > 0.0, "three tenths of the licences cost more than nine tenths");
    // Another number of paths has other draws.
    let few = [
        "simulate",
        "./test.toml",
        "--view",
        "bloc14",
        "--paths",
        "2",
        "--variants",
        "0",
        "--out",
        "few",
    ];
    bench.stdout(&few);
    seen!(bench, ["runs", "compare", "run", "few"], @"
    exit code 2
    ----- errors
    error: the two ensembles do not share their draws: they differ in their seed
    hint: run both with the same --paths, --seed, --sampler, --variants and --view
    ");
    // What no run wrote keeps a folder from being removed.
    bench.file("run/thesis.txt", "mine");
    assert!(bench.run(&["runs", "rm", "run"]).starts_with("exit code 2"));
    seen!(bench, ["runs", "rm", "few"], @"
    exit code 0
    ----- output
    Removed few.
    ");
    assert!(!bench.dir.path().join("few").exists() && bench.dir.path().join("run/thesis.txt").exists());
}

#[test]
fn what_is_wrong_is_said() {
    let bench = bench();
    seen!(bench, ["simulate", "./test.toml", "--paths", "0"], @"
    exit code 2
    ----- errors
    error: invalid value '0' for '--paths <N>': 0 is not in 1..=65536

    For more information, try '--help'.
    ");
    seen!(bench, ["simulate", "china-2025-4", "--paths", "2"], @"
    exit code 2
    ----- errors
    error: unknown scenario `china-2025-4`; did you mean `china-2025-04`?
    hint: scenarios that come with the program: [names]
    hint: or give a file, such as `./my-scenario.toml`; `monazite scenario new NAME` writes one
    ");
    seen!(bench, ["runs", "show", "nothing"], @"
    exit code 2
    ----- errors
    error: `nothing` is no ensemble: it has no `plan.toml`
    hint: `monazite runs list DIR` shows what a folder holds
    ");
    seen!(bench, ["runs", "list"], @"
    exit code 0
    ----- output
    Runs in results
      none; `monazite simulate china-2025-04 --view bloc14 --paths 200` makes one
    ");
    seen!(bench, ["sensitivity", "./test.toml", "--outcome", "price:oxide:Dx@outside:peak"], @"
    exit code 2
    ----- errors
    error: unknown product `oxide:Dx`; did you mean `oxide:Dy`?
    hint: outcomes: price:PRODUCT@inside|outside:WHEN, shortage:PRODUCT@PLACE:WHEN, loss@PLACE or loss@all; WHEN is peak, mean or a quarter
    ");
    bench.stdout(&[
        "simulate",
        "./test.toml",
        "--view",
        "bloc14",
        "--paths",
        "2",
        "--variants",
        "0",
        "--out",
        "run",
    ]);
    let other = [
        "simulate",
        "./test.toml",
        "--view",
        "bloc14",
        "--paths",
        "3",
        "--variants",
        "0",
        "--out",
        "run",
    ];
    seen!(bench, other, @"
    exit code 2
    ----- errors
    error: `run` holds an ensemble of `test`, 2 paths, view bloc14, seed 1, sobol
    hint: name another folder with `--out`, or replace an ensemble with `--force`
    ");
}

#[test]
fn sensitivity_ranks_rows_and_says_how_sure_they_are() {
    let bench = bench();
    let mut args = vec![
        "sensitivity",
        "./test.toml",
        "--outcome",
        "price:oxide:Dy@outside:peak",
        "--view",
        "bloc14",
    ];
    args.extend([
        "--trajectories",
        "2",
        "--drivers",
        "1",
        "--points",
        "8",
        "--csv=drivers",
    ]);
    let found = rows(&bench.stdout(&args));
    assert_eq!(found.len(), 2, "one driver, and everything else");
    assert!(matches!(found[0]["confidence"].as_str(), "A" | "B" | "C") && !found[0]["input"].is_empty());
    assert_eq!(found[1]["input"], "(everything else)");
}

#[test]
fn a_price_that_is_not_unique_has_a_range() {
    let bench = bench();
    let csv = bench.stdout(&[
        "simulate",
        "./test.toml",
        "--view",
        "bloc14",
        "--intervals",
        "--csv=intervals",
    ]);
    for row in rows(&csv) {
        let [low, shown, high] =
            ["low", "spot", "high"].map(|key| row[&format!("{key}_usd_per_kg")].parse::<f64>().unwrap());
        assert!(low <= shown && shown <= high && high - low > 0.01 * shown, "{row:?}");
    }
    assert!(csv.starts_with("product,place,quarter,low_usd_per_kg"), "{csv}");
}
