//! Values that can be worked out by hand.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]
#![allow(clippy::float_cmp, reason = "zeros that are exact by construction")]

use monazite_evidence::Dataset;
use monazite_strategy::project::{
    Case, Deck, Discounting, Project, annuity, break_even_multiple, break_even_price, cash_flow, floor_for_irr,
    grant_for_irr, irr, loan_cost, npv, value,
};
use proptest::prelude::*;

/// 100 million spent in year 1, then `revenue - cost` for ten years.
fn simple(extra: &str) -> Case {
    let text = format!(
        r#"
name = "simple"
currency = "USD"
money_year = 2024
[[product]]
material = "NdPr"
t_per_year = 1000
price_per_kg = 60
[schedule]
capex_shares = [1]
life_years = 10
[costs]
capex_m = 100
opex_m_per_year = 40
{extra}
"#
    );
    let project = Project::parse(&text, "simple.toml").unwrap();
    project.case(&Dataset::bundled().unwrap(), &Deck::none()).unwrap()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}

#[test]
fn a_flat_flow_is_an_annuity() {
    let worth = value(&simple("[finance]\ndiscount_rate = 0.1"));
    // 20 million a year in years 2 to 11, 100 million in year 1.
    close(worth.npv_m, (20.0 * annuity(0.1, 0.0, 10) - 100.0) / 1.1);
    close(worth.basket_price_per_kg, 60.0);
    close(worth.opex_per_kg, 40.0);
    close(worth.ebitda_m, 20.0);
    close(worth.payback_years.unwrap(), 5.0);
    // 20 · a(r) = 100 at the internal rate, whatever the first year's discounting.
    close(annuity(worth.irr.unwrap(), 0.0, 10), 5.0);
}

#[test]
fn the_middle_of_the_year_is_half_a_year_earlier() {
    let flows = [-100.0, 30.0, 50.0, 60.0];
    let end = npv(&flows, 0.08, Discounting::EndOfYear);
    close(npv(&flows, 0.08, Discounting::MidYear), end * 1.08_f64.sqrt());
}

#[test]
fn tax_waits_for_losses_and_depreciation() {
    let case = simple("[fiscal]\ntax_rate = 0.25\ndepreciation_years = 4\n[finance]\ndiscount_rate = 0.1");
    let flow = cash_flow(&case);
    let tax: Vec<f64> = flow.years.iter().map(|year| year.tax_m).collect();
    // Written off: 25 a year against 20 of profit; the loss of 5 a year adds up to 20 and is used in year 6.
    assert_eq!(tax[..6], [0.0; 6]);
    close(tax[6], 5.0);
    close(tax.iter().sum(), 0.25 * (10.0 * 20.0 - 100.0));
}

#[test]
fn losses_that_may_not_be_carried_are_lost() {
    let case = simple(
        "[fiscal]\ntax_rate = 0.25\ndepreciation_years = 4\nlosses_carried_forward = false\n[finance]\ndiscount_rate = 0.1",
    );
    let tax: f64 = cash_flow(&case).years.iter().map(|year| year.tax_m).sum();
    close(tax, 0.25 * 6.0 * 20.0);
}

#[test]
fn working_capital_comes_back() {
    let flow = cash_flow(&simple("working_capital_days = 73\n[finance]\ndiscount_rate = 0.1"));
    let moved: Vec<f64> = flow.years.iter().map(|year| year.working_capital_m).collect();
    close(moved[1], 12.0);
    close(moved[11], -12.0);
    close(moved.iter().sum(), 0.0);
}

#[test]
fn debt_at_the_discount_rate_changes_nothing() {
    let with = value(&simple(
        "[finance]\ndiscount_rate = 0.1\ndebt_share = 0.6\ndebt_rate = 0.1\ndebt_years = 7",
    ));
    close(with.npv_equity_m, with.npv_m);
}

#[test]
fn cheap_debt_is_worth_what_the_loan_formula_says() {
    let with = value(&simple(
        "[finance]\ndiscount_rate = 0.1\ndebt_share = 0.5\ndebt_rate = 0.06\ndebt_years = 10",
    ));
    // 50 million drawn at the end of year 1, paid from year 2 on: the loan's cost seen from the end of year 1.
    close(with.npv_equity_m - with.npv_m, -loan_cost(50.0, 0.06, 10, 0.1) / 1.1);
}

