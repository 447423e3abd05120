//! The page as a whole: safe, well formed, complete, and right for runs of every sort.

use std::collections::BTreeSet;

use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{in_blocs, reconcile, recoveries};
use monazite_market::chain::{CalibrationNote, Settings, chain};
use monazite_market::path::{Behaviour, simulate};
use monazite_market::result::{FlowRow, PriceRow, RunResult, StockRow, UseRow, tabulate};
use monazite_market::scenario::{Scenario, Vocabulary, find};

use super::{ReportInputs, html};

const VOID: [&str; 6] = ["meta", "br", "hr", "img", "input", "link"];

fn dataset() -> Dataset {
    Dataset::bundled().expect("the bundled dataset reads")
}

fn page(result: &RunResult, dataset: &Dataset, scenario: &Scenario) -> String {
    let inputs = ReportInputs {
        dataset,
        scenario,
        version: "0.0.0-test",
        command: Some("monazite simulate x <y>"),
    };
    html(result, &inputs).expect("the page renders")
}

/// A real run in blocs, which takes a fraction of the time of the full view.
fn bloc_run(dataset: &Dataset, name: &str) -> (RunResult, Scenario) {
    let scenario = find(name)
        .unwrap()
        .read(&Vocabulary::from_dataset(dataset))
        .unwrap()
        .scenario;
    let base = reconcile(dataset, u16::try_from(scenario.base_year).unwrap()).unwrap();
    let base = in_blocs(dataset, &base).unwrap();
    let chain = chain(dataset, &base, &recoveries(dataset, &base), Settings::default()).unwrap();
    let path = simulate(&chain, &scenario, Behaviour::from_dataset(dataset).unwrap()).unwrap();
    (tabulate(&chain, &scenario, "bloc14", &path), scenario)
}

/// A run without a single row.
fn empty_result(scenario: &Scenario) -> RunResult {
    RunResult {
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        view: "full".to_owned(),
        base_year: 2024,
        quarters: scenario.timeline().map(|quarter| quarter.to_string()).collect(),
        prices: Vec::new(),
        flows: Vec::new(),
        uses: Vec::new(),
        stocks: Vec::new(),
        production: Vec::new(),
        capacities: Vec::new(),
        quotas: Vec::new(),
        policies: Vec::new(),
        notes: Vec::new(),
        warnings: Vec::new(),
        worst_kkt: 1e-12,
        timings: Vec::new(),
    }
}

fn scenario(dataset: &Dataset, text: &str) -> Scenario {
    Scenario::parse(text, "test.toml", &Vocabulary::from_dataset(dataset)).unwrap()
}

const EVERY_SORT: &str = r#"
name = "test"
title = "Tariffs <script>alert('x')</script> & \"quotas\""
description = "a < b && c > d"
base_year = 2024
start = "2024-Q4"
quarters = 3

[[event]]
id = "tariff"
kind = "tariff"
title = "<b>bold</b>"
note = "5 < 6 & 7"
evidence = ["P0034", "licence_approval_share_later", "assumption"]
from = "2025-02-10"
products = ["magnet"]
origin = ["CHN"]
destination = ["USA"]
rate = 0.25

[[event]]
id = "ban"
kind = "ban"
evidence = ["hklaw_ann18"]
from = "2023-01-01"
until = "2024-11-15"
products = ["oxide", "metal"]
elements = ["Dy"]
origin = ["CHN"]

[[event]]
id = "quota"
kind = "quota"
evidence = ["assumption"]
from = "2025-01-01"
products = ["oxide"]
origin = ["CHN"]
tonnes_per_year = 1000

[[event]]
id = "stocks"
kind = "stock_release"
evidence = ["assumption"]
from = "2025-01-01"
place = "USA"
product = "oxide"
element = "Dy"
tonnes = 3

[[event]]
id = "outage"
kind = "outage"
evidence = ["assumption"]
from = "2025-01-01"
facilities = ["kachin"]
available_share = 0.5

