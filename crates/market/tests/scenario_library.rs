//! The bundled scenarios against the bundled dataset, and writing what was read.

use std::error::Error;

use monazite_evidence::{Dataset, GradeId, ViewPlace};
use monazite_market::scenario::{EventKind, ProductKind, Scenario, Vocabulary, find, library, template};

type Outcome = Result<(), Box<dyn Error>>;

fn vocabulary() -> Result<Vocabulary, Box<dyn Error>> {
    Ok(Vocabulary::from_dataset(&Dataset::bundled()?))
}

#[test]
fn every_bundled_scenario_is_valid_and_writes_back_the_same() -> Outcome {
    let vocabulary = vocabulary()?;
    assert!(library().len() >= 25);
    for bundled in library() {
        let read = bundled.read(&vocabulary)?;
        assert_eq!(read.warnings, [], "{}", bundled.name);
        assert_eq!(read.scenario.name, bundled.name);
        assert_eq!(read.scenario.title, bundled.title);
        assert!(!bundled.topic.is_empty(), "{} has no topic", bundled.name);
        let again = Scenario::parse(&read.scenario.to_toml(), "again.toml", &vocabulary)?;
        assert_eq!(again, read.scenario);
    }
    Ok(())
}

#[test]
fn the_april_licences_are_as_stated() -> Outcome {
    let scenario = find("china-2025-04")?.read(&vocabulary()?)?.scenario;
    assert_eq!(scenario.last().to_string(), "2027Q4");
    assert_eq!(scenario.timeline().count(), 12);
    let place = |id: &str| ViewPlace::from(id);
    let magnets = scenario.event("licences-magnet").ok_or("no event")?;
    let flows = magnets.kind.flows().ok_or("no flows")?;
    assert!(flows.concerns(ProductKind::Magnet) && !flows.concerns(ProductKind::Oxide));
    assert!(flows.has_route(&place("CHN"), &place("DEU")));
    assert!(!flows.has_route(&place("CHN"), &place("CHN")));
    assert!(!flows.has_route(&place("JPN"), &place("DEU")));
    // Every grade is under exactly one of the two magnet events.
    let customs = scenario.event("customs-magnet").ok_or("no event")?;
    let customs = customs.kind.flows().ok_or("no flows")?;
    for (id, content) in &vocabulary()?.grades {
        let grade = GradeId::from(id.as_str());
        assert_ne!(
            flows.has_grade(&grade, content),
            customs.has_grade(&grade, content),
            "{id}"
        );
    }
    let spring = "2025Q2".parse()?;
    assert!(magnets.open_share(spring) < 0.15);
    assert!((magnets.open_share("2026Q2".parse()?) - 1.0).abs() < 1e-12);
    assert!(
        scenario
            .events
            .iter()
            .all(|event| matches!(event.kind, EventKind::Licence { .. }))
    );
    Ok(())
}

#[test]
fn the_template_is_valid_for_any_name() -> Outcome {
    let vocabulary = vocabulary()?;
    for name in [
        "my-scenario",
        "Embargo 2027!",
        "",
        "\"\n[[event]]",
        &"x".repeat(200),
        "İ",
    ] {
        let read = Scenario::read(&template(name), "new.toml", &vocabulary)?;
        assert_eq!(read.warnings, []);
    }
    assert_eq!(
        Scenario::parse(&template("Embargo 2027!"), "", &vocabulary)?.name,
        "embargo-2027-"
    );
    Ok(())
}

#[test]
fn a_name_nearby_is_suggested() {
    let message = find("china-2025-4").map_err(|unknown| unknown.to_string());
    assert_eq!(
        message.err().as_deref(),
        Some("unknown scenario `china-2025-4`; did you mean `china-2025-04`?")
    );
    assert!(find("baseline.toml").is_ok());
}