#[test]
fn break_even_is_where_nothing_is_left() {
    let case = simple("[finance]\ndiscount_rate = 0.1");
    let needed = 40.0 + 100.0 / annuity(0.1, 0.0, 10);
    close(break_even_multiple(&case).unwrap(), needed / 60.0);
    close(break_even_price(&case, "NdPr").unwrap(), needed);
    assert_eq!(break_even_price(&case, "Dy"), None);
}

#[test]
fn a_floor_reaches_the_rate_and_costs_the_difference() {
    let case = simple("[finance]\ndiscount_rate = 0.1");
    let floor = floor_for_irr(&case, &["NdPr"], 0.25).unwrap();
    let needed = 40.0 + 100.0 / annuity(0.25, 0.0, 10);
    close(floor.per_kg, needed);
    close(floor.cost_m_per_year, needed - 60.0);
    close(floor.cost_m, (needed - 60.0) * annuity(0.1, 0.0, 10) / 1.1);
    // A floor below the market costs nothing.
    assert_eq!(floor_for_irr(&case, &["NdPr"], 0.02).unwrap().cost_m, 0.0);
    assert!(floor_for_irr(&case, &["Dy"], 0.2).is_none());
}

#[test]
fn a_grant_pays_what_the_flow_does_not() {
    let case = simple("[finance]\ndiscount_rate = 0.1");
    close(
        grant_for_irr(&case, 0.25).unwrap(),
        100.0 - 20.0 * annuity(0.25, 0.0, 10),
    );
    assert_eq!(grant_for_irr(&case, 0.1), Some(0.0));
}

#[test]
fn a_rate_that_is_not_one_number_is_none() {
    assert_eq!(irr(&[100.0, 20.0]), None);
    assert_eq!(irr(&[-100.0, -20.0]), None);
    // Turns three times: several rates fit.
    assert_eq!(irr(&[-100.0, 230.0, -132.0 - 0.5, 60.0, -120.0, 90.0]), None);
    close(irr(&[-100.0, 110.0]).unwrap(), 0.1);
}

/// The published test case of an open costing tool, to its printed figures.
#[test]
fn prommis_case() {
    let (rate, life, built) = (0.10, 20_u32, 3_u32);
    let capital = 2.512_179 * 2.97;
    let later =
        |amount: f64, growth: f64| amount * (annuity(rate, growth, life + built) - annuity(rate, growth, built));
    let revenue = later(30.361_96, 0.03);
    let operating = later(6.001_094 + 1.234_06, 0.03);
    let capex: f64 = [0.1, 0.6, 0.3]
        .into_iter()
        .zip(1_u32..)
        .map(|(share, year)| capital * share * (annuity(rate, 0.036, year) - annuity(rate, 0.036, year - 1)))
        .sum();
    let loan = loan_cost(0.5 * capital, 0.06, 10, rate);
    let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-6, "{a} is not {b}");
    near(revenue, 260.495_01);
    near(operating, 62.075_05);
    near(capex, 6.316_203_7);
    near(loan, -0.616_107_12);
    near(revenue - operating - capex + loan, 191.487_7);

    // The yearly cash flow gives the same without the loan.
    let text = r#"
name = "PrOMMiS"
currency = "USD"
money_year = 2021
[[product]]
material = "oxides"
t_per_year = 1000
price_per_kg = 30.36196
[schedule]
capex_shares = [0.1, 0.6, 0.3]
life_years = 20
[costs]
capex_m = 7.46117163
opex_m_per_year = 7.235154
[finance]
discount_rate = 0.1
inflation = { revenue = 0.03, opex = 0.03, capex = 0.036 }
"#;
    let project = Project::parse(text, "prommis.toml").unwrap();
    let worth = value(&project.case(&Dataset::bundled().unwrap(), &Deck::none()).unwrap());
    near(worth.npv_m, revenue - operating - capex);
    near(worth.npv_m + loan, 191.487_7);
}

