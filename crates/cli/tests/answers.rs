//! What a user reads when all is well: help, lists, and one scenario from end to end.

mod common;

use common::{Bench, RIGHT, rows, scenario};
use serde_json::Value;

/// Help is reviewed text.
macro_rules! help {
    ($args:expr, @$text:literal) => {
        insta::assert_snapshot!(Bench::new().stdout(&$args), @$text);
    };
}

#[test]
fn help_of_the_whole() {
    help!(["--help"], @r"
    The rare-earth supply chain from ore to motor: who controls it, what happens when it breaks

    Usage: monazite [OPTIONS] <COMMAND>

    Commands:
      simulate     Run a scenario and show who runs short of what, at which price, for how long
      scenario     List, show, check and begin scenarios
      explain      Say why a price is what it is, or why somebody runs short
      runs         List, show, compare, check and remove ensembles
      sensitivity  Rank which evidence drives a price, a shortage or a loss
      risk         Say who controls the chain: shares, concentration, import reliance, criticality
      backtest     Simulate quarters that are past, and score what comes out against what happened
      exposure     Say what is exposed: products, platforms, fleets, industries, GDP
      brief        Turn an article into events, checked claims, a scenario and numbers
      deals        List and filter the ledger of deals, and sum the money
      data         Look into the evidence and check it
      project      Value deposits and projects: is it viable, at which price, with which floor
      plan         Find the measures that most reduce what disruptions cost, within a budget
      stockpile    Say what runs short in an emergency, what covers it, and which stock is left to buy
      market       Look into the calibrated market
      serve        Open the atlas: a local web application, with a documented HTTP API

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Output:
          --json
              Print JSON instead of tables for people

          --csv[=<TABLE>]
              Print one table as CSV: the main one, or the one named

          --parquet <FILE>
              Also write the main table as Parquet; all tables where FILE is a folder

          --xlsx <FILE>
              Also write all tables as an Excel workbook, a sheet each, sources last

          --color <WHEN>
              Colour the output; `NO_COLOR` is respected

              Possible values:
              - auto:   On a terminal
              - always: Even into a file
              - never:  Not at all
              
              [default: auto]

    Evidence:
          --dataset <DIR>
              Read the evidence from a folder instead of the one inside the program

    Examples:
      monazite simulate china-2025-04
      monazite risk
      monazite exposure --country USA --scenario china-2025-04
      monazite explain results/china-2025-04 --price Dy --place JPN --quarter 2025Q3
      monazite data why MMR Dy mine

    Exit codes:
      0  fine
      1  something failed that should work
      2  wrong usage or wrong input: a word, file or folder
      3  a check found problems
    ");
}

#[test]
fn help_of_verbs() {
    help!(["simulate", "--help"], @r"
    Run a scenario and show who runs short of what, at which price, for how long

    Usage: monazite simulate [OPTIONS] <NAME|FILE>

    Arguments:
      <NAME|FILE>
              A scenario that comes with the program, or a file

    Options:
          --view <VIEW>
              How finely the world is divided

              Possible values:
              - full:   Some forty countries and the rest of each continent
              - bloc14: Fourteen blocs
              
              [default: full]

          --out <DIR>
              Folder for the result [default: results/NAME]

          --force
              Replace a result, or what a stopped run left behind

          --no-report
              Leave out the HTML report

          --timings
              Show how long each phase took

          --intervals
              Say which prices are not unique, and between which bounds they may lie

      -h, --help
              Print help (see a summary with '-h')

    Ensemble:
          --paths <N>
              Run so many paths over the uncertain evidence, and show bands

          --seed <N>
              Seed of the draws; the same seed gives two scenarios the same draws
              
              [default: 1]

          --sampler <SAMPLER>
              How draws are spread

              Possible values:
              - sobol: Scrambled Sobol sequence
              - lhs:   Latin hypercube
              
              [default: sobol]

          --threads <N>
              Worker threads; 0 means one per core. The result does not depend on it
              
              [default: 0]

          --variants <N>
              Draws of the base year that are balanced; every path stands on one of them
              
              [default: 24]

          --part-paths <N>
              Paths that are written together: the most that a stopped run loses
              
              [default: 250]

          --versus <NAME|FILE>
              Run this scenario on the same draws too, and show the differences path by path

    Output:
          --json
              Print JSON instead of tables for people

          --csv[=<TABLE>]
              Print one table as CSV: the main one, or the one named

          --parquet <FILE>
              Also write the main table as Parquet; all tables where FILE is a folder

          --xlsx <FILE>
              Also write all tables as an Excel workbook, a sheet each, sources last

          --color <WHEN>
              Colour the output; `NO_COLOR` is respected

              Possible values:
              - auto:   On a terminal
              - always: Even into a file
              - never:  Not at all
              
              [default: auto]

    Evidence:
          --dataset <DIR>
              Read the evidence from a folder instead of the one inside the program

    Examples:
      monazite simulate china-2025-04
      monazite simulate my-scenario.toml --view bloc14 --out results/mine
      monazite simulate china-2025-04 --csv=prices > prices.csv
      monazite simulate china-2025-10 --view bloc14 --paths 1000 --seed 7

    Tables for --csv=TABLE: shortages, price_path, losses, still_short, events; and in full: prices,
    flows, uses, stocks, production, capacities, quotas, policies. The result folder holds them as
    Parquet.
    ");
}

#[test]
fn help_of_other_verbs() {
    help!(["explain", "-h"], @r"
    Say why a price is what it is, or why somebody runs short

    Usage: monazite explain [OPTIONS] --place <PLACE> <--price <PRODUCT>|--shortage <PRODUCT>> <RESULT>

    Arguments:
      <RESULT>  A result folder

    Options:
          --price <PRODUCT>     Why this product costs what it does: `Dy`, `oxide:Dy`, `metal:Nd`,
                                `magnet:uh`
          --shortage <PRODUCT>  Why users run short of this product
          --place <PLACE>       Where: `JPN`, `Japan`
          --quarter <QUARTER>   When: `2025Q3`, or `base` [default: the quarter with the highest price]
      -h, --help                Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program

    Examples:
      monazite explain results/china-2025-04 --price Dy --place JPN --quarter 2025Q3
      monazite explain results/china-2025-04 --shortage magnet:uh --place DEU
    ");
}

#[test]
fn help_of_nouns() {
    help!(["data", "-h"], @r"
    Look into the evidence and check it

    Usage: monazite data [OPTIONS] <COMMAND>

    Commands:
      list       List the tables
      show       Show rows of a table
      describe   Say what the columns of a table mean
      check      Check a dataset
      sources    List the sources, or show one
      why        Show the evidence on a place, element and stage, conflicts side by side
      groups     List the groups of countries, or show one: who belonged to it when
      place      Say which place a name or code means
      import     Import your own copy of a data set, in its original layout, into a folder of tables
      lock       Show the content hashes and vintages of the dataset
      base-year  Show the balanced base year: totals by stage and place, targets, and what had to be
                 adjusted

    Options:
      -h, --help  Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program
    ");
    help!(["scenario", "-h"], @r"
    List, show, check and begin scenarios

    Usage: monazite scenario [OPTIONS] <COMMAND>

    Commands:
      list   List the scenarios that come with the program
      show   Show a scenario: what happens when, and on which evidence
      check  Check scenario files without running them
      new    Write a file to start a new scenario from

    Options:
      -h, --help  Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program
    ");
}

#[test]
fn help_of_views_of_the_model() {
    help!(["data", "base-year", "-h"], @r"
    Show the balanced base year: totals by stage and place, targets, and what had to be adjusted

    Usage: monazite data base-year [OPTIONS] [YEAR]

    Arguments:
      [YEAR]  The year [default: 2024]

    Options:
          --adjustments <N>  How many adjustments to show [default: 15]
          --view <VIEW>      How finely the world is divided [default: full] [possible values: full,
                             bloc14]
      -h, --help             Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program

    Examples:
      monazite data base-year
      monazite data base-year 2009 --adjustments 40
    ");
    help!(["market", "calibrate", "-h"], @r"
    Show how well the base quarter reproduces the evidence

    Usage: monazite market calibrate [OPTIONS]

    Options:
          --base-year <YEAR>  The base year [default: 2024]
          --view <VIEW>       How finely the world is divided [default: full] [possible values: full,
                              bloc14]
      -h, --help              Print help (see more with '--help')

    Output:
          --json            Print JSON instead of tables for people
          --csv[=<TABLE>]   Print one table as CSV: the main one, or the one named
          --parquet <FILE>  Also write the main table as Parquet; all tables where FILE is a folder
          --xlsx <FILE>     Also write all tables as an Excel workbook, a sheet each, sources last
          --color <WHEN>    Colour the output; `NO_COLOR` is respected [default: auto] [possible values:
                            auto, always, never]

    Evidence:
          --dataset <DIR>  Read the evidence from a folder instead of the one inside the program
    ");
}

#[test]
fn version() {
    let text = Bench::new().stdout(&["--version"]);
    assert_eq!(text, format!("monazite {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn lists() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(RIGHT));
    insta::assert_snapshot!(bench.stdout(&["scenario", "show", "mine.toml"]), @r"
    A test
    test: 2025Q1 to 2025Q2, base year 2024

    Events
      event     kind     from        until  what     how much
                                            happens
      ──────────────────────────────────────────────────────────
      licences  licence  2025-01-01  open            30 % passes

    Resting at least partly on assumptions: 1 of 1 event; `monazite scenario show mine.toml --file` says
    which.

    Next
      monazite simulate mine.toml
    ");
    insta::assert_snapshot!(bench.stdout(&["data", "describe", "production"]), @r"
    production.csv
    Mine production of one place in one year, as one series states it. Conflicting series are kept; one
    is preferred.

    A row is identified by place, year, series.

    Columns
      column            kind       unit   needed  values          meaning
      ──────────────────────────────────────────────────────────────────────────────────────────────────
      place             text              yes     places.place    Country.
      year              integer           yes                     Calendar year.
      series            text              yes                     The series: an edition of a yearbook,
                                                                  or customs.
      production_t_reo  number     t REO  yes                     Mine production, t REO in the year.
      preferred         boolean           yes     true, false     True for the one value of the place
                                                                  and year that the model uses.
      source            text list         yes     sources.source  One or more ids of `sources.csv`,
                                                                  joined by `;`.
      confidence        text              yes     A, B, C         A official or filing, B retrieved
                                                                  secondary, C unverified background.
      vintage           text                                      Date the source speaks of or was
                                                                  published: YYYY, YYYY-MM or
                                                                  YYYY-MM-DD.
      note              text                                      Remark in our own words.
    ");
    insta::assert_snapshot!(bench.stdout(&["data", "show", "views", "--where", "view=bloc14", "--limit", "5"]), @r"
    views.csv: 14 rows
      view    id       name
      ──────────────────────────────────────────────────
      bloc14  AUS      Australia
      bloc14  BRA      Brazil
      bloc14  CAN_MEX  Canada and Mexico
      bloc14  CHN      China
      bloc14  CIS      Russia, Kazakhstan and Central A…

    … and 9 more rows; `--limit 0` shows all
    ");
    insta::assert_snapshot!(bench.stdout(&["data", "show", "views", "--where", "id=CHN"]), @r"
    views.csv: 2 rows

    bloc14
      column  value   unit
      ────────────────────
      view    bloc14
      id      CHN
      name    China

    full
      column  value  unit
      ───────────────────
      view    full
      id      CHN
      name    China
    ");
}

#[test]
fn every_scenario_and_table_is_listed() {
    let bench = Bench::new();
    let scenarios = bench.stdout(&["scenario", "list"]);
    for name in ["baseline", "china-2025-04"] {
        assert!(scenarios.contains(&format!("\n  {name} ")), "{scenarios}");
    }
    let tables = bench.stdout(&["data", "list"]);
    let listed = rows(&bench.stdout(&["data", "list", "--csv"]));
    assert!(listed.len() > 20);
    for row in &listed {
        assert!(tables.contains(&format!("\n  {} ", row["table"])), "{tables}");
        bench.stdout(&["data", "describe", &row["table"]]);
    }
    for text in [scenarios, tables] {
        assert!(
            text.lines().all(|line| line.chars().count() <= 100),
            "lines fit a narrow terminal\n{text}"
        );
    }
}

#[test]
fn the_bundled_dataset_is_sound() {
    let bench = Bench::new();
    let text = bench.stdout(&["data", "check"]);
    assert!(text.contains(" 0 errors"), "{text}");
    let lock: Value = serde_json::from_str(&bench.stdout(&["data", "lock", "--json"])).unwrap();
    assert_eq!(lock["sha256"].as_str().unwrap().len(), 64);
    let why = bench.stdout(&["data", "why", "Myanmar", "Dy", "mine", "--year", "2024"]);
    assert!(why.starts_with("Myanmar, Dy, mine (2024)"), "{why}");
}

#[test]
fn the_base_year_closes() {
    let bench = Bench::new();
    let base: Value = serde_json::from_str(&bench.stdout(&["data", "base-year", "--json"])).unwrap();
    assert!(base["largest_imbalance"].as_f64().unwrap() < 1e-6);
    assert!(base["mine_targets"].as_array().unwrap().len() > 5);
    assert!(base["adjustments"].as_array().unwrap().len() > 100);
    let text = bench.stdout(&["data", "base-year"]);
    assert!(text.contains("Missed: "), "misses are shown openly");
}

#[test]
fn calibration_is_shown_against_the_evidence() {
    let bench = Bench::new();
    let found: Value =
        serde_json::from_str(&bench.stdout(&["market", "calibrate", "--json", "--view", "bloc14"])).unwrap();
    let prices = found["prices"].as_array().unwrap();
    assert_eq!(prices.len(), 32, "sixteen elements inside and outside China");
    assert!(
        prices
            .iter()
            .all(|row| row["evidence_usd_per_kg"].as_f64().unwrap() > 0.0)
    );
}

#[test]
fn a_scenario_from_end_to_end() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(RIGHT));
    let text = bench.stdout(&["simulate", "mine.toml", "--view", "bloc14"]);
    for part in [
        "A test",
        "Who runs short of what",
        "Prices in and outside China",
        "What it costs users",
        "What still holds at the end, in 2025Q2",
        "USD of 2024; central values, bands come with `--paths`",
        "Result in results/test-bloc14",
        "monazite explain results/test-bloc14 --price",
    ] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 100),
        "lines fit a narrow terminal\n{text}"
    );
    for file in [
        "run.toml",
        "scenario.toml",
        "dataset.lock",
        "report.html",
        "prices.parquet",
        "shortages.parquet",
    ] {
        assert!(
            bench.dir.path().join("results/test-bloc14").join(file).is_file(),
            "{file}"
        );
    }
    let asked = bench.stdout(&[
        "explain",
        "results/test-bloc14",
        "--price",
        "Dy",
        "--place",
        "Japan",
        "--quarter",
        "2025Q2",
    ]);
    assert!(asked.contains("2025Q2"), "{asked}");
    let asked = bench.stdout(&[
        "explain",
        "results/test-bloc14",
        "--shortage",
        "Dy",
        "--place",
        "JPN",
        "--json",
    ]);
    serde_json::from_str::<Value>(&asked).unwrap();
}

#[test]
fn programs_get_the_same_numbers_as_json_and_csv() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(RIGHT));
    let args = ["simulate", "mine.toml", "--view", "bloc14", "--no-report"];
    let json: Value = serde_json::from_str(&bench.stdout(&[&args[..], &["--json"]].concat())).unwrap();
    let csv = rows(&bench.stdout(&[&args[..], &["--csv"]].concat()));
    let list = json["shortages"].as_array().unwrap();
    assert_eq!(list.len(), csv.len());
    for (one, other) in list.iter().zip(&csv) {
        assert_eq!(one["product"].as_str().unwrap(), other["product"]);
        let peak: f64 = other["peak_usd_per_kg"].parse().unwrap();
        assert!((one["peak_usd_per_kg"].as_f64().unwrap() - peak).abs() <= 1e-12 * peak);
    }
    let prices = rows(&bench.stdout(&[&args[..], &["--csv=prices"]].concat()));
    assert!(
        prices
            .iter()
            .any(|row| row["quarter"] == "base" && row["product"] == "oxide:Dy")
    );
}

#[test]
fn colour_is_only_for_those_who_want_it() {
    let bench = Bench::new();
    let escape = '\u{1b}';
    assert!(!bench.stdout(&["scenario", "list"]).contains(escape), "no terminal");
    assert!(
        bench
            .stdout(&["scenario", "list", "--color", "always"])
            .contains(escape)
    );
    assert!(!bench.stdout(&["scenario", "list", "--color=never"]).contains(escape));
}

#[test]
fn a_reader_who_leaves_is_no_failure() {
    use std::process::Stdio;
    let bench = Bench::new();
    let mut child = bench
        .command(&["data", "show", "trade", "--csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}