#[test]
#[allow(clippy::too_many_lines)] // most of them are the text it writes
fn every_kind_writes_back_the_same() -> Outcome {
    let text = include_str!("scenario_every_kind.toml");
    let vocabulary = vocabulary()?;
    let read = Scenario::read(text, "every-kind.toml", &vocabulary)?;
    let kinds: std::collections::BTreeSet<&str> = read.scenario.events.iter().map(|event| event.kind.word()).collect();
    assert_eq!(kinds.len(), EventKind::WORDS.len());
    let written = read.scenario.to_toml();
    assert_eq!(Scenario::parse(&written, "again.toml", &vocabulary)?, read.scenario);
    insta::assert_snapshot!(written, @r#"
    name = "every-kind"
    title = 'One event of every kind, "quoted" and all'
    base_year = 2024
    start = "2025-Q1"
    quarters = 8

    [[event]]
    id = "ban"
    kind = "ban"
    evidence = ["assumption"]
    from = "2025-01-15"
    until = "2025-12-31"
    products = ["concentrate", "carbonate"]
    feeds = ["mountain_pass"]
    origin = ["USA"]
    destination = ["*"]
    except_destination = ["JPN", "KOR"]

    [[event]]
    id = "licence"
    kind = "licence"
    evidence = ["P0034"]
    from = "2025-04-04"
    products = ["metal", "magnet"]
    elements = ["Dy", "Tb"]
    content_threshold = 0.001
    origin = ["CHN"]
    destination = ["*"]
    approved_share = [
        { quarter = "2025-Q2", share = 0.1 },
        { quarter = "2025-Q3", share = 1.0 },
    ]
    note = "two steps"

    [[event]]
    id = "quota"
    kind = "quota"
    evidence = ["P0003"]
    from = "2025-01-01"
    products = ["oxide"]
    origin = ["CHN"]
    destination = ["*"]
    tonnes_per_year = 30258.0

    [[event]]
    id = "tariff"
    kind = "tariff"
    evidence = ["P0025"]
    from = "2026-01-01"
    products = ["magnet"]
    origin = ["CHN"]
    destination = ["USA"]
    rate = 0.25

    [[event]]
    id = "export-tax"
    kind = "export_tax"
    evidence = ["P0014"]
    from = "2025-01-01"
    products = ["oxide"]
    origin = ["*"]
    except_origin = ["CHN"]
    destination = ["*"]
    rate = 0.15

    [[event]]
    id = "outage"
    kind = "outage"
    evidence = ["P0019"]
    from = "2025-01-01"
    facilities = ["kachin"]
    available_share = 0.0

    [[event]]
    id = "outage-of-a-stage"
    kind = "outage"
    evidence = ["assumption"]
    from = "2025-01-01"
    places = ["MYS"]
    stages = ["separation_light", "separation_heavy"]
    available_share = [
        { quarter = "2025-Q1", share = 0.5 },
    ]

    [[event]]
    id = "demand"
    kind = "demand"
    evidence = ["assumption"]
    from = "2025-01-01"
    end_uses = ["ev_traction"]
    except_places = ["CHN"]
    factor = 1.2

    [[event]]
    id = "capacity"
    kind = "capacity"
    evidence = ["lynas_hre2"]
    from = "2026-04-01"
    facilities = ["lynas_hre2"]
    extra_tonnes_per_year = 5000.5
    ramp_quarters = 4

    [[event]]
    id = "release"
    kind = "stock_release"
    evidence = ["assumption"]
    from = "2025-07-01"
    until = "2025-12-31"
    place = "JPN"
    product = "metal"
    element = "Dy"
    tonnes = 30.0

    [[event]]
    id = "release-of-magnets"
    kind = "stock_release"
    evidence = ["assumption"]
    from = "2025-07-01"
    place = "USA"
    product = "magnet"
    grade = "smco"
    tonnes = 1.5

    [[event]]
    id = "release-of-carbonate"
    kind = "stock_release"
    evidence = ["assumption"]
    from = "2025-07-01"
    place = "CHN"
    product = "carbonate"
    feed = "kachin_clay"
    tonnes = 100.0

    [[event]]
    id = "quota-in-batches"
    kind = "quota"
    evidence = ["P0241"]
    from = "2025-01-01"
    products = ["oxide", "metal"]
    origin = ["CHN"]
    destination = ["*"]
    counted_in = "reo"
    batches = [
        { from = "2025-Q1", until = "2025-Q2", tonnes = 22282.0 },
        { from = "2025-Q3", until = "2025-Q4", tonnes = 7976.0 },
    ]

    [[event]]
    id = "carve-out"
    kind = "ban"
    evidence = ["P0063"]
    from = "2025-01-06"
    products = ["magnet"]
    origin = ["CHN"]
    destination = ["USA"]
    end_uses = ["defence_aerospace"]

    [[event]]
    id = "content"
    kind = "content_rule"
    evidence = ["P0045"]
    from = "2025-12-01"
    products = ["magnet"]
    elements = ["Dy", "Tb"]
    content_threshold = 0.001
    origin = ["*"]
    except_origin = ["CHN"]
    destination = ["*"]
    content_origin = ["CHN"]
    processing_delay_days = 63
    approved_share = 0.5

    [[event]]
    id = "project"
    kind = "capacity"
    evidence = ["tomtor"]
    from = "2026-01-01"
    facilities = ["tomtor"]
    extra_tonnes_per_year = 14500.0
    slip_quarters = 4
    slip_quarters_low = 4
    slip_quarters_high = 12

    [[event]]
    id = "late"
    kind = "delay"
    evidence = ["P0023"]
    from = "2025-01-01"
    places = ["*"]
    except_places = ["CHN"]
    stages = ["magnet"]
    quarters = 4

    [[event]]
    id = "floor"
    kind = "price_floor"
    evidence = ["D004"]
    from = "2025-10-01"
    places = ["USA"]
    product = "oxide"
    elements = ["Nd", "Pr"]
    usd_per_kg = 110.0

    [[event]]
    id = "stockpile"
    kind = "stock_purchase"
    evidence = ["P0067"]
    from = "2025-07-01"
    until = "2026-06-30"
    place = "USA"
    product = "oxide"
    element = "Dy"
    tonnes = 100.0
    most_usd_per_kg = 700.0

    [[event]]
    id = "promise"
    kind = "offtake"
    evidence = ["D022"]
    from = "2026-03-10"
    origin = "MYS"
    destination = "JPN"
    product = "oxide"
    element = "Nd"
    tonnes_per_year = 5000.0
    penalty_usd_per_kg = 20.0
    "#);
    Ok(())
}
