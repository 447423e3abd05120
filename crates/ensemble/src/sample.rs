//! Points of the unit cube: scrambled Sobol sequences and Latin hypercubes.
//!
//! Coordinate `d` of point `i` is a function of method, seed, `i` and `d` alone (for a Latin hypercube also of the
//! number of points). So points can be made in any order on any thread, and two scenarios that are run with one seed
//! see the same draws: common random numbers.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::EnsembleError;

/// Most points of a Sobol sequence: what its direction numbers allow.
pub const LARGEST: usize = 1 << 16;

/// How points are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Owen-scrambled Sobol sequence (Joe and Kuo's direction numbers, Burley's hash-based scrambling).
    #[default]
    Sobol,
    /// Latin hypercube: every coordinate falls once into each of n equal slices.
    Lhs,
}

impl Method {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sobol => "sobol",
            Self::Lhs => "lhs",
        }
    }
}

/// Gives points of a cube.
#[derive(Clone, Debug)]
pub struct Sampler {
    method: Method,
    seed: u64,
    points: usize,
    dimensions: usize,
    /// For a Latin hypercube: coordinates by dimension.
    table: Vec<Vec<f64>>,
}

impl Sampler {
    /// A sampler of so many points and dimensions.
    ///
    /// # Errors
    /// More points than a Sobol sequence has.
    pub fn new(method: Method, seed: u64, points: usize, dimensions: usize) -> Result<Self, EnsembleError> {
        if method == Method::Sobol && points > LARGEST {
            return Err(EnsembleError::TooMany {
                what: "paths of a Sobol sequence",
                asked: points,
                limit: LARGEST,
            });
        }
        let table = match method {
            Method::Sobol => Vec::new(),
            Method::Lhs => (0..dimensions).map(|d| slices(seed, d, points)).collect(),
        };
        Ok(Self {
            method,
            seed,
            points,
            dimensions,
            table,
        })
    }

    /// How many points there are.
    #[must_use]
    pub const fn points(&self) -> usize {
        self.points
    }

    /// How many coordinates a point has.
    #[must_use]
    pub const fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The seed.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// Point `i`; every coordinate lies inside (0, 1).
    #[must_use]
    pub fn point(&self, i: u32) -> Vec<f64> {
        match self.method {
            Method::Sobol => (0..self.dimensions).map(|d| sobol(self.seed, i, d)).collect(),
            Method::Lhs => self
                .table
                .iter()
                .map(|column| column.get(i as usize).copied().unwrap_or(0.5))
                .collect(),
        }
    }
}

/// One coordinate of a scrambled Sobol point. Beyond the dimensions for which direction numbers are known, they are
/// used again with another scramble, which pads the sequence with an independent one.
fn sobol(seed: u64, i: u32, dimension: usize) -> f64 {
    let known = sobol_burley::NUM_DIMENSIONS as usize;
    let (round, at) = (dimension / known, dimension % known);
    let mixed = mix(seed ^ mix(u64::try_from(round).unwrap_or(0)));
    let scramble = u32::try_from(mixed >> 32).unwrap_or(0);
    let at = u32::try_from(at).unwrap_or(0);
    // 24 bits; half of the last place keeps zero out.
    f64::from(sobol_burley::sample(i, at, scramble)) + f64::from(f32::EPSILON) / 4.0
}

/// One coordinate of every point of a Latin hypercube, in the order of the points.
fn slices(seed: u64, dimension: usize, points: usize) -> Vec<f64> {
    let dimension = u64::try_from(dimension).unwrap_or(0);
    let mut random = ChaCha8Rng::seed_from_u64(mix(seed).wrapping_add(mix(dimension.wrapping_add(0x5bd1))));
    let mut order: Vec<usize> = (0..points).collect();
    for i in (1..points).rev() {
        let bound = u64::try_from(i + 1).unwrap_or(1);
        // The bias of a remainder is below 2^-40 for any number of paths.
        let j = usize::try_from(random.next_u64() % bound).unwrap_or(0);
        order.swap(i, j);
    }
    #[allow(clippy::cast_precision_loss, reason = "point counts are far below 2^52")]
    order
        .into_iter()
        .map(|slice| (slice as f64 + unit(&mut random)) / points as f64)
        .collect()
}

/// A number inside (0, 1) with 52 random bits.
#[allow(clippy::cast_precision_loss, reason = "52 bits fit")]
pub(crate) fn unit(random: &mut ChaCha8Rng) -> f64 {
    ((random.next_u64() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}

/// Spreads the bits of a seed (the finaliser of `SplitMix64`).
pub(crate) const fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(sampler: &Sampler, d: usize) -> Vec<f64> {
        (0..u32::try_from(sampler.points()).unwrap())
            .map(|i| sampler.point(i)[d])
            .collect()
    }

    fn filled_once(values: &[f64]) -> bool {
        let n = values.len();
        let mut seen = vec![false; n];
        for v in values {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "test"
            )]
            let at = (v * n as f64) as usize;
            seen[at] = true;
        }
        seen.into_iter().all(|s| s)
    }

    #[test]
    fn both_fill_every_slice_of_every_axis_once() {
        for method in [Method::Sobol, Method::Lhs] {
            let sampler = Sampler::new(method, 7, 1024, 300).unwrap();
            for d in [0, 1, 17, 255, 256, 299] {
                assert!(filled_once(&column(&sampler, d)), "{method:?} {d}");
            }
        }
    }

    #[test]
    fn a_scrambled_sobol_sequence_beats_plain_chance_at_a_smooth_integral() {
        // Mean of a product over six dimensions; its exact value is 1.
        let f = |p: &[f64]| p.iter().map(|x| 1.0 + 0.5 * (x - 0.5)).product::<f64>();
        let n = 4096_u32;
        let error = |method| {
            let sampler = Sampler::new(method, 3, n as usize, 6).unwrap();
            ((0..n).map(|i| f(&sampler.point(i))).sum::<f64>() / f64::from(n) - 1.0).abs()
        };
        // Plain chance errs by 0.36/sqrt(4096) = 5.6e-3; a Latin hypercube removes what is additive.
        assert!(error(Method::Sobol) < 2e-5, "{}", error(Method::Sobol));
        assert!(error(Method::Lhs) < 2e-3, "{}", error(Method::Lhs));
    }

    #[test]
    fn seeds_matter_and_nothing_else_does() {
        for method in [Method::Sobol, Method::Lhs] {
            let of = |seed| Sampler::new(method, seed, 64, 5).unwrap();
            assert_eq!(of(1).point(13), of(1).point(13));
            assert_ne!(of(1).point(13), of(2).point(13));
        }
    }

    #[test]
    fn too_many_points_are_refused() {
        assert!(Sampler::new(Method::Sobol, 0, LARGEST + 1, 2).is_err());
    }
}
