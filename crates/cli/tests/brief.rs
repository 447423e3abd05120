//! Articles through the real program.

mod common;

use common::Bench;
use serde_json::Value;

const ARTICLE: &str = include_str!("../../brief/tests/articles/tuned/04-ministry-china.txt");
const TALKS: &str = include_str!("../../brief/tests/articles/tuned/01-us-russia-talks.txt");

#[test]
fn an_article_is_briefed_with_its_words_and_a_run() {
    let bench = Bench::new();
    bench.file("article.txt", ARTICLE);
    let text = bench.stdout(&["brief", "article.txt"]);
    for part in [
        "export control",
        "China",
        "What it would mean",
        "china-2025-04",
        "No plan value",
        "Run in fourteen blocs",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 102),
        "lines are as wide as the rest"
    );
}

#[test]
fn json_holds_spans_that_quote_the_text() {
    let bench = Bench::new();
    bench.file("article.txt", TALKS);
    let json: Value = serde_json::from_str(&bench.stdout(&["brief", "article.txt", "--json", "--no-run"])).unwrap();
    let text: Vec<char> = json["text"].as_str().unwrap().chars().collect();
    let events = json["events"].as_array().unwrap();
    assert!(!events.is_empty());
    for event in events {
        let span = &event["trigger"];
        let place = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
        let words: String = text[place("char_start")..place("char_end")].iter().collect();
        assert_eq!(span["text"].as_str().unwrap(), words);
    }
    assert_eq!(json["article"]["published"]["date"], "2025-03-31");
    assert!(json["meaning"]["ran"].is_null());
}

#[test]
fn a_drafted_scenario_passes_its_check() {
    let bench = Bench::new();
    bench.file(
        "article.txt",
        "HANOI, 5 August 2026 - Vietnam on Monday banned exports of raw rare earth ore and concentrate.",
    );
    bench.stdout(&["brief", "article.txt", "--no-run", "--scenario-out", "mine.toml"]);
    assert!(bench.stdout(&["scenario", "check", "mine.toml"]).contains("fine"));
    let again = bench.run(&["brief", "article.txt", "--no-run", "--scenario-out", "mine.toml"]);
    assert!(
        again.contains("exit code 2") && again.contains("there already"),
        "{again}"
    );
}

#[test]
fn a_folder_is_watched_once() {
    let bench = Bench::new();
    bench
        .file("inbox/a.txt", ARTICLE)
        .file("inbox/b.html", format!("<html><body><p>{TALKS}</p></body></html>"));
    bench.file("inbox/c.txt", "%PDF-1.7 no text");
    let said = bench.stdout(&["brief", "--watch", "inbox", "--once", "--no-run", "--format", "html"]);
    assert!(
        said.contains("a.brief.html") && said.contains("b.brief.html") && said.contains("PDF"),
        "{said}"
    );
    let page = std::fs::read_to_string(bench.dir.path().join("inbox/a.brief.html")).unwrap();
    assert!(page.contains("<mark class=\"event\""));
    assert!(!bench.dir.path().join("inbox/a.brief.partial").exists());
}

#[test]
fn what_cannot_be_read_is_said() {
    let bench = Bench::new();
    bench.file("a.pdf", "%PDF-1.7").file("ok.txt", ARTICLE);
    let pdf = bench.run(&["brief", "a.pdf"]);
    assert!(pdf.contains("exit code 2") && pdf.contains("pdftotext"), "{pdf}");
    assert!(bench.run(&["brief", "none.txt"]).contains("there is no such file"));
    assert!(
        bench
            .run(&["brief", "ok.txt", "--date", "yesterday"])
            .contains("2025-03-31")
    );
    assert!(
        bench
            .run(&["brief", "ok.txt", "--encoding", "klingon"])
            .contains("windows-1251")
    );
}

#[test]
fn tables_and_schema() {
    let bench = Bench::new();
    bench.file("article.txt", TALKS);
    let csv = bench.stdout(&["brief", "article.txt", "--no-run", "--csv=entities"]);
    assert!(csv.lines().any(|line| line.contains("Kirill Dmitriev")), "{csv}");
    let schema: Value = serde_json::from_str(&bench.stdout(&["brief", "--schema"])).unwrap();
    assert!(schema["properties"]["events"].is_object());
}

#[test]
fn the_score_is_printed() {
    let held = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../brief/tests/articles/held");
    let bench = Bench::new();
    let json: Value =
        serde_json::from_str(&bench.stdout(&["brief", "--score", held.to_str().unwrap(), "--json"])).unwrap();
    let f1 = |at: usize| json["together"][at]["f1"].as_f64().unwrap();
    assert!(f1(0) >= 0.9 && f1(1) >= 0.8, "{json}");
}

#[test]
fn the_ledger_is_filtered_and_summed() {
    let bench = Bench::new();
    let json: Value = serde_json::from_str(&bench.stdout(&["deals", "--party", "Lynas", "--json"])).unwrap();
    let deals = json["deals"].as_array().unwrap();
    assert!(
        deals.len() > 3
            && deals
                .iter()
                .all(|deal| deal["parties"].as_str().unwrap().contains("Lynas"))
    );
    let known = deals.iter().filter(|deal| !deal["amount_musd"].is_null()).count();
    let missing: u64 = json["years"]
        .as_array()
        .unwrap()
        .iter()
        .map(|year| year["without_amount"].as_u64().unwrap())
        .sum();
    assert_eq!(
        deals.len() - known,
        usize::try_from(missing).unwrap(),
        "a missing amount is counted, not zero"
    );
    let wrong = bench.run(&["deals", "--stage", "magnets"]);
    assert!(
        wrong.contains("exit code 2") && wrong.contains("did you mean `magnet`"),
        "{wrong}"
    );
    assert!(
        bench
            .stdout(&["deals", "--place", "Australia", "--csv=money"])
            .starts_with("party,year")
    );
}
