//! Shortfalls that can be worked out by hand, the published one of 2013, and what must hold in every conflict.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]
#![allow(clippy::print_stderr, reason = "shows how near the published figures are")]

use std::collections::BTreeMap;

use monazite_evidence::{Confidence, Dataset, Element};
use monazite_strategy::stockpile::{
    Conflict, Ground, Measure, Shortfall, bundled, market_scenario, merit_order, rule, shortfall, uncertain,
};

const CALM: &str = r#"
name = "calm"
title = "Nothing happens"
base_year = 2024
first_year = 2024
years = 3
growth = 0
surge = 1
"#;

fn parse(text: &str, dataset: &Dataset) -> Conflict {
    Conflict::parse(text, "test.toml", dataset).unwrap()
}

fn short_of(text: &str, place: &str) -> (Ground, Conflict, Shortfall) {
    let dataset = Dataset::bundled().unwrap();
    let conflict = parse(text, &dataset);
    let ground = Ground::new(&dataset, &conflict, place).unwrap();
    let short = shortfall(&ground, &conflict);
    (ground, conflict, short)
}

fn tonnes(short: &Shortfall, product: &str) -> f64 {
    short.needs.iter().find(|need| need.product == product).unwrap().short
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-6 * b.abs().max(1e-6), "{a} is not {b}");
}

#[test]
fn nothing_is_short_when_nothing_happens() {
    let (_, _, short) = short_of(CALM, "USA");
    assert!(short.needs.len() > 20);
    for need in &short.needs {
        assert!(need.short.abs() < 1e-9, "{}: {}", need.product, need.short);
        // Calm supply is the whole use; essential use is less than that.
        for year in &need.years {
            close(year.reliable, need.base_use);
            assert!(year.required.iter().sum::<f64>() <= need.base_use * (1.0 + 1e-12));
        }
    }
}

#[test]
fn without_its_only_supplier_all_that_is_essential_is_short() {
    let dataset = Dataset::bundled().unwrap();
    let text = format!("{CALM}\n[[supplier]]\nplaces = [\"CHN\"]\naccess = 0\n");
    let (_, _, short) = short_of(&text, "USA");
    // Yttrium oxide comes from China only: all essential use of three years, by the table of end uses.
    let need = short.needs.iter().find(|need| need.product == "oxide:Y").unwrap();
    let origin = &need.origins[0];
    assert_eq!(origin.place, "CHN");
    close(origin.share, 1.0);
    close(origin.left, 0.0);
    close(
        need.short,
        need.years.iter().map(|year| year.required.iter().sum::<f64>()).sum(),
    );
    // Half of the essential part makes half of the shortfall.
    let (_, _, halved) = short_of(&format!("{text}\n[civilian]\nessential = 0.5\n"), "USA");
    close(tonnes(&halved, "oxide:Y"), 0.5 * need.short);
    // Growth of a tenth a year on requirement, nothing to grow on supply: the sum of a geometric series.
    let grown = short_of(&text.replace("growth = 0", "growth = 0.1"), "USA").2;
    close(tonnes(&grown, "oxide:Y"), need.short / 3.0 * (1.0 + 1.1 + 1.21));
    assert!(dataset.end_uses.iter().all(|row| row.essential.0 <= 1.0));
}

#[test]
fn new_supply_and_stocks_held_count_tonne_for_tonne() {
    let text = format!("{CALM}\n[[supplier]]\nplaces = [\"CHN\"]\naccess = 0\n");
    let without = tonnes(&short_of(&text, "USA").2, "oxide:Y");
    let more = format!(
        "{text}\n[[supply]]\nwhat = \"a plant\"\nproduct = \"oxide:Y\"\nt_per_year = 10\nfrom_year = 2025\n\
         [[held]]\nproduct = \"oxide:Y\"\ntonnes = 5\n"
    );
    // Two of the three years of the plant, and the stock once.
    close(tonnes(&short_of(&more, "USA").2, "oxide:Y"), without - 25.0);
}

#[test]
fn a_surge_counts_for_defence_and_defence_is_served_first() {
    let text = format!(
        "{}\n[[defence]]\nend_use = \"tbc\"\nshare = 0.5\n[[supplier]]\nplaces = [\"CHN\"]\naccess = 0.6\n",
        CALM.replace("surge = 1", "surge = 3")
    );
    let (_, _, short) = short_of(&text, "USA");
    let need = short.needs.iter().find(|need| need.product == "oxide:Y").unwrap();
    for year in &need.years {
        let [defence, investment, civilian] = year.required;
        close(year.reliable, 0.6 * need.base_use);
        close(investment, 0.0);
        assert!(defence > 0.0 && civilian > 0.0);
        close(year.short[0], (defence - year.reliable).max(0.0));
        close(year.total_short(), (defence + civilian - year.reliable).max(0.0));
    }
}

