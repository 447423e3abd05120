//! What fixes a broken supply chain: single projects, plans of measures under uncertainty, and stocks for an emergency.
//!
//! ```
//! use monazite_evidence::Dataset;
//! use monazite_strategy::project::{Deck, Project, value};
//!
//! let text = r#"
//! name = "A small plant"
//! currency = "USD"
//! money_year = 2024
//!
//! [[product]]
//! material = "NdPr"
//! t_per_year = 1000
//! price_per_kg = 80
//!
//! [schedule]
//! capex_shares = [0.5, 0.5]
//! life_years = 20
//!
//! [costs]
//! capex_m = 200
//! opex_m_per_year = 40
//!
//! [finance]
//! discount_rate = 0.08
//! "#;
//! let project = Project::parse(text, "small.toml")?;
//! let case = project.case(&Dataset::bundled()?, &Deck::none())?;
//! let worth = value(&case);
//! assert!(worth.npv_m > 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod measure;
mod page;
pub mod plan;
pub mod project;
pub mod stockpile;
pub mod study;
