//! Step curves of demand and supply around a base quantity and price.

use super::Step;

/// Price multiples between which demand is one step, for uses that matter and for small ones.
const FINE: [f64; 10] = [12.0, 6.0, 3.5, 2.2, 1.6, 1.25, 1.05, 0.95, 0.75, 0.5];
const COARSE: [f64; 6] = [5.0, 2.5, 1.5, 1.05, 0.95, 0.6];

/// Where the essential part of demand is given up that does not stay to the ceiling: how far (0 to 1, in logs)
/// its value lies from where the elastic part ends to the ceiling.
const HEIGHTS: [f64; 2] = [0.66, 0.33];
/// How what is not held to the ceiling is split over these heights.
const LOWER_SPLIT: [f64; 2] = [0.625, 0.375];

/// The shape of a demand curve.
#[derive(Clone, Copy, Debug)]
pub struct Curve {
    /// Short-run own-price elasticity, absolute value.
    pub elasticity: f64,
    /// Share of base use that elastic users leave untouched.
    pub essential: f64,
    /// Price at which the last users stop, as a multiple of the base price.
    pub ceiling: f64,
    /// Share of the essential use that stays to the ceiling.
    pub to_ceiling: f64,
}

/// Descending demand steps of constant elasticity through (`base`, `price`).
///
/// Between two price multiples the curve is one step whose value is their geometric mean; the step
/// around the base is valued at exactly the base price and holds the base quantity inside it.
/// `essential` is the share of base use that elastic users leave untouched; it is given up only
/// between the price where the elastic part ends and `ceiling` times the base price.
#[must_use]
pub fn demand_steps(base: f64, price: f64, curve: &Curve, fine: bool) -> Vec<Step> {
    let Curve {
        elasticity,
        essential,
        ceiling,
        to_ceiling,
    } = *curve;
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
    let lower = (LOWER_SPLIT.iter().zip(HEIGHTS)).map(|(split, height)| ((1.0 - to_ceiling) * split, height));
    let mut steps: Vec<Step> = std::iter::once((to_ceiling, 1.0))
        .chain(lower)
        .map(|(share, height)| Step {
            width: share * first,
            value: price * top * (ceiling / top).powf(height),
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

/// Pieces of a route's curve: from which to which multiple of the base flow.
const FINE_FLOW: [(f64, f64); 8] = [
    (0.0, 0.4),
    (0.4, 0.7),
    (0.7, 0.9),
    (0.9, 1.0),
    (1.0, 1.1),
    (1.1, 1.3),
    (1.3, 1.6),
    (1.6, f64::INFINITY),
];
/// The same for shipments that matter little.
const COARSE_FLOW: [(f64, f64); 4] = [(0.0, 0.6), (0.6, 1.0), (1.0, 1.4), (1.4, f64::INFINITY)];
/// How far the last, endless piece lies above the base flow.
const BEYOND_LAST: f64 = 0.2;
/// No two pieces of a route are closer than this, USD/kg.
const LEAST_BAND: f64 = 0.005;

/// Ascending costs of a route around its base flow: quadratic costs as in positive mathematical programming, cut into
/// pieces. A flow changes by `response` per cent for each per cent of the delivered `price` that its margin moves.
#[must_use]
pub fn route_steps(base: f64, margin: f64, price: f64, response: f64, fine: bool) -> Vec<Step> {
    if base <= 0.0 {
        return vec![Step {
            width: f64::INFINITY,
            value: margin,
        }];
    }
    let pieces: &[(f64, f64)] = if fine { &FINE_FLOW } else { &COARSE_FLOW };
    pieces
        .iter()
        .map(|(from, to)| {
            let middle = if to.is_finite() {
                f64::midpoint(*from, *to)
            } else {
                from + BEYOND_LAST
            };
            let beyond = middle - 1.0;
            Step {
                width: (to - from) * base,
                value: margin + price * beyond / response + LEAST_BAND * beyond.signum(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(elasticity: f64, essential: f64, ceiling: f64) -> Curve {
        Curve {
            elasticity,
            essential,
            ceiling,
            to_ceiling: 0.6,
        }
    }

    #[test]
    fn a_small_change_of_margin_moves_a_shipment_a_little() {
        let steps = route_steps(100.0, 2.0, 50.0, 5.0, true);
        let at = |margin: f64| -> f64 { steps.iter().filter(|s| s.value <= margin).map(|s| s.width).sum() };
        assert!((at(2.0) - 100.0).abs() < 1e-9, "the base margin carries the base flow");
        for (share, most) in [(0.005, 0.0), (0.02, 0.1), (0.05, 0.3)] {
            let (up, down) = (at(2.0 + 50.0 * share), at(2.0 - 50.0 * share));
            assert!((up - 100.0).abs() <= 100.0 * most + 1e-9, "{share}: {up}");
            assert!((down - 100.0).abs() <= 100.0 * most + 1e-9, "{share}: {down}");
        }
    }

    #[test]
    fn base_quantity_lies_inside_the_step_at_the_base_price() {
        for (elasticity, fine) in [(0.05, true), (0.4, true), (0.2, false)] {
            let steps = demand_steps(100.0, 50.0, &curve(elasticity, 0.5, 30.0), fine);
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
        let steps = demand_steps(100.0, 50.0, &curve(0.15, 0.6, 40.0), true);
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
