//! Result folders: what is written comes back the same, and what is wrong with a folder is told apart.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use monazite_evidence::Dataset;
use monazite_market::chain::CalibrationNote;
use monazite_market::explain::RecipeRow;
use monazite_market::result::{CapacityRow, FlowRow, PriceRow, ProductionRow, RunResult, StockRow, UseRow};
use monazite_market::store::{self, ExtraFile, Inputs, StoreError, WriteOptions, Written};
use proptest::prelude::*;
use tempfile::TempDir;

static DATASET: LazyLock<Dataset> = LazyLock::new(|| Dataset::bundled().unwrap());

const SCENARIO: &str = "name = \"cut\"\n# ä comment that must survive\n";

const FILES: [&str; 11] = [
    "scenario.toml",
    "dataset.lock",
    "prices.parquet",
    "flows.parquet",
    "uses.parquet",
    "stocks.parquet",
    "production.parquet",
    "capacities.parquet",
    "shortages.parquet",
    "recipes.parquet",
    "notes.csv",
];

fn price(quarter: &str, spot: f64) -> PriceRow {
    PriceRow {
        quarter: quarter.into(),
        place: "JPN".into(),
        product: "oxide:Dy".into(),
        spot_usd_per_kg: spot,
        average_usd_per_kg: 0.1 + 0.2,
        base_usd_per_kg: 257.15,
        base_need: 26.6,
        confidence: "A".into(),
    }
}

fn run() -> RunResult {
    let flow = FlowRow {
        quarter: "2025Q2".into(),
        product: "oxide:Dy".into(),
        origin: "CHN".into(),
        destination: "JPN".into(),
        quantity: 1.5,
        base_quantity: 4.5,
        cap: Some(1.5),
        licence_rent_usd_per_kg: 400.0,
        duty_usd_per_kg: 0.0,
        margin_usd_per_kg: -2.5,
        events: "licences;tariff".into(),
    };
    let use_row = UseRow {
        quarter: "2025Q2".into(),
        place: "JPN".into(),
        product: "oxide:Dy".into(),
        end_use: "ceramics".into(),
        wanted: 4.0,
        used: 2.0,
        substituted: 0.5,
        short: 1.5,
        spot_usd_per_kg: 665.0,
        surplus_loss_kusd: 12.5,
        confidence: "C".into(),
    };
    RunResult {
        scenario: "cut".into(),
        title: "A \"cut\", and more".into(),
        view: "full".into(),
        base_year: 2024,
        quarters: vec!["2025Q1".into(), "2025Q2".into()],
        prices: vec![price("base", 257.15), price("2025Q1", f64::MIN_POSITIVE), price("2025Q2", 665.0)],
        flows: vec![flow.clone(), FlowRow { cap: None, ..flow.clone() }, FlowRow { cap: Some(f64::INFINITY), ..flow }],
        uses: vec![use_row],
        stocks: vec![StockRow {
            quarter: "base".into(),
            place: "JPN".into(),
            product: "oxide:Dy".into(),
            stock: 12.0,
            target: 12.6,
            expected_usd_per_kg: 257.0,
        }],
        production: vec![
            ProductionRow {
                quarter: "2025Q1".into(),
                place: "USA".into(),
                activity: "mine".into(),
                item: "bastnaesite".into(),
                facility: Some("mountain_pass".into()),
                level: 10.0,
                base_level: 11.0,
            },
            ProductionRow {
                quarter: "2025Q1".into(),
                place: "JPN".into(),
                activity: "make_metal".into(),
                item: "Dy".into(),
                facility: None,
                level: 3.0,
                base_level: 3.0,
            },
        ],
        capacities: Vec::<CapacityRow>::new(),
        notes: vec![CalibrationNote { what: "finish \"Lu\", in CHN".into(), prior: 1.0 / 3.0, calibrated: -7.5e-12, why: "a reason,\nover two lines" }],
        warnings: vec!["event `x` touches nothing".into()],
        worst_kkt: 1.8e-12,
        timings: vec![("base quarter".into(), 0.25)],
    }
}

fn recipes() -> Vec<RecipeRow> {
    vec![RecipeRow {
        place: "JPN".into(),
        activity: "make_metal".into(),
        item: "Dy".into(),
        facility: None,
        stage: Some("metal".into()),
        capacity_per_level: 1.0,
        product: "oxide:Dy".into(),
        amount: -1.2,
    }]
}

fn write_to(dir: &Path, options: &WriteOptions) -> Result<Written, StoreError> {
    store::write(dir, &run(), &Inputs { scenario: SCENARIO, dataset: &DATASET, recipes: &recipes() }, options)
}

