//! The library of scenarios: each runs and moves what it should, in the direction it should. And each new kind of policy
//! in closed form.

#![allow(clippy::expect_used)] // helpers of tests

mod common;

use common::{BLOCS, DATASET, bundled, chain_for, parse};
use monazite_market::chain::Chain;
use monazite_market::path::{Behaviour, Path, simulate};
use monazite_market::policy::Policy;
use monazite_market::quarter::{Conditions, QuarterModel, solve_rebuilt_with};
use monazite_market::scenario::{Scenario, library};

fn run(chain: &Chain, scenario: &Scenario) -> Path {
    let behaviour = Behaviour::from_dataset(&DATASET).expect("behaviour");
    simulate(chain, scenario, behaviour).expect("the path solves")
}

/// The same quarters on the same chain without any event.
fn quiet(chain: &Chain, scenario: &Scenario) -> Path {
    let nothing = Scenario {
        events: Vec::new(),
        ..scenario.clone()
    };
    run(chain, &nothing)
}

#[test]
fn every_bundled_scenario_runs_and_says_what_it_touches() {
    for found in library() {
        let scenario = bundled(found.name);
        for in_full in [true, false] {
            let chain = chain_for(&scenario, in_full);
            let path = run(&chain, &scenario);
            for step in &path.steps {
                let kkt = step.outcome.report.kkt;
                assert!(kkt <= 1e-7, "{} {}: {kkt:e}", found.name, step.quarter);
            }
            assert!(path.warnings.is_empty(), "{}: {:?}", found.name, path.warnings);
        }
    }
}

/// A bundled scenario in blocs, with the same quarters without it.
struct Pair {
    chain: Chain,
    with: Path,
    without: Path,
}

impl Pair {
    fn of(name: &str) -> Self {
        let scenario = bundled(name);
        let chain = chain_for(&scenario, false);
        let (with, without) = (run(&chain, &scenario), quiet(&chain, &scenario));
        Self { chain, with, without }
    }

    fn node(&self, product: &str, place: &str) -> usize {
        let product = self.chain.catalogue.product_by_name(product).expect("a product");
        let at = self.chain.place_of_member(place).expect("a place");
        self.chain.node(product, at).expect("a node").index()
    }

    /// Price with the scenario over the price without, by quarter.
    fn ratios(&self, product: &str, place: &str) -> Vec<f64> {
        let n = self.node(product, place);
        let steps = self.with.steps.iter().zip(&self.without.steps);
        steps.map(|(a, b)| a.outcome.price[n] / b.outcome.price[n]).collect()
    }

    fn highest(&self, product: &str, place: &str) -> f64 {
        self.ratios(product, place).into_iter().fold(0.0, f64::max)
    }

    fn lowest(&self, product: &str, place: &str) -> f64 {
        self.ratios(product, place).into_iter().fold(f64::INFINITY, f64::min)
    }

    fn is_quiet(&self, within: f64) {
        for element in ["Nd", "Pr", "Dy", "Tb"] {
            for place in ["CHN", "JPN", "USA"] {
                let product = format!("oxide:{element}");
                let (low, high) = (self.lowest(&product, place), self.highest(&product, place));
                assert!(
                    low > 1.0 - within && high < 1.0 + within,
                    "{product} in {place}: {low} to {high}"
                );
            }
        }
    }
}

#[test]
fn quotas_of_2010_open_a_gap_and_crowd_out_cheap_elements_first() {
    let pair = Pair::of("china-2010-quotas");
    assert!(pair.highest("oxide:La", "JPN") > 5.0 && pair.lowest("oxide:La", "CHN") < 0.5);
    assert!(pair.highest("oxide:Nd", "JPN") > 2.0);
    assert!(pair.highest("oxide:La", "JPN") > pair.highest("oxide:Dy", "JPN"));
    // One quota, one price of a licence, in every quarter it is in force and binds.
    let rents: Vec<f64> = pair.with.steps.iter().map(|s| s.outcome.quota_rent[0]).collect();
    assert!(rents.iter().copied().fold(0.0, f64::max) > 5.0, "{rents:?}");
    assert!(
        rents[20..].iter().all(|rent| *rent == 0.0),
        "quotas ended with 2014: {rents:?}"
    );
}

