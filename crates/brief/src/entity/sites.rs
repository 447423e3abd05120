//! Names of deposits, mines and plants of the dataset.

use std::collections::HashMap;

use monazite_evidence::table::Level;
use monazite_evidence::{Dataset, Stage};

use super::lexicon::{Builder, Entry, Needs, cell};
use super::{EntityKind, Reference};

/// Adds them. A plant is mostly known by its town, so its name counts only beside words about plants; a mine that is
/// also a deposit is found as the deposit.
pub(super) fn sites(builder: &mut Builder, dataset: &Dataset, more: &[HashMap<String, String>]) {
    for row in &dataset.deposits {
        let id = row.deposit.as_str();
        let mut evidence = vec![Reference::new("deposits", id)];
        let mine = dataset
            .facilities
            .iter()
            .find(|facility| facility.facility.as_str() == id);
        evidence.extend(mine.map(|_| Reference::new("facilities", id)));
        let entry = builder.entry(Entry {
            kind: EntityKind::Deposit,
            key: id.to_owned(),
            name: row.name.clone(),
            role: None,
            place: Some(row.place.as_str().to_owned()),
            stage: None,
            evidence,
        });
        for name in names(&row.name) {
            // One short word may be anything; `Fen`, `Donald`, `Carina` need a mine beside them.
            let common = COMMON.contains(&name.as_str());
            builder.spell(entry, &name, if common { Needs::PlantWords } else { Needs::Nothing });
        }
        variants(builder, entry, more, "deposits", id, Needs::Nothing);
    }
    for row in &dataset.facilities {
        let id = row.facility.as_str();
        let known_as_deposit =
            row.stage == Stage::Mine && dataset.deposits.iter().any(|deposit| deposit.deposit.as_str() == id);
        if row.level != Level::Plant || known_as_deposit || row.operator.is_none() {
            continue;
        }
        let entry = builder.entry(Entry {
            kind: if row.stage == Stage::Mine {
                EntityKind::Deposit
            } else {
                EntityKind::Plant
            },
            key: id.to_owned(),
            name: row.name.clone(),
            role: row.operator.clone(),
            place: Some(row.place.as_str().to_owned()),
            stage: Some(row.stage),
            evidence: vec![Reference::new("facilities", id)],
        });
        if row.name.split(' ').count() < 3 {
            builder.spell(entry, &row.name, Needs::PlantWords);
        } else {
            builder.spell(entry, &row.name, Needs::Nothing);
        }
        variants(builder, entry, more, "facilities", id, Needs::PlantWords);
    }
    elsewhere(builder, more);
}

/// Deposits and plants that the dataset lacks, by their names.
fn elsewhere(builder: &mut Builder, more: &[HashMap<String, String>]) {
    for row in more {
        let kind = match cell(row, "table") {
            "other_deposits" => EntityKind::Deposit,
            "other_plants" => EntityKind::Plant,
            _ => continue,
        };
        let name = cell(row, "id");
        let entry = builder.entry(Entry {
            kind,
            key: name.to_owned(),
            name: name.to_owned(),
            role: None,
            place: None,
            stage: None,
            evidence: Vec::new(),
        });
        let variants = cell(row, "variants").split(';').filter(|variant| !variant.is_empty());
        for variant in std::iter::once(name).chain(variants) {
            // One word may be a town or a hill as well.
            let needs = if variant.contains(' ') && kind == EntityKind::Deposit {
                Needs::Nothing
            } else {
                Needs::PlantWords
            };
            builder.spell(entry, variant, needs);
        }
    }
}

/// Names of deposits that are words or names of something else as well.
const COMMON: &[&str] = &[
    "Fen",
    "Donald",
    "Carina",
    "Colossus",
    "Kachin",
    "Foxtrot",
    "Round Top",
    "Longnan",
    "Xunwu",
    "Weishan",
    "Dubbo",
    "Kenering, Perak",
    "Chavara",
];

fn variants(
    builder: &mut Builder,
    entry: usize,
    more: &[HashMap<String, String>],
    table: &str,
    id: &str,
    needs: Needs,
) {
    let wanted = more
        .iter()
        .filter(|row| cell(row, "table") == table && cell(row, "id") == id);
    for variant in wanted.flat_map(|row| cell(row, "variants").split(';')) {
        if let Some(place) = variant.strip_prefix('@') {
            told_by_place(builder, entry, place);
            continue;
        }
        // Several words name a plant by themselves.
        let long = variant.split(' ').count() > 2;
        let common = COMMON.contains(&variant);
        builder.spell(
            entry,
            variant,
            if long && needs == Needs::PlantWords {
                Needs::Nothing
            } else if common {
                Needs::PlantWords
            } else {
                needs
            },
        );
    }
}

/// `its Malaysian rare earths plant`, `the refinery in Malaysia`: a plant told by where its operator has one.
fn told_by_place(builder: &mut Builder, entry: usize, place: &str) {
    const NOUNS: &[&str] = &["plant", "refinery", "facility", "works", "factory"];
    const KINDS: &[&str] = &[
        "",
        "magnet ",
        "separation ",
        "processing ",
        "rare earth ",
        "rare earths ",
        "rare earth processing ",
        "rare earths processing ",
        "rare earth separation ",
        "rare earths separation ",
        "heavy rare earth ",
        "heavy rare earths ",
    ];
    for noun in NOUNS {
        for kind in KINDS {
            builder.spell(entry, &format!("{place} {kind}{noun}"), Needs::Operator);
        }
        for before in ["in ", "in the ", "at "] {
            builder.spell(entry, &format!("{noun} {before}{place}"), Needs::Operator);
        }
    }
}

/// `Lovozero (Karnasurt)` is known by both names; `Eneabba stockpile` by the first word too.
fn names(name: &str) -> Vec<String> {
    let (outside, inside) = match name.split_once('(') {
        Some((outside, rest)) => (outside.trim(), rest.trim_end_matches(')')),
        None => (name, ""),
    };
    let parts = outside.split('/').chain(inside.split('/'));
    let mut all: Vec<String> = parts
        .map(|part| part.trim().to_owned())
        .filter(|part| part.len() > 2 && part.starts_with(char::is_uppercase))
        .collect();
    for mountain in all.clone().iter().filter_map(|name| name.strip_prefix("Mount ")) {
        all.push(format!("Mt {mountain}"));
        all.push(format!("Mt. {mountain}"));
    }
    for ending in [" stockpile", " phosphogypsum", " monazite store", " clays"] {
        if let Some(short) = outside
            .strip_suffix(ending)
            .filter(|short| !short.contains(' ') && !COUNTRYLIKE.contains(short))
        {
            all.push(short.to_owned());
        }
    }
    all
}

/// First words of deposit names that are names of countries.
const COUNTRYLIKE: &[&str] = &["Laos", "China"];