proptest! {
    #[test]
    fn worth_rises_with_price_and_falls_with_cost(price in 0.5..3.0_f64, cost in 0.5..2.0_f64, tax in 0.0..0.5_f64) {
        let mut case = simple("[finance]\ndiscount_rate = 0.1");
        case.fiscal.tax_rate = tax;
        let here = value(&case.with_prices(price)).npv_m;
        prop_assert!(value(&case.with_prices(price + 0.1)).npv_m >= here);
        case.costs.opex_m_per_year *= 1.0 + cost;
        prop_assert!(value(&case.with_prices(price)).npv_m <= here);
    }

    #[test]
    fn break_even_means_worth_nothing(capex in 10.0..1000.0_f64, tax in 0.0..0.5_f64, royalty in 0.0..0.2_f64) {
        let mut case = simple("working_capital_days = 60\n[finance]\ndiscount_rate = 0.1");
        case.costs.capex_m = capex;
        case.fiscal.tax_rate = tax;
        case.fiscal.royalty_share = royalty;
        let factor = break_even_multiple(&case).unwrap();
        prop_assert!(value(&case.with_prices(factor)).npv_m.abs() < 1e-6 * capex);
    }
}

#[test]
fn a_price_path_and_a_contract() {
    let flow = |product: &str| {
        let text = format!(
            "name = \"p\"\ncurrency = \"USD\"\nmoney_year = 2024\n[[product]]\nmaterial = \"NdPr\"\nt_per_year = 1000\n{product}\n\
             [schedule]\ncapex_shares = [1]\nlife_years = 3\n[costs]\ncapex_m = 10\n[finance]\ndiscount_rate = 0.1\n"
        );
        let project = Project::parse(&text, "p.toml").unwrap();
        let case = project.case(&Dataset::bundled().unwrap(), &Deck::none()).unwrap();
        cash_flow(&case)
            .years
            .iter()
            .map(|year| year.revenue_m)
            .collect::<Vec<f64>>()
    };
    // Year 1 is construction; the last price holds.
    assert_eq!(flow("price_per_kg = [50, 60, 70]"), [0.0, 60.0, 70.0, 70.0, 0.0]);
    let half = flow("price_per_kg = [50, 60, 70]\ncontract_share = 0.5\ncontract_price_per_kg = 100");
    assert_eq!(half, [0.0, 80.0, 85.0, 85.0, 0.0]);
    assert_eq!(
        flow("price_per_kg = 50\npayability = 0.9"),
        [0.0, 45.0, 45.0, 45.0, 0.0]
    );
}

#[test]
fn a_mine_plan_by_year() {
    let case = simple("[finance]\ndiscount_rate = 0.1");
    let mut planned = case.clone();
    planned.schedule.ramp = vec![0.5; 10];
    planned.schedule.opex_by_year = vec![1.0, 0.5];
    planned.schedule.sustaining_m_by_year = vec![0.0, 30.0];
    planned.schedule.by_product_m_by_year = vec![0.0, 0.0, 7.0];
    let flow = cash_flow(&planned);
    let before: Vec<f64> = flow.before_tax();
    // Half of 60 million less 40; then less 20 and an expansion of 30; then with a by-product of 7.
    for (year, wanted) in [(1, -10.0), (2, -20.0), (3, -3.0), (4, -10.0)] {
        close(before[year], wanted);
    }
}

#[test]
fn payability_and_recovery_of_single_elements() {
    let text = r#"
name = "ore"
currency = "USD"
money_year = 2024
[ore]
t_per_year = 1000000
grade_treo_pct = 1
recovery = 0.5
composition_pct = { Nd = 60, Dy = 40 }
payability = 0.8
payability_by_element = { Dy = 0.5 }
recovery_by_element = { Nd = 0.9 }
[schedule]
capex_shares = [1]
life_years = 1
[costs]
capex_m = 1
[finance]
discount_rate = 0.1
"#;
    let dataset = Dataset::bundled().unwrap();
    let deck = Deck::spot(&dataset, monazite_evidence::table::PriceZone::Outside, 2024).unwrap();
    let case = Project::parse(text, "ore.toml").unwrap().case(&dataset, &deck).unwrap();
    let line = |name: &str| case.lines.iter().find(|line| line.material == name).unwrap();
    close(line("Nd").kg_per_year, 1e7 * 0.6 * 0.9);
    close(line("Dy").kg_per_year, 1e7 * 0.4 * 0.5);
    close(line("Nd").payability, 0.8);
    close(line("Dy").payability, 0.5);
}

