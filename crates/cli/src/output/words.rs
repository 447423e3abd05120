//! Ids as people say them: places, products, confidence.

use std::collections::BTreeMap;

use monazite_evidence::Dataset;
use monazite_evidence::table::{MagnetKind, ViewName};

/// The names of a dataset.
pub struct Words {
    places: BTreeMap<String, String>,
    feeds: BTreeMap<String, String>,
    grades: BTreeMap<String, String>,
    end_uses: BTreeMap<String, String>,
}

impl Words {
    /// Takes the names from the tables.
    pub fn new(dataset: &Dataset) -> Self {
        let mut places: BTreeMap<String, String> = dataset
            .places
            .iter()
            .map(|row| (row.place.to_string(), row.name.clone()))
            .collect();
        for view in [ViewName::Bloc14, ViewName::Full] {
            places.extend(dataset.view(view).map(|row| (row.id.clone(), row.name.clone())));
        }
        Self {
            places,
            feeds: dataset
                .feeds
                .iter()
                .map(|row| (row.feed.to_string(), row.name.clone()))
                .collect(),
            grades: (dataset.magnet_grades.iter())
                .map(|row| (row.grade.to_string(), grade(row.grade.as_str(), row.kind)))
                .collect(),
            end_uses: (dataset.end_uses.iter())
                .map(|row| (row.end_use.to_string(), row.name.clone()))
                .collect(),
        }
    }

    /// A place of either view by name: `Japan`.
    pub fn place<'a>(&'a self, id: &'a str) -> &'a str {
        self.places.get(id).map_or(id, String::as_str)
    }

    /// An end use by name, `Wind turbine generators`; any other word as text.
    pub fn end_use(&self, id: &str) -> String {
        self.end_uses.get(id).cloned().unwrap_or_else(|| plain(id))
    }

    /// A product by its table name: `oxide:Dy` is `Dy oxide`, `magnet:uh` is `NdFeB UH magnets`.
    pub fn product(&self, name: &str) -> String {
        let Some((kind, item)) = name.split_once(':') else {
            return name.to_owned();
        };
        let feed = || self.feeds.get(item).map_or(item, String::as_str);
        let grade = || self.grades.get(item).map_or(item, String::as_str);
        match kind {
            "oxide" => format!("{item} oxide"),
            "metal" => format!("{item} metal"),
            "in_solution" => format!("{item} in solution"),
            "magnet" => format!("{} magnets", grade()),
            "swarf" => format!("swarf of {} magnets", grade()),
            "concentrate" => format!("concentrate of {}", feed()),
            "carbonate" => format!("mixed carbonate of {}", feed()),
            "heavy_concentrate" => format!("heavy concentrate of {}", feed()),
            _ => name.to_owned(),
        }
    }
}

/// A magnet grade as traders say it.
fn grade(id: &str, kind: MagnetKind) -> String {
    match kind {
        MagnetKind::SmCo => "SmCo".to_owned(),
        MagnetKind::Bonded => "bonded NdFeB".to_owned(),
        MagnetKind::HotDeformed => format!("hot-deformed NdFeB {}", id.to_uppercase()),
        MagnetKind::Sintered => format!("NdFeB {}", id.to_uppercase()),
    }
}

/// What a confidence letter means for the reader: only unverified values are flagged.
pub fn flag(confidence: &str) -> &'static str {
    if confidence == "C" { "unverified" } else { "" }
}

/// A confidence letter in words.
pub fn confidence(letter: &str) -> &'static str {
    match letter {
        "A" => "official",
        "B" => "secondary",
        _ => "unverified",
    }
}

/// A word of the tables, such as `separation_light`, as text.
pub fn plain(word: &str) -> String {
    word.replace('_', " ")
}
