use monazite_import::{Kind, MINERALS, PRODUCTION, Value};

use crate::{Desk, message, said, shared, strict};

const WIDE: &str = "\u{feff}SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,PROD_NOTES,CAP_2023,CAP_EST_ 2024,CAP_NOTES,RESERVES_2024,RESERVE_NOTES
MCS2025,Rare earths,China,\"Mine production, rare-earth-oxide equivalent\",metric tons,255000,270000,Production quota.,,,,44000000,
MCS2025,Rare earths,Burma,\"Mine production, rare-earth-oxide equivalent\",metric tons,43000,31000,,,,,,NA
MCS2025,Rare earths,Other Countries,\"Mine production, rare-earth-oxide equivalent\",metric tons,1100,1400,,,,,,
MCS2025,Rare earths,World total (rounded),\"Mine production, rare-earth-oxide equivalent\",metric tons,376000,390000,,,,,>90000000,
MCS2025,Gallium ,China,Primary production,kilograms,,750000,estimated,,1000000,,,
";

#[test]
fn the_wide_release() {
    let desk = Desk::new();
    let report = desk
        .import(Kind::Mcs, &[desk.file("MCS2025_World_Data.csv", WIDE)], &strict())
        .unwrap();
    insta::assert_snapshot!(said(&report));
    let production = desk.rows(PRODUCTION);
    let burma = production
        .iter()
        .find(|row| row[3] == Value::Text("MMR".to_owned()) && row[4] == Value::Int(2024))
        .unwrap();
    assert_eq!(
        (burma[0].as_str(), burma[5].as_f64(), burma[6].as_str()),
        ("Rare Earths (REO)", Some(31000.0), "metr. t")
    );
    let gallium = production
        .iter()
        .find(|row| row[0] == Value::Text("Gallium".to_owned()))
        .unwrap();
    assert_eq!(gallium[5].as_f64(), Some(750.0));
    let more = desk
        .rows(MINERALS)
        .into_iter()
        .find(|row| row[9] == Value::Text(">90000000".to_owned()))
        .unwrap();
    assert_eq!((more[10].clone(), more[11].as_f64()), (Value::Null, Some(90e6)));
}

#[test]
fn bad_cells_are_named() {
    let desk = Desk::new();
    let text = WIDE
        .replace("Burma", "Burmaa")
        .replace("255000", "-255000")
        .replace("kilograms", "barrels");
    insta::assert_snapshot!(message(desk.import(
        Kind::Mcs,
        &[desk.file("MCS2025_World_Data.csv", text)],
        &strict()
    )));
    insta::assert_snapshot!(message(desk.import(
        Kind::Mcs,
        &[desk.file("other.csv", "a,b\n1,2\n")],
        &strict()
    )));
}

/// The releases themselves, as published: nothing is refused.
#[test]
fn the_releases_themselves() {
    let desk = Desk::new();
    for name in ["MCS2025_World_Data.csv", "MCS2026_Commodities_Data.csv"] {
        let Some(path) = shared(&format!("evidence/supply/{name}")) else {
            return;
        };
        let report = desk.import(Kind::Mcs, &[path], &strict()).unwrap();
        insta::assert_snapshot!(name, said(&report));
    }
    let rows = desk.rows(MINERALS);
    let figure = |edition: &str, iso3: &str, year: i32| {
        let found: Vec<Option<f64>> = rows
            .iter()
            .filter(|row| row[0].as_str() == edition && row[2].as_str() == "Rare earths" && row[4].as_str() == iso3)
            .filter(|row| row[5] == Value::Int(year) && row[6].as_str() == "production")
            .map(|row| row[13].as_f64())
            .collect();
        assert_eq!(found.len(), 1, "{edition} {iso3} {year}");
        found[0]
    };
    // The revisions of 2024 between the editions are kept side by side.
    assert_eq!(
        (figure("MCS2025", "AUS", 2024), figure("MCS2026", "AUS", 2024)),
        (Some(13_000.0), Some(29_000.0))
    );
    assert_eq!(
        (figure("MCS2025", "CHN", 2024), figure("MCS2025", "MMR", 2024)),
        (Some(270_000.0), Some(31_000.0))
    );
}
