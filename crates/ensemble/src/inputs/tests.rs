use monazite_evidence::{Confidence, Dataset};

use super::*;
use crate::sample::{Method, Sampler};

fn inputs() -> Inputs {
    Inputs::from_dataset(&Dataset::bundled().unwrap(), 2024).unwrap()
}

#[test]
fn the_bundled_table_gives_inputs_of_every_kind() {
    let inputs = inputs();
    let has = |effect| inputs.list.iter().any(|i| i.effect == effect);
    for effect in [
        Effect::Chain,
        Effect::BaseYear,
        Effect::LicenceShare,
        Effect::LicenceDelay,
        Effect::StartDelay,
    ] {
        assert!(has(effect), "{effect:?}");
    }
    assert!(inputs.position("elasticity/ev_traction").is_some());
    assert!(inputs.list.iter().all(|i| i.distribution.is_sound()));
    let mut names: Vec<&str> = inputs.list.iter().map(|i| i.id.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), inputs.list.len(), "names are unique");
}

#[test]
fn confidence_c_is_widest() {
    let widths = defaults(&Dataset::bundled().unwrap()).unwrap();
    let width = |c: Confidence| widths[&c].high / widths[&c].low;
    assert!(width(Confidence::A) < width(Confidence::B) && width(Confidence::B) < width(Confidence::C));
}

/// Spearman's coefficient of two columns.
fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|x, y| values[*x].total_cmp(&values[*y]));
        let mut ranks = vec![0.0; values.len()];
        for (rank, at) in order.into_iter().enumerate() {
            ranks[at] = f64::from(u32::try_from(rank).unwrap());
        }
        ranks
    };
    let (a, b) = (ranks(a), ranks(b));
    let n = f64::from(u32::try_from(a.len()).unwrap());
    let d2: f64 = a.iter().zip(&b).map(|(x, y)| (x - y).powi(2)).sum();
    1.0 - 6.0 * d2 / (n * (n * n - 1.0))
}

#[test]
fn groups_have_the_rank_correlation_they_are_given_and_others_none() {
    let inputs = inputs();
    let sampler = Sampler::new(Method::Sobol, 11, 4096, inputs.dimensions()).unwrap();
    let draws: Vec<Vec<f64>> = (0..4096).map(|i| inputs.quantiles(&sampler.point(i))).collect();
    let column = |d: usize| -> Vec<f64> { draws.iter().map(|q| q[d]).collect() };
    for (g, group) in inputs.groups.iter().enumerate() {
        let members: Vec<usize> = (0..inputs.list.len())
            .filter(|d| inputs.list[*d].group == Some(g))
            .collect();
        let r = rank_correlation(&column(members[0]), &column(members[1]));
        assert!(
            (r - group.correlation).abs() < 0.04,
            "{}: {r} against {}",
            group.name,
            group.correlation
        );
    }
    let free: Vec<usize> = (0..inputs.list.len())
        .filter(|d| inputs.list[*d].group.is_none())
        .collect();
    let r = rank_correlation(&column(free[0]), &column(free[1]));
    assert!(r.abs() < 0.05, "{r}");
    let mean = column(0).iter().sum::<f64>() / 4096.0;
    assert!((mean - 0.5).abs() < 0.01);
}
