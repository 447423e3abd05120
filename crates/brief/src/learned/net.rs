//! A small network that reads some sentences at once: the encoder of BERT (Devlin et al. 2019) with six layers, 384 wide, begun from
//! all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019) and taught to tell kinds of event.
//!
//! ```text
//! x = norm(piece + position)
//! for each layer:   x = norm(x + O attention(Q x, K x, V x))      twelve heads of 32
//!                   x = norm(x + D gelu(U x))                     1,536 between
//! logits of a piece = P x,  of a sentence = S x[mark behind it],  of the status of what a piece tells = T x
//! that a name takes part in an event = tanh(E x[event] + kind) · tanh(N x[name] + role + apart)
//! ```
//!
//! `x[event]` and `x[name]` are means over pieces. Sentences are read with those around them, as many as fit ([`LONGEST`]).
//!
//! Weights are whole numbers from −127 to 127 with one factor a row, a quarter of the room of floats.

use std::ops::Range;

use nalgebra::{DMatrix, DVector};

use super::file::{Parts, bad};
use super::pieces::{Piece, Vocabulary};
use super::role::{Apart, Role};
use crate::error::Result;
use crate::event::{EventKind, Status};

/// Heads of attention.
const HEADS: usize = 12;
/// What is added to a variance before it divides.
const LITTLE: f32 = 1e-12;
/// Pieces and marks of a stretch that is read at once.
pub const LONGEST: usize = 256;
/// Pieces of a sentence that are read.
pub const LONGEST_SENTENCE: usize = 158;

/// A matrix with what is added.
#[derive(Debug)]
pub(super) struct Linear {
    pub(super) weight: DMatrix<f32>,
    pub(super) bias: DVector<f32>,
}

/// Brings a column to mean 0 and variance 1, then stretches and shifts it.
#[derive(Debug)]
pub(super) struct Norm {
    pub(super) scale: DVector<f32>,
    pub(super) shift: DVector<f32>,
}

#[derive(Debug)]
pub(super) struct Layer {
    pub(super) query: Linear,
    pub(super) key: Linear,
    pub(super) value: Linear,
    pub(super) out: Linear,
    pub(super) attended: Norm,
    pub(super) up: Linear,
    pub(super) down: Linear,
    pub(super) done: Norm,
}

/// Rows of whole numbers with a factor each, unpacked one by one: of a large vocabulary a text uses little.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) width: usize,
    pub(super) numbers: Vec<i8>,
    pub(super) factors: Vec<f32>,
}

/// The network.
#[derive(Debug)]
pub struct Net {
    vocabulary: Vocabulary,
    pieces: Rows,
    positions: Rows,
    begun: Norm,
    layers: Vec<Layer>,
    of_piece: Linear,
    of_sentence: Linear,
    of_status: Linear,
    of_event: Linear,
    of_named: Linear,
    kinds: Rows,
    roles: Rows,
    apart: Rows,
    first: u32,
    last: u32,
}

