//! The bundled dataset loads, is sound, and its generated files are fresh.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::path::Path;

use monazite_evidence::check::check;
use monazite_evidence::lock::{self, Lock};
use monazite_evidence::table::{Row, ViewName};
use monazite_evidence::why::why;
use monazite_evidence::{Dataset, Element, Files, PlaceId, Stage, datapackage};

#[test]
fn loads_and_checks_without_errors() {
    let report = check(&Files::bundled());
    let errors: Vec<String> = report.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let dataset = Dataset::bundled().unwrap();
    assert!(dataset.missing_files().next().is_none());
    assert!(dataset.trade().unwrap().len() > 1000);
}

#[test]
fn the_folder_and_the_program_hold_the_same() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dataset");
    let folder = Dataset::from_dir(&dir).unwrap();
    assert_eq!(folder.lock(), Dataset::bundled().unwrap().lock());
}

#[test]
fn generated_files_are_fresh() {
    let files = Files::bundled();
    let dataset = Dataset::bundled().unwrap();
    let committed = Lock::of(&files)
        .unwrap()
        .expect("dataset.lock is in the dataset folder");
    committed.verify(&dataset.lock()).unwrap();
    let text = |name: &str| String::from_utf8(files.get(name).unwrap().to_vec()).unwrap();
    let hint = "run `monazite data lock --write`";
    assert!(
        text(lock::FILE) == dataset.lock().to_toml().unwrap(),
        "{} is stale; {hint}",
        lock::FILE
    );
    assert!(
        text(datapackage::FILE) == dataset.datapackage(),
        "{} is stale; {hint}",
        datapackage::FILE
    );
}

#[test]
fn a_year_of_trade_is_that_part_of_all_trade() {
    let lazy = Dataset::bundled().unwrap();
    let part = lazy.trade_in(&[2024]).unwrap();
    let all = lazy.trade().unwrap();
    let expected: Vec<_> = all.iter().filter(|row| row.year == 2024).cloned().collect();
    assert_eq!(part, expected);
    assert_eq!(lazy.trade_in(&[2024]).unwrap(), expected);
}

#[test]
fn a_folder_that_contradicts_itself_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dataset");
    for entry in std::fs::read_dir(source).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    Dataset::from_dir(dir.path()).unwrap();
    std::fs::write(
        dir.path().join("grade_mix.csv"),
        "end_use,grade,share,source,confidence\nwnid,n,1,unverified,C\n",
    )
    .unwrap();
    std::fs::remove_file(dir.path().join("prices.csv")).unwrap();
    let message = Dataset::from_dir(dir.path()).unwrap_err().to_string();
    assert!(
        message.contains("`wnid` is not in end_uses.csv; did you mean `wind`?"),
        "{message}"
    );
    assert!(message.contains("prices.csv: error: the file is missing"), "{message}");
    assert!(
        Dataset::from_dir(&dir.path().join("nowhere"))
            .unwrap_err()
            .to_string()
            .contains("nowhere")
    );
}

/// A table written from its rows reads as the same rows.
fn round_trip<T: Row + PartialEq + std::fmt::Debug>(rows: &[T], again: impl Fn(Dataset) -> Vec<T>) {
    let columns: Vec<&str> = T::SPEC.columns().iter().map(|c| c.name).collect();
    let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut text = columns.join(",");
    for row in rows {
        let cells: Vec<String> = row.to_record().iter().map(quote).collect();
        assert_eq!(cells.len(), columns.len(), "{}", T::SPEC.name);
        text.push('\n');
        text.push_str(&cells.join(","));
    }
    let dataset = Dataset::from_files(Files::default().with(T::SPEC.file, text)).unwrap();
    assert_eq!(again(dataset), rows, "{}", T::SPEC.name);
}

#[test]
fn every_table_round_trips() {
    let dataset = Dataset::bundled().unwrap();
    macro_rules! each {
        ($($table:ident)+) => { $( round_trip(&dataset.$table, |again| again.$table); )+ };
    }
    each!(
        places views groups group_members elements materials material_codes distributions feeds deposits production
        reserves facilities recoveries stage_costs project_terms stage_shares routes prices end_uses demand
        demand_shares magnet_grades grade_mix intensities technologies substitutes industry_uses deployment
        governance eu_assessments eu_supply_shares eu_sectors eu_use_shares policy_events deals measures disruptions behaviour
        uncertainty statements sources
    );
    round_trip(dataset.trade().unwrap(), |again| again.trade().unwrap().to_vec());
}

#[test]
fn places_are_found_and_belong_somewhere() {
    let dataset = Dataset::bundled().unwrap();
    for (text, code) in [
        ("Myanmar", "MMR"),
        ("burma", "MMR"),
        ("USA", "USA"),
        ("Viet Nam", "VNM"),
        ("vietnam", "VNM"),
    ] {
        assert_eq!(dataset.resolve_place(text).unwrap().place, code, "{text}");
    }
    assert_eq!(dataset.view(ViewName::Bloc14).count(), 14);
    for place in &dataset.places {
        assert!(dataset.view_place(&place.place).is_some() && dataset.bloc(&place.place).is_some());
    }
}

#[test]
fn why_shows_conflicting_evidence_side_by_side() {
    let dataset = Dataset::bundled().unwrap();
    let myanmar = PlaceId::from("MMR");
    let report = why(&dataset, &myanmar, Element::Dy, Stage::Mine, Some(2023)).unwrap();
    let production = report
        .groups
        .iter()
        .find(|g| g.subject.starts_with("mine production"))
        .unwrap();
    assert!(production.facts.len() > 1);
    let (low, high) = production.conflict.expect("the sources contradict each other");
    assert!(low < high);
    for fact in report.groups.iter().flat_map(|g| &g.facts) {
        assert!(fact.line > 1 && !fact.sources.is_empty() && !fact.what.is_empty());
        assert!(
            fact.sources.iter().all(|s| !s.title.is_empty()),
            "{}:{}",
            fact.file,
            fact.line
        );
    }
    assert!(why(&dataset, &PlaceId::from("XXX"), Element::Dy, Stage::Mine, None).is_err());
}

#[test]
fn why_answers_for_every_stage_and_element() {
    let dataset = Dataset::bundled().unwrap();
    for place in ["CHN", "USA", "AUS"] {
        for stage in Stage::ALL {
            for element in [Element::Nd, Element::Tb, Element::Ce, Element::Sc] {
                why(&dataset, &PlaceId::from(place), element, *stage, None).unwrap();
            }
        }
    }
}
