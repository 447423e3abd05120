//! The balanced base years: do they close, and do they agree with what was published?

#![allow(clippy::expect_used)] // helpers of tests

use std::collections::BTreeMap;
use std::sync::LazyLock;

use monazite_evidence::product::{FeedIx, Product};
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::{BaseYear, in_blocs, reconcile};
use monazite_evidence::{Dataset, Element};

static DATASET: LazyLock<Dataset> = LazyLock::new(|| Dataset::bundled().expect("the bundled dataset loads"));
static BASE: LazyLock<BaseYear> = LazyLock::new(|| reconcile(&DATASET, 2024).expect("2024 reconciles"));

const MAGNET_ELEMENTS: [Element; 4] = [Element::Pr, Element::Nd, Element::Tb, Element::Dy];

/// Sums a weight of activities by place id.
fn by_place(base: &BaseYear, weight: impl Fn(Activity) -> f64) -> BTreeMap<String, f64> {
    let mut totals = BTreeMap::new();
    for a in &base.activities {
        let w = weight(a.activity);
        if w > 0.0 {
            *totals.entry(base.places[a.place.index()].id.clone()).or_insert(0.0) += w * a.level;
        }
    }
    totals
}

fn shares(totals: &BTreeMap<String, f64>) -> BTreeMap<&str, f64> {
    let world: f64 = totals.values().sum();
    totals.iter().map(|(p, v)| (p.as_str(), 100.0 * v / world)).collect()
}

#[test]
fn mass_balances_close() {
    for year in [2024, 2009] {
        let base = reconcile(&DATASET, year).expect("reconciles");
        assert!(base.max_imbalance() <= 1e-6, "{year}: {:e}", base.max_imbalance());
        let blocs = in_blocs(&DATASET, &base).expect("every place has a bloc");
        assert!(
            blocs.max_imbalance() <= 1e-6,
            "{year} in blocs: {:e}",
            blocs.max_imbalance()
        );
        assert_eq!(blocs.places.len(), 14);
    }
}

/// What is known of a kind of ore splits a country's tonnage over its mines; without it the mines of today would.
#[test]
fn clays_of_2009_give_their_known_share() {
    let base = reconcile(&DATASET, 2009).expect("reconciles");
    let clay = base.catalogue.feed_by_id("china_clay").expect("a feed");
    let china = base.places.iter().position(|p| p.id == "CHN").expect("China");
    let mined = |of: &dyn Fn(FeedIx) -> bool| -> f64 {
        let here = base.activities.iter().filter(|a| a.place.index() == china);
        here.filter_map(|a| match a.activity {
            Activity::Mine(feed) if of(feed) => Some(a.level),
            _ => None,
        })
        .sum()
    };
    let share = mined(&|feed| feed == clay) / mined(&|_| true);
    // The evidence says 20.7 %, with confidence C.
    assert!((0.15..0.28).contains(&share), "{share}");
}

#[test]
fn blocs_hold_the_same_data() {
    let blocs = in_blocs(&DATASET, &BASE).expect("every place has a bloc");
    let total = |base: &BaseYear| -> (f64, f64) {
        (
            base.activities.iter().map(|a| a.level).sum(),
            base.uses.iter().map(|u| u.quantity).sum(),
        )
    };
    let (full, merged) = (total(&BASE), total(&blocs));
    assert!((full.0 / merged.0 - 1.0).abs() < 1e-9 && (full.1 / merged.1 - 1.0).abs() < 1e-9);
}

#[test]
fn mine_tonnage_is_that_of_mcs2026_within_one_per_cent() {
    let mined = by_place(&BASE, |a| f64::from(u8::from(matches!(a, Activity::Mine(_)))));
    let published: Vec<_> = DATASET
        .production
        .iter()
        .filter(|p| p.year == 2024 && p.series == "mcs2026" && p.production_t_reo.0 > 0.0)
        .collect();
    assert!(published.len() >= 10, "MCS2026 lists at least ten producers");
    for row in published {
        let ours = mined.get(row.place.as_str()).copied().unwrap_or(0.0);
        let off = ours / row.production_t_reo.0 - 1.0;
        assert!(
            off.abs() <= 0.01,
            "{}: {ours:.0} t against {} t",
            row.place,
            row.production_t_reo.0
        );
    }
}

