//! Groups of places by date, and groups that a user makes.

#![allow(clippy::unwrap_used)] // helpers of tests

use monazite_evidence::{Dataset, GroupId, PlaceId, Regions};

fn members(dataset: &Dataset, group: &str, year: u16) -> Vec<String> {
    let region = dataset.resolve_region(group, year).unwrap();
    region.members.iter().map(|place| place.as_str().to_owned()).collect()
}

#[test]
fn the_union_grows_and_shrinks() {
    let dataset = Dataset::bundled().unwrap();
    for (year, count) in [
        (1958, 6),
        (1972, 6),
        (1973, 9),
        (1981, 10),
        (1986, 12),
        (1995, 15),
        (2003, 15),
        (2004, 25),
        (2007, 27),
        (2012, 27),
        (2013, 28),
        (2019, 28),
        (2020, 27),
        (2024, 27),
    ] {
        assert_eq!(members(&dataset, "EU", year).len(), count, "{year}");
    }
    assert!(members(&dataset, "European Union", 2019).contains(&"GBR".to_owned()));
    assert!(!members(&dataset, "european union", 2020).contains(&"GBR".to_owned()));
    assert_eq!(members(&dataset, "EU27", 2018).len(), 27);
    assert!(!members(&dataset, "EU-27", 2018).contains(&"GBR".to_owned()));
}

#[test]
fn the_other_groups_have_their_known_size() {
    let dataset = Dataset::bundled().unwrap();
    for (group, year, count) in [
        ("G7", 1975, 6),
        ("G7", 2024, 7),
        ("NATO", 1950, 12),
        ("NATO", 2003, 19),
        ("NATO", 2022, 30),
        ("NATO", 2023, 31),
        ("NATO", 2024, 32),
        ("OECD", 2023, 38),
        ("BRICS", 2010, 4),
        ("BRICS", 2023, 5),
        ("BRICS", 2024, 10),
        ("BRICS", 2025, 11),
        ("MSP", 2024, 14),
        ("CPTPP", 2023, 10),
        ("CPTPP", 2025, 12),
        ("RUSSIA_SANCTIONS", 2023, 52),
    ] {
        assert_eq!(members(&dataset, group, year).len(), count, "{group} {year}");
    }
}

#[test]
fn a_day_may_differ_from_its_year() {
    let dataset = Dataset::bundled().unwrap();
    let union = GroupId::from("EU");
    let on = |day: &str| {
        dataset
            .members_on(&union, day.parse().unwrap())
            .contains(&PlaceId::from("GBR"))
    };
    assert!(on("2020-01-31"));
    assert!(!on("2020-02-01"));
}

#[test]
fn groups_of_ones_own() {
    let dataset = Dataset::bundled().unwrap();
    let regions = Regions::new(&dataset)
        .with("Friends=EU, USA;Japan+Korea, Rep.")
        .unwrap_err()
        .to_string();
    insta::assert_snapshot!(regions, @"unknown place or group `Rep.`; did you mean `Réunion (REU)`?");
    let regions = Regions::new(&dataset).with("Friends=EU,USA,Japan").unwrap();
    assert_eq!(regions.resolve("friends", 2019).unwrap().members.len(), 30);
    assert_eq!(regions.resolve("friends", 2021).unwrap().members.len(), 29);
    let nested = regions.with("Wide=Friends,AUS").unwrap();
    assert_eq!(nested.resolve("Wide", 2021).unwrap().members.len(), 30);

    let one = dataset.resolve_region("Korea, Rep.", 2020).unwrap();
    assert_eq!((one.name.as_str(), one.is_one_place()), ("KOR", true));
    let several = dataset.resolve_region("France + Germany", 2020).unwrap();
    assert_eq!((several.name.as_str(), several.members.len()), ("FRA+DEU", 2));
}

#[test]
fn nothing_is_dropped() {
    let dataset = Dataset::bundled().unwrap();
    let with = |text: &str| Regions::new(&dataset).with(text).unwrap_err().to_string();
    let region = |text: &str, year: u16| dataset.resolve_region(text, year).unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            with("Ours=DEU,Germny,FRA"),
            with("Ours=DEU,NAT0"),
            with("Ours"),
            with("Ours= , ,"),
            with("=DEU"),
            with("Ours=Ours,DEU"),
            region("EU", 1950),
            region("BRICKS", 2020),
            region("USA,Atlantis", 2020),
            dataset.group("Europian Union").unwrap_err().to_string(),
        ]
        .join("\n")
    );
}

#[test]
fn groups_from_files() {
    let dataset = Dataset::bundled().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(dir.path().join(name), text).unwrap();
        Regions::new(&dataset).with_file(&dir.path().join(name))
    };
    let both = file(
        "ours.toml",
        "# ours\nwide = [\"core\", \"AUS\"]\ncore = [\"DEU\", \"fra\"]\n",
    )
    .unwrap();
    assert_eq!(both.resolve("wide", 2024).unwrap().members.len(), 3);
    let both = file("ours.csv", "group,place\ncore,DEU\nwide,core\nwide,AUS\n").unwrap();
    assert_eq!(both.resolve("wide", 2024).unwrap().members.len(), 2);

    let message = |name: &str, text: &str| {
        let error = file(name, text).unwrap_err().to_string();
        error.replace(&dir.path().to_string_lossy().into_owned(), "DIR")
    };
    insta::assert_snapshot!(
        [
            message("a.toml", "core = [\"DEU\", \"Frnace\"]\n"),
            message("b.toml", "core = [\"DEU\"]\nrim = 3\n"),
            message("c.csv", "group,place\ncore,DEU\ncore,Frnace\n"),
            message("d.csv", "name,country\ncore,DEU\n"),
            message("e.csv", "group,place\ncore,DEU,x\n"),
            message("f.toml", "a = [\"b\"]\nb = [\"a\"]\n"),
        ]
        .join("\n")
    );
}