fn written() -> (TempDir, PathBuf) {
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join("cut-full");
    write_to(&dir, &WriteOptions::default()).unwrap();
    (temp, dir)
}

fn forced() -> WriteOptions {
    WriteOptions { force: true, ..WriteOptions::default() }
}

/// Names in a folder.
fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn message(error: &StoreError, temp: &TempDir) -> String {
    let root = temp.path().display().to_string();
    format!("{error}\n{}", error.hint().unwrap_or_default()).replace(&root, "TMP")
}

#[test]
fn what_is_written_comes_back() {
    let (_temp, dir) = written();
    let (before, after) = (run(), store::read(&dir).unwrap());
    assert_eq!(after.scenario, SCENARIO);
    assert_eq!(after.recipes, recipes());
    assert_eq!(after.lock, DATASET.lock());
    assert_eq!(after.manifest.dataset_sha256, DATASET.fingerprint());
    let after = after.result;
    assert_eq!((&after.scenario, &after.title, &after.view), (&before.scenario, &before.title, &before.view));
    assert_eq!((after.base_year, &after.quarters), (before.base_year, &before.quarters));
    assert_eq!(after.prices, before.prices);
    assert_eq!(after.flows, before.flows);
    assert_eq!(after.uses, before.uses);
    assert_eq!(after.stocks, before.stocks);
    assert_eq!(after.production, before.production);
    assert_eq!(after.capacities, before.capacities);
    assert_eq!(after.warnings, before.warnings);
    assert_eq!(after.worst_kkt.to_bits(), before.worst_kkt.to_bits());
    assert_eq!(after.timings, before.timings);
    let note = |n: &CalibrationNote| (n.what.clone(), n.prior.to_bits(), n.calibrated.to_bits(), n.why);
    assert_eq!(after.notes.iter().map(note).collect::<Vec<_>>(), before.notes.iter().map(note).collect::<Vec<_>>());
}

#[test]
fn a_folder_holds_its_files_and_nothing_else_stays() {
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join("cut-full");
    let report = ExtraFile { name: "report.html".into(), bytes: b"<html>".to_vec() };
    let options = WriteOptions { extras: vec![report], ..WriteOptions::default() };
    let written = write_to(&dir, &options).unwrap();
    assert_eq!(names(temp.path()), ["cut-full"]);
    let mut expected: Vec<String> = FILES.iter().map(ToString::to_string).collect();
    expected.extend(["report.html".into(), "run.toml".into()]);
    let listed: Vec<String> = written.files.iter().map(|f| f.name.clone()).collect();
    assert_eq!(listed, expected);
    expected.sort();
    assert_eq!(names(&dir), expected);
    assert_eq!(fs::read(dir.join("report.html")).unwrap(), b"<html>");
    assert!(!written.replaced);
    let prices = written.files.iter().find(|f| f.name == "prices.parquet").unwrap();
    assert_eq!(prices.rows, Some(3));
}

#[test]
fn two_writes_give_the_same_bytes() {
    let temp = TempDir::new().unwrap();
    let (a, b) = (temp.path().join("a"), temp.path().join("b"));
    let at = |text: &str| WriteOptions { made_at: Some(text.parse().unwrap()), ..WriteOptions::default() };
    let first = write_to(&a, &at("2026-01-01T00:00:00Z")).unwrap();
    let report = ExtraFile { name: "report.html".into(), bytes: b"made now".to_vec() };
    let second = write_to(&b, &WriteOptions { extras: vec![report], ..at("2026-01-02T00:00:00Z") }).unwrap();
    for file in FILES {
        assert_eq!(fs::read(a.join(file)).unwrap(), fs::read(b.join(file)).unwrap(), "{file}");
    }
    assert_eq!(first.sha256, second.sha256, "neither the hour nor a report changes what the result is");
    assert_ne!(fs::read(a.join("run.toml")).unwrap(), fs::read(b.join("run.toml")).unwrap());
    let mut other = run();
    other.prices[0].spot_usd_per_kg += 1e-9;
    let inputs = Inputs { scenario: SCENARIO, dataset: &DATASET, recipes: &recipes() };
    let third = store::write(&temp.path().join("c"), &other, &inputs, &WriteOptions::default()).unwrap();
    assert_ne!(first.sha256, third.sha256);
}

#[test]
fn columns_carry_units() {
    let (_temp, dir) = written();
    let file = fs::File::open(dir.join("flows.parquet")).unwrap();
    let builder = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let schema = builder.schema();
    let unit = |name: &str| schema.field_with_name(name).unwrap().metadata()["unit"].clone();
    assert_eq!(unit("licence_rent_usd_per_kg"), "USD/kg");
    assert_eq!(unit("quantity"), "t/quarter");
    assert!(schema.fields().iter().all(|f| !f.metadata()["about"].is_empty()));
    assert_eq!(schema.metadata()["table"], "flows");
}