#[test]
fn the_stop_of_2010_is_felt_in_japan_and_passes() {
    let pair = Pair::of("japan-2010-stop");
    let dy = pair.ratios("oxide:Dy", "JPN");
    assert!(
        dy[..2].iter().all(|r| (r - 1.0).abs() < 1e-6),
        "nobody knew before: {dy:?}"
    );
    assert!(dy[3] > 1.03 && dy[7] < 1.05, "{dy:?}");
}

#[test]
fn october_2025_adds_to_april_only_where_it_is_in_force() {
    let (april, resumed, extended) = (
        Pair::of("china-2025-04"),
        Pair::of("china-2025-10-resumed"),
        Pair::of("china-2025-10-extended"),
    );
    let before = 7; // to 2026Q3
    for (product, place) in [("oxide:Dy", "JPN"), ("oxide:Tb", "USA"), ("oxide:Eu", "JPN")] {
        let (a, r, e) = (
            april.ratios(product, place),
            resumed.ratios(product, place),
            extended.ratios(product, place),
        );
        for q in 0..before {
            assert!(
                (a[q] - r[q]).abs() < 1e-6 && (a[q] - e[q]).abs() < 1e-6,
                "{product} {q}"
            );
        }
    }
    let holmium = |pair: &Pair| pair.highest("oxide:Er", "JPN");
    assert!(
        holmium(&resumed) > 1.2 * holmium(&extended),
        "erbium comes under licence"
    );
}

#[test]
fn closures_and_halts_move_what_they_cut() {
    let year = Pair::of("myanmar-closure-year");
    assert!(year.highest("oxide:Dy", "CHN") > 1.1, "heavy elements from Kachin");
    let mp = Pair::of("mp-stops-china");
    assert!(mp.highest("oxide:Nd", "CHN") > 1.01 && mp.highest("oxide:Nd", "CHN") < 1.2);
    for small in ["malaysia-raw-ore-ban", "india-export-halt"] {
        Pair::of(small).is_quiet(0.05);
    }
}

#[test]
fn serra_verde_brings_dysprosium() {
    let pair = Pair::of("serra-verde");
    assert!(pair.lowest("oxide:Dy", "CHN") < 0.95);
}

#[test]
fn a_russian_deal_changes_nothing_material() {
    let pair = Pair::of("russia-us-deal");
    pair.is_quiet(0.03);
    let before_2030: Vec<_> = pair.with.steps.iter().zip(&pair.without.steps).take(13).collect();
    for (with, without) in before_2030 {
        let nd = pair.node("oxide:Nd", "USA");
        let ratio = with.outcome.price[nd] / without.outcome.price[nd];
        assert!((ratio - 1.0).abs() < 0.01, "{}: {ratio}", with.quarter);
    }
    Pair::of("russia-sanctioned").is_quiet(0.05);
    Pair::of("china-2023-technology-ban").is_quiet(0.15);
}

#[test]
fn tariffs_raise_prices_where_they_are_raised() {
    let pair = Pair::of("us-tariffs");
    assert!(pair.highest("magnet:n", "USA") > 1.01);
    assert!(pair.highest("magnet:n", "CHN") < 1.01);
    let all = Pair::of("us-section-232-magnets");
    assert!(all.highest("magnet:n", "USA") > pair.highest("magnet:n", "USA"));
}

#[test]
fn stocks_relieve_and_purchases_burden() {
    let (licences, release) = (Pair::of("china-2025-04"), Pair::of("stock-release"));
    assert!(release.highest("oxide:Tb", "JPN") < 0.9 * licences.highest("oxide:Tb", "JPN"));
    let purchase = Pair::of("us-stockpile");
    assert!(purchase.highest("oxide:Dy", "USA") > 1.02);
    let bought: f64 = purchase.with.steps.iter().map(|s| s.outcome.dealt[1]).sum();
    assert!(bought > 1.0 && bought <= 100.0 + 1e-6, "{bought} t of dysprosium");
}

/// Makers get the floor: what the state pays and the market price make it up, and they make more.
#[test]
fn a_floor_pays_what_the_price_lacks() {
    let pair = Pair::of("ndpr-price-floor");
    let (last, quiet) = (
        pair.with.steps.last().expect("steps"),
        pair.without.steps.last().expect("steps"),
    );
    assert!(!last.outcome.top_up.is_empty());
    for (p, paid) in &last.outcome.top_up {
        let process = &pair.chain.processes[*p];
        let (node, _) = process.outputs[0];
        let gets = last.outcome.price[node.index()] + paid;
        if last.outcome.level[*p] > 1e-6 {
            assert!((gets - 110.0).abs() < 0.05, "makers get {gets}");
        }
        assert!(
            last.outcome.level[*p] >= quiet.outcome.level[*p] * 0.999,
            "a floor makes nobody make less"
        );
    }
}

