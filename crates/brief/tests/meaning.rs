//! What articles would mean: library scenarios, drafted ones that pass their check, and plain statements.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops when its input is wrong"
)]

use jiff::civil::Date;
use monazite_brief::meaning::{Origin, Relation, Worths, leading};
use monazite_brief::{Brief, Reader, read, schema};
use monazite_evidence::Dataset;
use monazite_market::scenario::{Scenario, Vocabulary};

fn brief(reader: &Reader<'_>, words: &str, day: (i16, i8, i8)) -> Brief {
    let article = read(words.as_bytes(), None).unwrap();
    reader.brief(&article, Date::new(day.0, day.1, day.2).ok())
}

#[test]
fn the_licences_of_april_2025_are_the_library_scenario_and_run() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let words = "China on Friday imposed export controls on samarium, gadolinium, terbium, dysprosium, lutetium, scandium and yttrium.";
    let mut brief = brief(&reader, words, (2025, 4, 4));
    let chosen = brief.meaning.scenario.clone().expect("a scenario");
    assert_eq!(
        (chosen.origin, chosen.name.as_str()),
        (Origin::Library, "china-2025-04")
    );
    reader.run(&mut brief, None).unwrap();
    let ran = brief.meaning.ran.expect("a run");
    assert!(
        ran.effects
            .prices_and_shortages
            .iter()
            .any(|row| row.product == "oxide:Dy" && row.place == "outside China" && row.multiple > 1.05)
    );
    assert!(ran.effects.losses.iter().any(|loss| loss.musd > 10.0));
    let plan = brief.meaning.plan.expect("a plan value, or why there is none");
    assert!(plan.worths.is_empty() && plan.says.contains("disruption") && plan.command.starts_with("monazite plan"));
}

/// The headline is the news; licences of half a year before are what it recalls.
#[test]
fn news_is_simulated_and_background_is_named() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let words = "Moscow and Washington to meet again on rare earths\n\nRussia and the United States will hold talks on the \
                 Lovozero mine in Abu Dhabi next week, the Kremlin said on Thursday.\n\nChina, which refines about 90% of the \
                 world's rare earths, put licences on exports of samarium, gadolinium, terbium, dysprosium, lutetium, scandium \
                 and yttrium in April 2025.";
    let brief = brief(&reader, words, (2025, 11, 20));
    let chosen = brief.meaning.scenario.as_ref().expect("a scenario");
    assert_eq!(chosen.name, "russia-us-deal");
    assert!(
        brief
            .meaning
            .alternatives
            .iter()
            .any(|other| other.relation == Relation::Background && other.name == "china-2025-04")
    );
    assert!(
        brief
            .meaning
            .says
            .iter()
            .any(|words| words.starts_with("Background") && words.contains("2025-04"))
    );
    let talks: Vec<_> = brief
        .scored_events()
        .into_iter()
        .filter(|event| event.kind == "talks")
        .collect();
    assert_eq!((talks.len(), talks[0].status.as_str()), (1, "planned"), "{talks:?}");
    let place = brief
        .events
        .iter()
        .find(|event| event.kind.as_str() == "talks")
        .and_then(|event| event.place.as_deref());
    assert_eq!(place, Some("ARE"));
    let share = brief
        .claims
        .iter()
        .find(|claim| claim.rule == "share")
        .expect("a share");
    assert_eq!(share.verdict.as_str(), "supported", "{}", share.why);
    assert!(
        share.why.contains("of all rare earths") && share.why.contains("of heavy ones"),
        "{}",
        share.why
    );
}

/// Too low a share is no exaggeration.
#[test]
fn an_understatement_is_not_exaggerated() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    for (words, verdict) in [
        ("China refines 84% of the world's rare earths.", "supported"),
        ("China refines 60% of the world's rare earths.", "contradicted"),
        ("China refines 99% of the world's rare earths.", "exaggerated"),
        ("China refines more than 80% of the world's rare earths.", "supported"),
    ] {
        let brief = brief(&reader, words, (2025, 11, 20));
        let share = brief
            .claims
            .iter()
            .find(|claim| claim.rule == "share")
            .expect("a share");
        assert_eq!(share.verdict.as_str(), verdict, "{words} {}", share.why);
    }
}

#[test]
fn paths_add_bands_around_the_central_values() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let words = "China on Friday imposed export controls on samarium, gadolinium, terbium, dysprosium, lutetium, scandium and yttrium.";
    let mut brief = brief(&reader, words, (2025, 4, 4));
    reader.run(&mut brief, Some(10)).unwrap();
    let ran = brief.meaning.ran.expect("a run");
    assert_eq!(ran.paths, Some(10));
    let lead = leading(&ran.effects.prices_and_shortages, 10);
    assert!(!lead.is_empty() && lead.len() <= 10);
    for row in lead {
        let band = row.band.expect("a band");
        assert!(band.p5 <= band.median && band.median <= band.p95, "{row:?}");
    }
    assert!(ran.effects.losses.iter().all(|loss| loss.band.is_some()));
}

