//! Rankings with intervals: random weights of the methods, and inputs that are not certain.
//!
//! Every draw takes weights that are uniform over all that sum to 1, and a value of each score within what its evidence
//! allows. The spread of ranks over the draws is what can honestly be said of an order.

use std::collections::BTreeMap;

use monazite_evidence::Confidence;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::context::Context;
use crate::error::RiskError;
use crate::method::Method;
use crate::question::Question;
use crate::score::Score;

/// What is ranked: a material, at a stage and for an importer where the methods tell them apart.
pub type Key = (String, Option<&'static str>, Option<String>);

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// How many draws.
    pub count: usize,
    /// The same seed gives the same ranking.
    pub seed: u64,
    /// Being among so many highest is counted.
    pub top: usize,
}

/// One row of a ranking, riskiest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// What is ranked.
    pub key: Key,
    /// Median rank; 1 is the riskiest.
    pub median: usize,
    /// 5th percentile of the rank.
    pub low: usize,
    /// 95th percentile of the rank.
    pub high: usize,
    /// Part of the draws in which it is among the highest.
    pub in_top: f64,
    /// Mean rank over the draws, which decides the order.
    pub mean: f64,
    /// The criteria as scored, in the order of the methods.
    pub criteria: Vec<f64>,
}

/// A ranking, and what could not be ranked.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// The methods, as criteria.
    pub criteria: Vec<&'static str>,
    /// Riskiest first.
    pub rows: Vec<Ranked>,
    /// What lacks a score, with the reason.
    pub without: Vec<(Key, String)>,
}

/// Prior standard deviation of a score in relation to its value, where nothing else is known: our judgement of what
/// confidence A, B and C are worth.
#[must_use]
pub const fn prior_spread(confidence: Confidence) -> f64 {
    match confidence {
        Confidence::A => 0.05,
        Confidence::B => 0.15,
        Confidence::C => 0.35,
    }
}

/// 95 % of a normal distribution lie below so many standard deviations.
const NINETY_FIVE: f64 = 1.645;

/// A triangular distribution of one criterion, where higher is riskier.
#[derive(Clone, Copy, Debug)]
struct Criterion {
    low: f64,
    mode: f64,
    high: f64,
}

impl Criterion {
    fn of(score: &Score, method: &Method) -> Option<Self> {
        let value = *score.value.as_ref().ok()?;
        let spread = (NINETY_FIVE * prior_spread(score.confidence)).exp();
        let (mut low, mut high) = (value / spread, value * spread);
        if value < 0.0 {
            std::mem::swap(&mut low, &mut high);
        }
        // Shares, concentrations and what is left of supply cannot leave their scale.
        let top = match method.name {
            "eu" => 10.0,
            _ if value <= 1.0 => 1.0,
            _ => f64::INFINITY,
        };
        if let Some((least, most)) = score.range {
            low = low.min(least);
            high = high.max(most);
        }
        let (low, high) = (low.min(value), high.min(top).max(value));
        Some(if method.higher_is_riskier {
            Self { low, mode: value, high }
        } else {
            Self {
                low: 1.0 - high,
                mode: 1.0 - value,
                high: 1.0 - low,
            }
        })
    }

    /// The value at a uniform number between 0 and 1.
    fn draw(self, uniform: f64) -> f64 {
        let width = self.high - self.low;
        if width <= 0.0 {
            return self.mode;
        }
        let at_mode = (self.mode - self.low) / width;
        if uniform < at_mode {
            self.low + (uniform * width * (self.mode - self.low)).sqrt()
        } else {
            self.high - ((1.0 - uniform) * width * (self.high - self.mode)).sqrt()
        }
    }
}