[[event]]
id = "boom"
kind = "demand"
evidence = ["assumption"]
from = "2030-01-01"
end_uses = ["wind"]
factor = 1.3
"#;

/// Rows with numbers as bad as they can be.
fn hostile_result(scenario: &Scenario) -> RunResult {
    let mut result = empty_result(scenario);
    let bad = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -1.0,
        1e300,
        1e-300,
        12.0,
    ];
    let quarters: Vec<String> = std::iter::once("base".to_owned())
        .chain(result.quarters.clone())
        .collect();
    for (n, quarter) in quarters.iter().enumerate() {
        for (m, product) in ["oxide:Dy", "oxide:Tb", "magnet:uh", "metal:Sm", "oxide:<i>"]
            .iter()
            .enumerate()
        {
            for (place, k) in [("CHN", 0), ("USA", 1), ("<u>", 2)] {
                let at = |shift: usize| bad[(n * 3 + m * 5 + k + shift) % bad.len()];
                let (quarter, place, product) = (quarter.clone(), place.to_owned(), (*product).to_owned());
                result.prices.push(PriceRow {
                    quarter: quarter.clone(),
                    place: place.clone(),
                    product: product.clone(),
                    spot_usd_per_kg: at(0),
                    average_usd_per_kg: at(1),
                    base_usd_per_kg: at(2),
                    base_need: at(3),
                    confidence: "C".to_owned(),
                });
                result.uses.push(UseRow {
                    quarter: quarter.clone(),
                    place: place.clone(),
                    product: product.clone(),
                    end_use: "<s>".to_owned(),
                    wanted: 10.0,
                    used: at(4).clamp(0.0, 8.0),
                    substituted: at(5),
                    short: at(6),
                    spot_usd_per_kg: at(7),
                    surplus_loss_kusd: at(0),
                    confidence: "C".to_owned(),
                });
                result.stocks.push(StockRow {
                    quarter: quarter.clone(),
                    place: place.clone(),
                    product: product.clone(),
                    stock: at(1),
                    target: at(2),
                    expected_usd_per_kg: at(3),
                });
                result.flows.push(FlowRow {
                    quarter,
                    product,
                    origin: "CHN".to_owned(),
                    destination: place,
                    quantity: at(4),
                    base_quantity: at(5),
                    cap: Some(at(6)),
                    licence_rent_usd_per_kg: at(7),
                    duty_usd_per_kg: at(0),
                    margin_usd_per_kg: at(1),
                    events: "ban;unknown".to_owned(),
                });
            }
        }
    }
    for value in bad {
        result.notes.push(CalibrationNote {
            what: "<em> in USA".to_owned(),
            prior: 1.0,
            calibrated: value,
            why: "a & b",
        });
    }
    result.warnings.push("event `<x>` touches nothing".to_owned());
    result.worst_kkt = f64::NAN;
    result.timings.push(("<phase>".to_owned(), f64::INFINITY));
    result
}

/// Every tag is closed in order, ids are unique, inner links lead somewhere; returns the text without tags.
fn check(page: &str) -> String {
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut links = BTreeSet::new();
    let mut text = String::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        assert!(!tag.contains('<'), "`<` inside <{tag}>");
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed out of order");
            continue;
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes of <{tag}>");
        let name = tag.split_whitespace().next().unwrap().trim_end_matches('/');
        for (attribute, found) in [("id", &mut ids), ("href", &mut links)] {
            if let Some((_, value)) = tag.split_once(&format!(" {attribute}=\"")) {
                let value = value.split('"').next().unwrap();
                let fresh = found.insert(value.to_owned());
                assert!(fresh || attribute == "href", "id {value} twice");
            }
        }
        if tag.ends_with('/') || VOID.contains(&name) {
            continue;
        }
        if name == "style" || name == "script" {
            let close = format!("</{name}>");
            let end = rest.find(&close).expect("raw text ends");
            rest = &rest[end + close.len()..];
            continue;
        }
        open.push(name);
    }
    assert_eq!(open, Vec::<&str>::new(), "left open");
    for link in links.iter().filter_map(|link| link.strip_prefix('#')) {
        assert!(ids.contains(link), "#{link} leads nowhere");
    }
    text
}