#[test]
fn separation_and_magnet_shares_are_those_of_the_iea_within_two_points() {
    let oxide = BASE.catalogue.oxide_per_element;
    let refined = by_place(&BASE, |a| match a {
        Activity::Finish(e) if MAGNET_ELEMENTS.contains(&e) => 1.0 / oxide[e.index()],
        _ => 0.0,
    });
    let refined = shares(&refined);
    for (place, published) in [("CHN", 91.3), ("MYS", 4.5), ("USA", 1.2)] {
        assert!(
            (refined[place] - published).abs() <= 2.0,
            "separation {place}: {:.2} against {published}",
            refined[place]
        );
    }
    let magnets = by_place(&BASE, |a| f64::from(u8::from(matches!(a, Activity::MakeMagnet(_)))));
    assert!((shares(&magnets)["CHN"] - 94.0).abs() <= 2.0);
}

/// The IEA's mine shares of magnet elements and the USGS tonnages cannot both hold: the IEA counts about 12 kt of
/// magnet elements from Myanmar, which 27 kt REO of any clay cannot contain. Tonnages win; the miss is kept here.
#[test]
fn mine_shares_of_the_iea_are_missed_by_no_more_than_today() {
    let oxide = BASE.catalogue.oxide_per_element;
    let mined = by_place(&BASE, |a| match a {
        Activity::Mine(f) => MAGNET_ELEMENTS
            .iter()
            .map(|e| BASE.catalogue.feed(f).composition[e.index()] / oxide[e.index()])
            .sum(),
        _ => 0.0,
    });
    let mined = shares(&mined);
    for (place, published, today) in [
        ("CHN", 61.0, 7.0),
        ("MMR", 16.1, 6.5),
        ("AUS", 4.3, 4.0),
        ("USA", 9.1, 1.0),
    ] {
        let miss = (mined[place] - published).abs();
        assert!(
            miss <= today,
            "{place}: {:.2} against {published}, {miss:.2} points",
            mined[place]
        );
    }
}

/// What is mined of an element is used, lost in processing or left over: nothing appears, nothing vanishes.
#[test]
fn every_element_is_conserved() {
    for element in Element::ALL.iter().copied().filter(|e| *e != Element::Sc) {
        let (mut mined, mut lost, mut left) = (0.0, 0.0, 0.0);
        for a in &BASE.activities {
            let given_up = BASE.recipe_of(a).loss(&BASE.catalogue, element) * a.level;
            match a.activity {
                Activity::Mine(_) => mined -= given_up,
                Activity::Discard(_) => left += given_up,
                _ => {
                    assert!(
                        given_up >= -1e-9 * a.level,
                        "{:?} creates {}",
                        a.activity,
                        element.symbol()
                    );
                    lost += given_up;
                }
            }
        }
        let used: f64 = BASE
            .uses
            .iter()
            .map(|u| u.quantity * BASE.catalogue.element_content(u.product, element))
            .sum();
        let gap = mined - lost - left - used;
        assert!(
            gap.abs() <= 1e-6 * mined,
            "{}: mined {mined:.3}, lost {lost:.3}, left {left:.3}, used {used:.3}",
            element.symbol()
        );
    }
}

#[test]
fn adjustments_are_listed_largest_first_with_their_sources() {
    assert!(BASE.adjustments.len() > 100);
    assert!(BASE.adjustments.windows(2).all(|w| w[0].z().abs() >= w[1].z().abs()));
    for a in &BASE.adjustments {
        assert!(!a.sources.is_empty(), "{} has no source", a.what);
        for source in &a.sources {
            assert!(DATASET.source(source).is_some(), "unknown source {source}");
        }
    }
}

#[test]
fn a_year_without_evidence_says_which_years_have_some() {
    let error = reconcile(&DATASET, 1999).expect_err("1999 has no evidence");
    let message = error.to_string();
    assert!(
        message.contains("1999") && message.contains("2024") && message.contains("2009"),
        "{message}"
    );
}

#[test]
fn coverage_is_what_the_readme_promises() {
    let elements: std::collections::BTreeSet<_> = BASE
        .activities
        .iter()
        .filter_map(|a| match a.activity {
            Activity::Finish(e) => Some(e),
            Activity::Scandium => Some(Element::Sc),
            _ => None,
        })
        .collect();
    assert_eq!(elements.len(), 16, "fifteen elements and scandium");
    let magnets: std::collections::BTreeSet<_> = BASE
        .uses
        .iter()
        .filter_map(|u| match u.product {
            Product::Magnet(g) => Some(g),
            _ => None,
        })
        .collect();
    assert!(magnets.len() >= 5, "five magnet grades");
    assert!(BASE.places.len() >= 40);
}
