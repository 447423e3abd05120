//! A small network that reads a sentence at once: the encoder of BERT (Devlin et al. 2019) with six layers, 384 wide, begun from
//! all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019) and taught to tell kinds of event.
//!
//! ```text
//! x = norm(piece + position)
//! for each layer:   x = norm(x + O attention(Q x, K x, V x))      twelve heads of 32
//!                   x = norm(x + D gelu(U x))                     1,536 between
//! logits of a piece = P x,  of the sentence = S x[first],  of the status of what a piece tells = T x
//! ```
//!
//! Weights are whole numbers from −127 to 127 with one factor a row, a quarter of the room of floats.

use nalgebra::{DMatrix, DVector};
use safetensors::{Dtype, SafeTensors};

use super::pieces::{Piece, Vocabulary};
use crate::error::{BriefError, Result};
use crate::event::{EventKind, Status};

/// Heads of attention.
const HEADS: usize = 12;
/// What is added to a variance before it divides.
const LITTLE: f32 = 1e-12;
/// Pieces of a sentence that are read, with its first and last mark.
pub const LONGEST: usize = 160;

/// A matrix with what is added.
#[derive(Debug)]
struct Linear {
    weight: DMatrix<f32>,
    bias: DVector<f32>,
}

/// Brings a column to mean 0 and variance 1, then stretches and shifts it.
#[derive(Debug)]
struct Norm {
    scale: DVector<f32>,
    shift: DVector<f32>,
}

#[derive(Debug)]
struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    attended: Norm,
    up: Linear,
    down: Linear,
    done: Norm,
}

/// Rows of whole numbers with a factor each, unpacked one by one: of a large vocabulary a text uses little.
#[derive(Debug)]
struct Rows {
    width: usize,
    numbers: Vec<i8>,
    factors: Vec<f32>,
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
    first: u32,
    last: u32,
}

/// What the network says of a sentence: for each kind of event a logit, one for each piece, and where what it tells stands.
#[derive(Clone, Debug)]
pub struct Logits {
    /// Of the sentence, by kind.
    pub sentence: Vec<f32>,
    /// Of each piece: a column, by kind.
    pub pieces: DMatrix<f32>,
    /// Of each piece: a column, by the status of what it tells.
    pub states: DMatrix<f32>,
}

