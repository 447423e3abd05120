//! Characterisation factors in the layouts that life-cycle assessment programs load.
//!
//! openLCA: a folder of reference data (`lcia_methods.csv`, `lcia_categories.csv`, `flows.csv`, `locations.csv`,
//! `lcia_factors/…`), comma separated, one factor per flow and location. Brightway: one CSV per method, with the columns
//! `name`, `categories`, `unit`, `amount` that its generic importer reads.

use std::fmt::Write as _;

use monazite_evidence::{Dataset, PlaceId};
use sha2::{Digest as _, Sha256};

/// One factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// The flow: `Nickel`, `Dysprosium`.
    pub flow: String,
    /// Stage of what is traded.
    pub stage: String,
    /// Importing place or group.
    pub importer: String,
    /// Its name.
    pub importer_name: String,
    /// Calendar year.
    pub year: u16,
    /// The factor, in the unit of the method.
    pub value: f64,
}

/// What the factors are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Its name: `GeoPolRisk`.
    pub name: String,
    /// Unit of the factors per kg: `kg Cu-eq`, `USD`.
    pub unit: String,
    /// How they were made, for the description.
    pub description: String,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutFile {
    /// Its path below the output folder.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// The compartment of raw materials.
const COMPARTMENT: [&str; 2] = ["natural resource", "in ground"];

/// The name of a flow: elements by their English name, as inventories write them.
#[must_use]
pub fn flow_name(dataset: &Dataset, material: &str) -> String {
    let element = dataset.elements.iter().find(|row| row.element.symbol() == material);
    let Some(row) = element else { return material.to_owned() };
    let mut letters = row.name.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An identifier that is the same for the same words: a UUID of version 8 from their SHA-256.
#[must_use]
pub fn uuid(words: &str) -> String {
    let hash = Sha256::digest(format!("monazite:{words}"));
    let mut bytes: Vec<u8> = hash.iter().take(16).copied().collect();
    for (at, keep, set) in [(6, 0x0f, 0x80), (8, 0x3f, 0x80)] {
        if let Some(byte) = bytes.get_mut(at) {
            *byte = (*byte & keep) | set;
        }
    }
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&at) {
            text.push('-');
        }
        // Writing to text does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn csv_text(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn category(method: &Method, factor: &Factor) -> String {
    format!("{}, {}, {}", method.name, factor.stage, factor.year)
}

/// Sorted, each once.
fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort();
    items.dedup();
    items
}

/// A package of reference data for openLCA: one impact category per stage and year, with a factor per flow and location.
#[must_use]
pub fn openlca(method: &Method, factors: &[Factor], dataset: &Dataset) -> Vec<LayoutFile> {
    let categories = distinct(factors.iter().map(|factor| category(method, factor)));
    let mut files = methods(method, &categories);
    files.push(flows(factors));
    files.push(locations(factors, dataset));
    files.extend(categories.iter().map(|name| factors_of(name, method, factors)));
    files
}

