//! A text as the network has read it: what its sentences tell, and who takes part in what.

use std::ops::Range;

use nalgebra::DMatrix;
use rayon::prelude::*;

use super::net::{LONGEST, Net};
use super::role::{Apart, Role};
use super::stretch::stretches;
use super::{Piece, Told};
use crate::event::EventKind;
use crate::text::Text;

/// A sentence of at most so many pieces is read once more with what follows it, where a stretch ends behind it.
const CONTEXT: usize = 80;

/// Pieces beside words that count as theirs.
const BESIDE: usize = 2;

/// A text that was read.
#[derive(Debug)]
pub struct Reading<'n> {
    net: Option<&'n Net>,
    sentences: Vec<Range<usize>>,
    told: Vec<Vec<Told>>,
    stretches: Vec<Read>,
}

/// Sentences that were read together.
#[derive(Debug)]
struct Read {
    /// The first of them.
    first: usize,
    /// The first of them that is told by this stretch; those before were told by the one before.
    own: usize,
    /// The pieces of each.
    pieces: Vec<Vec<Piece>>,
    /// A column of meaning for each piece and mark.
    meaning: DMatrix<f32>,
    /// The kinds of event that each piece and mark tells.
    kinds: DMatrix<f32>,
}

impl<'n> Reading<'n> {
    /// Reads sentences of a text; without a network, nothing is told.
    pub(super) fn new(net: Option<&'n Net>, text: &Text, sentences: &[Range<usize>]) -> Self {
        let (stretches, told) = net.map_or_else(Default::default, |net| {
            let pieces: Vec<_> = (sentences.iter())
                .map(|sentence| net.pieces_of(text.as_str(), sentence))
                .collect();
            let read: Vec<(Read, Vec<Vec<Told>>)> = (cut(&pieces).into_par_iter())
                .map(|(first, own, end)| Read::new(net, first, own, pieces.get(first..end).unwrap_or_default()))
                .collect();
            let (stretches, told): (Vec<Read>, Vec<Vec<Vec<Told>>>) = read.into_iter().unzip();
            (stretches, told.into_iter().flatten().collect())
        });
        Self {
            net,
            sentences: sentences.to_vec(),
            told,
            stretches,
        }
    }

    /// What a sentence seems to tell of, each kind in the order of [`EventKind::ALL`]; nothing where it was not read.
    #[must_use]
    pub fn told(&self, sentence: usize) -> &[Told] {
        self.told.get(sentence).map_or(&[], Vec::as_slice)
    }

    /// How likely each of those named takes part in an event of a kind that words tell: a logit, 0 where it is even; none where name or
    /// event was not read, or they were not read together.
    #[must_use]
    pub fn parts(&self, words: &Range<usize>, kind: EventKind, named: &[(Range<usize>, Role)]) -> Vec<Option<f32>> {
        let event = || {
            let net = self.net?;
            let sentence = self.sentence(words.start)?;
            let read = self.of(sentence)?;
            let event = net.event(&read.meaning, read.columns(sentence, words)?, kind.number());
            Some((net, sentence, read, event))
        };
        let Some((net, sentence, read, event)) = event() else {
            return vec![None; named.len()];
        };
        let part = |(range, role): &(Range<usize>, Role)| {
            let at = self.sentence(range.start)?;
            let name = net.named(&read.meaning, read.columns(at, range)?, *role);
            let apart = match at.cmp(&sentence) {
                std::cmp::Ordering::Less => Apart::Before(sentence - at),
                std::cmp::Ordering::Greater => Apart::After(at - sentence),
                std::cmp::Ordering::Equal if range.start <= words.start => Apart::Ahead,
                std::cmp::Ordering::Equal => Apart::Behind,
            };
            Some(net.part(&event, &name, apart))
        };
        named.iter().map(part).collect()
    }