#[test]
fn a_friendly_magnet_of_hostile_metal_is_not_friendly() {
    // Japan makes its heat-resistant magnets at home; their dysprosium is Chinese.
    let text = format!("{CALM}\n[[supplier]]\nplaces = [\"CHN\"]\naccess = 0\n");
    let (_, _, short) = short_of(&text, "JPN");
    let need = short.needs.iter().find(|need| need.product == "magnet:uh").unwrap();
    let own = need.origins.iter().find(|origin| origin.place == "JPN").unwrap();
    assert!(own.share > 0.3, "{}", own.share);
    assert!(own.left < 0.2, "{}", own.left);
}

#[test]
fn trade_within_a_side_goes_on() {
    let closed = format!("{CALM}\n[[supplier]]\nplaces = [\"CHN\"]\nside = \"a\"\naccess = 0\n");
    let open = format!("{closed}[[supplier]]\nplaces = [\"VNM\"]\nside = \"a\"\n");
    let of = |text: &str| short_of(text, "VNM").2.cost_musd;
    assert!(of(&closed) > 0.0);
    // What is left short comes from third places that make it of Chinese inputs.
    assert!(of(&open) < 0.5 * of(&closed), "{} of {}", of(&open), of(&closed));
}

#[test]
fn more_access_never_makes_more_short() {
    let dataset = Dataset::bundled().unwrap();
    let at = |access: f64| {
        let conflict = parse(
            &format!("{CALM}\n[[supplier]]\nplaces = [\"CHN\"]\naccess = {access:?}\n"),
            &dataset,
        );
        shortfall(&Ground::new(&dataset, &conflict, "USA").unwrap(), &conflict)
    };
    let runs: Vec<Shortfall> = [0.0, 0.3, 0.6, 1.0].into_iter().map(at).collect();
    for pair in runs.windows(2) {
        for need in &pair[0].needs {
            assert!(tonnes(&pair[1], &need.product) <= need.short + 1e-9, "{}", need.product);
        }
    }
}

/// The six elements that the United States reported short in 2013, with tonnes of oxide.
fn published(dataset: &Dataset) -> BTreeMap<Element, f64> {
    (dataset.statements.iter())
        .filter(|row| row.id.as_str().starts_with("stockpile_shortfall_"))
        .map(|row| {
            let symbol = row.subject.rsplit(' ').next().unwrap();
            (symbol.parse().unwrap(), row.value.unwrap())
        })
        .collect()
}

#[test]
fn the_published_shortfalls_of_2013() {
    let dataset = Dataset::bundled().unwrap();
    let (_, text) = bundled().into_iter().find(|(name, _)| *name == "us-2013").unwrap();
    let conflict = parse(text, &dataset);
    let ground = Ground::new(&dataset, &conflict, "USA").unwrap();
    let short = shortfall(&ground, &conflict);
    let range = uncertain(&ground, &conflict, 300, 7);
    let published = published(&dataset);
    assert_eq!(published.len(), 6);
    let mut beyond = Vec::new();
    for row in &short.elements {
        let share = row.short() / row.required;
        let theirs = published.get(&row.element);
        eprintln!(
            "{}: {:.1} t against {theirs:?} ({:.0} % of requirement)",
            row.element,
            row.short(),
            100.0 * share
        );
        if theirs.is_some() {
            // Direction: short in nearly every draw.
            assert!(range.probability[&row.element] > 0.95, "{}", row.element);
        } else if share > 0.05 {
            beyond.push(row.element.symbol());
        }
    }
    // What we find short and the report did not, as of today. Nd, Pr and most Sm are in imported magnets, which the report
    // did not count; Gd, Ho, Yb and Lu it did not find short.
    assert_eq!(beyond, ["Pr", "Nd", "Sm", "Gd", "Ho", "Yb", "Lu"]);
    // Size: yttrium dominates in both, 28 % apart since the clays of 2009 have their known share; the others are within a factor of ten, as of today.
    let ours = |element: Element| {
        short
            .elements
            .iter()
            .find(|row| row.element == element)
            .unwrap()
            .short()
    };
    assert!((ours(Element::Y) / published[&Element::Y] - 1.0).abs() < 0.3);
    for (element, theirs) in &published {
        let ratio = ours(*element) / theirs;
        assert!((0.1..10.0).contains(&ratio), "{element}: {ratio}");
    }
}

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let dataset = Dataset::bundled().unwrap();
    let (_, text) = bundled().into_iter().find(|(name, _)| *name == "conflict-4y").unwrap();
    let conflict = parse(text, &dataset);
    let ground = Ground::new(&dataset, &conflict, "USA").unwrap();
    let one = uncertain(&ground, &conflict, 50, 3);
    assert_eq!(one, uncertain(&ground, &conflict, 50, 3));
    assert!(one != uncertain(&ground, &conflict, 50, 4));
    let [low, middle, high] = one.cost_musd;
    assert!(low < middle && middle < high);
    let mut widths: Vec<f64> = one
        .swings
        .iter()
        .map(|swing| (swing.cost_musd.1 - swing.cost_musd.0).abs())
        .collect();
    let sorted = widths.clone();
    widths.sort_by(|a, b| b.total_cmp(a));
    assert_eq!(widths, sorted);
}

