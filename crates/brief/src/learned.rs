//! What a sentence tells of, by a network taught on sentences: a second reader beside the rules.
//!
//! Rules know the turns of phrase that somebody thought of. This reader has seen words used in a great many others: a small
//! language model ([`Net`]) begun from one that was made of a billion sentences by others, and taught kinds of event on ours
//! ([`lessons`]). It gives each kind a logit for the sentence and one for each piece of a word; the mean of the former and of the best
//! of the latter is the *margin*, and the best pieces are the words the event rests on.
//!
//! The weights lie in `rules/net.safetensors`: no network connection, no service, 22 MB. They are the same everywhere; sums of
//! floats may differ by a few millionths from processor to processor.

pub mod lessons;
mod net;
mod pieces;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use nalgebra::DMatrix;

use crate::error::Result;
use crate::event::{EventKind, Status};
use crate::text::Text;

pub use net::{LONGEST, Logits, Net};
pub use pieces::{Piece, Vocabulary};

/// The file of the network.
pub const NET: &str = "net.safetensors";
/// The network that comes with the program.
static BUNDLED: &[u8] = include_bytes!("../rules/net.safetensors");

/// The reader.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    own: Option<Arc<Net>>,
    reads: bool,
}

/// What a sentence seems to tell of.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The kind of event.
    pub kind: EventKind,
    /// How clearly: the mean of what the sentence says and what its best words say.
    pub margin: f32,
    /// The words that say so, where any do, those first that say so most: one stretch for each time the kind seems to be told.
    pub words: Vec<Stretch>,
}

/// Words that tell of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// How clearly the best of them alone says so.
    pub margin: f32,
    /// Where they stand.
    pub range: Range<usize>,
    /// Where the event stands, as they tell it.
    pub status: Option<Status>,
}

/// Pieces beside the best one are part of what tells an event while their logits are no more than this below its.
const BESIDE: f32 = 2.0;
/// The most words that tell an event.
const WIDEST: usize = 6;
/// Pieces that do not tell the kind, between stretches that are two and not one.
const APART: usize = 3;
/// The logit of a piece from which it tells the kind, besides the best one.
const TELLS: f32 = 0.0;
/// Pieces read at once: enough to make the sums long, few enough to stay close to the processor.
const AT_ONCE: usize = 256;
/// Bytes of an article whose sentences are read: some 2,600 words, which take about a second. Few articles are longer.
pub const FARTHEST: usize = 16_000;

impl Learned {
    /// The reader that comes with the program. Its network is only unpacked when something is read.
    #[must_use]
    pub fn bundled() -> Self {
        Self { own: None, reads: true }
    }

    /// A reader with a network of one's own.
    ///
    /// # Errors
    /// When the network is malformed; the error says how.
    pub fn with(net: &[u8]) -> Result<Self> {
        let own = Some(Arc::new(Net::read(net)?));
        Ok(Self { own, reads: true })
    }

    /// The network; none where there is nothing to read with, or the bundled one is broken, which a test rules out.
    fn net(&self) -> Option<&Net> {
        static UNPACKED: OnceLock<Option<Net>> = OnceLock::new();
        match &self.own {
            Some(own) => Some(own),
            None if self.reads => UNPACKED.get_or_init(|| Net::read(BUNDLED).ok()).as_ref(),
            None => None,
        }
    }

    /// What each sentence seems to tell of, each kind in the order of [`EventKind::ALL`]. Sentences that begin beyond [`FARTHEST`] are not
    /// read; of them nothing is told.
    #[must_use]
    pub fn read(&self, text: &Text, sentences: &[Range<usize>]) -> Vec<Vec<Told>> {
        let near = sentences.iter().filter(|sentence| sentence.start < FARTHEST);
        let mut told = match self.net() {
            Some(net) => {
                let pieces: Vec<_> = near.map(|sentence| net.pieces_of(text.as_str(), sentence)).collect();
                side_by_side(net, &pieces)
            }
            None => Vec::new(),
        };
        told.resize(sentences.len(), Vec::new());
        told
    }
}

/// Reads sentences on all cores, in packs of about [`AT_ONCE`] pieces. The packs are the same whatever the number of cores.
fn side_by_side(net: &Net, sentences: &[Vec<Piece>]) -> Vec<Vec<Told>> {
    let mut packs: Vec<&[Vec<Piece>]> = Vec::new();
    let mut rest = sentences;
    while !rest.is_empty() {
        let mut sum = 0;
        let fits = rest.iter().take_while(|pieces| {
            sum += pieces.len() + 2;
            sum <= AT_ONCE
        });
        let (pack, others) = rest.split_at(fits.count().max(1));
        packs.push(pack);
        rest = others;
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..cores.min(packs.len()))
            .map(|first| {
                let own: Vec<&[Vec<Piece>]> = packs.iter().copied().skip(first).step_by(cores).collect();
                scope.spawn(move || own.into_iter().map(|pack| of_pack(net, pack)).collect::<Vec<_>>())
            })
            .collect();
        let mut lists: Vec<_> = (running.into_iter())
            .map(|thread| {
                let list = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                list.into_iter()
            })
            .collect();
        let count = lists.len();
        let in_order = (0..packs.len()).filter_map(|at| lists.get_mut(at % count)?.next());
        in_order.flatten().collect()
    })
}

fn of_pack(net: &Net, pack: &[Vec<Piece>]) -> Vec<Vec<Told>> {
    let marked: Vec<Vec<u32>> = pack.iter().map(|pieces| net.marked(pieces)).collect();
    let logits = net.logits(&marked);
    (pack.iter().zip(&logits))
        .map(|(pieces, logits)| told(pieces, logits))
        .collect()
}

/// Each kind as a sentence tells it, in the order of [`EventKind::ALL`].
fn told(pieces: &[Piece], logits: &Logits) -> Vec<Told> {
    let told = (EventKind::ALL.iter().enumerate()).filter_map(|(kind, name)| {
        let of = |at: usize| logits.pieces.get((kind, at)).copied().unwrap_or(f32::MIN);
        let words = stretches(pieces, &of, &logits.states);
        Some(Told {
            kind: *name,
            margin: f32::midpoint(*logits.sentence.get(kind)?, words.first()?.margin),
            words,
        })
    });
    told.collect()
}

/// Where a kind is told: around the best piece, and around the best of each stretch apart from it that tells it too.
fn stretches(pieces: &[Piece], of: &dyn Fn(usize) -> f32, states: &DMatrix<f32>) -> Vec<Stretch> {
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

/// The status that pieces tell most.
fn status(states: &DMatrix<f32>, pieces: Range<usize>) -> Option<Status> {
    let mut sums = vec![0.0_f32; states.nrows()];
    for at in pieces {
        for (sum, logit) in sums.iter_mut().zip(states.column(at).iter()) {
            *sum += logit;
        }
    }
    let count = sums.len();
    let best = (0..count).max_by(|a, b| sums[*a].total_cmp(&sums[*b]))?;
    Status::ALL.get(best).copied()
}

/// The stretch with the rest of the words that it cuts.
fn whole(pieces: &[Piece], (mut first, mut last): (usize, usize)) -> (usize, usize) {
    let goes_on = |at: usize| pieces.get(at).is_some_and(|piece| piece.goes_on);
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