fn file(path: &str, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> LayoutFile {
    LayoutFile {
        path: path.to_owned(),
        text: csv_text(header, rows),
    }
}

fn category_id(name: &str) -> String {
    uuid(&format!("category {name}"))
}

fn flow_id(name: &str) -> String {
    uuid(&format!("flow {name}"))
}

fn location_id(place: &str) -> String {
    uuid(&format!("location {place}"))
}

/// The method, its categories, and which belongs to which.
fn methods(method: &Method, categories: &[String]) -> Vec<LayoutFile> {
    let id = uuid(&format!("method {}", method.name));
    let about = || method.description.clone();
    let row = vec![id.clone(), method.name.clone(), about(), String::new()];
    let of_category = |name: &String| {
        let (id, name, unit) = (category_id(name), name.clone(), method.unit.clone());
        vec![id, name, about(), String::new(), unit]
    };
    vec![
        file("lcia_methods.csv", &["ID", "Name", "Description", "Category"], [row]),
        file(
            "lcia_categories.csv",
            &["ID", "Name", "Description", "Category", "Reference unit"],
            categories.iter().map(of_category),
        ),
        file(
            "lcia_method_categories.csv",
            &["LCIA method", "LCIA category"],
            categories.iter().map(|name| vec![id.clone(), category_id(name)]),
        ),
    ]
}

fn flows(factors: &[Factor]) -> LayoutFile {
    const HEADER: [&str; 8] = [
        "ID",
        "Name",
        "Description",
        "Category",
        "Flow type",
        "CAS number",
        "Chem. formula",
        "Reference flow property",
    ];
    let path = format!("Elementary flows/{}", COMPARTMENT.join("/"));
    let names = distinct(factors.iter().map(|factor| factor.flow.as_str()));
    let row = |name: &str| {
        let id = flow_id(name);
        let cells = [&id, name, "", &path, "elementary", "", "", "Mass"];
        cells.map(str::to_owned).to_vec()
    };
    file("flows.csv", &HEADER, names.into_iter().map(row))
}

fn locations(factors: &[Factor], dataset: &Dataset) -> LayoutFile {
    const HEADER: [&str; 7] = ["ID", "Name", "Description", "Category", "Code", "Latitude", "Longitude"];
    let places = distinct(
        factors
            .iter()
            .map(|factor| (factor.importer.as_str(), factor.importer_name.as_str())),
    );
    let row = |(place, name): (&str, &str)| {
        let known = dataset.place(&PlaceId::from(place));
        let code = known.and_then(|row| row.iso2.as_deref()).unwrap_or(place);
        let id = location_id(place);
        [&id, name, "", "", code, "0", "0"].map(str::to_owned).to_vec()
    };
    file("locations.csv", &HEADER, places.into_iter().map(row))
}

fn factors_of(name: &str, method: &Method, factors: &[Factor]) -> LayoutFile {
    const HEADER: [&str; 6] = [
        "LCIA category",
        "Flow",
        "Flow property",
        "Flow unit",
        "Location",
        "Factor",
    ];
    let id = category_id(name);
    let rows = factors.iter().filter(|factor| category(method, factor) == name);
    let row = |factor: &Factor| {
        let (flow, place, value) = (
            flow_id(&factor.flow),
            location_id(&factor.importer),
            factor.value.to_string(),
        );
        [&id, &flow, "Mass", "kg", &place, &value].map(str::to_owned).to_vec()
    };
    let short = id.split('-').next().unwrap_or(&id);
    file(&format!("lcia_factors/{short}.csv"), &HEADER, rows.map(row))
}

/// One CSV per importer, stage and year for Brightway's generic importer.
#[must_use]
pub fn brightway(method: &Method, factors: &[Factor]) -> Vec<LayoutFile> {
    let keys = distinct(
        factors
            .iter()
            .map(|factor| (factor.importer.clone(), factor.stage.clone(), factor.year)),
    );
    keys.into_iter()
        .map(|(importer, stage, year)| {
            let rows = factors
                .iter()
                .filter(|factor| factor.importer == importer && factor.stage == stage && factor.year == year)
                .map(|factor| {
                    vec![
                        factor.flow.clone(),
                        COMPARTMENT.join("::"),
                        "kilogram".to_owned(),
                        factor.value.to_string(),
                        factor.importer.clone(),
                    ]
                });
            LayoutFile {
                path: format!(
                    "{}-{importer}-{stage}-{year}.csv",
                    method.name.to_lowercase().replace(' ', "-")
                ),
                text: csv_text(&["name", "categories", "unit", "amount", "location"], rows),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors() -> (Method, Vec<Factor>) {
        let factor = |flow: &str, importer: &str, name: &str, value: f64| Factor {
            flow: flow.to_owned(),
            stage: "mine".to_owned(),
            importer: importer.to_owned(),
            importer_name: name.to_owned(),
            year: 2022,
            value,
        };
        let method = Method {
            name: "GeoPolRisk".to_owned(),
            unit: "kg Cu-eq".to_owned(),
            description: "test".to_owned(),
        };
        let rows = vec![
            factor("Nickel", "DEU", "Germany", 1.25),
            factor("Nickel", "USA", "United States", 0.5),
            factor("Zinc", "DEU", "Germany", 0.75),
        ];
        (method, rows)
    }

    #[test]
    fn brightway_gets_a_file_per_importer() {
        let (method, factors) = factors();
        let files = brightway(&method, &factors);
        assert_eq!(files.len(), 2);
        insta::assert_snapshot!(files[0].path, @"geopolrisk-DEU-mine-2022.csv");
        insta::assert_snapshot!(files[0].text, @r"
        name,categories,unit,amount,location
        Nickel,natural resource::in ground,kilogram,1.25,DEU
        Zinc,natural resource::in ground,kilogram,0.75,DEU
        ");
    }

    #[test]
    fn openlca_gets_a_package_whose_ids_fit_together() {
        let (method, factors) = factors();
        let dataset = Dataset::bundled().unwrap();
        let files = openlca(&method, &factors, &dataset);
        let text = |path: &str| files.iter().find(|f| f.path.starts_with(path)).unwrap().text.clone();
        let rows = |path: &str| -> Vec<Vec<String>> {
            let text = text(path);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            reader
                .records()
                .map(|r| r.unwrap().iter().map(str::to_owned).collect())
                .collect()
        };
        let ids = |path: &str| -> Vec<String> { rows(path).into_iter().map(|row| row[0].clone()).collect() };
        assert_eq!(rows("lcia_factors/").len(), 3);
        for row in rows("lcia_factors/") {
            assert!(ids("lcia_categories").contains(&row[0]) && ids("flows").contains(&row[1]));
            assert!(ids("locations").contains(&row[4]) && row[5].parse::<f64>().unwrap() > 0.0);
        }
        assert_eq!(rows("locations")[0][4], "DE");
    }

    #[test]
    fn ids_are_stable_and_well_formed() {
        assert_eq!(uuid("flow Nickel"), uuid("flow Nickel"));
        assert_ne!(uuid("flow Nickel"), uuid("flow Zinc"));
        let id = uuid("x");
        assert_eq!((id.len(), id.as_bytes()[14], id.matches('-').count()), (36, b'8', 4));
    }
}
