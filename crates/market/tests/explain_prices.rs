//! Explanations of prices and shortages, on a real run and on small ones made by hand.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::sync::LazyLock;

use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{reconcile, recoveries};
use monazite_market::chain::{Settings, chain};
use monazite_market::explain::{self, Limit, RecipeRow, Relation, Tables};
use monazite_market::path::{Behaviour, simulate};
use monazite_market::result::{CapacityRow, FlowRow, PriceRow, ProductionRow, RunResult, StockRow, UseRow, tabulate};
use monazite_market::scenario::{Scenario, Vocabulary};
use monazite_market::store::{self, Inputs, WriteOptions};

/// The licences of April 2025, run on the bundled dataset.
struct Real {
    run: RunResult,
    recipes: Vec<RecipeRow>,
    scenario: String,
}

static REAL: LazyLock<Real> = LazyLock::new(|| {
    let dataset = Dataset::bundled().unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/china-2025-04.toml");
    let text = std::fs::read_to_string(file).unwrap();
    let scenario = Scenario::parse(&text, "china-2025-04.toml", &Vocabulary::from_dataset(&dataset)).unwrap();
    let base = reconcile(&dataset, 2024).unwrap();
    let chain = chain(&dataset, &base, &recoveries(&dataset, &base), Settings::default()).unwrap();
    let path = simulate(&chain, &scenario, Behaviour::from_dataset(&dataset).unwrap()).unwrap();
    let run = tabulate(&chain, &scenario, "full", &path);
    Real {
        run,
        recipes: explain::recipes(&chain),
        scenario: text,
    }
});

fn real() -> Tables<'static> {
    Tables {
        run: &REAL.run,
        recipes: &REAL.recipes,
        scenario: &REAL.scenario,
    }
}

/// Numbers as `#`, and no names of users, buyers and grades, so that a better dataset does not change the text.
fn without_numbers(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let before = |mark: &&str| line.split_once(*mark).map(|(before, _)| format!("{before}{mark}…"));
        let line = ["wanted: ", "most to "]
            .iter()
            .find_map(before)
            .unwrap_or_else(|| line.to_owned());
        for word in line.replace("magnet:uh", "magnet:h").split_inclusive(' ') {
            let plain = word.trim_end();
            let core = plain
                .trim_start_matches(['−', '('])
                .trim_end_matches([')', ';', ':', '.', ',']);
            let number = !core.is_empty() && core.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
            out.push_str(&if number {
                word.replacen(core, "#", 1)
            } else {
                word.to_owned()
            });
        }
        out.push('\n');
    }
    out
}

