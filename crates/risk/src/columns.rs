//! The user's large tables, read fast and in columns: trade, production and governance.
//!
//! Trade comes in BACI's own columns `t,i,j,k,v,q`; only the years and headings asked for are kept. Production and
//! governance are small. All three come as Parquet or CSV, one by one or from a folder that `monazite data import`
//! has written.

mod cells;
mod chunks;
mod error;
mod governance;
mod places;
mod production;
mod trade;

use std::path::{Path, PathBuf};

use monazite_evidence::Dataset;

pub use error::ColumnsError;
pub use governance::{Estimate, Governance, GovernanceRow, is_political_stability};
pub use places::{BaciCodes, Economy};
pub use production::{Production, ProductionRow, WORLD};
pub use trade::{OWN_TRADE, Trade, Wanted};

pub(crate) use cells::Cells;

/// Where the user's tables are. What is not given comes from the bundled evidence, which holds rare earths only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paths {
    /// Trade.
    pub trade: Option<PathBuf>,
    /// Production.
    pub production: Option<PathBuf>,
    /// Governance.
    pub governance: Option<PathBuf>,
}

impl Paths {
    /// The tables of an imported folder that are there.
    #[must_use]
    pub fn of_folder(dir: &Path) -> Self {
        let file = |name: &str| Some(dir.join(name)).filter(|path| path.is_file());
        Self {
            trade: file("trade.parquet"),
            production: file("production.parquet"),
            governance: file("governance.parquet"),
        }
    }

    /// These, and those of `other` where there is none.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            trade: self.trade.or(other.trade),
            production: self.production.or(other.production),
            governance: self.governance.or(other.governance),
        }
    }

    /// Whether no table is the user's.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.trade.is_none() && self.production.is_none() && self.governance.is_none()
    }
}

/// The tables that a score is computed from.
#[derive(Debug)]
pub struct Tables {
    /// Who is who in BACI.
    pub codes: BaciCodes,
    /// Trade of the years and headings asked for.
    pub trade: Trade,
    /// Production; none when only rare earths are known, from the bundled evidence.
    pub production: Option<Production>,
    /// Governance.
    pub governance: Governance,
}

impl Tables {
    /// Reads the user's tables, and the bundled ones for those that are not given.
    ///
    /// # Errors
    /// When a file cannot be read, lacks a column, or holds a value that cannot be: the message names file, row and
    /// column.
    pub fn read(dataset: &Dataset, paths: &Paths, wanted: &Wanted) -> Result<Self, ColumnsError> {
        let codes = BaciCodes::new(dataset);
        let (trade, (production, governance)) = rayon::join(
            || match &paths.trade {
                Some(path) => Trade::read(path, wanted),
                None => Trade::bundled(dataset, &codes, wanted),
            },
            || {
                rayon::join(
                    || paths.production.as_deref().map(Production::read).transpose(),
                    || match &paths.governance {
                        Some(path) => Governance::read(path, dataset, &codes),
                        None => Ok(Governance::bundled(dataset, &codes)),
                    },
                )
            },
        );
        Ok(Self {
            trade: trade?,
            production: production?,
            governance: governance?,
            codes,
        })
    }
}