impl Net {
    /// Reads a network in the format of `learn.py`: safetensors, whole numbers with a factor a row.
    ///
    /// # Errors
    /// When it is no such file, or a part is missing or of the wrong shape; the error says which.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let parts = Parts::of(bytes)?;
        let vocabulary = parts.text("vocabulary")?;
        let id = |word: &str| {
            let at = vocabulary.lines().position(|line| line == word);
            at.and_then(|at| u32::try_from(at).ok())
                .ok_or_else(|| bad(&format!("the vocabulary has no `{word}`")))
        };
        let layers = (0..parts.count())
            .map(|at| parts.layer(at))
            .collect::<Result<Vec<_>>>()?;
        let net = Self {
            first: id("[CLS]")?,
            last: id("[SEP]")?,
            vocabulary: Vocabulary::of(&vocabulary),
            pieces: parts.rows("pieces")?,
            positions: parts.rows("positions")?,
            begun: parts.norm("begun")?,
            layers,
            of_piece: parts.linear("of_piece")?,
            of_sentence: parts.linear("of_sentence")?,
            of_status: parts.linear("of_status")?,
            of_event: parts.linear("of_event")?,
            of_named: parts.linear("of_named")?,
            kinds: parts.rows("kinds")?,
            roles: parts.rows("roles")?,
            apart: parts.rows("apart")?,
        };
        net.check(vocabulary.lines().count())?;
        Ok(net)
    }

    /// Whether all parts fit together.
    fn check(&self, words: usize) -> Result<()> {
        let width = self.pieces.width;
        let fits = |linear: &Linear, from: usize, to: usize| {
            linear.weight.ncols() == from && linear.weight.nrows() == to && linear.bias.len() == to
        };
        let even = |norm: &Norm| norm.scale.len() == width && norm.shift.len() == width;
        let layer = |layer: &Layer| {
            let between = layer.up.weight.nrows();
            let square = [&layer.query, &layer.key, &layer.value, &layer.out];
            square.into_iter().all(|linear| fits(linear, width, width))
                && fits(&layer.up, width, between)
                && fits(&layer.down, between, width)
                && even(&layer.attended)
                && even(&layer.done)
        };
        let kinds = EventKind::ALL.len();
        let part = self.of_event.weight.nrows();
        let rows = |rows: &Rows, count: usize| rows.width == part && rows.factors.len() == count;
        let whole = self.pieces.factors.len() == words
            && width > 0
            && width.is_multiple_of(HEADS)
            && self.positions.width == width
            && self.positions.factors.len() >= LONGEST
            && even(&self.begun)
            && self.layers.iter().all(layer)
            && fits(&self.of_piece, width, kinds)
            && fits(&self.of_sentence, width, kinds)
            && fits(&self.of_status, width, Status::ALL.len())
            && fits(&self.of_event, width, part)
            && fits(&self.of_named, width, part)
            && rows(&self.kinds, kinds)
            && rows(&self.roles, Role::COUNT)
            && rows(&self.apart, Apart::COUNT);
        if whole {
            Ok(())
        } else {
            Err(bad("its parts do not fit together"))
        }
    }

    /// Kinds of event it tells.
    #[must_use]
    pub fn kinds(&self) -> usize {
        self.of_piece.weight.nrows()
    }

    /// The pieces of a sentence, as many as are read.
    #[must_use]
    pub fn pieces_of(&self, text: &str, sentence: &std::ops::Range<usize>) -> Vec<Piece> {
        let mut pieces = self.vocabulary.pieces(text, sentence);
        pieces.truncate(LONGEST_SENTENCE);
        pieces
    }

    /// The number of the mark before the first sentence of a stretch, and of that behind each.
    #[must_use]
    pub const fn marks(&self) -> (u32, u32) {
        (self.first, self.last)
    }

    /// Reads a stretch of sentences, given as the numbers of their pieces and marks: a column of meaning for each.
    #[must_use]
    pub fn meaning(&self, stretch: &[u32]) -> DMatrix<f32> {
        let mut x = DMatrix::zeros(self.pieces.width, stretch.len());
        for ((position, id), mut column) in stretch.iter().enumerate().zip(x.column_iter_mut()) {
            self.pieces.add(*id as usize, column.as_mut_slice());
            self.positions.add(position, column.as_mut_slice());
        }
        self.begun.apply(&mut x);
        for layer in &self.layers {
            layer.apply(&mut x);
        }
        x
    }

    /// Logits of the kinds of event that each piece tells, a column a piece.
    #[must_use]
    pub fn of_pieces(&self, x: &DMatrix<f32>) -> DMatrix<f32> {
        self.of_piece.apply(x)
    }

    /// Logits of the status of what each piece tells, a column a piece.
    #[must_use]
    pub fn states(&self, x: &DMatrix<f32>) -> DMatrix<f32> {
        self.of_status.apply(x)
    }

    /// Logits of the kinds of event that a sentence tells, by the mark behind it.
    #[must_use]
    pub fn of_sentence(&self, x: &DMatrix<f32>, mark: usize) -> Vec<f32> {
        self.of_sentence
            .apply(&x.columns(mark, 1).into_owned())
            .as_slice()
            .to_vec()
    }

    /// An event by the pieces that tell it and the number of its kind.
    #[must_use]
    pub fn event(&self, x: &DMatrix<f32>, pieces: Range<usize>, kind: usize) -> DVector<f32> {
        let mut event = self.of_event.apply_to(&mean(x, pieces));
        self.kinds.add(kind, event.as_mut_slice());
        event.apply(|value| *value = value.tanh());
        event
    }

    /// A name or sum by its pieces.
    #[must_use]
    pub fn named(&self, x: &DMatrix<f32>, pieces: Range<usize>, role: Role) -> DVector<f32> {
        let mut named = self.of_named.apply_to(&mean(x, pieces));
        self.roles.add(role.number(), named.as_mut_slice());
        named
    }

    /// The logit that what is named takes part in an event.
    #[must_use]
    pub fn part(&self, event: &DVector<f32>, named: &DVector<f32>, apart: Apart) -> f32 {
        let mut named = named.clone();
        self.apart.add(apart.number(), named.as_mut_slice());
        named.apply(|value| *value = value.tanh());
        event.dot(&named)
    }
}

