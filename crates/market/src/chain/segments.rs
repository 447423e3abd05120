//! Step curves of demand and supply around a base quantity and price.

use super::Step;

/// Price multiples between which demand is one step, for uses that matter and for small ones.
const FINE: [f64; 10] = [12.0, 6.0, 3.5, 2.2, 1.6, 1.25, 1.05, 0.95, 0.75, 0.5];
const COARSE: [f64; 6] = [5.0, 2.5, 1.5, 1.05, 0.95, 0.6];

/// How the essential part of demand is given up: share of it, and how far (0 to 1, in logs) its value
/// lies from where the elastic part ends to the ceiling. The last users stop at the ceiling only.
const ESSENTIAL: [(f64, f64); 3] = [(0.6, 1.0), (0.25, 0.66), (0.15, 0.33)];

/// Descending demand steps of constant elasticity through (`base`, `price`).
///
/// Between two price multiples the curve is one step whose value is their geometric mean; the step
/// around the base is valued at exactly the base price and holds the base quantity inside it.
/// `essential` is the share of base use that elastic users leave untouched; it is given up only
/// between the price where the elastic part ends and `ceiling` times the base price.
#[must_use]
pub fn demand_steps(base: f64, price: f64, elasticity: f64, essential: f64, ceiling: f64, fine: bool) -> Vec<Step> {
    let marks: &[f64] = if fine { &FINE } else { &COARSE };
    let at = |multiple: f64| base * multiple.powf(-elasticity);
    // The elastic part ends at the highest mark at which more than the essential is still used.
    let elastic: Vec<f64> = marks
        .iter()
        .copied()
        .filter(|m| *m < ceiling && (*m < 1.0 || at(*m) > essential * base))
        .collect();
    let top = elastic.first().copied().unwrap_or(1.0).max(1.0);
    let first = elastic.first().map_or(base, |m| at(*m));
    let mut steps: Vec<Step> = ESSENTIAL
        .iter()
        .map(|(share, height)| Step {
            width: share * first,
            value: price * top * (ceiling / top).powf(*height),
        })
        .collect();
    for pair in elastic.windows(2) {
        let around_base = pair[0] > 1.0 && pair[1] < 1.0;
        let multiple = if around_base { 1.0 } else { (pair[0] * pair[1]).sqrt() };
        steps.push(Step {
            width: at(pair[1]) - at(pair[0]),
            value: price * multiple,
        });
    }
    steps
}

/// Ascending cost steps around a base level whose marginal cost there is `cost`.
///
/// `grain` is the half-width of the dead band around the base, USD/kg: a change of price smaller than
/// it moves nothing, a larger one moves the level step by step.
#[must_use]
pub fn supply_steps(base: f64, cost: f64, grain: f64) -> Vec<Step> {
    if base <= 0.0 {
        return vec![Step {
            width: f64::INFINITY,
            value: cost,
        }];
    }
    vec![
        Step {
            width: 0.6 * base,
            value: cost - 4.0 * grain,
        },
        Step {
            width: 0.4 * base,
            value: cost - grain,
        },
        Step {
            width: 0.3 * base,
            value: cost + grain,
        },
        Step {
            width: f64::INFINITY,
            value: cost + 5.0 * grain,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_quantity_lies_inside_the_step_at_the_base_price() {
        for (elasticity, fine) in [(0.05, true), (0.4, true), (0.2, false)] {
            let steps = demand_steps(100.0, 50.0, elasticity, 0.5, 30.0, fine);
            let mut reached = 0.0;
            let step = steps
                .iter()
                .find(|s| {
                    reached += s.width;
                    reached > 100.0
                })
                .expect("curve passes the base");
            assert!((step.value - 50.0).abs() < 1e-12, "{steps:?}");
            assert!(reached - step.width < 100.0);
        }
    }

    #[test]
    fn demand_falls_with_price() {
        let steps = demand_steps(100.0, 50.0, 0.15, 0.6, 40.0, true);
        assert!(steps.windows(2).all(|w| w[0].value > w[1].value), "{steps:?}");
        assert!(steps.iter().all(|s| s.width > 0.0));
    }

    #[test]
    fn supply_rises_with_price() {
        let steps = supply_steps(10.0, 5.0, 0.1);
        assert!(steps.windows(2).all(|w| w[0].value < w[1].value));
        assert!((steps[0].width + steps[1].width - 10.0).abs() < 1e-12);
    }
}
