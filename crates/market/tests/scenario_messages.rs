//! What the author of a wrong scenario file reads: every message is reviewed text.

use std::fmt::Write as _;

use monazite_evidence::Stage;
use monazite_market::scenario::{FacilityAt, Scenario, Vocabulary};

/// A small vocabulary, so that messages do not move with the dataset.
fn vocabulary() -> Vocabulary {
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let pairs = |pairs: &[(&str, &str)]| {
        let owned = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        owned.collect()
    };
    let mut heavy = [0.0; 16];
    heavy[8] = 0.03; // Dy
    let facility = |id: &str, place: &str, stage| {
        let place = place.to_owned();
        (id.to_owned(), FacilityAt { place, stage })
    };
    Vocabulary {
        places: pairs(&[
            ("CHN", "China"),
            ("DEU", "Germany"),
            ("JPN", "Japan"),
            ("MMR", "Myanmar"),
            ("ROW_EUR", "Rest of Europe"),
            ("USA", "United States"),
        ]),
        parts: pairs(&[("FIN", "ROW_EUR"), ("finland", "ROW_EUR"), ("china", "CHN")]),
        grades: [("n".to_owned(), [0.0; 16]), ("uh".to_owned(), heavy)].into(),
        feeds: set(&["bayan_obo", "kachin_clay"]),
        facilities: [
            facility("kachin", "MMR", Stage::Mine),
            facility("china_metal", "CHN", Stage::Metal),
        ]
        .into(),
        end_uses: set(&["ev_traction", "wind"]),
        evidence: set(&["P0034", "P0048", "P0019"]),
        base_years: [2009, 2024].into(),
    }
}

const HEAD: &str = r#"name = "test"
title = "Test"
base_year = 2024
start = "2025-Q1"
quarters = 12
"#;

/// A licence on oxides of Dy from China, on lines 6 to 14, with lines added.
fn licence(extra: &str) -> String {
    format!(
        r#"{HEAD}[[event]]
id = "licences"
kind = "licence"
evidence = ["P0034"]
from = "2025-04-04"
products = ["oxide"]
elements = ["Dy"]
origin = ["CHN"]
approved_share = 0.5
{extra}"#
    )
}

fn messages(text: &str) -> String {
    match Scenario::read(text, "test.toml", &vocabulary()) {
        Err(errors) => errors.to_string(),
        Ok(read) => read.warnings.iter().fold("no errors".to_owned(), |mut all, warning| {
            let _ = write!(all, "\n{warning}");
            all
        }),
    }
}