    /// How clearly words, or those right beside them, tell a kind of event by themselves: the best logit of their pieces; none where they
    /// were not read.
    #[must_use]
    pub fn say(&self, words: &Range<usize>, kind: EventKind) -> Option<f32> {
        let sentence = self.sentence(words.start)?;
        let read = self.of(sentence)?;
        let columns = read.columns(sentence, words)?;
        let near = columns.start.saturating_sub(BESIDE)..(columns.end + BESIDE).min(read.kinds.ncols());
        near.filter_map(|at| read.kinds.get((kind.number(), at)).copied())
            .max_by(f32::total_cmp)
    }

    /// The stretch that tells a sentence.
    fn of(&self, sentence: usize) -> Option<&Read> {
        self.stretches.iter().rev().find(|read| read.own <= sentence)
    }

    fn sentence(&self, at: usize) -> Option<usize> {
        let sentence = self.sentences.partition_point(|range| range.end <= at);
        self.sentences.get(sentence)?.contains(&at).then_some(sentence)
    }
}

/// Cuts sentences into stretches that fit: first, first that is its own, end.
fn cut(sentences: &[Vec<Piece>]) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    let (mut first, mut own) = (0, 0);
    while own < sentences.len() {
        let mut sum = 1;
        let fits = sentences.iter().skip(first).take_while(|pieces| {
            sum += pieces.len() + 1;
            sum <= LONGEST
        });
        let end = (first + fits.count()).max(own + 1);
        found.push((first, own, end));
        let again = end - 1 > first && sentences.get(end - 1).is_some_and(|last| last.len() <= CONTEXT);
        own = end;
        first = if again { end - 1 } else { end };
    }
    found
}

impl Read {
    fn new(net: &Net, first: usize, own: usize, sentences: &[Vec<Piece>]) -> (Self, Vec<Vec<Told>>) {
        let (before, behind) = net.marks();
        let mut numbers = vec![before];
        for pieces in sentences {
            numbers.extend(pieces.iter().map(|piece| piece.id).chain([behind]));
        }
        numbers.truncate(LONGEST);
        let meaning = net.meaning(&numbers);
        let states = net.states(&meaning);
        let read = Self {
            first,
            own,
            pieces: sentences.to_vec(),
            kinds: net.of_pieces(&meaning),
            meaning,
        };
        let told = (own..first + sentences.len())
            .map(|sentence| read.told(net, sentence, &states))
            .collect();
        (read, told)
    }

    /// The column of the first piece of a sentence.
    fn start(&self, sentence: usize) -> usize {
        let before = self.pieces.iter().take(sentence.saturating_sub(self.first));
        1 + before.map(|pieces| pieces.len() + 1).sum::<usize>()
    }

    /// The columns of words of a sentence.
    fn columns(&self, sentence: usize, words: &Range<usize>) -> Option<Range<usize>> {
        let pieces = self.pieces.get(sentence.checked_sub(self.first)?)?;
        let touches = |piece: &Piece| piece.range.start < words.end && words.start < piece.range.end;
        let start = self.start(sentence);
        let columns = start + pieces.iter().position(touches)?..start + pieces.iter().rposition(touches)? + 1;
        (columns.end <= self.meaning.ncols()).then_some(columns)
    }

    /// Each kind as a sentence tells it, in the order of [`EventKind::ALL`].
    fn told(&self, net: &Net, sentence: usize, states: &DMatrix<f32>) -> Vec<Told> {
        let start = self.start(sentence);
        let pieces = self.pieces.get(sentence - self.first).map_or(&[][..], Vec::as_slice);
        let mark = start + pieces.len();
        if mark >= self.meaning.ncols() {
            return Vec::new();
        }
        let whole = net.of_sentence(&self.meaning, mark);
        let states = states.columns(start, pieces.len()).into_owned();
        let told = (EventKind::ALL.iter().enumerate()).filter_map(|(kind, name)| {
            let of = |at: usize| self.kinds.get((kind, start + at)).copied().unwrap_or(f32::MIN);
            let words = stretches(pieces, &of, &states);
            Some(Told {
                kind: *name,
                margin: f32::midpoint(*whole.get(kind)?, words.first()?.margin),
                sentence: *whole.get(kind)?,
                words,
            })
        });
        told.collect()
    }
}
