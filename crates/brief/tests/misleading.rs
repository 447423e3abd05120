//! What once misled readers of briefs: the opposite of the news simulated, shares that are none, halts of firms taken for bans.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]

use jiff::civil::Date;
use monazite_brief::event::{EventKind, Status};
use monazite_brief::meaning::Relation;
use monazite_brief::{Brief, Reader, read};
use monazite_evidence::Dataset;

fn brief(words: &str, day: Option<(i16, i8, i8)>) -> Brief {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let day = day.and_then(|(year, month, day)| Date::new(year, month, day).ok());
    reader.brief(&read(words.as_bytes(), None).unwrap(), day)
}

fn control(brief: &Brief) -> Option<(Status, Vec<&str>)> {
    let event = brief
        .events
        .iter()
        .find(|event| event.kind == EventKind::ExportControl)?;
    Some((
        event.status,
        event.parties.iter().map(|party| party.key.as_str()).collect(),
    ))
}

/// A suspension matches the scenario of what it suspends; that would tell the opposite.
#[test]
fn an_easing_chooses_no_scenario() {
    let words = "China suspended its export controls on dysprosium and terbium on Monday, the commerce ministry said.";
    let brief = brief(words, Some((2025, 11, 10)));
    assert!(brief.meaning.scenario.is_none());
    assert!(brief.meaning.says.join(" ").contains("loosened"));
    let others = &brief.meaning.alternatives;
    assert!(
        others.iter().all(|other| other.relation == Relation::Eased),
        "{others:?}"
    );
}

/// A new measure with exceptions is a measure.
#[test]
fn a_control_with_exemptions_is_no_easing() {
    let words = "China imposed export controls on dysprosium and terbium on Monday, exempting medical users, the commerce ministry said.";
    let brief = brief(words, Some((2025, 4, 7)));
    assert!(brief.meaning.scenario.is_some(), "{:?}", brief.meaning.says);
}

#[test]
fn a_scenario_of_another_time_is_an_analogue() {
    let words = "China halted shipments of rare earths to Japan on Tuesday, traders in Tokyo said.";
    let of = |day| brief(words, Some(day));
    let then = of((2010, 9, 24)).meaning.scenario.unwrap();
    assert_eq!(then.name, "japan-2010-stop");
    let now = of((2026, 1, 7)).meaning;
    assert!(now.scenario.is_none_or(|chosen| chosen.name != "japan-2010-stop"));
    let analogue = now.alternatives.iter().find(|other| other.name == "japan-2010-stop");
    assert!(analogue.is_none_or(|other| other.relation == Relation::Analogue));
}

#[test]
fn nothing_is_drafted_for_articles_before_the_base_year() {
    let words = "Malaysia banned exports of raw rare earths on Monday, the trade minister said in Kuala Lumpur.";
    assert!(brief(words, Some((2012, 5, 7))).meaning.scenario.is_none());
}

#[test]
fn what_was_not_done_is_denied_and_what_was_lifted_is_over() {
    for (words, status) in [
        (
            "China did not ban exports of dysprosium to Japan, the ministry said.",
            Status::Denied,
        ),
        (
            "China lifted its ban on exports of rare earths to Japan on May 2, 2026.",
            Status::Ended,
        ),
        (
            "China banned exports of rare earths to Japan on May 2, 2026.",
            Status::InForce,
        ),
    ] {
        assert_eq!(control(&brief(words, None)).unwrap().0, status, "{words}");
    }
}

/// The month is no hedge.
#[test]
fn may_is_a_month() {
    let hedged = |words: &str| brief(words, None).events.iter().any(|event| !event.hedges.is_empty());
    assert!(!hedged("China banned exports of rare earths to Japan on May 2, 2026."));
    assert!(hedged(
        "China may ban exports of rare earths to Japan, the minister said."
    ));
}