/// The mean of columns; of none, that of the last.
#[allow(clippy::cast_precision_loss, reason = "a stretch has some hundred pieces")]
fn mean(x: &DMatrix<f32>, pieces: Range<usize>) -> DVector<f32> {
    let first = pieces.start.min(x.ncols().saturating_sub(1));
    let last = pieces.end.clamp(first + 1, x.ncols().max(first + 1));
    let sum = (first..last).fold(DVector::zeros(x.nrows()), |sum, at| sum + x.column(at));
    sum / (last - first) as f32
}

impl Rows {
    /// Adds a row; nothing where there is none.
    fn add(&self, at: usize, to: &mut [f32]) {
        let row = self.numbers.chunks_exact(self.width).nth(at);
        if let (Some(row), Some(factor)) = (row, self.factors.get(at)) {
            for (sum, number) in to.iter_mut().zip(row) {
                *sum += factor * f32::from(*number);
            }
        }
    }
}

impl Linear {
    fn apply(&self, x: &DMatrix<f32>) -> DMatrix<f32> {
        let mut y = &self.weight * x;
        for mut column in y.column_iter_mut() {
            column += &self.bias;
        }
        y
    }

    fn apply_to(&self, x: &DVector<f32>) -> DVector<f32> {
        &self.weight * x + &self.bias
    }
}

impl Norm {
    #[allow(clippy::cast_precision_loss, reason = "a column has some hundred numbers")]
    fn apply(&self, x: &mut DMatrix<f32>) {
        let count = x.nrows() as f32;
        for mut column in x.column_iter_mut() {
            let mean = column.sum() / count;
            column.add_scalar_mut(-mean);
            let spread = (column.norm_squared() / count + LITTLE).sqrt();
            column /= spread;
            column.component_mul_assign(&self.scale);
            column += &self.shift;
        }
    }
}

impl Layer {
    fn apply(&self, x: &mut DMatrix<f32>) {
        let (query, key, value) = (self.query.apply(x), self.key.apply(x), self.value.apply(x));
        let mut seen = DMatrix::zeros(x.nrows(), x.ncols());
        let deep = x.nrows() / HEADS;
        for head in 0..HEADS {
            let part = |of: &'_ DMatrix<f32>| of.rows(head * deep, deep).into_owned();
            let (query, key, value) = (part(&query), part(&key), part(&value));
            seen.rows_mut(head * deep, deep)
                .copy_from(&(value * shares(&query, &key)));
        }
        *x += self.out.apply(&seen);
        self.attended.apply(x);
        let mut between = self.up.apply(x);
        between.apply(|value| *value = gelu(*value));
        *x += self.down.apply(&between);
        self.done.apply(x);
    }
}

/// How much each piece looks at each other: columns that sum to one.
#[allow(clippy::cast_precision_loss, reason = "a head is 32 deep")]
fn shares(query: &DMatrix<f32>, key: &DMatrix<f32>) -> DMatrix<f32> {
    // A product of whole matrices is several times as fast as `tr_mul`, which takes one dot product after another.
    let mut shares = key.transpose() * query / (query.nrows() as f32).sqrt();
    for mut column in shares.column_iter_mut() {
        let most = column.max();
        column.apply(|share| *share = (*share - most).exp());
        let sum = column.sum();
        column /= sum;
    }
    shares
}

/// The Gaussian error linear unit (Hendrycks and Gimpel 2016), in their approximation by a hyperbolic tangent.
fn gelu(x: f32) -> f32 {
    let y = 0.797_884_6 * (x + 0.044_715 * x * x * x);
    x / (1.0 + (-2.0 * y).exp())
}
