//! Result folders: what is written comes back the same, and what stands in the way is told apart.

mod store_fixture;

use std::fs;
use std::path::PathBuf;

use monazite_market::chain::CalibrationNote;
use monazite_market::store::{self, ExtraFile, Inputs, StoreError, WriteOptions};
use store_fixture::{DATASET, FILES, SCENARIO, message, names, recipes, run, write_to, written};
use tempfile::TempDir;

fn forced() -> WriteOptions {
    WriteOptions {
        force: true,
        ..WriteOptions::default()
    }
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
    assert_eq!(
        (&after.scenario, &after.title, &after.view),
        (&before.scenario, &before.title, &before.view)
    );
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
    assert_eq!(
        after.notes.iter().map(note).collect::<Vec<_>>(),
        before.notes.iter().map(note).collect::<Vec<_>>()
    );
}

#[test]
fn a_folder_holds_its_files_and_nothing_else_stays() {
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join("cut-full");
    let report = ExtraFile {
        name: "report.html".into(),
        bytes: b"<html>".to_vec(),
    };
    let options = WriteOptions {
        extras: vec![report],
        ..WriteOptions::default()
    };
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
    let at = |text: &str| WriteOptions {
        made_at: Some(text.parse().unwrap()),
        ..WriteOptions::default()
    };
    let first = write_to(&a, &at("2026-01-01T00:00:00Z")).unwrap();
    let report = ExtraFile {
        name: "report.html".into(),
        bytes: b"made now".to_vec(),
    };
    let second = write_to(
        &b,
        &WriteOptions {
            extras: vec![report],
            ..at("2026-01-02T00:00:00Z")
        },
    )
    .unwrap();
    for file in FILES {
        assert_eq!(
            fs::read(a.join(file)).unwrap(),
            fs::read(b.join(file)).unwrap(),
            "{file}"
        );
    }
    assert_eq!(
        first.sha256, second.sha256,
        "neither the hour nor a report changes what the result is"
    );
    assert_ne!(
        fs::read(a.join("run.toml")).unwrap(),
        fs::read(b.join("run.toml")).unwrap()
    );
    let mut other = run();
    other.prices[0].spot_usd_per_kg += 1e-9;
    let inputs = Inputs {
        scenario: SCENARIO,
        dataset: &DATASET,
        recipes: &recipes(),
    };
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
        assert!(
            matches!(&error, StoreError::Foreign { file, .. } if file == "cat.jpg"),
            "{error}"
        );
    }
    assert!(matches!(
        store::read(&photos).unwrap_err(),
        StoreError::NotAResult { .. }
    ));
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
        for error in [
            store::read(&dir).unwrap_err(),
            write_to(&dir, &WriteOptions::default()).unwrap_err(),
        ] {
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
    let parents = || WriteOptions {
        create_parents: true,
        ..WriteOptions::default()
    };
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
    let full = StoreError::DiskFull {
        path: "results".into(),
        source: std::io::ErrorKind::StorageFull.into(),
    };
    insta::assert_snapshot!(format!("{full}\n{}", full.hint().unwrap()), @r"
    no space left for `results`: no storage space
    free some space, or choose a folder on another disk
    ");
}

#[test]
fn nothing_there_is_not_a_fault_of_a_result() {
    let temp = TempDir::new().unwrap();
    assert!(matches!(
        store::read(&temp.path().join("none")).unwrap_err(),
        StoreError::NotFound { .. }
    ));
    assert!(matches!(
        store::read(temp.path()).unwrap_err(),
        StoreError::NotFound { .. }
    ));
    let file = temp.path().join("file");
    fs::write(&file, "text").unwrap();
    assert!(matches!(store::read(&file).unwrap_err(), StoreError::NotAResult { .. }));
}

#[test]
fn extra_files_have_plain_names_of_their_own() {
    let temp = TempDir::new().unwrap();
    for names in [
        vec!["../x"],
        vec!["a/b"],
        vec![""],
        vec!["run.toml"],
        vec!["prices.parquet"],
        vec!["a", "a"],
    ] {
        let extras = names
            .iter()
            .map(|n| ExtraFile {
                name: (*n).into(),
                bytes: vec![],
            })
            .collect();
        let error = write_to(
            &temp.path().join("x"),
            &WriteOptions {
                extras,
                ..WriteOptions::default()
            },
        )
        .unwrap_err();
        assert!(matches!(error, StoreError::ExtraName { .. }), "{names:?}: {error}");
    }
    assert!(names(temp.path()).is_empty());
}
