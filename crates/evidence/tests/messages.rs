//! Every message a user can meet is reviewed text.

#![allow(clippy::format_collect, clippy::needless_pass_by_value, clippy::unwrap_used)] // helpers of tests

use monazite_evidence::check::check;
use monazite_evidence::describe::Filter;
use monazite_evidence::lock::Lock;
use monazite_evidence::{Dataset, Files};

/// The message of loading one table.
fn load(file: &str, text: &str) -> String {
    let files = Files::from_texts([(file, text)]);
    Dataset::from_files(files).unwrap_err().to_string()
}

const PRODUCTION: &str = "place,year,series,production_t_reo,preferred,source,confidence,vintage,note";

/// The message of loading `production.csv` with one row.
fn production(row: &str) -> String {
    load("production.csv", &format!("{PRODUCTION}\n{row}\n"))
}

#[test]
fn negative_tonnes() {
    insta::assert_snapshot!(production("CHN,2024,mcs2026,-210000,true,usgs,A,2026,"), @"
    production.csv:2:4: error: column `production_t_reo`: -210000 t REO is below 0
      hint: this quantity cannot be negative; leave the cell empty when it is not known
    ");
}

#[test]
fn not_a_number() {
    insta::assert_snapshot!(production("CHN,2024,mcs2026,NaN,true,usgs,A,2026,"), @"
    production.csv:2:4: error: column `production_t_reo`: `NaN` is not a finite number
      hint: leave the cell empty when the value is not known
    ");
    insta::assert_snapshot!(production("CHN,2024,mcs2026,\"210,000\",true,usgs,A,2026,"), @"
    production.csv:2:4: error: column `production_t_reo`: `210,000` is not a number
      hint: write 1234.5, without thousands separators
    ");
}

#[test]
fn too_large_a_number_is_not_infinity() {
    insta::assert_snapshot!(production("CHN,2024,mcs2026,1e999,true,usgs,A,2026,"), @"
    production.csv:2:4: error: column `production_t_reo`: `1e999` is not a finite number
      hint: leave the cell empty when the value is not known
    ");
}

#[test]
fn empty_required_cell_and_no_source() {
    insta::assert_snapshot!(production("CHN,2024,mcs2026,,true,,A,2026,"), @"
    production.csv:2:4: error: column `production_t_reo`: the cell is empty
      hint: this value is required; see the table's description
    production.csv:2:6: error: column `source`: the row names no source
      hint: cite an id of sources.csv; use `unverified` with confidence C for background
    ");
}

#[test]
fn unknown_word() {
    insta::assert_snapshot!(production("CHN,2024,mcs2026,210000,yes,usgs,D,2026,"), @"
    production.csv:2:5: error: column `preferred`: `yes` is neither true nor false
    production.csv:2:7: error: column `confidence`: unknown confidence `D`
      hint: use one of A, B, C
    ");
    let feeds = "feed,name,ore,distribution,concentrate,source,confidence\nx,X,bastnasite,x,true,s,A\n";
    insta::assert_snapshot!(load("feeds.csv", feeds), @"feeds.csv:2:3: error: column `ore`: unknown ore `bastnasite`; did you mean `bastnaesite`?");
}

#[test]
fn ragged_row() {
    insta::assert_snapshot!(production("CHN,2024,mcs2026,210,000,true,usgs,A,2026,"), @"
    production.csv:2: error: the row has 10 cells, the header 9
      hint: quote a cell that contains a comma, and close every quotation mark
    ");
}

#[test]
fn same_key_twice() {
    insta::assert_snapshot!(
        production("CHN,2024,mcs2026,270000,true,usgs,A,,\nCHN,2024,mcs2026,255000,true,usgs,A,,"),
        @"
    production.csv:3:1: error: column `place`: `CHN, 2024, mcs2026` is already on line 2
      hint: keep one row per key; a conflicting figure needs its own series or id
    "
    );
}

#[test]
fn wrong_header() {
    let text = "place,yaer,series,production_t_reo,preferred,source,confidence\nCHN,2024,a,1,true,s,A\n";
    insta::assert_snapshot!(load("production.csv", text), @"
    production.csv:1: error: unknown column `yaer`; did you mean `year`?
    production.csv:1: error: column `year` is missing
      hint: Calendar year.
    ");
    insta::assert_snapshot!(load("production.csv", ""), @"
    production.csv: error: the file is empty
      hint: a header row is required
    ");
}

#[test]
fn share_written_as_a_percentage() {
    let text = "end_use,grade,share,source,confidence\nev,n35,60,s,A\n";
    insta::assert_snapshot!(load("grade_mix.csv", text), @"
    grade_mix.csv:2:3: error: column `share`: 60 is above 1
      hint: a share is a fraction between 0 and 1, not a percentage
    ");
}

#[test]
fn not_utf8() {
    let mut bytes = format!("{PRODUCTION}\nCHN,2024,mcs2026,1,true,usgs,A,2026,").into_bytes();
    bytes.extend_from_slice(b"caf\xe9\n");
    let files = Files::default().with("production.csv", bytes);
    insta::assert_snapshot!(Dataset::from_files(files).unwrap_err(), @"
    production.csv:2:9: error: column `note`: `caf\u{fffd}` is not UTF-8 text
      hint: save the file as UTF-8
    ");
}

#[test]
fn impossible_date() {
    let text = "deal,date,parties,place,stage,title,instrument,amount_musd,volume_t_per_year,status,source,confidence\n\
                d1,2025-02-30,USA;MP,USA,mine,A deal,equity,400,,in_force,s,A\n";
    insta::assert_snapshot!(load("deals.csv", text), @"
    deals.csv:2:2: error: column `date`: `2025-02-30` is not a date
      hint: write YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD
    ");
}

#[test]
fn many_problems_are_counted() {
    let rows: String = (0..30).map(|n| format!("CHN,{},a,-1,true,s,A,,\n", 1990 + n)).collect();
    let message = production(rows.trim_end());
    assert_eq!(message.matches("is below 0").count(), 20);
    assert!(message.ends_with("… and 10 more"), "{message}");
}

const PLACES: &str = "place,name,iso2,m49,baci_code,view_place,bloc,aliases\nCHN,China,CN,156,156,CHN,CHN,\n";
const VIEWS: &str = "view,id,name\nbloc14,CHN,China\nfull,CHN,China\n";

/// The problems that a check finds in one file.
fn checked(file: &str, files: Files) -> String {
    let report = check(&files);
    let of_file = report.problems.iter().filter(|p| p.file == file);
    of_file.map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn unknown_ids_get_the_nearest() {
    let sources =
        "source,title,publisher,year,url,licence,retrieved,note\nusgs_mcs2026,Summaries,USGS,2026,,public domain,,\n";
    let production = format!("{PRODUCTION}\nCHM,2024,a,1,true,usgs_mcs2O26,A,,\n");
    let files = Files::from_texts([
        ("places.csv", PLACES),
        ("views.csv", VIEWS),
        ("sources.csv", sources),
        ("production.csv", &production),
    ]);
    insta::assert_snapshot!(checked("production.csv", files), @"
    production.csv:2:1: error: column `place`: `CHM` is not in places.csv; did you mean `CHN`?
    production.csv:2:6: error: column `source`: `usgs_mcs2O26` is not in sources.csv; did you mean `usgs_mcs2026`?
    ");
}

#[test]
fn wholes_ranges_and_choices() {
    let mix = "end_use,grade,share,source,confidence\nev,n35,0.6,s,A\nev,n42,0.3,s,A\n";
    let files = Files::from_texts([("grade_mix.csv", mix)]);
    insta::assert_snapshot!(checked("grade_mix.csv", files).lines().filter(|l| l.contains("sum")).collect::<String>(), @"grade_mix.csv:2: error: the shares of `ev` sum to 0.90000, not 1");

    let recoveries = "stage,place,feed,low,central,high,scope,source,confidence\nmine,WLD,,0.9,0.8,0.95,,s,A\n";
    let files = Files::from_texts([("recoveries.csv", recoveries)]);
    insta::assert_snapshot!(checked("recoveries.csv", files), @"
    recoveries.csv: error: column `place`: nothing to refer to: places.csv has no rows
    recoveries.csv: error: column `source`: nothing to refer to: sources.csv has no rows
    recoveries.csv:2: error: mine: low 0.9, central 0.8, high 0.95 are not in order
    ");

    let both = format!("{PRODUCTION}\nCHN,2024,a,1,true,s,A,,\nCHN,2024,b,2,true,s,A,,\nCHN,2023,a,1,false,s,A,,\n");
    let files = Files::from_texts([("production.csv", both.as_str()), ("places.csv", PLACES)]);
    insta::assert_snapshot!(checked("production.csv", files), @"
    production.csv: error: column `source`: nothing to refer to: sources.csv has no rows
    production.csv:3: error: CHN 2024 has 2 preferred series; the first is on line 2
      hint: leave `preferred` true for one of them
    production.csv:4: error: no series of CHN 2023 is preferred
      hint: set `preferred` to true for the one value to use
    ");
}

#[test]
fn origin_and_licence() {
    let sources = "source,title,publisher,year,url,licence,retrieved,note\n\
                   paid,Paid prices,X,2026,,may not be redistributed,,\n\
                   unverified,Background,,,,none needed,,\n";
    let production = format!("{PRODUCTION}\nCHN,2024,a,1,true,unverified,A,,\nCHN,2023,a,1,true,paid,B,last week,\n");
    let files = Files::from_texts([
        ("places.csv", PLACES),
        ("sources.csv", sources),
        ("production.csv", production.as_str()),
    ]);
    insta::assert_snapshot!(checked("production.csv", files.clone()), @"
    production.csv:2: error: confidence A without a retrieved source
      hint: cite what was read, or set confidence to C
    production.csv:3: error: the vintage `last week` is not a date
      hint: write YYYY, YYYY-MM or YYYY-MM-DD
    ");
    insta::assert_snapshot!(checked("sources.csv", files), @"
    sources.csv:2: error: `paid` may not be redistributed (`may not be redistributed`), yet production.csv:3 holds data from it
      hint: leave these rows out of the bundled tables; an importer can read the user's own copy
    ");
}

#[test]
fn questions_with_a_typing_mistake() {
    let dataset = Dataset::from_files(Files::from_texts([("places.csv", PLACES)])).unwrap();
    let message = |table: &str, column: &str| {
        let filter = Filter {
            column: column.to_owned(),
            value: "x".to_owned(),
        };
        dataset.show(table, &[filter], None).unwrap_err().to_string()
    };
    insta::assert_snapshot!(message("prodution", "place"), @"unknown table `prodution`; did you mean `production`?");
    insta::assert_snapshot!(message("places", "plaec"), @"unknown column `plaec`; did you mean `place`?");
}

#[test]
fn a_lock_that_no_longer_fits() {
    let before = Dataset::from_files(Files::from_texts([("places.csv", PLACES)]))
        .unwrap()
        .lock();
    let files = Files::from_texts([
        ("places.csv", "place,name,iso2,m49,baci_code,view_place,bloc,aliases\n"),
        ("views.csv", VIEWS),
    ]);
    let after = Dataset::from_files(files).unwrap().lock();
    insta::assert_snapshot!(before.verify(&after).unwrap_err(), @"
    places.csv: error: has changed since the lock (rows: 1 then, 0 now)
      hint: run `monazite data lock --write` if the change is meant
    views.csv: error: is in the dataset but not in the lock
    ");
    let text = before.to_toml().unwrap();
    assert_eq!(Lock::from_toml(&text).unwrap(), before);
    let newer = text.replace("format = 1", "format = 9");
    insta::assert_snapshot!(Lock::from_toml(&newer).unwrap_err(), @"dataset.lock: format 9 is newer than the 1 this program knows; use a newer monazite");
}