#[test]
fn patched_equals_rebuilt_with_deals_floors_and_rules() {
    let text = include_str!("scenario_every_kind.toml");
    let scenario = parse(text);
    let chain = chain_for(&scenario, false);
    let structure = Policy::new(&chain, &scenario).structure();
    let path = run(&chain, &scenario);
    for step in [&path.steps[0], &path.steps[5], &path.steps[7]] {
        // Top-ups as they were settled; duties and mark-ups are so in the conditions of a step.
        let mut conditions = step.conditions.clone();
        conditions.top_up.clone_from(&step.outcome.top_up);
        let rebuilt = solve_rebuilt_with(&chain, &structure, &conditions).expect("solves");
        let off = (rebuilt.welfare / step.outcome.welfare - 1.0).abs();
        assert!(off < 1e-9, "{}: welfare differs by {off:e}", step.quarter);
        // A user whose next step is worth exactly the price does not care how much of it is served.
        let indifferent = |segment: usize| {
            let segment = &chain.segments[segment];
            let price = step.outcome.price[segment.node.index()];
            let mut values = segment.steps.iter().map(|s| s.value);
            values.any(|value| (value - price).abs() <= 1e-9 * price.abs())
        };
        let gap: f64 = (rebuilt.used.iter().zip(&step.outcome.used).enumerate())
            .filter(|(segment, _)| !indifferent(*segment))
            .map(|(_, (a, b))| (a - b).abs())
            .sum();
        let all: f64 = step.outcome.used.iter().sum();
        assert!(gap / all < 1e-6, "{}: use differs by {:e}", step.quarter, gap / all);
    }
}

const HEAD: &str = "name = \"one\"\ntitle = \"One event\"\nbase_year = 2024\nstart = \"2025-Q1\"\nquarters = 1\n\n[[event]]\nid = \"e\"\nevidence = [\"assumption\"]\nfrom = \"2025-01-01\"\n";

fn quarter(event: &str) -> (Scenario, Conditions, monazite_market::quarter::Outcome) {
    let scenario = parse(&format!("{HEAD}{event}"));
    let policy = Policy::new(&BLOCS, &scenario);
    let structure = policy.structure();
    let mut model = QuarterModel::with(&BLOCS, &structure).expect("the base quarter");
    let mut conditions = Conditions::base(&BLOCS, structure.quotas.len());
    policy.apply(scenario.start, &mut conditions);
    let outcome = model.solve(&conditions).expect("solves");
    (scenario, conditions, outcome)
}

#[test]
fn a_quota_in_oxide_counts_metal_by_what_is_in_it() {
    let flows = "kind = \"quota\"\nproducts = [\"oxide\", \"metal\"]\norigin = [\"CHN\"]\ncounted_in = \"reo\"\n";
    let (scenario, conditions, outcome) = quarter(&format!(
        "{flows}batches = [{{ from = \"2025-Q1\", until = \"2025-Q4\", tonnes = 8000 }}]\n"
    ));
    // The first quarter has 90 of 365 days.
    let allowed = 8000.0 * 90.0 / 365.0;
    assert!((conditions.quotas[0] - allowed).abs() < 1e-9);
    let group = &Policy::new(&BLOCS, &scenario).quota_groups()[0];
    let counted: f64 = group.routes.iter().map(|(r, w)| w * outcome.flow[*r]).sum();
    assert!((counted - allowed).abs() < 1e-6, "{counted} of {allowed}");
    assert!(outcome.quota_rent[0] > 0.0);
    let weights = group.routes.iter().map(|(_, w)| *w);
    assert!(
        weights.clone().any(|w| w > 1.1) && weights.clone().all(|w| (0.99..1.6).contains(&w)),
        "metal weighs more"
    );
}

