//! What a user reads when something is wrong: every message is reviewed text.

mod common;

use common::{Bench, RIGHT, scenario};

/// Runs the program and compares what a user sees; what differs from run to run is replaced.
macro_rules! seen {
    ($bench:expr, $args:expr, @$text:literal) => {
        insta::with_settings!({ filters => vec![
            (r"made \d{4}-\d\d-\d\dT[0-9:.]+Z", "made [time]"),
            // Scenarios come and go, and so do warnings about the bundled dataset.
            (r"come with the program: .*", "come with the program: [names]"),
            (r"\n *warning,.*", ""),
        ]}, {
            insta::assert_snapshot!($bench.run(&$args), @$text);
        });
    };
}

#[test]
fn an_unknown_scenario() {
    let bench = Bench::new();
    seen!(bench, ["simulate", "china-2025-4"], @r"
    exit code 2
    ----- errors
    error: unknown scenario `china-2025-4`; did you mean `china-2025-04`?
    hint: scenarios that come with the program: [names]
    hint: or give a file, such as `./my-scenario.toml`; `monazite scenario new NAME` writes one
    ");
    seen!(bench, ["simulate", "xyz"], @r"
    exit code 2
    ----- errors
    error: unknown scenario `xyz`
    hint: scenarios that come with the program: [names]
    hint: or give a file, such as `./my-scenario.toml`; `monazite scenario new NAME` writes one
    ");
    seen!(bench, ["simulate", "mine.toml"], @r"
    exit code 2
    ----- errors
    error: cannot read the scenario `mine.toml`: there is no such file or folder
    hint: `monazite scenario list` shows those that come with the program
    ");
    seen!(bench, ["simulate", "./no/such/folder/mine.toml"], @r"
    exit code 2
    ----- errors
    error: cannot read the scenario `./no/such/folder/mine.toml`: there is no such file or folder
    hint: `monazite scenario list` shows those that come with the program
    ");
    seen!(bench, ["simulate", "."], @r"
    exit code 2
    ----- errors
    error: unknown scenario `.`
    hint: scenarios that come with the program: [names]
    hint: or give a file, such as `./my-scenario.toml`; `monazite scenario new NAME` writes one
    ");
    assert!(!bench.dir.path().join("results").exists(), "nothing is written");
}

#[test]
fn a_wrong_id_in_a_scenario_file() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(&RIGHT.replace("\"Tb\"", "\"Tv\"")));
    seen!(bench, ["simulate", "mine.toml"], @r"
    exit code 2
    ----- errors
    mine.toml:14:19: error: event `licences`: unknown element `Tv`; did you mean `Tb`?

    error: `mine.toml` has 1 error; nothing was run
    ");
    bench.file("mine.toml", scenario(RIGHT).replace("\"CHN\"", "\"CHM\""));
    seen!(bench, ["simulate", "mine.toml"], @r"
    exit code 2
    ----- errors
    mine.toml:12:11: error: event `licences`: unknown place `CHM`; did you mean `CHE`?

    error: `mine.toml` has 1 error; nothing was run
    ");
}

#[test]
fn a_wrong_date() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(&RIGHT.replace("2025-01-01", "2025-02-30")));
    seen!(bench, ["simulate", "mine.toml"], @r#"
    exit code 2
    ----- errors
    mine.toml:13:8: error: event `licences`: `from` is "2025-02-30", which is not a date
      hint: write a day of the calendar as "2025-04-04"

    error: `mine.toml` has 1 error; nothing was run
    "#);
}

#[test]
fn two_events_that_overlap() {
    let bench = Bench::new();
    let one = scenario(RIGHT);
    let (_, event) = one.split_once("[[event]]").unwrap();
    let twice = format!("{one}\n[[event]]{}", event.replace("\"licences\"", "\"again\""));
    bench.file("mine.toml", twice);
    seen!(bench, ["simulate", "mine.toml"], @r"
    exit code 2
    ----- errors
    mine.toml:17:1: error: event `again`: Tb oxide from CHN to AUS is already under the licence of event `licences` (line 7) on the same days
      hint: end one before the other begins, or split them by element, place or plant

    error: `mine.toml` has 1 error; nothing was run
    ");
}

#[test]
fn a_share_written_as_percent() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(&RIGHT.replace("0.3", "30")));
    seen!(bench, ["simulate", "mine.toml"], @r"
    exit code 2
    ----- errors
    mine.toml:15:18: error: event `licences`: `approved_share` is 30; a share lies between 0 and 1
      hint: 30 % is written 0.3

    error: `mine.toml` has 1 error; nothing was run
    ");
}

#[test]
fn a_file_that_is_no_scenario() {
    let bench = Bench::new();
    bench.file("mine.toml", [0xff_u8, 0xfe, 0x00]);
    seen!(bench, ["simulate", "mine.toml"], @r"
    exit code 2
    ----- errors
    error: cannot read the scenario `mine.toml`: it is not UTF-8 text
    hint: `monazite scenario list` shows those that come with the program
    ");
    bench.file("mine.toml", "name = \"x\" \"y\"");
    seen!(bench, ["simulate", "mine.toml"], @r"
    exit code 2
    ----- errors
    mine.toml:1:12: error: unexpected key or value, expected newline, `#`

    error: `mine.toml` has 1 error; nothing was run
    ");
}

#[test]
fn checking_finds_problems_without_running() {
    let bench = Bench::new();
    bench
        .file("wrong.toml", scenario(&RIGHT.replace("\"Tb\"", "\"Tv\"")))
        .file("right.toml", scenario(RIGHT));
    seen!(bench, ["scenario", "check", "wrong.toml", "right.toml"], @r"
    exit code 3
    ----- output
    wrong.toml:14:19: error: event `licences`: unknown element `Tv`; did you mean `Tb`?
    wrong.toml: 1 error
    right.toml: fine; 1 event from 2025Q1 to 2025Q2
    ");
    seen!(bench, ["scenario", "check", "right.toml"], @r"
    exit code 0
    ----- output
    right.toml: fine; 1 event from 2025Q1 to 2025Q2
    ");
    seen!(bench, ["scenario", "check", "wrong.toml", "--csv"], @r"
    exit code 3
    ----- output
    severity,file,line,column,event,message,nearest,hint
    error,wrong.toml,14,19,licences,unknown element `Tv`,Tb,
    ");
}

#[test]
fn a_new_scenario_never_overwrites() {
    let bench = Bench::new();
    seen!(bench, ["scenario", "new", "mine"], @r"
    exit code 0
    ----- output
    Wrote `mine.toml`, with one event to replace.

    Next
      monazite scenario check mine.toml
      monazite simulate mine.toml
    ");
    seen!(bench, ["scenario", "new", "mine"], @r"
    exit code 2
    ----- errors
    error: `mine.toml` is there already
    hint: choose another name, or write elsewhere with `--out FILE`; files are never overwritten
    ");
    seen!(bench, ["scenario", "new", "a/b"], @r"
    exit code 2
    ----- errors
    error: a scenario cannot be called `a/b`
    hint: use small letters, digits, `-` and `_`; `--out FILE` says where to write it
    ");
    seen!(bench, ["scenario", "check", "mine.toml"], @r"
    exit code 0
    ----- output
    mine.toml: fine; 1 event from 2025Q1 to 2027Q4
    ");
}

#[test]
fn unknown_words_in_data() {
    let bench = Bench::new();
    seen!(bench, ["data", "show", "prises"], @r"
    exit code 2
    ----- errors
    error: unknown table `prises`; did you mean `prices`?
    hint: `monazite data list` shows the tables, `monazite data describe TABLE` its columns
    ");
    seen!(bench, ["data", "describe", "xyz"], @r"
    exit code 2
    ----- errors
    error: unknown table `xyz`
    hint: `monazite data list` shows the tables, `monazite data describe TABLE` its columns
    ");
    seen!(bench, ["data", "show", "prices", "--where", "elemnt=Dy"], @r"
    exit code 2
    ----- errors
    error: unknown column `elemnt`; did you mean `element`?
    hint: `monazite data list` shows the tables, `monazite data describe TABLE` its columns
    ");
    seen!(bench, ["data", "show", "prices", "--where", "Dy"], @r"
    exit code 2
    ----- errors
    error: `--where Dy` has no `=`
    hint: write it as `--where element=Dy`
    ");
    seen!(bench, ["data", "why", "Chian", "Dy", "mine"], @r"
    exit code 2
    ----- errors
    error: unknown place `Chian`; did you mean `China (CHN)`?
    ");
    seen!(bench, ["data", "why", "CHN", "dy", "mine"], @r"
    exit code 2
    ----- errors
    error: unknown element `dy`; did you mean `Dy`?
    ");
    seen!(bench, ["data", "why", "CHN", "Dy", "mining"], @r"
    exit code 2
    ----- errors
    error: unknown stage `mining`
    hint: use one of mine, cracking, separation_light, separation_heavy, metal, magnet, recycling, scandium
    ");
    seen!(bench, ["data", "sources", "usgs_mcs2026"], @r"
    exit code 2
    ----- errors
    error: unknown source `usgs_mcs2026`; did you mean `usgs_mcs2016`?
    hint: `monazite data sources` lists all
    ");
    seen!(bench, ["data", "base-year", "1066"], @r"
    exit code 2
    ----- errors
    error: the dataset has no mine production evidence for base year 1066
    hint: years with a base: 2009, 2024
    ");
    seen!(bench, ["data", "list", "--csv=tabels"], @r"
    exit code 2
    ----- errors
    error: unknown table `tabels`; did you mean `tables`?
    hint: tables of this answer: tables
    ");
}

#[test]
fn a_broken_dataset() {
    let bench = Bench::new();
    seen!(bench, ["data", "list", "--dataset", "nowhere"], @r"
    exit code 2
    ----- errors
    error: cannot use `nowhere`: there is no such file or folder
    ");
    bench.dataset("mine");
    let path = bench.dir.path().join("mine/magnet_grades.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let broken = text.replacen(",0.27,0.7,", ",0.27,many,", 1);
    assert_ne!(text, broken);
    std::fs::write(&path, broken).unwrap();
    seen!(bench, ["simulate", "baseline", "--dataset", "mine"], @r"
    exit code 2
    ----- errors
    magnet_grades.csv:5:11: error: column `material_yield`: `many` is not a number
      hint: leave the cell empty when the value is not known

    error: the dataset has 1 problem; nothing was computed from it
    hint: `monazite data check DIR` lists all problems of a dataset
    ");
    seen!(bench, ["data", "check", "mine", "--csv"], @r"
    exit code 3
    ----- output
    severity,file,line,column,message,nearest,hint
    error,magnet_grades.csv,5,material_yield,`many` is not a number,,leave the cell empty when the value is not known
    ");
}

#[test]
fn a_file_where_the_result_should_go() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(RIGHT)).file("results", "in the way");
    seen!(bench, ["simulate", "mine.toml", "--no-report"], @r"
    exit code 2
    ----- errors
    error: cannot create `results/test`: `results` is a file
    hint: choose another folder, or move the file away
    ");
    seen!(bench, ["simulate", "mine.toml", "--no-report", "--out", "results"], @r"
    exit code 2
    ----- errors
    error: cannot create `results`: `results` is a file
    hint: choose another folder, or move the file away
    ");
    seen!(bench, ["simulate", "mine.toml", "--no-report", "--out", "no/such/parent"], @r"
    exit code 2
    ----- errors
    error: cannot create `no/such/parent`: there is no folder `no/such`
    hint: create `no/such` first, or choose another folder
    ");
}

#[test]
fn a_half_written_folder() {
    let bench = Bench::new();
    bench
        .file("mine.toml", scenario(RIGHT))
        .file("out/prices.parquet", "half");
    seen!(bench, ["simulate", "mine.toml", "--no-report", "--out", "out"], @r"
    exit code 2
    ----- errors
    error: `out` is a half-written result: it has no `run.toml`
    hint: if no other run is writing to it now, delete `out` or write with `--force`
    ");
    seen!(bench, ["explain", "out", "--price", "Dy", "--place", "JPN"], @r"
    exit code 2
    ----- errors
    error: `out` is a half-written result: it has no `run.toml`
    hint: if no other run is writing to it now, delete `out` or write with `--force`
    ");
    bench.stdout(&["simulate", "mine.toml", "--no-report", "--out", "out", "--force"]);
    assert!(bench.dir.path().join("out/run.toml").is_file());
}

#[test]
fn a_folder_of_something_else() {
    let bench = Bench::new();
    bench
        .file("mine.toml", scenario(RIGHT))
        .file("out/letter.txt", "dear all");
    seen!(bench, ["simulate", "mine.toml", "--no-report", "--out", "out", "--force"], @r"
    exit code 2
    ----- errors
    error: `out` holds `letter.txt`, which is not part of a result
    hint: choose another folder, or move that file away; it is never deleted
    ");
}

#[test]
fn two_results_of_one_name() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(RIGHT));
    bench.stdout(&["simulate", "mine.toml", "--no-report"]);
    // The same run again loses nothing and needs no permission.
    bench.stdout(&["simulate", "mine.toml", "--no-report"]);
    bench.file("mine.toml", scenario(&RIGHT.replace("0.3", "0.4")));
    seen!(bench, ["simulate", "mine.toml", "--no-report"], @r"
    exit code 2
    ----- errors
    error: `results/test` already holds a result: `test` (full), made [time]
    hint: choose another folder, or replace it with `--force`
    hint: the same run may replace its own result; this is another one
    ");
    bench.stdout(&["simulate", "mine.toml", "--no-report", "--force"]);
}

#[test]
fn questions_that_a_result_cannot_answer() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(RIGHT));
    bench.stdout(&["simulate", "mine.toml", "--no-report", "--out", "out"]);
    seen!(bench, ["explain", "out", "--price", "Dy", "--place", "JPN", "--quarter", "2031Q1"], @r"
    exit code 2
    ----- errors
    error: there is no quarter `2031Q1` in this result
    hint: it has 2025Q1 to 2025Q2, and `base`
    ");
    seen!(bench, ["explain", "out", "--price", "Dz", "--place", "JPN"], @r"
    exit code 2
    ----- errors
    error: there is no product `oxide:Dz` in this result
    hint: did you mean `oxide:Dy` or `metal:Dy`?
    ");
    seen!(bench, ["explain", "out", "--price", "Dy", "--place", "Atlantis"], @r"
    exit code 2
    ----- errors
    error: there is no place `Atlantis` in this result
    hint: places have the ids of this result's view, such as `JPN` or `USA`
    ");
    seen!(bench, ["explain", "out/prices.parquet", "--price", "Dy", "--place", "JPN"], @r"
    exit code 2
    ----- errors
    error: `out/prices.parquet` is not a result folder: it is a file
    hint: a result folder holds `run.toml`
    hint: the result itself is `out`
    ");
    seen!(bench, ["explain", "nowhere", "--price", "Dy", "--place", "JPN"], @r"
    exit code 2
    ----- errors
    error: there is no result at `nowhere`
    hint: check the path; `monazite simulate` writes results
    ");
    seen!(bench, ["explain", "out", "--place", "JPN"], @r"
    exit code 2
    ----- errors
    error: the following required arguments were not provided:
      <--price <PRODUCT>|--shortage <PRODUCT>>

    Usage: monazite explain --place <PLACE> <--price <PRODUCT>|--shortage <PRODUCT>> <RESULT>

    For more information, try '--help'.
    ");
}

#[test]
fn wrong_usage() {
    let bench = Bench::new();
    seen!(bench, ["simulat", "x"], @r"
    exit code 2
    ----- errors
    error: unrecognized subcommand 'simulat'

      tip: a similar subcommand exists: 'simulate'

    Usage: monazite [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    seen!(bench, ["simulate"], @r"
    exit code 2
    ----- errors
    error: the following required arguments were not provided:
      <NAME|FILE>

    Usage: monazite simulate <NAME|FILE>

    For more information, try '--help'.
    ");
    seen!(bench, ["data", "list", "--json", "--csv"], @r"
    exit code 2
    ----- errors
    error: the argument '--json' cannot be used with '--csv[=<TABLE>]'

    Usage: monazite data list --json

    For more information, try '--help'.
    ");
    seen!(bench, ["simulate", "baseline", "--view", "bloc15"], @r"
    exit code 2
    ----- errors
    error: invalid value 'bloc15' for '--view <VIEW>'
      [possible values: full, bloc14]

      tip: a similar value exists: 'bloc14'

    For more information, try '--help'.
    ");
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let bench = Bench::new();
    let mut command = bench.command(&["simulate"]);
    let output = command.arg(OsStr::from_bytes(b"\xff\xfe")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