#[test]
fn a_right_file_has_nothing_to_say() {
    insta::assert_snapshot!(messages(&licence("")), @r#"
    no errors
    "#);
}

#[test]
fn not_toml() {
    insta::assert_snapshot!(messages("name = \"test\"\ntitle = Test\n"), @r#"
    test.toml:2:9: error: invalid boolean, expected `true`
      hint: texts stand in quotes
    "#);
    insta::assert_snapshot!(messages("name = \"a\"\nname = \"b\"\n"), @r#"
    test.toml:2:1: error: duplicate key
    "#);
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(messages(""), @r#"
    test.toml:1:1: error: `name` is missing
      hint: a short id such as "china-2025-04"
    test.toml:1:1: error: `title` is missing
      hint: one line that says what happens
    test.toml:1:1: error: `base_year` is missing
      hint: the year that "as before" refers to, such as 2024
    test.toml:1:1: error: `start` is missing
      hint: the first quarter to simulate, such as "2025-Q1"
    test.toml:1:1: error: `quarters` is missing
      hint: how many quarters to simulate, such as 12
    "#);
}

#[test]
fn a_wrong_head() {
    let text = r#"name = "Test One"
title = 5
base_year = 2023
start = "2025-Q5"
quarters = 0
strat = "2025-Q1"
origin = ["CHN"]
"#;
    insta::assert_snapshot!(messages(text), @r#"
    test.toml:1:8: error: `name` cannot be `Test One`
      hint: use small letters, digits, `-` and `_`, at most 64 in all
    test.toml:2:9: error: `title` must be a text in quotes, not a whole number
    test.toml:3:13: error: the dataset has no base year 2023
      hint: one of 2009, 2024
    test.toml:4:9: error: `start` is `2025-Q5`, which is not a quarter
      hint: write it as "2025-Q2"
    test.toml:5:12: error: `quarters` must lie between 1 and 200
    test.toml:6:1: error: unknown key `strat`; did you mean `start`?
    test.toml:7:1: error: unknown key `origin`
      hint: `origin` belongs into an [[event]] table below
    "#);
    let early = HEAD.replace("2025-Q1", "2020-Q1");
    insta::assert_snapshot!(messages(&early), @r#"
    test.toml:4:9: error: `start` is 2020Q1, before the base year 2024
    "#);
}

#[test]
fn unknown_keys() {
    insta::assert_snapshot!(messages(&licence("elemnts = [\"Tb\"]\nrate = 0.25\n")), @r#"
    test.toml:15:1: error: event `licences`: unknown key `elemnts`; did you mean `elements`?
    test.toml:16:1: error: event `licences`: unknown key `rate`
      hint: `rate` belongs to kind = tariff or export_tax
    "#);
}

#[test]
fn unknown_kinds() {
    let text = licence("").replace("kind = \"licence\"", "kind = \"license\"");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:8:8: error: event `licences`: unknown kind of event `license`; did you mean `licence`?
    "#);
    let text = licence("").replace("kind = \"licence\"", "kind = \"embargo\"");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:8:8: error: event `licences`: unknown kind of event `embargo`
      hint: one of ban, licence, quota, tariff, export_tax, outage, demand, capacity, stock_release, content_rule, price_floor, stock_purchase, offtake, delay
    "#);
}

#[test]
fn unknown_ids() {
    let text = licence("destination = [\"USS\", \"FIN\", \"Finland\", \"WLD\", \"*\"]\n")
        .replace("[\"CHN\"]", "\"China\"")
        .replace("[\"Dy\"]", "[\"Di\", \"Dy\", \"Dy\"]")
        .replace("[\"oxide\"]", "[\"oxides\", \"alloy\"]")
        .replace("P0034", "P034");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:9:13: error: event `licences`: no evidence `P034` in the dataset; did you mean `P0034`?
    test.toml:11:13: error: event `licences`: unknown product `oxides`; did you mean `oxide`?
    test.toml:11:23: error: event `licences`: unknown product `alloy`
      hint: one of concentrate, carbonate, heavy_concentrate, oxide, metal, magnet
    test.toml:12:13: error: event `licences`: unknown element `Di`; did you mean `Dy`?
    test.toml:12:25: error: event `licences`: `Dy` is given twice in `elements`
    test.toml:13:10: error: event `licences`: unknown place `China`
      hint: in the market model it is `CHN` (China)
    test.toml:15:16: error: event `licences`: unknown place `USS`; did you mean `USA`?
    test.toml:15:23: error: event `licences`: unknown place `FIN`
      hint: in the market model it is `ROW_EUR` (Rest of Europe)
    test.toml:15:30: error: event `licences`: unknown place `Finland`
      hint: in the market model it is `ROW_EUR` (Rest of Europe)
    test.toml:15:41: error: event `licences`: unknown place `WLD`
      hint: all places are written "*"
    test.toml:15:48: error: event `licences`: `*` stands beside other ids in `destination`
      hint: write either "*" or a list of ids
    "#);
}

#[test]
fn wrong_types() {
    let text = licence("until = 2025\n")
        .replace("[\"CHN\"]", "[\"CHN\", 5]")
        .replace("approved_share = 0.5", "approved_share = \"half\"")
        .replace("[\"Dy\"]", "[]")
        .replace("[\"oxide\"]", "{ oxide = true }");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:11:12: error: event `licences`: `products` must be a list of texts, not a table
    test.toml:12:12: error: event `licences`: `elements` is an empty list
      hint: leave the key out, or name at least one
    test.toml:13:18: error: event `licences`: `origin` must be a list of texts, not a whole number
    test.toml:14:18: error: event `licences`: `approved_share` must be a number, not a text
    test.toml:15:9: error: event `licences`: `until` must be a date, not a whole number
    "#);
}

#[test]
fn dates() {
    let text = licence("until = \"2025-03-01\"\n");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:15:9: error: event `licences`: `until` is 2025-03-01, before `from` (2025-04-04, line 10)
    "#);
    let text = licence("until = \"04/05/2026\"\n").replace("\"2025-04-04\"", "\"2025-02-30\"");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:10:8: error: event `licences`: `from` is "2025-02-30", which is not a date
      hint: write a day of the calendar as "2025-04-04"
    test.toml:15:9: error: event `licences`: `until` is "04/05/2026", which is not a date
      hint: write a day of the calendar as "2025-04-04"
    "#);
    let text = licence("until = 2025-05-01T12:00:00\n");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:15:9: error: event `licences`: `until` is 2025-05-01T12:00:00, which is not a date
      hint: write a day of the calendar as "2025-04-04"
    "#);
}

#[test]
fn shares_and_percentages() {
    for (share, case) in [
        ("25", "a whole number"),
        ("\"25 %\"", "a text"),
        ("-0.1", "negative"),
        ("nan", "not a number"),
    ] {
        let text = licence("").replace("= 0.5", &format!("= {share}"));
        assert!(!messages(&text).starts_with("no errors"), "{case}");
    }
    let text = licence("").replace("= 0.5", "= 25");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:14:18: error: event `licences`: `approved_share` is 25; a share lies between 0 and 1
      hint: 25 % is written 0.25
    "#);
    let text = licence("").replace("= 0.5", "= \"25 %\"");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:14:18: error: event `licences`: `approved_share` must be a number, not a text
      hint: 25 % is written 0.25
    "#);
    let text = licence("").replace("= 0.5", "= nan");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:14:18: error: event `licences`: `approved_share` must be a finite number
    "#);
}

#[test]
fn steps() {
    let text = licence("").replace(
        "= 0.5",
        "= [{ quarter = \"2025-Q3\", share = 0.1 }, { quarter = \"2025-Q3\", share = 0.4 }]",
    );
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:14:18: error: event `licences`: `approved_share` begins in 2025Q3, but the event already in 2025Q2
      hint: add a step for 2025Q2
    test.toml:14:57: error: event `licences`: 2025Q3 comes after a later or the same quarter in `approved_share`
      hint: list each quarter once, in order
    "#);
    let text = licence("").replace(
        "= 0.5",
        "= [{ quarter = \"2025-04\", share = 40 }, { quater = \"2025-Q3\", share = 0.4 }, 0.5]",
    );
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:14:31: error: event `licences`: `quarter` is `2025-04`, which is not a quarter
      hint: write it as "2025-Q2"
    test.toml:14:50: error: event `licences`: `share` is 40; a share lies between 0 and 1
      hint: 40 % is written 0.4
    test.toml:14:56: error: event `licences`: `quarter` is missing
      hint: each step has a quarter and a value
    test.toml:14:58: error: event `licences`: unknown key `quater`; did you mean `quarter`?
    test.toml:14:93: error: event `licences`: `approved_share` must be a list of steps, not a number
      hint: write a step as { quarter = "2025-Q2", share = 0.5 }
    "#);
}

#[test]
fn missing_parts() {
    let text = format!(
        "{HEAD}[[event]]\nid = \"licences\"\nkind = \"licence\"\n\n[[event]]\nid = \"stop\"\nkind = \"outage\"\n\n[[event]]\nkind = \"ban\"\n"
    );
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:6:1: error: event `licences`: `evidence` is missing
      hint: name what it rests on, for instance evidence = ["P0034"]; a supposition of your own is ["assumption"]
    test.toml:6:1: error: event `licences`: `from` is missing
      hint: the first day, such as from = "2025-04-04"
    test.toml:6:1: error: event `licences`: `products` is missing
      hint: a list of concentrate, carbonate, heavy_concentrate, oxide, metal, magnet; or "*"
    test.toml:6:1: error: event `licences`: `origin` is missing
      hint: the places that export, such as origin = ["CHN"]; or "*"
    test.toml:6:1: error: event `licences`: `approved_share` is missing
      hint: a number such as 0.5, or steps such as [{ quarter = "2025-Q2", share = 0.5 }]
    test.toml:10:1: error: event `stop`: `evidence` is missing
      hint: name what it rests on, for instance evidence = ["P0034"]; a supposition of your own is ["assumption"]
    test.toml:10:1: error: event `stop`: `from` is missing
      hint: the first day, such as from = "2025-04-04"
    test.toml:10:1: error: event `stop`: `facilities` is missing
      hint: name `facilities`, or `places` and `stages`
    test.toml:10:1: error: event `stop`: `available_share` is missing
      hint: a number such as 0.5, or steps such as [{ quarter = "2025-Q2", share = 0.5 }]
    test.toml:14:1: error: `id` is missing
      hint: give the event a short name of its own
    "#);
}

#[test]
fn evidence_must_be_given() {
    let text = licence("").replace("[\"P0034\"]", "[]");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:9:12: error: event `licences`: `evidence` is an empty list
      hint: name what it rests on, for instance evidence = ["P0034"]; a supposition of your own is ["assumption"]
    "#);
}

#[test]
fn overlapping_events() {
    let text = format!(
        "{}\n[[event]]\nid = \"more\"\nkind = \"licence\"\nevidence = [\"P0048\"]\nfrom = \"2025-11-07\"\nproducts = [\"oxide\", \"metal\"]\norigin = \"*\"\ndestination = [\"DEU\"]\napproved_share = 0.8\n",
        licence("")
    );
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:16:1: error: event `more`: Dy oxide from CHN to DEU is already under the licence of event `licences` (line 6) on the same days
      hint: end one before the other begins, or split them by element, place or plant
    "#);
    // One after the other, or to different places, is right.
    assert_eq!(
        messages(&text.replace("from = \"2025-04-04\"", "from = \"2025-04-04\"\nuntil = \"2025-11-06\"")),
        "no errors"
    );
    assert_eq!(
        messages(&text.replace(
            "approved_share = 0.5",
            "approved_share = 0.5\nexcept_destination = [\"DEU\"]"
        )),
        "no errors"
    );

    let outages = format!(
        "{HEAD}[[event]]\nid = \"a\"\nkind = \"outage\"\nevidence = [\"P0019\"]\nfrom = \"2025-01-01\"\nfacilities = [\"kachin\"]\navailable_share = 0\n\n[[event]]\nid = \"b\"\nkind = \"outage\"\nevidence = [\"P0019\"]\nfrom = \"2025-06-01\"\nplaces = \"*\"\nstages = [\"mine\"]\navailable_share = 0.5\n"
    );
    insta::assert_snapshot!(messages(&outages), @r#"
    test.toml:14:1: error: event `b`: facility kachin is already under the outage of event `a` (line 6) on the same days
      hint: end one before the other begins, or split them by element, place or plant
    "#);
}

#[test]
fn magnets_by_element() {
    let text = licence("")
        .replace("[\"oxide\"]", "[\"magnet\"]")
        .replace("[\"Dy\"]", "[\"Ho\"]");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:11:1: error: event `licences`: no magnet grade is chosen
      hint: no grade contains any of `elements` above `content_threshold`
    "#);
    let text = licence("grades = [\"uh\"]\nfeeds = [\"kachin_clay\"]\n");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:15:1: error: event `licences`: `grades` chooses among products of kind magnet, which `products` does not list
    test.toml:16:1: error: event `licences`: `feeds` chooses among products of kind concentrate, carbonate and heavy_concentrate, which `products` does not list
    "#);
}

#[test]
fn amounts() {
    let event = |kind: &str, body: &str| {
        messages(&format!(
            "{HEAD}[[event]]\nid = \"e\"\nkind = \"{kind}\"\nevidence = [\"P0034\"]\nfrom = \"2025-04-04\"\n{body}\n"
        ))
    };
    let flow = "products = [\"oxide\"]\norigin = [\"CHN\"]\n";
    let cases = [
        event("tariff", &format!("{flow}rate = 25")),
        event("tariff", &format!("{flow}rate = 1.45")),
        event("quota", &format!("{flow}tonnes_per_year = -5")),
        event("quota", &format!("{flow}tonnes_per_year = 0")),
        event("quota", &format!("{flow}tonnes_per_year = 30_258_000")),
        event("demand", "end_uses = [\"wnd\"]\nfactor = -0.2"),
        event(
            "capacity",
            "facilities = [\"kachin\"]\nplaces = [\"MMR\"]\nextra_tonnes_per_year = 100\nramp_quarters = 1.5",
        ),
        event(
            "stock_release",
            "place = \"JPN\"\nproduct = \"oxide\"\ngrade = \"uh\"\ntonnes = 30",
        ),
    ];
    insta::assert_snapshot!(cases.join("\n\n"), @r#"
    test.toml:13:8: error: event `e`: `rate` is 25; a rate is a share of the price, at most 5
      hint: 25 % is written 0.25

    no errors
    test.toml:13:8: warning: event `e`: `rate` is 1.45, that is 145 %

    test.toml:13:19: error: event `e`: `tonnes_per_year` is -5; tonnes must be above 0

    test.toml:13:19: error: event `e`: `tonnes_per_year` is 0; tonnes must be above 0
      hint: to let nothing pass, use kind = "ban"

    no errors
    test.toml:13:19: warning: event `e`: `tonnes_per_year` is 30258000 t, more than twice what the world mines in a year
      hint: tonnes, not kilograms

    test.toml:11:13: error: event `e`: unknown end use `wnd`; did you mean `wind`?
    test.toml:12:10: error: event `e`: `factor` is -0.2; a factor of 0.8 is a fall by 20 %, 1.2 a rise by 20 %

    test.toml:12:1: error: event `e`: `places` cannot stand beside `facilities`
      hint: name `facilities`, or `places` and `stages`
    test.toml:14:17: error: event `e`: `ramp_quarters` must be a whole number, not a number

    test.toml:6:1: error: event `e`: `element` is missing
      hint: which element the oxide is of
    test.toml:13:1: error: event `e`: `grade` does not go with product `oxide`
      hint: give `element`
    "#);
}

#[test]
fn deals_projects_and_batches() {
    let event = |kind: &str, body: &str| {
        messages(&format!(
            "{HEAD}[[event]]\nid = \"e\"\nkind = \"{kind}\"\nevidence = [\"P0034\"]\nfrom = \"2025-04-04\"\n{body}\n"
        ))
    };
    let flow = "products = [\"oxide\"]\norigin = [\"CHN\"]\n";
    let cases = [
        event(
            "quota",
            &format!("{flow}batches = [{{ from = \"2025-Q3\", until = \"2025-Q2\", tonnes = 5 }}]"),
        ),
        event(
            "quota",
            &format!("{flow}tonnes_per_year = 5\nbatches = []\ncounted_in = \"reo\""),
        ),
        event("quota", &format!("{flow}tonnes_per_year = 5\ncounted_in = \"REO\"")),
        event(
            "price_floor",
            "places = \"USA\"\nproduct = \"carbonate\"\nusd_per_kg = 0",
        ),
        event(
            "offtake",
            "origin = \"CHN\"\ndestination = \"CHN\"\nproduct = \"oxide\"\nelement = \"Dy\"\ntonnes_per_year = 5\npenalty_usd_per_kg = 1",
        ),
        event(
            "capacity",
            "facilities = [\"kachin\"]\nextra_tonnes_per_year = 5\nslip_quarters = 4\nslip_quarters_high = 2",
        ),
    ];
    insta::assert_snapshot!(cases.join("\n\n"), @r#"
    test.toml:13:40: error: event `e`: `until` is 2025Q2, before `from` (2025Q3)

    test.toml:13:1: error: event `e`: `tonnes_per_year` cannot stand beside `batches`
      hint: give one of them

    test.toml:14:14: error: event `e`: `counted_in` cannot be `REO`
      hint: tonnes of "product" as shipped, or of "reo", oxide contained

    test.toml:12:11: error: event `e`: a price floor cannot be for `carbonate`
      hint: oxide, metal or magnet: streams have no quoted price
    test.toml:13:14: error: event `e`: `usd_per_kg` is 0; a price lies above 0 and up to 100000 USD/kg

    test.toml:12:1: error: event `e`: `origin` and `destination` are both `CHN`

    test.toml:14:1: error: event `e`: slips of 4 to 2 quarters do not hold the central 4
      hint: low is at most `slip_quarters`, and that at most high
    "#);
}

#[test]
fn includes() {
    let bundled = |line: &str| {
        let words = monazite_evidence::Dataset::bundled().map(|dataset| Vocabulary::from_dataset(&dataset));
        let text = format!(
            "name = \"x\"\ntitle = \"x\"\nbase_year = 2024\nstart = \"2025-Q1\"\nquarters = 4\n{line}\n\
             [[event]]\nid = \"more\"\nkind = \"licence\"\nevidence = \"assumption\"\nfrom = \"2025-05-01\"\n\
             products = \"oxide\"\nelements = \"Dy\"\norigin = \"CHN\"\ndestination = \"JPN\"\napproved_share = 0.5\n"
        );
        match Scenario::read(&text, "test.toml", &words.unwrap_or_default()) {
            Ok(read) => format!("{} events", read.scenario.events.len()),
            Err(errors) => errors.to_string(),
        }
    };
    let cases = [
        bundled("include = \"myanmar-closure\""),
        bundled("include = [\"myanmar-closur\", \"china-2010\", \"japan-2010-stop\"]"),
        bundled("include = \"china-2025-04\""),
    ];
    insta::assert_snapshot!(cases.join("\n\n"), @r#"
    2 events

    test.toml:6:12: error: unknown scenario `myanmar-closur`; did you mean `myanmar-closure`?
      hint: `include` takes scenarios that come with the program
    test.toml:6:30: error: `china-2010` includes others itself
      hint: include those one by one
    test.toml:6:44: error: `japan-2010-stop` refers to the base year 2009
      hint: shares of a base flow mean something only with the same `base_year`

    test.toml:7:1: error: event `more`: Dy oxide from CHN to JPN is already under the licence of event `licences-oxide-metal-japan` (line 6) on the same days
      hint: end one before the other begins, or split them by element, place or plant
    "#);
}

#[test]
fn outside_the_simulated_quarters() {
    let late = licence("").replace("2025-04-04", "2029-04-04");
    insta::assert_snapshot!(messages(&late), @r#"
    no errors
    test.toml:10:8: warning: event `licences`: begins 2029-04-04, after the last quarter 2027Q4; it has no effect
    "#);
}

#[test]
fn events_that_are_none_or_twice() {
    insta::assert_snapshot!(messages(&format!("{HEAD}event = 5\n")), @r#"
    test.toml:6:1: error: `event` must be a list of tables
      hint: write each event under a heading [[event]]
    "#);
    insta::assert_snapshot!(messages(&format!("{HEAD}event = [5]\n")), @r#"
    test.toml:6:10: error: an event must be a table
      hint: write each event under a heading [[event]]
    "#);
    let text = licence("");
    let tail = text.split_once("[[event]]").map_or("", |(_, tail)| tail);
    insta::assert_snapshot!(messages(&format!("{text}[[event]]{tail}")), @r#"
    test.toml:16:6: error: a second event `licences`; the first is on line 7
    "#);
}

#[test]
fn columns_count_characters() {
    let text = licence("note = \"Grüße aus Längenfeld\" \nquota = 1\n").replace("[\"Dy\"]", "[\"Dü\", \"Xx\"]");
    insta::assert_snapshot!(messages(&text), @r#"
    test.toml:12:13: error: event `licences`: unknown element `Dü`; did you mean `Dy`?
    test.toml:12:19: error: event `licences`: unknown element `Xx`
    test.toml:16:1: error: event `licences`: unknown key `quota`
    "#);
}

#[test]
fn only_the_first_twenty_are_told() {
    let keys: String = (0..30).fold(String::new(), |mut all, n| {
        let _ = writeln!(all, "key{n} = {n}");
        all
    });
    let message = messages(&licence(&keys));
    assert!(message.ends_with("… and 10 more"), "{message}");
}