/// Ranks what a question asks for by several methods.
///
/// # Errors
/// When the question has several years, or a method cannot answer it.
pub fn rank(
    context: &Context<'_>,
    question: &Question,
    methods: &[&'static Method],
    draws: Draws,
) -> Result<Ranking, RiskError> {
    if question.years.len() != 1 {
        return Err(RiskError::question(
            "a ranking is of one year",
            "give one, such as `--years 2024`, or use `monazite risk history`",
        ));
    }
    let mut by_method = Vec::new();
    for method in methods {
        let mut scores = (method.scores)(context, question)?;
        // Of the two scores of the European Union's method, supply risk says who controls supply.
        scores.retain(|score| score.method != "eu_ei");
        if scores.iter().any(|score| score.holder.is_some()) {
            return Err(RiskError::question(
                format!("`{}` scores holders, not materials, and cannot be ranked", method.name),
                "rank by hhi, n-1, eu, reliance or geopolrisk",
            ));
        }
        by_method.push((*method, scores));
    }
    let (keys, without) = keys(&by_method);
    let criteria: Vec<Vec<Criterion>> = keys
        .iter()
        .map(|key| {
            let of = |(method, scores): &(&'static Method, Vec<Score>)| Criterion::of(matching(scores, key)?, method);
            by_method.iter().filter_map(of).collect()
        })
        .collect();
    Ok(Ranking {
        criteria: methods.iter().map(|method| method.name).collect(),
        rows: simulate(&keys, &criteria, methods.len(), draws),
        without,
    })
}

/// Stages that the methods of the chain tell apart.
const STAGES: [&str; 4] = ["mine", "separation", "metal", "magnet"];

/// The score that speaks of a key: of its stage, or of none of the chain's stages; of its importer, or of none.
fn matching<'s>(scores: &'s [Score], key: &Key) -> Option<&'s Score> {
    scores.iter().find(|score| {
        let staged = score.stage.filter(|stage| STAGES.contains(stage));
        score.material == key.0
            && (staged.is_none() || staged == key.1)
            && (score.importer.is_none() || score.importer == key.2)
    })
}