#[test]
fn a_promise_is_kept_unless_breaking_it_pays() {
    let promise = |penalty: f64| {
        let (_, conditions, outcome) = quarter(&format!(
            "kind = \"offtake\"\norigin = \"MYS\"\ndestination = \"JPN\"\nproduct = \"oxide\"\nelement = \"Nd\"\n\
             tonnes_per_year = 3000\npenalty_usd_per_kg = {penalty:.1}\n"
        ));
        (conditions.deals[0].tonnes, outcome.dealt[0])
    };
    let (promised, kept) = promise(200.0);
    assert!(
        promised > 700.0 && (kept - promised).abs() < 1e-6,
        "{kept} of {promised}"
    );
}

#[test]
fn a_purchase_stops_at_its_price() {
    let buy = |most: f64| {
        let (_, _, outcome) = quarter(&format!(
            "kind = \"stock_purchase\"\nplace = \"USA\"\nproduct = \"oxide\"\nelement = \"Dy\"\ntonnes = 5\n\
             most_usd_per_kg = {most:.1}\n"
        ));
        outcome.dealt[0]
    };
    assert!(buy(100.0) < 1e-9, "dearer than it pays");
    assert!((buy(5000.0) - 5.0).abs() < 1e-6, "all of it");
}

#[test]
fn a_content_rule_concerns_only_what_is_of_the_origin() {
    let (scenario, conditions, _) = quarter(
        "kind = \"content_rule\"\nproducts = [\"magnet\"]\nelements = [\"Dy\", \"Tb\"]\norigin = [\"*\"]\nexcept_origin = [\"CHN\"]\n\
         content_origin = [\"CHN\"]\napproved_share = 0.0\n",
    );
    assert!(!conditions.route_caps.is_empty());
    let policy = Policy::new(&BLOCS, &scenario);
    for (r, cap) in &conditions.route_caps {
        let route = &BLOCS.routes[*r];
        assert!(BLOCS.place_id(route.origin) != "CHN");
        assert!(
            BLOCS.catalogue.name(route.product).starts_with("magnet:")
                && !policy.events_on_route(*r, scenario.start).is_empty()
        );
        assert!(*cap <= route.base + 1e-9, "never more than the base flow");
    }
    let shares: Vec<f64> = (conditions.route_caps.iter())
        .filter(|(r, _)| BLOCS.routes[**r].base > 0.1)
        .map(|(r, cap)| 1.0 - cap / BLOCS.routes[*r].base)
        .collect();
    assert!(shares.iter().all(|s| (0.0..=1.0).contains(s)), "{shares:?}");
    let most = shares.iter().copied().fold(0.0, f64::max);
    assert!(most > 0.5, "heavy metal outside China is mostly Chinese: {shares:?}");
}

#[test]
fn a_carve_out_leaves_other_users_alone() {
    let (scenario, conditions, outcome) = quarter(
        "kind = \"ban\"\nproducts = [\"magnet\"]\norigin = [\"CHN\"]\ndestination = [\"USA\"]\nend_uses = [\"defence_aerospace\"]\n",
    );
    assert!(!conditions.use_caps.is_empty(), "{:?}", scenario.events);
    for (s, cap) in &conditions.use_caps {
        let segment = &BLOCS.segments[*s];
        assert_eq!(segment.end_use.as_str(), "defence_aerospace");
        assert!(outcome.used[*s] <= cap + 1e-9 && *cap < segment.base);
    }
}

#[test]
fn a_late_plant_adds_nothing_before_it_starts() {
    let text = |kind: &str| HEAD.replace("2025-Q1", "2028-Q1").replace("2025-01-01", "2024-06-01") + kind;
    let late = parse(&text(
        "kind = \"delay\"\nfacilities = [\"solikamsk_separation\"]\nquarters = 12\n",
    ));
    let policy = Policy::new(&BLOCS, &late);
    assert!(policy.idle_events().is_empty(), "{:?}", policy.idle_events());
    let nothing = Scenario {
        events: Vec::new(),
        ..late.clone()
    };
    let capacity = |scenario: &Scenario| {
        let mut conditions = Conditions::base(&BLOCS, 0);
        Policy::new(&BLOCS, scenario).apply(scenario.start, &mut conditions);
        conditions.capacity.iter().sum::<f64>()
    };
    let gap = capacity(&nothing) - capacity(&late);
    assert!(gap > 0.0 && gap <= 2500.0 / 4.0 + 1e-9, "{gap}");
    assert!(policy.structure().deals.is_empty());
}
