//! Axes: from values to positions, with ticks at round numbers.

use super::numbers::power_of_ten;

/// Values that differ by more than this factor are drawn on a logarithmic axis.
const LOG_FROM: f64 = 5.0;

/// A vertical axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    log: bool,
}

impl Axis {
    /// An axis for prices: logarithmic where they differ much, else from zero.
    pub fn of_prices(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = range(values);
        if low > 0.0 && high / low > LOG_FROM {
            return Self {
                low: below(low),
                high: above(high),
                log: true,
            };
        }
        Self::linear(low.min(0.0), high)
    }

    /// An axis for quantities, from zero.
    pub fn of_quantities(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = range(values);
        Self::linear(low.min(0.0), high)
    }

    fn linear(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let step = step(high - low);
        Self {
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            log: false,
        }
    }

    /// Whether it is logarithmic.
    pub fn is_log(self) -> bool {
        self.log
    }

    /// Where a value lies between the lower end (0) and the upper end (1).
    pub fn position(self, value: f64) -> f64 {
        let at = if self.log {
            (value.max(self.low) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        if at.is_finite() { at.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Round values to mark, from low to high.
    pub fn ticks(self) -> Vec<f64> {
        if self.log {
            self.log_ticks()
        } else {
            self.linear_ticks()
        }
    }

    fn linear_ticks(self) -> Vec<f64> {
        let step = step(self.high - self.low);
        let mut ticks = Vec::new();
        let mut n = 0.0;
        while self.low + n * step <= self.high + step * 1e-6 {
            let value = self.low + n * step;
            // What should be zero is not always.
            ticks.push(if value.abs() < step * 1e-6 { 0.0 } else { value });
            n += 1.0;
        }
        ticks
    }

    fn log_ticks(self) -> Vec<f64> {
        let decades = (self.high / self.low).log10();
        let leading: &[f64] = if decades < 1.6 {
            &[1.0, 2.0, 5.0]
        } else if decades < 2.6 {
            &[1.0, 3.0]
        } else {
            &[1.0]
        };
        let (first, last) = (power_of_ten(self.low), power_of_ten(self.high));
        (first..=last)
            .flat_map(|power| leading.iter().map(move |lead| lead * 10f64.powi(power)))
            .filter(|tick| (self.low * 0.999..=self.high * 1.001).contains(tick))
            .collect()
    }
}

/// Lowest and highest of the finite values; zero to zero when there are none.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    if low <= high { (low, high) } else { (0.0, 0.0) }
}

/// A round step that cuts a span into about four.
fn step(span: f64) -> f64 {
    let rough = (span / 4.0).max(f64::MIN_POSITIVE);
    let unit = 10f64.powi(power_of_ten(rough));
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .iter()
        .map(|lead| lead * unit)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(rough)
}

/// The next of 1, 2, 5 × a power of ten at or below a value.
fn below(value: f64) -> f64 {
    let unit = 10f64.powi(power_of_ten(value));
    [5.0, 2.0, 1.0]
        .iter()
        .map(|lead| lead * unit)
        .find(|round| *round <= value * 1.001)
        .unwrap_or(unit)
}

/// The next of 1, 2, 5 × a power of ten at or above a value.
fn above(value: f64) -> f64 {
    let unit = 10f64.powi(power_of_ten(value));
    [1.0, 2.0, 5.0, 10.0]
        .iter()
        .map(|lead| lead * unit)
        .find(|round| *round >= value * 0.999)
        .unwrap_or(unit * 10.0)
}

#[cfg(test)]
mod tests {
    use super::Axis;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9 * (1.0 + b.abs())
    }

    #[test]
    fn a_factor_above_five_makes_it_logarithmic() {
        let axis = Axis::of_prices([193.0, 2182.0].into_iter());
        assert!(axis.is_log());
        let ticks = axis.ticks();
        assert!(close(ticks[0], 100.0), "{ticks:?}");
        assert!(ticks.iter().any(|t| close(*t, 1000.0)), "{ticks:?}");
        assert!(close(axis.position(100.0), 0.0));
        assert!(axis.position(2182.0) < 1.0);
    }

    #[test]
    fn close_prices_start_at_zero() {
        let axis = Axis::of_prices([48.0, 59.2].into_iter());
        assert!(!axis.is_log());
        assert!(axis.ticks().len() >= 3);
        assert!(close(axis.position(0.0), 0.0));
    }

    #[test]
    fn strange_values_do_no_harm() {
        for values in [
            vec![],
            vec![0.0],
            vec![f64::NAN],
            vec![3.0, 3.0],
            vec![-1.0, 20.0],
            vec![1e-12, 1e12],
        ] {
            for axis in [
                Axis::of_prices(values.iter().copied()),
                Axis::of_quantities(values.iter().copied()),
            ] {
                let ticks = axis.ticks();
                assert!((1..40).contains(&ticks.len()), "{values:?} {ticks:?}");
                for value in values.iter().chain(&ticks) {
                    assert!((0.0..=1.0).contains(&axis.position(*value)), "{values:?}");
                }
            }
        }
    }
}
