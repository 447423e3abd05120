//! Every name and code of the data sets that Monazite reads is a place, or is known to be something else.

#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::panic)] // helpers of tests; a skipped test says why

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use monazite_evidence::{Dataset, Named};

/// A large file beside the repository, when it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: ../shared/{name} is not here");
    None
}

/// The distinct values of a column, read as text whatever its encoding.
fn column(path: &Path, name: &str) -> Vec<String> {
    let bytes = std::fs::read(path).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| {
        // Windows-1252, of which the country names use one character that Latin-1 lacks.
        bytes
            .iter()
            .map(|&b| if b == 0x92 { '’' } else { char::from(b) })
            .collect()
    });
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let at = reader
        .headers()
        .unwrap()
        .iter()
        .position(|header| header == name)
        .unwrap();
    let mut values: Vec<String> = reader
        .records()
        .filter_map(|r| Some(r.unwrap().get(at)?.to_owned()))
        .collect();
    values.sort();
    values.dedup();
    values
}

/// What is not one place, by name; a name that means nothing fails.
fn others(dataset: &Dataset, names: &[String]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for name in names {
        let resolved = dataset.resolve_name(name).unwrap_or_else(|error| panic!("{error}"));
        if !matches!(resolved.named, Named::Place(_)) {
            out.insert(name.clone(), format!("{:?}", resolved.named));
        }
    }
    out
}

#[test]
fn codes_of_different_lists_never_mean_different_places() {
    let dataset = Dataset::bundled().unwrap();
    let codes = dataset.baci_codes();
    for place in &dataset.places {
        let Some(code) = place.m49 else { continue };
        assert!(
            codes.get(&code).is_none_or(|other| other == &place.place),
            "{code} {}",
            place.place
        );
    }
    for (code, place) in [
        (842, "USA"),
        (699, "IND"),
        (251, "FRA"),
        (579, "NOR"),
        (757, "CHE"),
        (490, "TWN"),
        (58, "BEL"),
        (280, "DEU"),
        (711, "ZA1"),
        (736, "SDN"),
        (278, "DDR"),
    ] {
        assert_eq!(codes[&code], place, "{code}");
    }
    for (text, place) in [
        ("840", "USA"),
        ("356", "IND"),
        ("250", "FRA"),
        ("578", "NOR"),
        ("756", "CHE"),
        ("158", "TWN"),
        ("056", "BEL"),
        ("58", "BEL"),
    ] {
        assert_eq!(dataset.resolve_place(text).unwrap().place, place, "{text}");
    }
}

#[test]
fn the_worlds_spellings() {
    let dataset = Dataset::bundled().unwrap();
    for (text, place) in [
        ("Other Asia, nes", "TWN"),
        ("Taiwan, China", "TWN"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("TÃ¼rkiye", "TUR"),
        ("Turkiye", "TUR"),
        ("CÃ´te d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Korea, Rep.", "KOR"),
        ("Korea, Republic of", "KOR"),
        ("Korea, South", "KOR"),
        ("Egypt, Arab Rep.", "EGY"),
        ("Congo, Dem. Rep.", "COD"),
        ("Congo (Kinshasa)", "COD"),
        ("Congo, D.R.", "COD"),
        ("Congo, Rep.", "COG"),
        ("Lao PDR", "LAO"),
        ("Burma", "MMR"),
        ("United\u{a0}States", "USA"),
        ("Bosnia-Herzegovina", "BIH"),
        ("Kosovo", "XKX"),
        ("French Guiana", "GUF"),
        ("Russia, Asia", "RUS"),
    ] {
        assert_eq!(dataset.resolve_place(text).unwrap().place, place, "{text}");
    }
    let resolved = dataset.resolve_name("Brazil (beneficiated)").unwrap();
    assert_eq!(resolved.qualifier.as_deref(), Some("beneficiated"));
    assert_eq!(
        dataset.resolve_name("World total (rounded) 10").unwrap().named,
        Named::World
    );
    assert_eq!(dataset.resolve_name("Areas, nes").unwrap().named, Named::Rest);
    assert_eq!(
        dataset.resolve_name("EU-28").unwrap().named,
        Named::Group("EU".to_owned())
    );
    assert!(dataset.resolve_name("Atlantis (rounded)").is_err());
    assert!(dataset.resolve_name("").is_err());
}

#[test]
fn every_name_and_code_of_baci() {
    let dataset = Dataset::bundled().unwrap();
    let Some(path) = shared("evidence/trade/baci_country_codes.csv") else {
        return;
    };
    assert_eq!(others(&dataset, &column(&path, "country_name")), BTreeMap::new());
    let codes = dataset.baci_codes();
    for code in column(&path, "baci_code") {
        assert!(codes.contains_key(&code.parse().unwrap()), "{code}");
    }
    let mut reader = csv::Reader::from_path(&path).unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        let by_name = dataset.resolve_place(&record[1]).unwrap();
        assert_eq!(codes[&record[0].parse().unwrap()], by_name.place, "{record:?}");
    }
}

#[test]
fn every_economy_of_the_governance_indicators() {
    let dataset = Dataset::bundled().unwrap();
    let Some(path) = shared("evidence/trade/wgi_political_stability_1996_2024.csv") else {
        return;
    };
    assert_eq!(others(&dataset, &column(&path, "economy")), BTreeMap::new());
    assert_eq!(others(&dataset, &column(&path, "wgi_code")), BTreeMap::new());
}

#[test]
fn every_country_of_mineral_commodity_summaries() {
    let dataset = Dataset::bundled().unwrap();
    for (file, name) in [
        ("MCS2025_World_Data.csv", "COUNTRY"),
        ("MCS2026_Commodities_Data.csv", "Country"),
    ] {
        let Some(path) = shared(&format!("evidence/supply/{file}")) else {
            return;
        };
        let others = others(&dataset, &column(&path, name));
        insta::assert_debug_snapshot!(file, others);
    }
}