#[test]
fn dysprosium_in_japan_in_the_third_quarter() {
    let text = explain::price(real(), "Dy", "JPN", "2025Q3").unwrap().to_text();
    insta::assert_snapshot!(without_numbers(&text), @r"
    oxide:Dy in JPN, 2025Q3: # USD/kg, # times the base price of #; with contracts the average is # (money of #; evidence of the base price: A).
    # t REO come to market: # separated here (base #), # from CHN (base #) and # from MYS (base #).
    - From CHN: # there + # freight and margin + # duty or mark-up + # licence rent = # USD/kg.
    - From MYS: # there + # freight and margin = # USD/kg.
    The licence `licences-oxide-metal-japan` holds CHN to JPN at # t REO, # % of the base quarter, and all of it is used: one more licensed kilogram is worth # USD.
    Heavy separation in JPN is full (# of # t): one more kilogram through it is worth # USD.
    Stock stays empty; its target is # t REO; holders expect # USD/kg, less than it costs now.
    oxide:Dy in JPN follows MYS, its largest source that nothing caps: # USD/kg there, # times the base price of #.
    Heavy separation in MYS is full (# of # t): one more kilogram through it is worth # USD.
    End users of oxide:Dy in JPN take # of # t REO wanted: …
    # % of oxide:Dy in JPN goes into metal:Dy (# USD/kg there, # % of it oxide:Dy).
    # % of metal:Dy in JPN goes into magnet:h (# USD/kg there, # % of it metal:Dy).
    End users of magnet:h in JPN take # of # t wanted: …
    # % of magnet:h there goes on to others, most to …
    One more tonne here would be worth # thousand USD; one more licensed tonne from CHN # thousand USD.
    ");
}

#[test]
fn the_arithmetic_shown_adds_up() {
    for (product, place, quarter) in [
        ("Dy", "JPN", "2025Q3"),
        ("Dy", "JPN", "2026Q3"),
        ("metal:Dy", "JPN", "2025Q3"),
        ("magnet:uh", "USA", "2025Q3"),
        ("magnet:uh", "JPN", "2025Q4"),
        ("oxide:Lu", "USA", "2025Q4"),
        ("magnet:n", "USA", "2025Q3"),
    ] {
        let e = explain::price(real(), product, place, quarter).unwrap();
        assert!(!e.supply.arrivals.is_empty() || !e.supply.made.is_empty());
        for a in e.supply.arrivals.iter().filter(|a| a.quantity > 0.001) {
            let off = a.landed_usd_per_kg() / e.spot_usd_per_kg - 1.0;
            assert!(off.abs() < 0.01, "{product} {place} {quarter} from {}: {off}", a.origin);
        }
        for cost in e.supply.made.iter().filter_map(explain::Made::cost_usd_per_kg) {
            assert!(
                (cost / e.spot_usd_per_kg - 1.0).abs() < 0.01,
                "{product} {place} {quarter}: {cost}"
            );
        }
    }
}

/// The terms as the tables hold them, without the part of a step of the margin.
#[test]
fn the_table_of_flows_explains_a_capped_price() {
    let run = &REAL.run;
    let flow = run
        .flows
        .iter()
        .find(|f| f.quarter == "2025Q3" && f.product == "oxide:Dy" && f.origin == "CHN" && f.destination == "JPN")
        .unwrap();
    let spot = |place: &str| {
        let same = |p: &&PriceRow| p.quarter == "2025Q3" && p.product == "oxide:Dy" && p.place == place;
        run.prices.iter().find(same).unwrap().spot_usd_per_kg
    };
    let sum = spot("CHN") + flow.margin_usd_per_kg + flow.duty_usd_per_kg + flow.licence_rent_usd_per_kg;
    assert!((sum / spot("JPN") - 1.0).abs() < 0.01, "{sum} {}", spot("JPN"));
    let e = explain::price(real(), "Dy", "JPN", "2025Q3").unwrap();
    let held = e
        .bindings
        .iter()
        .find(|b| matches!(&b.limit, Limit::Route { origin } if origin == "CHN"))
        .unwrap();
    assert!((held.rent_usd_per_kg - flow.licence_rent_usd_per_kg).abs() < 1e-9);
    assert_eq!(held.events, ["licences-oxide-metal-japan"]);
}

#[test]
fn a_metal_leads_back_to_its_oxide() {
    let e = explain::price(real(), "metal:Dy", "JPN", "2025Q3").unwrap();
    let step = e.upstream.first().unwrap();
    assert_eq!((step.relation, step.product.as_str()), (Relation::Makes, "oxide:Dy"));
    assert!(step.share_of_rise.unwrap() > 0.8, "{step:?}");
    // What holds the oxide back may be a licence or a full separation plant; the walk must end at one of them.
    assert!(!e.bindings_upstream.is_empty());
}

#[test]
fn an_oxide_leads_on_to_the_magnets_that_need_it() {
    let e = explain::price(real(), "Dy", "JPN", "2025Q3").unwrap();
    let products: Vec<&str> = e.downstream.iter().map(|s| s.product.as_str()).collect();
    assert_eq!(products.first(), Some(&"metal:Dy"));
    assert!(products.iter().any(|p| p.starts_with("magnet:")), "{products:?}");
    assert!(e.demand_downstream.unwrap().wanted > 0.0);
}

#[test]
fn every_price_can_be_explained_shortly() {
    let rows = REAL
        .run
        .prices
        .iter()
        .filter(|p| p.quarter == "2025Q3" || p.quarter == "base");
    for row in rows.step_by(23) {
        let e = explain::price(real(), &row.product, &row.place, &row.quarter).unwrap();
        let lines = e.lines();
        assert!((3..=18).contains(&lines.len()), "{}", lines.join("\n"));
        assert!(
            lines.iter().all(|l| !l.contains("NaN") && !l.contains("inf")),
            "{}",
            lines.join("\n")
        );
    }
}

#[test]
fn shortages_name_their_span_their_users_and_their_end() {
    let e = explain::shortage(real(), "uh", "USA").unwrap();
    let (from, until) = e.span.clone().unwrap();
    assert_eq!(e.quarters.first().unwrap().quarter, from);
    assert_eq!(e.quarters.last().unwrap().quarter, until);
    assert!(e.tonnes_short > 0.0 && e.surplus_loss_kusd > 0.0);
    let text = e.to_text();
    assert!(text.starts_with("USA is short of magnet:uh from "), "{text}");
    assert!(text.contains("`licences-magnet`"), "{text}");
    assert_eq!(e.lasting, e.ended_by.is_none());
    assert!(e.lines().len() <= 20, "{text}");

    let metal = explain::shortage(real(), "metal:Dy", "JPN").unwrap();
    assert!(
        metal.to_text().starts_with("Nobody in JPN uses metal:Dy as it is."),
        "{}",
        metal.to_text()
    );
    assert!(metal.through.iter().any(|t| t.product.starts_with("magnet:")));
}

#[test]
fn a_run_without_recipes_says_what_it_can() {
    let e = explain::price(&REAL.run, "Dy", "JPN", "2025Q3").unwrap();
    assert!(e.downstream.is_empty() && e.supply.made.is_empty());
    assert!(
        e.to_text().contains("The event `licences-oxide-metal-japan`"),
        "{}",
        e.to_text()
    );
    explain::shortage(&REAL.run, "Dy", "JPN").unwrap();
}

#[test]
fn words_are_forgiven_and_mistakes_get_a_hint() {
    let name = |product: &str, place: &str, quarter: &str| match explain::price(real(), product, place, quarter) {
        Ok(e) => format!("{} {} {}", e.product, e.place, e.quarter),
        Err(error) => format!("{error}: {}", error.hint()),
    };
    insta::assert_snapshot!(name("dy", "jpn", "2025-q3"), @"oxide:Dy JPN 2025Q3");
    insta::assert_snapshot!(name("uh", "USA", "base"), @"magnet:uh USA base");
    insta::assert_snapshot!(name("oxide:Dx", "JPN", "2025Q3"), @"there is no product `oxide:Dx` in this result: did you mean `oxide:Dy` or `metal:Dy`?");
    insta::assert_snapshot!(name("kryptonite", "JPN", "2025Q3"), @"there is no product `kryptonite` in this result: a product is a kind and an item, such as `oxide:Dy`, `metal:Nd` or `magnet:uh`; `Dy` alone means `oxide:Dy`");
    insta::assert_snapshot!(name("Dy", "JAP", "2025Q3"), @"there is no place `JAP` in this result: places have the ids of this result's view, such as `JPN` or `USA`");
    insta::assert_snapshot!(name("Dy", "Atlantis", "2025Q3"), @"there is no place `Atlantis` in this result: places have the ids of this result's view, such as `JPN` or `USA`");
    insta::assert_snapshot!(name("Dy", "JPN", "2031Q1"), @"there is no quarter `2031Q1` in this result: it has 2025Q1 to 2027Q4, and `base`");
    insta::assert_snapshot!(name("metal:Dy", "CHL", "2025Q3"), @"there is no place `CHL` in this result: did you mean `CHE`?");
}

#[test]
fn a_product_without_a_market_in_a_place_is_told_where_it_has_one() {
    let run = &REAL.run;
    let has = |product: &str, place: &str| run.prices.iter().any(|p| p.product == product && p.place == place);
    let place = run
        .prices
        .iter()
        .map(|p| p.place.as_str())
        .find(|place| !has("metal:Dy", place))
        .unwrap();
    for error in [
        explain::price(real(), "metal:Dy", place, "2025Q3").unwrap_err(),
        explain::shortage(real(), "metal:Dy", place).unwrap_err(),
    ] {
        assert_eq!(
            error.to_string(),
            format!("`metal:Dy` has no market in {place} in this result")
        );
        assert!(error.hint().starts_with("it has one in `CHN`, "), "{}", error.hint());
    }
}

/// Metal in B from oxide that comes from A under a quota; all numbers are chosen.
#[allow(clippy::too_many_lines)] // most of them are the rows
fn by_hand() -> (RunResult, Vec<RecipeRow>, &'static str) {
    let price = |quarter: &str, place: &str, product: &str, spot: f64, base: f64| PriceRow {
        quarter: quarter.into(),
        place: place.into(),
        product: product.into(),
        spot_usd_per_kg: spot,
        average_usd_per_kg: spot,
        base_usd_per_kg: base,
        base_need: 10.0,
        confidence: "A".into(),
    };
    let recipe = |product: &str, amount: f64| RecipeRow {
        place: "B".into(),
        activity: "make_metal".into(),
        item: "Dy".into(),
        facility: None,
        stage: Some("metal".into()),
        capacity_per_level: 1.0,
        product: product.into(),
        amount,
    };
    let stock = |quarter: &str, stock: f64| StockRow {
        quarter: quarter.into(),
        place: "B".into(),
        product: "oxide:Dy".into(),
        stock,
        target: 4.0,
        expected_usd_per_kg: 250.0,
    };
    let run = RunResult {
        scenario: "by-hand".into(),
        title: "By hand".into(),
        view: "full".into(),
        base_year: 2024,
        quarters: vec!["2025Q1".into(), "2025Q2".into()],
        prices: vec![
            price("base", "A", "oxide:Dy", 100.0, 100.0),
            price("base", "B", "oxide:Dy", 110.0, 110.0),
            price("base", "B", "metal:Dy", 150.0, 150.0),
            price("2025Q1", "A", "oxide:Dy", 90.0, 100.0),
            price("2025Q1", "B", "oxide:Dy", 220.0, 110.0),
            price("2025Q1", "B", "metal:Dy", 290.0, 150.0),
            price("2025Q2", "A", "oxide:Dy", 100.0, 100.0),
            price("2025Q2", "B", "oxide:Dy", 110.0, 110.0),
            price("2025Q2", "B", "metal:Dy", 150.0, 150.0),
        ],
        flows: ["base", "2025Q1", "2025Q2"]
            .map(|quarter| FlowRow {
                quarter: quarter.into(),
                product: "oxide:Dy".into(),
                origin: "A".into(),
                destination: "B".into(),
                quantity: if quarter == "2025Q1" { 6.0 } else { 12.0 },
                base_quantity: 12.0,
                cap: None,
                licence_rent_usd_per_kg: 0.0,
                duty_usd_per_kg: if quarter == "2025Q1" { 9.0 } else { 0.0 },
                margin_usd_per_kg: 10.0,
                events: if quarter == "2025Q1" {
                    "quota;tax".into()
                } else {
                    String::new()
                },
            })
            .to_vec(),
        uses: ["base", "2025Q1", "2025Q2"]
            .map(|quarter| UseRow {
                quarter: quarter.into(),
                place: "B".into(),
                product: "metal:Dy".into(),
                end_use: "alloys".into(),
                wanted: 10.0,
                used: if quarter == "2025Q1" { 7.5 } else { 10.0 },
                substituted: 0.0,
                short: if quarter == "2025Q1" { 2.5 } else { 0.0 },
                spot_usd_per_kg: if quarter == "2025Q1" { 290.0 } else { 150.0 },
                surplus_loss_kusd: if quarter == "2025Q1" { 1225.0 } else { 0.0 },
                confidence: "B".into(),
            })
            .to_vec(),
        stocks: vec![stock("base", 4.0), stock("2025Q1", 1.0), stock("2025Q2", 1.0)],
        production: ["base", "2025Q1", "2025Q2"]
            .map(|quarter| ProductionRow {
                quarter: quarter.into(),
                place: "B".into(),
                activity: "make_metal".into(),
                item: "Dy".into(),
                facility: None,
                level: if quarter == "2025Q1" { 7.5 } else { 10.0 },
                base_level: 10.0,
            })
            .to_vec(),
        quotas: Vec::new(),
        policies: Vec::new(),
        capacities: vec![CapacityRow {
            quarter: "2025Q1".into(),
            place: "B".into(),
            stage: "metal".into(),
            facility: None,
            limit: 7.5,
            used: 7.5,
            rent_usd_per_kg: 5.0,
        }],
        notes: Vec::new(),
        warnings: Vec::new(),
        worst_kkt: 0.0,
        timings: Vec::new(),
    };
    let scenario = "[[event]]\nid = \"quota\"\nkind = \"quota\"\n[[event]]\nid = \"tax\"\nkind = \"export_tax\"\n";
    (run, vec![recipe("oxide:Dy", -1.2), recipe("metal:Dy", 1.0)], scenario)
}

#[test]
fn a_quota_a_tax_and_a_full_plant_by_hand() {
    let (run, recipes, scenario) = by_hand();
    let tables = Tables {
        run: &run,
        recipes: &recipes,
        scenario,
    };
    insta::assert_snapshot!(explain::price(tables, "Dy", "B", "2025Q1").unwrap().to_text(), @r"
    oxide:Dy in B, 2025Q1: 220 USD/kg, 2.0 times the base price of 110 (money of 2024; evidence of the base price: A).
    9 t REO come to market: 6 from A (base 12) and 3 drawn from stock.
    - From A: 90 there + 10 freight and margin + 9 duty or mark-up + 111 quota rent = 220 USD/kg.
    The quota `quota` limits A to B along with other routes: one more kilogram of quota is worth 111 USD.
    Stock falls by 3 t REO, to 25 % of its target of 4 t REO; holders expect 250 USD/kg, more than it costs now.
    All of oxide:Dy in B goes into metal:Dy (290 USD/kg there, 91 % of it oxide:Dy).
    End users of metal:Dy in B take 7.5 of 10 t wanted: alloys −25 %.
    One more tonne here would be worth 220 thousand USD; one more tonne of quota from A 111 thousand USD.
    ");
    insta::assert_snapshot!(explain::price(tables, "metal:Dy", "B", "2025Q1").unwrap().to_text(), @r"
    metal:Dy in B, 2025Q1: 290 USD/kg, 1.9 times the base price of 150 (money of 2024; evidence of the base price: A).
    7.5 t come to market: 7.5 made here (base 10).
    - Made here: 264 oxide:Dy + 5 rent of full plants + 21 processing = 290 USD/kg.
    Metal making in B is full (7.5 of 7.5 t): one more kilogram through it is worth 5 USD.
    oxide:Dy is 91 % of the price of metal:Dy in B and 94 % of its rise: 220 USD/kg there, 2.0 times the base price of 110.
    The quota `quota` limits A to B along with other routes: one more kilogram of quota is worth 111 USD.
    End users of metal:Dy in B take 7.5 of 10 t wanted: alloys −25 %.
    One more tonne here would be worth 290 thousand USD.
    ");
    insta::assert_snapshot!(explain::shortage(tables, "metal:Dy", "B").unwrap().to_text(), @r"
    B is short of metal:Dy in 2025Q1: 25 % less than wanted.
    In all 2.5 t wanted were not used; users lose 1.23 million USD. The price in 2025Q1 is 290 USD/kg, 1.9 times the base price of 150.
    Over the run: alloys −12 % (1.23 million USD).
    In 2025Q1: 7.5 t come to market: 7.5 made here (base 10).
    Metal making in B is full (7.5 of 7.5 t): one more kilogram through it is worth 5 USD.
    oxide:Dy is 91 % of the price of metal:Dy in B and 94 % of its rise: 220 USD/kg there, 2.0 times the base price of 110.
    The quota `quota` limits A to B along with other routes: one more kilogram of quota is worth 111 USD.
    One more tonne here would be worth 290 thousand USD.
    It ends in 2025Q2: the price is 150 USD/kg.
    ");
}

#[test]
fn a_tonne_that_nobody_brought_came_from_strategic_stocks() {
    let (mut run, recipes, scenario) = by_hand();
    run.flows[1].quantity = 4.0;
    let e = explain::price(
        Tables {
            run: &run,
            recipes: &recipes,
            scenario,
        },
        "Dy",
        "B",
        "2025Q1",
    )
    .unwrap();
    // 7.5 t of metal take 9 t REO; 4 arrive and 3 are drawn from commercial stock.
    assert!((e.supply.released - 2.0).abs() < 1e-9, "{:?}", e.supply);
    assert!(
        e.to_text().contains("2 released from strategic stocks"),
        "{}",
        e.to_text()
    );
}

#[test]
fn a_stored_run_explains_itself_in_the_same_words() {
    let temp = tempfile::TempDir::new().unwrap();
    let dir = temp.path().join("run");
    let dataset = Dataset::bundled().unwrap();
    let inputs = Inputs {
        scenario: &REAL.scenario,
        dataset: &dataset,
        recipes: &REAL.recipes,
    };
    store::write(&dir, &REAL.run, &inputs, &WriteOptions::default()).unwrap();
    let stored = store::read(&dir).unwrap();
    for product in ["Dy", "metal:Dy", "uh"] {
        let text = |tables: Tables<'_>| explain::price(tables, product, "JPN", "2025Q3").unwrap().to_text();
        assert_eq!(text(Tables::from(&stored)), text(real()));
    }
}

#[test]
fn explanations_are_data_too() {
    let e = explain::price(real(), "Dy", "JPN", "2025Q3").unwrap();
    let json: serde_json::Value = serde_json::to_value(&e).unwrap();
    assert_eq!(json["product"], "oxide:Dy");
    assert_eq!(json["bindings"][0]["limit"]["kind"], "route");
    assert!(
        json["supply"]["arrivals"][0]["licence_rent_usd_per_kg"]
            .as_f64()
            .unwrap()
            > 0.0
    );
}