/// No number that is none, and nothing fetched from elsewhere.
fn check_content(page: &str, text: &str) {
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        assert!(
            !matches!(word, "NaN" | "inf" | "undefined" | "none"),
            "`{word}` in the page"
        );
    }
    for fetched in [" src=", "url(", "@import", "<link", "<img", "<iframe"] {
        assert!(!page.contains(fetched), "`{fetched}` in the page");
    }
}

#[test]
fn text_from_outside_is_escaped() {
    let dataset = dataset();
    let scenario = scenario(&dataset, EVERY_SORT);
    let page = page(&hostile_result(&scenario), &dataset, &scenario);
    check(&page);
    for raw in [
        "<script>alert",
        "<b>bold",
        "a < b",
        "<i>",
        "<u>",
        "<s>",
        "<em>",
        "<x>",
        "<phase>",
        "x <y>",
    ] {
        assert!(!page.contains(raw), "`{raw}` unescaped");
    }
    assert!(page.contains("&lt;script&gt;alert"));
    assert!(page.contains("a &lt; b &amp;&amp; c &gt; d"));
}

#[test]
fn bad_numbers_do_not_reach_the_page() {
    let dataset = dataset();
    let scenario = scenario(&dataset, EVERY_SORT);
    let page = page(&hostile_result(&scenario), &dataset, &scenario);
    let text = check(&page);
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        assert!(!matches!(word, "NaN" | "inf"), "`{word}` in the page");
    }
}

#[test]
fn a_run_without_rows_still_makes_a_page() {
    let dataset = dataset();
    let scenario = scenario(&dataset, EVERY_SORT);
    let page = page(&empty_result(&scenario), &dataset, &scenario);
    let text = check(&page);
    assert!(text.contains("Nobody runs short"));
    assert!(text.contains("touch") || text.contains("outside the run"));
}

#[test]
fn every_kind_of_event_is_told_in_words() {
    let dataset = dataset();
    let scenario = scenario(&dataset, EVERY_SORT);
    let text = check(&page(&empty_result(&scenario), &dataset, &scenario)).replace(super::numbers::THIN, " ");
    for words in [
        "Magnets; from China to the United States",
        "Oxides and metals with dysprosium; from China to all places",
        "Dysprosium oxide, in the United States",
        "Wind turbine generators, in all places",
        "outside the run",
        "1 January 2023",
        "15 November 2024",
        "rests in part on an assumption",
        "The scenario author&#x27;s own assumption",
        "Announcement 18",
    ] {
        assert!(text.contains(words), "`{words}` is not in:\n{text}");
    }
}

#[test]
fn a_baseline_says_that_nobody_runs_short() {
    let dataset = dataset();
    let (result, scenario) = bloc_run(&dataset, "baseline");
    let page = page(&result, &dataset, &scenario);
    let text = check(&page);
    check_content(&page, &text);
    assert!(text.contains("Nobody runs short"), "{}", &text[..2000]);
    assert!(text.contains("Nothing: the base year is carried forward."));
}

#[test]
fn a_run_in_blocs_names_blocs_and_answers() {
    let dataset = dataset();
    let (result, scenario) = bloc_run(&dataset, "china-2025-04");
    let page = page(&result, &dataset, &scenario);
    let text = check(&page);
    check_content(&page, &text);
    for words in [
        "lose most",
        "Peak price of dysprosium oxide",
        "Dysprosium oxide",
        "Neodymium–praseodymium oxide",
    ] {
        assert!(text.contains(words), "`{words}` is missing");
    }
    assert!(text.contains("Europe") && !text.contains("KOR_TWN"), "blocs have names");
    assert!(page.contains(&dataset.fingerprint()));
    assert!(text.contains("unverified"));
}
