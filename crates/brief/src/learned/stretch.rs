//! Which words tell a kind of event, by the logits of their pieces.

use std::ops::Range;

use nalgebra::DMatrix;

use super::{Piece, Stretch};
use crate::event::Status;

/// Pieces beside the best one are part of what tells an event while their logits are no more than this below its.
const BESIDE: f32 = 2.0;
/// The most words that tell an event.
const WIDEST: usize = 6;
/// Pieces that do not tell the kind, between stretches that are two and not one.
const APART: usize = 3;
/// The logit of a piece from which it tells the kind, besides the best one.
const TELLS: f32 = 0.0;

/// Where a kind is told: around the best piece, and around the best of each stretch apart from it that tells it too.
pub(super) fn stretches(pieces: &[Piece], of: &dyn Fn(usize) -> f32, states: &DMatrix<f32>) -> Vec<Stretch> {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by(|a, b| of(*b).total_cmp(&of(*a)).then(a.cmp(b)));
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut found = Vec::new();
    for best in order {
        let margin = of(best);
        if !found.is_empty() && margin < TELLS {
            break;
        }
        // What lies beside a stretch belongs to it, and what lies beside that.
        let beside = |(first, last): &&mut (usize, usize)| best + APART >= *first && best <= *last + APART;
        if let Some(own) = taken.iter_mut().find(beside) {
            *own = (own.0.min(best), own.1.max(best));
            continue;
        }
        let (first, last) = whole(pieces, around(best, pieces.len(), |at| of(at) >= margin - BESIDE));
        taken.push((first, last));
        let told = status(states, first..last + 1);
        if let (Some(first), Some(last)) = (pieces.get(first), pieces.get(last)) {
            found.push(Stretch {
                margin,
                range: first.range.start..last.range.end,
                status: told,
            });
        }
    }
    found
}

/// The status that pieces tell most, and its share: that of their mean logits.
#[allow(clippy::cast_precision_loss, reason = "a stretch has some pieces")]
fn status(states: &DMatrix<f32>, pieces: Range<usize>) -> Option<(Status, f32)> {
    let count = pieces.len().max(1) as f32;
    let mut means = vec![0.0_f32; states.nrows()];
    for at in pieces {
        for (mean, logit) in means.iter_mut().zip(states.column(at).iter()) {
            *mean += logit / count;
        }
    }
    let (best, most) = (means.iter().enumerate()).max_by(|a, b| a.1.total_cmp(b.1))?;
    let sum: f32 = means.iter().map(|mean| (mean - most).exp()).sum();
    Some((*Status::ALL.get(best)?, 1.0 / sum))
}

/// The stretch with the rest of the words that it cuts.
fn whole(pieces: &[Piece], (mut first, mut last): (usize, usize)) -> (usize, usize) {
    // `U.S.` is cut into four pieces of one letter each.
    let of_letters = |at: usize| {
        let pair = at
            .checked_sub(1)
            .and_then(|before| pieces.get(before))
            .zip(pieces.get(at));
        pair.is_some_and(|(before, own)| {
            before.range.len() == 1 && own.range.len() == 1 && before.range.end == own.range.start
        })
    };
    let goes_on = |at: usize| pieces.get(at).is_some_and(|piece| piece.goes_on) || of_letters(at);
    while first > 0 && goes_on(first) {
        first -= 1;
    }
    while goes_on(last + 1) {
        last += 1;
    }
    (first, last)
}

/// The stretch around a word of those that belong to it.
fn around(best: usize, count: usize, belongs: impl Fn(usize) -> bool) -> (usize, usize) {
    let (mut first, mut last) = (best, best);
    while last - first + 1 < WIDEST {
        if first > 0 && belongs(first - 1) {
            first -= 1;
        } else if last + 1 < count && belongs(last + 1) {
            last += 1;
        } else {
            break;
        }
    }
    (first, last)
}