#[test]
fn royalties_inflation_and_separation_charges_by_hand() {
    let case = simple(
        "separation_per_kg = 5\n[fiscal]\nroyalty_share = 0.1\n[finance]\ndiscount_rate = 0.1\ninflation = { revenue = 0.02, opex = 0.03 }",
    );
    let year = cash_flow(&case).years[3];
    let (prices, costs) = (1.02_f64.powi(3), 1.03_f64.powi(3));
    close(year.revenue_m, 60.0 * prices);
    close(year.royalty_m, 6.0 * prices);
    close(year.opex_m, 45.0 * costs);
    close(year.before_tax_m, 54.0 * prices - 45.0 * costs);
}

#[test]
fn every_way_of_writing_off_adds_up_to_what_was_spent() {
    for (way, first) in [
        ("straight_line", 25.0),
        ("declining_balance", 50.0),
        ("units_of_production", 10.0),
    ] {
        let case = simple(&format!(
            "[fiscal]\ntax_rate = 0.25\ndepreciation = \"{way}\"\ndepreciation_years = 4\n[finance]\ndiscount_rate = 0.1"
        ));
        let flow = cash_flow(&case);
        let all: Vec<f64> = flow.years.iter().map(|year| year.depreciation_m).collect();
        close(all[1], first);
        close(all.iter().sum(), 100.0);
        assert!(all.iter().all(|amount| *amount >= 0.0));
    }
    // Double declining over four years: 50, 25, then the straight line over what is left.
    let case = simple(
        "[fiscal]\ndepreciation = \"declining_balance\"\ndepreciation_years = 4\n[finance]\ndiscount_rate = 0.1",
    );
    let all: Vec<f64> = cash_flow(&case).years.iter().map(|year| year.depreciation_m).collect();
    for (year, wanted) in [(1, 50.0), (2, 25.0), (3, 12.5), (4, 12.5), (5, 0.0)] {
        close(all[year], wanted);
    }
}

#[test]
fn sustaining_cost_that_is_written_off_comes_later_but_whole() {
    let of = |extra: &str| {
        let case = simple(&format!(
            "sustaining_m_per_year = 3\n[fiscal]\ntax_rate = 0.25\ndepreciation_years = 4\n{extra}\n[finance]\ndiscount_rate = 0.1"
        ));
        let flow = cash_flow(&case);
        let written: f64 = flow.years.iter().map(|year| year.depreciation_m).sum();
        let tax: f64 = flow.years.iter().map(|year| year.tax_m).sum();
        (written, tax, value(&case).npv_m)
    };
    let (at_once, later) = (of(""), of("sustaining_written_off = true"));
    close(at_once.0, 100.0);
    close(later.0, 130.0);
    close(at_once.1, later.1);
    assert!(later.2 < at_once.2);
}

#[test]
fn losses_may_be_set_against_a_part_of_profit_only() {
    let case = simple(
        "[fiscal]\ntax_rate = 0.25\ndepreciation_years = 4\nloss_limit_share = 0.5\n[finance]\ndiscount_rate = 0.1",
    );
    let tax: Vec<f64> = cash_flow(&case).years.iter().map(|year| year.tax_m).collect();
    // Losses of 20 are used at 10 a year in years 6 and 7.
    close(tax[5], 2.5);
    close(tax[6], 2.5);
    close(tax[7], 5.0);
    close(tax.iter().sum(), 0.25 * (10.0 * 20.0 - 100.0));
}

#[test]
fn closing_is_paid_in_the_year_after_the_last() {
    let flow = cash_flow(&simple("closure_m = 9\n[finance]\ndiscount_rate = 0.1"));
    close(flow.years[11].before_tax_m, -9.0);
    assert_eq!(flow.years.len(), 12);
}
