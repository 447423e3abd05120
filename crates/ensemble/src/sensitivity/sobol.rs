//! Sobol indices by Saltelli's design with Jansen's estimators, and bootstrap intervals.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::Evaluate;
use crate::EnsembleError;
use crate::bands::quantile;
use crate::sample::{Method, Sampler, mix};

/// Resamples behind an interval.
const RESAMPLES: usize = 500;

/// Ends of a 90 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interval {
    /// 5 % of resamples lie below.
    pub low: f64,
    /// 95 % of resamples lie below.
    pub high: f64,
}

/// Indices of one factor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Index {
    /// Share of the variance that goes away when the factor is known: its own effect.
    pub first: f64,
    /// Its 90 % interval.
    pub first_interval: Interval,
    /// Share of the variance that remains when everything but the factor is known: with interactions.
    pub total: f64,
    /// Its 90 % interval.
    pub total_interval: Interval,
}

/// Indices of all factors.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// Factor by factor.
    pub list: Vec<Index>,
    /// Mean of the outcome.
    pub mean: f64,
    /// Variance of the outcome.
    pub variance: f64,
    /// Evaluations used.
    pub evaluations: usize,
}

/// Sobol indices of factors that stand for `widths` coordinates each (more than one: a group that is taken together),
/// from `rows` base points and `rows × (factors + 2)` evaluations. `evaluate` gets them all, row by row.
///
/// First-order and total indices are Jansen's estimators, `1 - E(fB - fABi)²/2V` and `E(fA - fABi)²/2V`, where `ABi` is `A`
/// with the factor's coordinates taken from `B` (Saltelli and others 2010, table 2). Intervals resample rows.
///
/// # Errors
/// Too many rows, or what `evaluate` answers.
pub fn sobol<E: From<EnsembleError>>(
    widths: &[usize],
    rows: u32,
    seed: u64,
    evaluate: &mut Evaluate<'_, E>,
) -> Result<Indices, E> {
    let dimensions: usize = widths.iter().sum();
    let sampler = Sampler::new(Method::Sobol, mix(seed ^ 0x736f_626f), rows as usize, 2 * dimensions)?;
    let stride = widths.len() + 2;
    let mut points = Vec::with_capacity(rows as usize * stride);
    for row in 0..rows {
        let both = sampler.point(row);
        let (a, b) = both.split_at(dimensions);
        points.push(a.to_vec());
        points.push(b.to_vec());
        let mut from = 0;
        for width in widths {
            let mut mixed = a.to_vec();
            mixed[from..from + width].copy_from_slice(&b[from..from + width]);
            from += width;
            points.push(mixed);
        }
    }
    let values = evaluate(&points)?;
    let rows: Vec<&[f64]> = values.chunks_exact(stride).collect();
    let all: Vec<usize> = (0..rows.len()).collect();
    let (mean, variance) = moments(&rows, &all);
    let mut random = ChaCha8Rng::seed_from_u64(mix(seed ^ 0x626f_6f74));
    let mut resampled: Vec<Vec<(f64, f64)>> = vec![Vec::with_capacity(RESAMPLES); widths.len()];
    let bound = u64::try_from(rows.len().max(1)).unwrap_or(1);
    for _ in 0..RESAMPLES {
        let chosen: Vec<usize> = all
            .iter()
            .map(|_| usize::try_from(random.next_u64() % bound).unwrap_or(0))
            .collect();
        for (factor, list) in resampled.iter_mut().enumerate() {
            list.push(estimate(&rows, &chosen, factor));
        }
    }
    let list = resampled
        .into_iter()
        .enumerate()
        .map(|(factor, estimates)| {
            let (first, total) = estimate(&rows, &all, factor);
            Index {
                first,
                first_interval: interval(estimates.iter().map(|r| r.0).collect()),
                total,
                total_interval: interval(estimates.iter().map(|r| r.1).collect()),
            }
        })
        .collect();
    Ok(Indices {
        list,
        mean,
        variance,
        evaluations: values.len(),
    })
}

fn interval(mut values: Vec<f64>) -> Interval {
    values.sort_unstable_by(f64::total_cmp);
    Interval {
        low: quantile(&values, 0.05),
        high: quantile(&values, 0.95),
    }
}

/// Mean and variance of the outcome over A and B.
#[allow(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
fn moments(rows: &[&[f64]], chosen: &[usize]) -> (f64, f64) {
    let n = (2 * chosen.len()).max(1) as f64;
    let values = || chosen.iter().flat_map(|r| rows[*r][..2].iter());
    let mean = values().sum::<f64>() / n;
    (mean, values().map(|v| (v - mean).powi(2)).sum::<f64>() / n)
}