/// All that can be ranked, and what cannot with the reason.
fn keys(by_method: &[(&'static Method, Vec<Score>)]) -> (Vec<Key>, Vec<(Key, String)>) {
    let all = || by_method.iter().flat_map(|(_, scores)| scores);
    let has = |what: fn(&Score) -> bool| all().any(what);
    let staged = has(|score| score.stage.is_some_and(|stage| STAGES.contains(&stage)));
    let placed = has(|score| score.importer.is_some());
    let mut found: BTreeMap<Key, usize> = BTreeMap::new();
    for (order, score) in all().enumerate() {
        let stage = score.stage.filter(|stage| STAGES.contains(stage));
        if (staged && stage.is_none()) || (placed && score.importer.is_none()) {
            continue;
        }
        found
            .entry((score.material.clone(), stage, score.importer.clone()))
            .or_insert(order);
    }
    // Where one method tells stages apart and another importers, no score has both: combine them.
    if found.is_empty() {
        for (order, score) in all().enumerate() {
            for other in all().filter(|other| other.material == score.material) {
                let stage = score.stage.or(other.stage).filter(|stage| STAGES.contains(stage));
                let importer = score.importer.clone().or_else(|| other.importer.clone());
                if stage.is_some() == staged && importer.is_some() == placed {
                    found.entry((score.material.clone(), stage, importer)).or_insert(order);
                }
            }
        }
    }
    let mut ordered: Vec<(usize, Key)> = found.into_iter().map(|(key, order)| (order, key)).collect();
    ordered.sort();
    let (mut keys, mut without) = (Vec::new(), Vec::new());
    for (_, key) in ordered {
        let why = by_method
            .iter()
            .find_map(|(method, scores)| match matching(scores, &key) {
                None => Some(format!("{}: not scored", method.name)),
                Some(score) => score
                    .value
                    .as_ref()
                    .err()
                    .map(|missing| format!("{}: {missing}", method.name)),
            });
        match why {
            None => keys.push(key),
            Some(why) => without.push((key, why)),
        }
    }
    (keys, without)
}

/// A uniform number between 0 and 1 from the upper bits of a random word.
#[allow(clippy::cast_precision_loss, reason = "53 bits fit a float exactly")]
fn uniform(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

#[allow(clippy::cast_precision_loss, reason = "ranks and draws are small")]
fn simulate(keys: &[Key], criteria: &[Vec<Criterion>], methods: usize, draws: Draws) -> Vec<Ranked> {
    // Each criterion counts in units of its largest central value.
    let scales: Vec<f64> = (0..methods)
        .map(|at| {
            let modes = criteria.iter().filter_map(|row| row.get(at));
            let largest = modes.map(|criterion| criterion.mode.abs()).fold(0.0, f64::max);
            if largest > 0.0 { largest } else { 1.0 }
        })
        .collect();
    let mut random = ChaCha8Rng::seed_from_u64(draws.seed);
    let mut ranks: Vec<Vec<usize>> = vec![Vec::with_capacity(draws.count); keys.len()];
    for _ in 0..draws.count {
        // Exponential numbers over their sum are uniform over all weights.
        let weights: Vec<f64> = (0..methods).map(|_| -(1.0 - uniform(&mut random)).ln()).collect();
        let total: f64 = weights.iter().sum();
        let mut scored: Vec<(f64, usize)> = Vec::with_capacity(keys.len());
        for (at, row) in criteria.iter().enumerate() {
            let mut sum = 0.0;
            for ((criterion, weight), scale) in row.iter().zip(&weights).zip(&scales) {
                sum += weight / total * criterion.draw(uniform(&mut random)) / scale;
            }
            scored.push((sum, at));
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (rank, (_, at)) in scored.iter().enumerate() {
            if let Some(of) = ranks.get_mut(*at) {
                of.push(rank + 1);
            }
        }
    }
    let mut rows: Vec<Ranked> = keys
        .iter()
        .zip(criteria)
        .zip(&mut ranks)
        .map(|((key, criteria), ranks)| {
            ranks.sort_unstable();
            let at = |part: usize| {
                let position = (ranks.len().saturating_sub(1) * part + 50) / 100;
                ranks.get(position).copied().unwrap_or_default()
            };
            let count = ranks.len().max(1) as f64;
            Ranked {
                key: key.clone(),
                median: at(50),
                low: at(5),
                high: at(95),
                in_top: ranks.iter().filter(|rank| **rank <= draws.top).count() as f64 / count,
                mean: ranks.iter().sum::<usize>() as f64 / count,
                criteria: criteria.iter().map(|criterion| criterion.mode).collect(),
            }
        })
        .collect();
    rows.sort_by(|a, b| a.mean.total_cmp(&b.mean).then_with(|| a.key.cmp(&b.key)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(value: f64) -> Criterion {
        Criterion {
            low: value,
            mode: value,
            high: value,
        }
    }

    fn key(name: &str) -> Key {
        (name.to_owned(), None, None)
    }

    const DRAWS: Draws = Draws {
        count: 400,
        seed: 1,
        top: 1,
    };

    #[test]
    fn what_is_worse_by_every_criterion_is_first_in_every_draw() {
        let rows = simulate(
            &[key("a"), key("b")],
            &[vec![fixed(0.2), fixed(0.1)], vec![fixed(0.9), fixed(0.8)]],
            2,
            DRAWS,
        );
        assert_eq!(rows[0].key, key("b"));
        assert_eq!((rows[0].low, rows[0].median, rows[0].high), (1, 1, 1));
        assert!((rows[0].in_top - 1.0).abs() < 1e-12 && rows[1].in_top.abs() < 1e-12);
    }

    #[test]
    fn equal_trade_offs_are_open_and_seeds_decide_the_draws() {
        let criteria = [vec![fixed(1.0), fixed(0.0)], vec![fixed(0.0), fixed(1.0)]];
        let rows = simulate(&[key("a"), key("b")], &criteria, 2, DRAWS);
        assert!((rows[0].in_top - 0.5).abs() < 0.1, "{}", rows[0].in_top);
        assert_eq!((rows[0].low, rows[0].high), (1, 2));
        assert_eq!(rows, simulate(&[key("a"), key("b")], &criteria, 2, DRAWS));
        assert_ne!(
            rows,
            simulate(&[key("a"), key("b")], &criteria, 2, Draws { seed: 3, ..DRAWS })
        );
    }

    #[test]
    fn triangular_draws_stay_inside_and_meet_their_ends() {
        let criterion = Criterion {
            low: 1.0,
            mode: 2.0,
            high: 5.0,
        };
        assert!((criterion.draw(0.0) - 1.0).abs() < 1e-12);
        assert!((criterion.draw(1.0) - 5.0).abs() < 1e-12);
        assert!((criterion.draw(0.25) - 2.0).abs() < 1e-12);
    }
}