#[test]
fn who_takes_a_measure_comes_first() {
    for words in [
        "Exports of rare earths to Japan were banned by China on Monday.",
        "China banned exports of rare earths to Japan on Monday.",
        "Japan was hit on Monday when China banned exports of rare earths.",
    ] {
        let found = brief(words, Some((2026, 1, 7)));
        assert_eq!(control(&found).unwrap().1.first(), Some(&"CHN"), "{words}");
    }
}

#[test]
fn a_halt_of_a_firm_is_no_measure_of_a_state() {
    let words = "MP Materials, which runs the Mountain Pass mine, said it had stopped shipping rare earth concentrate to China.";
    assert_eq!(control(&brief(words, Some((2025, 4, 18)))), None);
}

#[test]
fn percentages_that_are_no_shares_of_the_world_are_no_claims() {
    for words in [
        "China Northern Rare Earths may mine 94,500 tonnes, 16.8% more than a year ago.",
        "China's output of rare earth magnets slipped by 6.1% in May, the customs office said.",
        "China put a 25% levy on exports of rare earths from its mines.",
        "The US bought nearly everything from abroad, some 70% from China, whose mines lead.",
        "Beijing has told its rare earth producers in China to cut output of magnets by 7.3%.",
    ] {
        let claims = brief(words, Some((2024, 2, 8))).claims;
        assert!(
            claims.is_empty(),
            "{words}: {:?}",
            claims.iter().map(|claim| &claim.why).collect::<Vec<_>>()
        );
    }
}

/// `70 % from China` after another country is China's; without a date nobody knows of when.
#[test]
fn a_share_is_of_the_nearest_country_and_of_its_year() {
    let words = "Japan needs magnets, and more than 90% of all magnets come from China.";
    let dated = brief(words, Some((2025, 5, 1)));
    let claim = dated.claims.first().unwrap();
    assert!(
        claim.why.contains("China") && claim.verdict.as_str() == "supported",
        "{}",
        claim.why
    );
    let undated = brief(words, None);
    assert_eq!(undated.claims.first().unwrap().verdict.as_str(), "unverifiable");
}

#[test]
fn yen_are_yen_where_the_text_is_japanese() {
    let sum = |words: &str| {
        let found = brief(words, Some((2012, 3, 1)));
        let event = found.events.iter().find(|event| event.kind == EventKind::Investment);
        event.and_then(|event| event.amounts.first().map(|amount| amount.unit.clone()))
    };
    let words = "Shin-Etsu Chemical of Japan will invest ¥5 billion in a rare earth magnet plant in Takefu.";
    assert_eq!(sum(words).as_deref(), Some("JPY"));
}

#[test]
fn several_articles_in_a_file_are_named() {
    let one = "Lynas opened a rare earth plant in Kuantan. ".repeat(10);
    let notes = brief(&format!("{one}\n\n***\n\n{one}"), None).article.notes.join(" ");
    assert!(notes.contains("several articles"), "{notes}");
    assert!(!brief(&one, None).article.notes.join(" ").contains("several articles"));
}

#[test]
fn noise_is_no_text() {
    let bytes: Vec<u8> = (0..2_000_u32).map(|n| u8::try_from(n * 7 % 31).unwrap()).collect();
    let error = read(&bytes, None).unwrap_err().to_string();
    assert!(error.contains("no text"), "{error}");
}

#[test]
fn effects_are_against_the_same_run_without_the_news() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let words = "China on Friday imposed export controls on samarium, gadolinium, terbium, dysprosium, lutetium, scandium and yttrium.";
    let mut brief = reader.brief(&read(words.as_bytes(), None).unwrap(), Date::new(2025, 4, 4).ok());
    reader.run(&mut brief, None).unwrap();
    let effects = brief.meaning.ran.unwrap().effects;
    assert!(!effects.prices_and_shortages.is_empty());
    for row in &effects.prices_and_shortages {
        let multiple = row.spot_usd_per_kg / row.without_usd_per_kg;
        assert!((row.multiple - multiple).abs() < 1e-9 * multiple, "{row:?}");
    }
}