#[test]
fn a_damaged_file_is_named() {
    for file in FILES {
        let (temp, dir) = written();
        let mut bytes = fs::read(dir.join(file)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(dir.join(file), bytes).unwrap();
        let error = store::read(&dir).unwrap_err();
        assert!(matches!(&error, StoreError::Corrupt { file: named, .. } if named == file), "{file}: {error}");
        assert!(message(&error, &temp).contains("run the scenario again"));
    }
}

#[test]
fn a_changed_manifest_is_noticed() {
    let (_temp, dir) = written();
    let text = fs::read_to_string(dir.join("run.toml")).unwrap().replace("2024", "2023");
    fs::write(dir.join("run.toml"), text).unwrap();
    let error = store::read(&dir).unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt { file, .. } if file == "run.toml"), "{error}");
}

#[test]
fn a_later_format_is_refused() {
    let (temp, dir) = written();
    let text = fs::read_to_string(dir.join("run.toml")).unwrap().replace("format = 1", "format = 2");
    fs::write(dir.join("run.toml"), text).unwrap();
    insta::assert_snapshot!(message(&store::read(&dir).unwrap_err(), &temp), @r"
    `TMP/cut-full` has format 2; this program reads up to 1
    use a newer monazite
    ");
}

#[test]
fn a_complete_result_is_replaced_only_by_force() {
    let (temp, dir) = written();
    let error = write_to(&dir, &WriteOptions::default()).unwrap_err();
    assert!(matches!(error, StoreError::Exists { .. }), "{error}");
    assert!(message(&error, &temp).contains("`--force`"));
    assert!(write_to(&dir, &forced()).unwrap().replaced);
    assert_eq!(names(temp.path()), ["cut-full"]);
    store::read(&dir).unwrap();
}

#[test]
fn files_of_others_are_never_removed() {
    let (temp, dir) = written();
    fs::write(dir.join("my-notes.md"), "mine").unwrap();
    let error = write_to(&dir, &forced()).unwrap_err();
    insta::assert_snapshot!(message(&error, &temp), @r"
    `TMP/cut-full` holds `my-notes.md`, which is not part of a result
    choose another folder, or move that file away; it is never deleted
    ");
    assert_eq!(fs::read_to_string(dir.join("my-notes.md")).unwrap(), "mine");
    assert_eq!(names(temp.path()), ["cut-full"], "nothing half-written stays");
    store::read(&dir).unwrap();

    let photos = temp.path().join("photos");
    fs::create_dir(&photos).unwrap();
    fs::write(photos.join("cat.jpg"), "cat").unwrap();
    for options in [WriteOptions::default(), forced()] {
        let error = write_to(&photos, &options).unwrap_err();
        assert!(matches!(&error, StoreError::Foreign { file, .. } if file == "cat.jpg"), "{error}");
    }
    assert!(matches!(store::read(&photos).unwrap_err(), StoreError::NotAResult { .. }));
}

#[test]
fn a_stopped_run_is_told_apart_and_cleared_by_force() {
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join("cut-full");
    let partial = temp.path().join("cut-full.partial");
    fs::create_dir(&partial).unwrap();
    fs::write(partial.join("prices.parquet"), "half").unwrap();
    insta::assert_snapshot!(message(&write_to(&dir, &WriteOptions::default()).unwrap_err(), &temp), @r"
    `TMP/cut-full.partial` is a half-written result: a run was stopped while writing it, or another run is writing it now
    if no other run is writing to it now, delete `TMP/cut-full.partial` or write with `--force`
    ");
    assert!(matches!(store::read(&dir).unwrap_err(), StoreError::HalfWritten { path, .. } if path == partial));
    assert!(!write_to(&dir, &forced()).unwrap().replaced);
    assert_eq!(names(temp.path()), ["cut-full"]);
}

#[test]
fn a_folder_without_its_manifest_or_a_table_is_half_written() {
    for lost in ["run.toml", "flows.parquet"] {
        let (temp, dir) = written();
        fs::remove_file(dir.join(lost)).unwrap();
        for error in [store::read(&dir).unwrap_err(), write_to(&dir, &WriteOptions::default()).unwrap_err()] {
            assert!(matches!(error, StoreError::HalfWritten { .. }), "{error}");
            assert!(message(&error, &temp).contains(lost), "{error}");
        }
        write_to(&dir, &forced()).unwrap();
        store::read(&dir).unwrap();
    }
}

#[test]
fn places_that_cannot_be_written_are_told_apart() {
    let temp = TempDir::new().unwrap();
    let file = temp.path().join("file");
    fs::write(&file, "text").unwrap();
    let fail = |path: PathBuf, options: WriteOptions| message(&write_to(&path, &options).unwrap_err(), &temp);
    let parents = || WriteOptions { create_parents: true, ..WriteOptions::default() };
    insta::assert_snapshot!(fail(file.clone(), forced()), @r"
    cannot create `TMP/file`: `TMP/file` is a file
    choose another folder, or move the file away
    ");
    insta::assert_snapshot!(fail(file.join("under"), WriteOptions::default()), @r"
    cannot create `TMP/file/under`: `TMP/file` is a file
    choose another folder, or move the file away
    ");
    insta::assert_snapshot!(fail(file.join("far/under"), parents()), @r"
    cannot create `TMP/file/far/under`: `TMP/file` is a file
    choose another folder, or move the file away
    ");
    insta::assert_snapshot!(fail(temp.path().join("no/where"), WriteOptions::default()), @r"
    cannot create `TMP/no/where`: there is no folder `TMP/no`
    create `TMP/no` first, or choose another folder
    ");
    write_to(&temp.path().join("no/where"), &parents()).unwrap();
    assert_eq!(names(temp.path()), ["file", "no"]);
    let empty = temp.path().join("empty");
    fs::create_dir(&empty).unwrap();
    write_to(&empty, &WriteOptions::default()).unwrap();
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_told_apart() {
    use std::os::unix::fs::PermissionsExt as _;
    let temp = TempDir::new().unwrap();
    let locked = temp.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    // The system's administrator may write everywhere.
    if fs::write(locked.join("probe"), "").is_err() {
        let error = write_to(&locked.join("cut"), &WriteOptions::default()).unwrap_err();
        assert!(matches!(error, StoreError::Denied { .. }), "{error}");
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn failures_of_the_system_lead_to_their_remedy() {
    let full = StoreError::DiskFull { path: "results".into(), source: std::io::ErrorKind::StorageFull.into() };
    insta::assert_snapshot!(format!("{full}\n{}", full.hint().unwrap()), @r"
    no space left for `results`: no storage space
    free some space, or choose a folder on another disk
    ");
}

#[test]
fn nothing_there_is_not_a_fault_of_a_result() {
    let temp = TempDir::new().unwrap();
    assert!(matches!(store::read(&temp.path().join("none")).unwrap_err(), StoreError::NotFound { .. }));
    assert!(matches!(store::read(temp.path()).unwrap_err(), StoreError::NotFound { .. }));
    let file = temp.path().join("file");
    fs::write(&file, "text").unwrap();
    assert!(matches!(store::read(&file).unwrap_err(), StoreError::NotAResult { .. }));
}

#[test]
fn extra_files_have_plain_names_of_their_own() {
    let temp = TempDir::new().unwrap();
    for names in [vec!["../x"], vec!["a/b"], vec![""], vec!["run.toml"], vec!["prices.parquet"], vec!["a", "a"]] {
        let extras = names.iter().map(|n| ExtraFile { name: (*n).into(), bytes: vec![] }).collect();
        let error = write_to(&temp.path().join("x"), &WriteOptions { extras, ..WriteOptions::default() }).unwrap_err();
        assert!(matches!(error, StoreError::ExtraName { .. }), "{names:?}: {error}");
    }
    assert!(names(temp.path()).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever bytes a file has, reading says so and never panics.
    #[test]
    fn any_damage_is_an_error(
        file in 0..FILES.len() + 1,
        at in any::<prop::sample::Index>(),
        bits in 1..=255_u8,
        cut in any::<bool>(),
    ) {
        let (_temp, dir) = written();
        let name = FILES.get(file).copied().unwrap_or("run.toml");
        let mut bytes = fs::read(dir.join(name)).unwrap();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] ^= bits }
        fs::write(dir.join(name), bytes).unwrap();
        let read = store::read(&dir);
        if name != "run.toml" {
            let named = matches!(&read, Err(StoreError::Corrupt { file, .. }) if file == name);
            prop_assert!(named, "{name}: {:?}", read.err());
        }
    }

    /// Nor does any text in place of the manifest.
    #[test]
    fn any_manifest_is_read_or_refused(text in ".{0,300}") {
        let (_temp, dir) = written();
        fs::write(dir.join("run.toml"), text).unwrap();
        prop_assert!(store::read(&dir).is_err());
    }
}
