//! Means over outcomes, and over the worst of them.

/// Mean of losses.
#[must_use]
pub fn mean(losses: &[f64], probabilities: &[f64]) -> f64 {
    losses.iter().zip(probabilities).map(|(loss, p)| loss * p).sum()
}

/// Conditional value at risk: the mean over the worst `1 − level` of probability. At level 0 it is the mean, near 1 the
/// worst loss.
#[must_use]
pub fn cvar(losses: &[f64], probabilities: &[f64], level: f64) -> f64 {
    let mut order: Vec<(f64, f64)> = losses.iter().copied().zip(probabilities.iter().copied()).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let tail = (1.0 - level).max(1e-12);
    let (mut left, mut sum) = (tail, 0.0);
    for (loss, p) in &order {
        let taken = p.min(left);
        sum += taken * loss;
        left -= taken;
        if left <= 0.0 {
            break;
        }
    }
    // Probabilities that sum to a little less than the tail: what is missing is as bad as what is there.
    sum / (tail - left.max(0.0)).max(1e-300)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_four_like_losses_is_the_mean_of_the_worst() {
        let (losses, p) = ([1.0, 4.0, 2.0, 3.0], [0.25; 4]);
        assert!((cvar(&losses, &p, 0.5) - 3.5).abs() < 1e-12);
        assert!((cvar(&losses, &p, 0.75) - 4.0).abs() < 1e-12);
        assert!((cvar(&losses, &p, 0.0) - mean(&losses, &p)).abs() < 1e-12);
        // A tail that cuts through an outcome: a third of it at 4, the rest at 3.
        assert!((cvar(&losses, &p, 0.625) - (0.25 * 4.0 + 0.125 * 3.0) / 0.375).abs() < 1e-12);
    }

    #[test]
    fn it_is_the_least_of_the_definition_of_rockafellar_and_uryasev() {
        let losses = [7.0, -2.0, 0.5, 11.0, 3.0];
        let p = [0.1, 0.3, 0.25, 0.05, 0.3];
        let level = 0.8;
        let of = |eta: f64| {
            let beyond = losses.iter().zip(&p).map(|(l, p)| p * (l - eta).max(0.0)).sum::<f64>();
            eta + beyond / (1.0 - level)
        };
        let least = losses.iter().map(|eta| of(*eta)).fold(f64::INFINITY, f64::min);
        assert!((cvar(&losses, &p, level) - least).abs() < 1e-12);
    }
}