#[test]
fn the_merit_order_covers_what_is_short_and_rises() {
    let dataset = Dataset::bundled().unwrap();
    for (name, text) in bundled() {
        let conflict = parse(text, &dataset);
        let ground = Ground::new(&dataset, &conflict, "USA").unwrap();
        let short = shortfall(&ground, &conflict);
        let steps = merit_order(&dataset, &ground, &conflict, &short);
        assert!(
            steps.windows(2).all(|pair| pair[0].per_dollar <= pair[1].per_dollar),
            "{name}"
        );
        for step in &steps {
            assert!(step.covers <= step.available + 1e-9, "{name}: {step:?}");
            close(step.cost_musd, step.covers * step.usd_per_kg / 1e3);
        }
        for need in short
            .needs
            .iter()
            .filter(|need| need.short > 1e-3 && need.price_usd_per_kg.is_some())
        {
            let of = |step: &&monazite_strategy::stockpile::Step| step.product == need.product;
            let covered: f64 = steps.iter().filter(of).map(|step| step.covers).sum();
            // Steps below a gram are left out; a stock fills what is left unless something dearer never comes to it.
            assert!(
                (covered - need.short).abs() < 1e-4 * need.short.max(1e-3),
                "{name}: {}",
                need.product
            );
        }
        let total: f64 = steps.iter().map(|step| step.cost_musd).sum();
        assert!(
            total <= short.cost_musd + 1e-9,
            "{name}: {total} is dearer than a stock of everything"
        );
        assert!(steps.iter().any(|step| step.measure == Measure::Stock));
    }
}

#[test]
fn the_rule_is_no_dearer_than_nothing_and_than_everything() {
    let dataset = Dataset::bundled().unwrap();
    let text = format!(
        "{}\n[[supplier]]\nplaces = [\"CHN\"]\naccess = {{ low = 0.0, central = 0.1, high = 0.3 }}\n[market]\nprobability = 0.5\nproducts = 1\n",
        CALM.replace("years = 3", "years = 1")
    );
    let conflict = parse(&text, &dataset);
    let ground = Ground::new(&dataset, &conflict, "USA").unwrap();
    let short = shortfall(&ground, &conflict);
    let found = rule(&dataset, &ground, &conflict, &short, &|_| {}).unwrap();
    assert_eq!(found.rows.len(), 1);
    assert!(found.cost_with_musd <= found.cost_without_musd + 1e-9);
    assert!(found.cost_with_musd <= found.cost_whole_musd + 1e-9);
    for row in &found.rows {
        assert!(row.worth_musd >= -1e-9, "{row:?}");
    }
    // An emergency that never comes is worth no stock.
    let never = parse(&text.replace("probability = 0.5", "probability = 0"), &dataset);
    let found = rule(&dataset, &ground, &never, &short, &|_| {}).unwrap();
    assert!(found.rows.iter().all(|row| row.stock.abs() < 1e-12));
    assert!(found.cost_with_musd.abs() < 1e-9);
}

#[test]
fn the_market_scenario_reads_back() {
    use monazite_market::scenario::{Scenario, Vocabulary};
    let dataset = Dataset::bundled().unwrap();
    for (name, text) in bundled() {
        let conflict = parse(text, &dataset);
        let ground = Ground::new(&dataset, &conflict, "USA").unwrap();
        let scenario = Scenario::parse(
            &market_scenario(&ground, &conflict),
            name,
            &Vocabulary::from_dataset(&dataset),
        );
        assert!(scenario.unwrap().events.len() > 3, "{name}");
    }
}

#[test]
fn what_has_no_source_is_unverified() {
    let dataset = Dataset::bundled().unwrap();
    for (_, text) in bundled() {
        let conflict = parse(text, &dataset);
        for row in &conflict.defence {
            assert_eq!(row.share.confidence, Confidence::C, "{}", row.end_use);
            assert!(row.share.is_uncertain(), "{}", row.end_use);
        }
    }
}
