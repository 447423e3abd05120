//! Screening by elementary effects (Morris 1991; the mean of absolute effects as in Campolongo and others 2007).

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::Evaluate;
use crate::sample::{mix, unit};

/// Levels of the grid; the usual choice, with steps of two levels.
const LEVELS: u32 = 4;

/// Effect of one factor on the outcome, in the outcome's unit per whole range of the factor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effect {
    /// Mean of the absolute effects: how much the factor matters.
    pub strength: f64,
    /// Mean of the effects: its direction; far below the strength when it works both ways.
    pub mean: f64,
    /// Standard deviation of the effects: how much it depends on the others, or bends.
    pub spread: f64,
}

/// Elementary effects of `factors` factors from `trajectories` walks. `evaluate` gets all points of all walks at once
/// and answers in their order.
///
/// # Errors
/// What `evaluate` answers.
pub fn morris<E>(
    factors: usize,
    trajectories: usize,
    seed: u64,
    evaluate: &mut Evaluate<'_, E>,
) -> Result<Vec<Effect>, E> {
    let mut random = ChaCha8Rng::seed_from_u64(mix(seed ^ 0x6d6f_7272));
    let step = f64::from(LEVELS) / (2.0 * f64::from(LEVELS - 1));
    let mut points = Vec::with_capacity(trajectories * (factors + 1));
    let mut moves: Vec<(usize, f64)> = Vec::with_capacity(trajectories * factors);
    for _ in 0..trajectories {
        // Start on the lower half of the grid; every factor moves once, up or down.
        let mut point: Vec<f64> = Vec::with_capacity(factors);
        let mut up = Vec::with_capacity(factors);
        for _ in 0..factors {
            let level = (unit(&mut random) * f64::from(LEVELS / 2)).floor() / f64::from(LEVELS - 1);
            let rises = random.next_u64() % 2 == 0;
            point.push(if rises { level } else { level + step });
            up.push(rises);
        }
        let mut order: Vec<usize> = (0..factors).collect();
        for i in (1..factors).rev() {
            let bound = u64::try_from(i + 1).unwrap_or(1);
            order.swap(i, usize::try_from(random.next_u64() % bound).unwrap_or(0));
        }
        points.push(inner(&point));
        for factor in order {
            let change = if up[factor] { step } else { -step };
            point[factor] += change;
            moves.push((factor, change));
            points.push(inner(&point));
        }
    }
    let values = evaluate(&points)?;
    let mut effects: Vec<Vec<f64>> = vec![Vec::new(); factors];
    for (walk, walked) in values.chunks_exact(factors + 1).zip(moves.chunks_exact(factors)) {
        for (pair, (factor, change)) in walk.windows(2).zip(walked) {
            effects[*factor].push((pair[1] - pair[0]) / change);
        }
    }
    Ok(effects.iter().map(|list| summary(list)).collect())
}

/// The ends of the cube are the ends of the distributions, which a lognormal one does not have: the grid is drawn in
/// to the middle 95 %.
fn inner(point: &[f64]) -> Vec<f64> {
    point.iter().map(|x| 0.025 + 0.95 * x).collect()
}

#[allow(clippy::cast_precision_loss, reason = "a few dozen effects")]
fn summary(effects: &[f64]) -> Effect {
    let n = effects.len().max(1) as f64;
    let mean = effects.iter().sum::<f64>() / n;
    let square = effects.iter().map(|e| (e - mean).powi(2)).sum::<f64>();
    Effect {
        strength: effects.iter().map(|e| e.abs()).sum::<f64>() / n,
        mean,
        spread: (square / (n - 1.0).max(1.0)).sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn of(f: impl Fn(&[f64]) -> f64, factors: usize) -> Vec<Effect> {
        let mut evaluate = |points: &[Vec<f64>]| Ok::<_, Infallible>(points.iter().map(|p| f(p)).collect());
        match morris(factors, 40, 5, &mut evaluate) {
            Ok(effects) => effects,
            Err(never) => match never {},
        }
    }

    #[test]
    fn effects_of_a_plane_are_its_slopes() {
        let effects = of(|p| 3.0 * p[0] - 2.0 * p[1] + 0.0 * p[2], 3);
        // The grid is drawn in by a twentieth, and so are the slopes per whole range.
        for (effect, slope) in effects.iter().zip([3.0_f64, -2.0, 0.0]) {
            assert!(
                (effect.mean - 0.95 * slope).abs() < 1e-9 && effect.spread < 1e-9,
                "{effect:?}"
            );
            assert!((effect.strength - 0.95 * slope.abs()).abs() < 1e-9);
        }
    }

    #[test]
    fn what_works_both_ways_has_strength_and_no_mean() {
        let effects = of(|p| (p[0] - 0.5) * (p[1] - 0.5), 2);
        assert!(effects[0].strength > 3.0 * effects[0].mean.abs(), "{effects:?}");
        assert!(effects[0].spread > 0.1);
    }
}
