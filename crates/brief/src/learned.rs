//! What a sentence tells of, by a network taught on sentences: a second reader beside the rules.
//!
//! Rules know the turns of phrase that somebody thought of. This reader has seen words used in a great many others: a small
//! language model ([`Net`]) begun from one that was made of a billion sentences by others, and taught kinds of event on ours
//! ([`lessons`]). It gives each kind a logit for the sentence and one for each piece of a word; the mean of the former and of the best
//! of the latter is the *margin*, and the best pieces are the words the event rests on.
//!
//! The weights lie in `rules/net.safetensors`: no network connection, no service, 22 MB. They are the same everywhere; sums of
//! floats may differ by a few millionths from processor to processor.

mod file;
pub mod lessons;
mod net;
mod pieces;
mod reading;
mod role;
mod stretch;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::error::Result;
use crate::event::{EventKind, Status};
use crate::text::Text;

pub use net::{LONGEST, LONGEST_SENTENCE, Net};
pub use pieces::{Piece, Vocabulary};
pub use reading::Reading;
pub use role::{Apart, Role};

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
    /// What the sentence says: a logit.
    pub sentence: f32,
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
    /// Where the event stands, as they tell it, and how surely, from 0 to 1.
    pub status: Option<(Status, f32)>,
}

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

    /// Reads a text. Sentences that begin beyond [`FARTHEST`] are not read; of them nothing is told.
    #[must_use]
    pub fn read(&self, text: &Text, sentences: &[Range<usize>]) -> Reading<'_> {
        let near = sentences.partition_point(|sentence| sentence.start < FARTHEST);
        Reading::new(self.net(), text, sentences.get(..near).unwrap_or_default())
    }
}
