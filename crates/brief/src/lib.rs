//! From an article to numbers: what it says, what holds of it, what it would mean, and what went before.
//!
//! ```
//! use monazite_brief::{Reader, read};
//! use monazite_evidence::Dataset;
//!
//! let dataset = Dataset::bundled()?;
//! let reader = Reader::new(&dataset)?;
//! let article = read(b"MOSCOW, March 31, 2025 - Russia and the US have started talks on rare earths.", None)?;
//! let brief = reader.brief(&article, None);
//! assert_eq!(brief.events[0].kind.as_str(), "talks");
//! assert_eq!(brief.events[0].trigger.text(), "talks");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing is reported without the words it rests on: a [`Span`] can only be made by the [`Text`] it quotes, and
//! entities, events, claims and questions cannot be built without one. Word lists and rules are files
//! (`lexicon/`, `rules/`), each rule with an example that a test reads. Reading needs no network and no model service.

#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod amount;
pub mod brief;
pub mod claim;
pub mod context;
pub mod date;
pub mod entity;
pub mod error;
pub mod event;
pub mod language;
pub mod learned;
pub mod ledger;
pub mod meaning;
pub mod read;
pub mod render;
pub mod score;
pub mod sentence;
pub mod text;

pub use brief::{Brief, Reader, schema};
pub use error::{BriefError, Result};
pub use read::{Article, read};
pub use text::{Span, Spans, Text};