#[test]
fn talks_mean_nothing_before_the_plants_they_speak_of() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let words = "Russia and the United States began talks on the Tomtor deposit in Russia.";
    let brief = brief(&reader, words, (2025, 3, 31));
    let delay = brief.meaning.delay.expect("a year before which nothing changes");
    let tomtor = dataset.facilities.iter().find(|row| row.facility == *"tomtor").unwrap();
    assert_eq!(delay.year, tomtor.start.unwrap().year());
    assert!(delay.says.starts_with("Nothing material changes before"));
}

#[test]
fn drafted_scenarios_pass_their_check() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let vocabulary = Vocabulary::from_dataset(&dataset);
    for words in [
        "Vietnam on Monday banned exports of raw ore and concentrate.",
        "The United States will impose a 40 percent tariff on Chinese magnets from July 2027.",
        "A fire stopped production at the Mount Weld mine of Lynas on Tuesday.",
        "Brazil announced export licences for neodymium and praseodymium oxides.",
    ] {
        let brief = brief(&reader, words, (2026, 8, 5));
        let chosen = brief
            .meaning
            .scenario
            .unwrap_or_else(|| panic!("no scenario: {words} {:?}", brief.events));
        let read = Scenario::read(&chosen.file, "draft.toml", &vocabulary);
        assert!(read.is_ok(), "{words}\n{}\n{read:?}", chosen.file);
    }
}

/// Every draft of a regression article is a file that `monazite simulate` takes, and runs.
#[test]
fn drafts_of_all_articles_are_read_and_run() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let vocabulary = Vocabulary::from_dataset(&dataset);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut drafts = 0;
    for folder in ["tuned", "held", "fresh", "registers"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "txt") {
                continue;
            }
            let article = read(&std::fs::read(&path).unwrap(), None).unwrap();
            let mut brief = reader.brief(&article, None);
            let Some(chosen) = brief.meaning.scenario.clone() else {
                continue;
            };
            if chosen.origin == Origin::Drafted {
                drafts += 1;
                let read = Scenario::read(&chosen.file, "draft.toml", &vocabulary);
                assert!(read.is_ok(), "{}\n{}\n{read:?}", path.display(), chosen.file);
                reader
                    .run(&mut brief, None)
                    .unwrap_or_else(|error| panic!("{}: {error}\n{}", path.display(), chosen.file));
                assert!(brief.meaning.ran.is_some());
            }
        }
    }
    assert!(drafts >= 5, "{drafts} drafts");
}

/// A plant the evidence does not have becomes capacity of its country, and what is not told is marked.
#[test]
fn a_new_plant_is_drafted_with_its_tonnage() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let words = "Kuldkivi Magnetics plans to build a magnet plant in Estonia with a capacity of 900 tonnes per year.";
    let brief = brief(&reader, words, (2027, 5, 3));
    let chosen = brief.meaning.scenario.expect("a draft");
    assert_eq!(chosen.origin, Origin::Drafted);
    for part in [
        "kind = \"capacity\"",
        "stages = [\"magnet\"]",
        "extra_tonnes_per_year = 900",
        "lead_time_magnet_plant_years",
        "# assumed",
    ] {
        assert!(chosen.file.contains(part), "{part}\n{}", chosen.file);
    }
}

/// Worths come from the file that `scripts/worths` writes, never from the article; without a measure there is a command.
#[test]
fn plan_values_are_those_worked_out_beforehand() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let words = "Meteoric Resources secured a $250 million loan for the Caldeira mine in Brazil.";
    let brief = brief(&reader, words, (2026, 8, 5));
    let plan = brief.meaning.plan.expect("a plan value");
    let worth = plan.worths.first().expect("the worth of Caldeira");
    let kept = Worths::new().unwrap();
    let own = kept.worths.iter().find(|own| own.measure == "caldeira").unwrap();
    assert_eq!(
        (worth.measure.as_str(), worth.market_musd),
        ("caldeira", own.market_musd)
    );
    assert_eq!((plan.paths, plan.planner), (kept.paths, kept.planner));
    assert!(plan.command.contains("--only caldeira"), "{}", plan.command);
    for worth in &kept.worths {
        assert!(
            dataset.measures.iter().any(|measure| measure.measure == worth.measure),
            "{} is no measure of the dataset",
            worth.measure
        );
    }
}

#[test]
fn what_changes_nothing_is_said() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let brief = brief(
        &reader,
        "Rare earths are used in magnets, and many people like them.",
        (2026, 8, 5),
    );
    assert!(brief.meaning.scenario.is_none());
    assert!(brief.meaning.says.first().unwrap().contains("no event"));
}

#[test]
fn other_languages_are_said_and_not_guessed_at() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let brief = brief(
        &reader,
        "Россия и США начали переговоры о редкоземельных металлах, сообщил глава РФПИ Кирилл Дмитриев.",
        (2025, 3, 31),
    );
    assert!(brief.entities.is_empty() && brief.events.is_empty());
    assert!(brief.article.notes.iter().any(|note| note.contains("Russian")));
}

#[test]
fn the_schema_in_the_book_is_that_of_the_program() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src/schema/brief.json");
    let wanted = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("MONAZITE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &wanted).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == wanted,
        "book/src/schema/brief.json is stale: MONAZITE_BLESS=1 cargo test --release -p monazite-brief --test meaning"
    );
}
