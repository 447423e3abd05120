//! Minerals that are no rare earths: named as such, and never taken for news of rare earths.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]

use jiff::civil::Date;
use monazite_brief::entity::EntityKind;
use monazite_brief::event::EventKind;
use monazite_brief::{Brief, Reader, read};
use monazite_evidence::Dataset;

fn brief(words: &str) -> Brief {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    reader.brief(&read(words.as_bytes(), None).unwrap(), Date::new(2024, 6, 3).ok())
}

fn minerals(brief: &Brief) -> Vec<&str> {
    let minerals = brief
        .entities
        .iter()
        .filter(|entity| entity.kind == EntityKind::Mineral);
    minerals.map(|entity| entity.key.as_str()).collect()
}

#[test]
fn a_price_of_lithium_is_none_of_rare_earths() {
    let words =
        "Rare earth prices are watched closely. Lithium carbonate fell 12 percent last week, traders in Shanghai said.";
    let brief = brief(words);
    let moves: Vec<_> = (brief.events.iter())
        .filter(|event| event.kind == EventKind::PriceMove)
        .collect();
    assert_eq!(moves.len(), 1);
    let parties: Vec<&str> = moves[0].parties.iter().map(|party| party.key.as_str()).collect();
    assert_eq!(parties, ["Li"]);
}

/// A ban on gallium would draft a ban on rare earths, were it not told apart.
#[test]
fn a_ban_on_gallium_is_told_and_not_simulated() {
    let words = "China imposed export licences on gallium and germanium on Monday, its commerce ministry said.";
    let brief = brief(words);
    let ban = (brief.events.iter())
        .find(|event| event.kind == EventKind::ExportControl)
        .unwrap();
    let about: Vec<&str> = ban.other_minerals().iter().map(|party| party.key.as_str()).collect();
    assert_eq!(about, ["Ga", "Ge"]);
    assert!(brief.meaning.scenario.is_none());
    let says = brief.meaning.says.join(" ");
    assert!(says.contains("export control (gallium, germanium)"), "{says}");
}

#[test]
fn a_ban_on_gallium_and_dysprosium_is_simulated() {
    let words = "China imposed export licences on gallium and dysprosium on Monday, its commerce ministry said.";
    let brief = brief(words);
    assert!(brief.events.iter().all(|event| event.other_minerals().is_empty()));
    assert!(brief.meaning.scenario.is_some());
}

#[test]
fn bans_on_different_minerals_are_two() {
    let words = "China banned exports of gallium to America in December, the ministry said. In April China put controls on exports \
                 of dysprosium and terbium.";
    let bans = (brief(words).events.into_iter()).filter(|event| event.kind == EventKind::ExportControl);
    assert_eq!(bans.count(), 2);
}

#[test]
fn words_of_names_are_no_minerals() {
    let words =
        "Shares of Fortune Copper Corp and Red Tin Holdings Ltd rose. Copper and tin, too, gained; APT was steady.";
    assert_eq!(minerals(&brief(words)), ["Cu", "Sn", "W"]);
    assert!(minerals(&brief("They lead the field; silicone is no news.")).is_empty());
}