impl Net {
    /// Reads a network in the format of `learn.py`: safetensors, whole numbers with a factor a row.
    ///
    /// # Errors
    /// When it is no such file, or a part is missing or of the wrong shape; the error says which.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let file = SafeTensors::deserialize(bytes).map_err(|error| bad(&error.to_string()))?;
        let parts = Parts { file };
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
        let whole = self.pieces.factors.len() == words
            && width > 0
            && width.is_multiple_of(HEADS)
            && self.positions.width == width
            && self.positions.factors.len() >= LONGEST
            && even(&self.begun)
            && self.layers.iter().all(layer)
            && fits(&self.of_piece, width, kinds)
            && fits(&self.of_sentence, width, kinds)
            && fits(&self.of_status, width, Status::ALL.len());
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
        pieces.truncate(LONGEST - 2);
        pieces
    }

    /// The numbers of pieces between the first and the last mark.
    #[must_use]
    pub fn marked(&self, pieces: &[Piece]) -> Vec<u32> {
        let ids = pieces.iter().map(|piece| piece.id);
        std::iter::once(self.first).chain(ids).chain([self.last]).collect()
    }

    /// Reads sentences, given as the numbers of their pieces with both marks.
    #[must_use]
    pub fn logits(&self, sentences: &[Vec<u32>]) -> Vec<Logits> {
        let all: usize = sentences.iter().map(Vec::len).sum();
        let mut x = DMatrix::zeros(self.pieces.width, all);
        let places = sentences.iter().flat_map(|sentence| sentence.iter().enumerate());
        for (mut column, (position, id)) in x.column_iter_mut().zip(places) {
            self.pieces.add(*id as usize, column.as_mut_slice());
            self.positions.add(position, column.as_mut_slice());
        }
        self.begun.apply(&mut x);
        for layer in &self.layers {
            layer.apply(&mut x, sentences);
        }
        let pieces = self.of_piece.apply(&x);
        let states = self.of_status.apply(&x);
        let mut start = 0;
        let one = |sentence: &Vec<u32>| {
            let from = start;
            start += sentence.len();
            Logits {
                sentence: self
                    .of_sentence
                    .apply(&x.columns(from, 1).into_owned())
                    .as_slice()
                    .to_vec(),
                pieces: pieces.columns(from + 1, sentence.len().saturating_sub(2)).into_owned(),
                states: states.columns(from + 1, sentence.len().saturating_sub(2)).into_owned(),
            }
        };
        sentences.iter().map(one).collect()
    }
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
    fn apply(&self, x: &mut DMatrix<f32>, sentences: &[Vec<u32>]) {
        let (query, key, value) = (self.query.apply(x), self.key.apply(x), self.value.apply(x));
        let mut seen = DMatrix::zeros(x.nrows(), x.ncols());
        let deep = x.nrows() / HEADS;
        let mut from = 0;
        for sentence in sentences {
            for head in 0..HEADS {
                let part = |of: &'_ DMatrix<f32>| of.view((head * deep, from), (deep, sentence.len())).into_owned();
                let (query, key, value) = (part(&query), part(&key), part(&value));
                seen.view_mut((head * deep, from), (deep, sentence.len()))
                    .copy_from(&(value * shares(&query, &key)));
            }
            from += sentence.len();
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
    let mut shares = key.tr_mul(query) / (query.nrows() as f32).sqrt();
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

/// The parts of a file.
struct Parts<'a> {
    file: SafeTensors<'a>,
}

impl Parts<'_> {
    fn bytes(&self, name: &str, kind: Dtype) -> Result<(&[u8], Vec<usize>)> {
        let part = self
            .file
            .tensor(name)
            .map_err(|_| bad(&format!("it has no `{name}`")))?;
        if part.dtype() == kind {
            Ok((part.data(), part.shape().to_vec()))
        } else {
            Err(bad(&format!("`{name}` is not of type {kind:?}")))
        }
    }

    fn text(&self, name: &str) -> Result<String> {
        let (bytes, _) = self.bytes(name, Dtype::U8)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| bad(&format!("`{name}` is no text")))
    }

    fn floats(&self, name: &str) -> Result<Vec<f32>> {
        let (bytes, _) = self.bytes(name, Dtype::F32)?;
        let floats: Vec<f32> = (bytes.chunks_exact(4))
            .filter_map(|four| four.try_into().ok().map(f32::from_le_bytes))
            .collect();
        if floats.iter().all(|float| float.is_finite()) {
            Ok(floats)
        } else {
            Err(bad(&format!("`{name}` holds what is no number")))
        }
    }

    /// Whole numbers in rows of a width, with so many factors.
    fn numbers(&self, name: &str) -> Result<(Vec<i8>, [usize; 2], Vec<f32>)> {
        let (bytes, shape) = self.bytes(name, Dtype::I8)?;
        let [rows, width] = shape[..] else {
            return Err(bad(&format!("`{name}` is no matrix")));
        };
        let numbers = bytes.iter().map(|byte| byte.cast_signed()).collect();
        Ok((numbers, [rows, width], self.floats(&format!("{name}.factors"))?))
    }

    fn rows(&self, name: &str) -> Result<Rows> {
        let (numbers, [rows, width], factors) = self.numbers(name)?;
        if factors.len() == rows {
            Ok(Rows {
                width,
                numbers,
                factors,
            })
        } else {
            Err(bad(&format!("`{name}` has {} factors for {rows} rows", factors.len())))
        }
    }

    /// A matrix, column after column as it is kept, with a factor for each row.
    fn matrix(&self, name: &str) -> Result<DMatrix<f32>> {
        let (numbers, [columns, rows], factors) = self.numbers(name)?;
        if factors.len() != rows {
            return Err(bad(&format!("`{name}` has {} factors for {rows} rows", factors.len())));
        }
        let each = numbers
            .chunks_exact(rows.max(1))
            .flat_map(|column| column.iter().zip(&factors));
        let numbers: Vec<f32> = each.map(|(number, factor)| factor * f32::from(*number)).collect();
        Ok(DMatrix::from_vec(rows, columns, numbers))
    }

    fn vector(&self, name: &str) -> Result<DVector<f32>> {
        Ok(DVector::from_vec(self.floats(name)?))
    }

    fn linear(&self, name: &str) -> Result<Linear> {
        Ok(Linear {
            weight: self.matrix(name)?,
            bias: self.vector(&format!("{name}.bias"))?,
        })
    }

    fn norm(&self, name: &str) -> Result<Norm> {
        Ok(Norm {
            scale: self.vector(&format!("{name}.scale"))?,
            shift: self.vector(&format!("{name}.shift"))?,
        })
    }

    /// How many layers there are.
    fn count(&self) -> usize {
        let layers = self.file.len();
        (0..layers)
            .take_while(|at| self.file.tensor(&format!("{at}.query")).is_ok())
            .count()
    }

    fn layer(&self, at: usize) -> Result<Layer> {
        let linear = |part: &str| self.linear(&format!("{at}.{part}"));
        let norm = |part: &str| self.norm(&format!("{at}.{part}"));
        Ok(Layer {
            query: linear("query")?,
            key: linear("key")?,
            value: linear("value")?,
            out: linear("out")?,
            attended: norm("attended")?,
            up: linear("up")?,
            down: linear("down")?,
            done: norm("done")?,
        })
    }
}

fn bad(why: &str) -> BriefError {
    BriefError::Rules {
        file: super::NET.to_owned(),
        why: why.to_owned(),
    }
}