/// First-order and total index of a factor on chosen rows; zero where the outcome does not vary.
#[allow(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
fn estimate(rows: &[&[f64]], chosen: &[usize], factor: usize) -> (f64, f64) {
    let (_, variance) = moments(rows, chosen);
    if variance <= f64::MIN_POSITIVE {
        return (0.0, 0.0);
    }
    let (mut to_b, mut to_a) = (0.0, 0.0);
    for r in chosen {
        let row = rows[*r];
        to_b += (row[1] - row[2 + factor]).powi(2);
        to_a += (row[0] - row[2 + factor]).powi(2);
    }
    let scale = 2.0 * variance * chosen.len() as f64;
    (1.0 - to_b / scale, to_a / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(widths: &[usize], rows: u32, f: impl Fn(&[f64]) -> f64) -> Indices {
        let mut evaluate =
            |points: &[Vec<f64>]| Ok::<_, EnsembleError>(points.iter().map(|p| f(p)).collect::<Vec<f64>>());
        sobol(widths, rows, 9, &mut evaluate).unwrap()
    }

    fn ishigami(p: &[f64]) -> f64 {
        let x: Vec<f64> = p.iter().map(|u| std::f64::consts::PI * (2.0 * u - 1.0)).collect();
        x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
    }

    /// Analytic indices of the Ishigami function with a = 7, b = 0.1.
    fn ishigami_indices() -> ([f64; 3], [f64; 3]) {
        let (a, b, pi) = (7.0_f64, 0.1_f64, std::f64::consts::PI);
        let v1 = 0.5 * (1.0 + b * pi.powi(4) / 5.0).powi(2);
        let v2 = a * a / 8.0;
        let v13 = b * b * pi.powi(8) * 8.0 / 225.0;
        let v = v1 + v2 + v13;
        ([v1 / v, v2 / v, 0.0], [(v1 + v13) / v, v2 / v, v13 / v])
    }

    #[test]
    fn ishigami_is_met() {
        let indices = of(&[1, 1, 1], 4096, ishigami);
        let (first, total) = ishigami_indices();
        for (i, index) in indices.list.iter().enumerate() {
            assert!(
                (index.first - first[i]).abs() < 0.015,
                "S{i}: {} against {}",
                index.first,
                first[i]
            );
            assert!(
                (index.total - total[i]).abs() < 0.015,
                "T{i}: {} against {}",
                index.total,
                total[i]
            );
            assert!(index.first_interval.low <= index.first && index.first <= index.first_interval.high);
            // Ninety per cent of true values lie inside; twice the width of the interval holds all of these.
            let half = index.total_interval.high - index.total_interval.low;
            assert!((index.total - total[i]).abs() <= half + 1e-3);
        }
    }

    #[test]
    fn the_g_function_is_met() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let g = |p: &[f64]| -> f64 {
            p.iter()
                .zip(&a)
                .map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a))
                .product()
        };
        let parts: Vec<f64> = a.iter().map(|a: &f64| 1.0 / (3.0 * (1.0 + a).powi(2))).collect();
        let variance = parts.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
        let indices = of(&[1; 8], 4096, g);
        for (i, index) in indices.list.iter().enumerate() {
            let first = parts[i] / variance;
            let others: f64 = parts
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != i)
                .map(|(_, v)| 1.0 + v)
                .product();
            let total = parts[i] * others / variance;
            assert!(
                (index.first - first).abs() < 0.015,
                "S{i}: {} against {first}",
                index.first
            );
            assert!(
                (index.total - total).abs() < 0.015,
                "T{i}: {} against {total}",
                index.total
            );
        }
    }

    #[test]
    fn a_group_has_the_indices_of_its_members_together() {
        let indices = of(&[1, 2], 2048, ishigami);
        let (first, total) = ishigami_indices();
        // Factors 2 and 3 together: everything but factor 1's own part.
        assert!((indices.list[0].first - first[0]).abs() < 0.02);
        assert!((indices.list[1].total - (1.0 - first[0])).abs() < 0.02);
        assert!((indices.list[0].total - total[0]).abs() < 0.02);
    }

    #[test]
    fn a_constant_has_no_drivers() {
        assert!(
            of(&[1, 1], 64, |_| 3.0)
                .list
                .iter()
                .all(|i| i.first == 0.0 && i.total == 0.0)
        );
    }
}
