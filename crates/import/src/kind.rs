//! The kinds of files that can be imported, and what is known of each source.

use monazite_evidence::error::Unknown;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// CEPII BACI: a year of world trade by country pair and product.
    Baci,
    /// An export of UN Comtrade, CSV or JSON.
    Comtrade,
    /// A data release of USGS Mineral Commodity Summaries.
    Mcs,
    /// World Mining Data: production by country and mineral.
    Wmd,
    /// The World Bank's Worldwide Governance Indicators.
    Wgi,
    /// A company's own purchases.
    Company,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Baci,
        Self::Comtrade,
        Self::Mcs,
        Self::Wmd,
        Self::Wgi,
        Self::Company,
    ];

    /// The word by which a command line and the lock know it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Baci => "baci",
            Self::Comtrade => "comtrade",
            Self::Mcs => "mcs",
            Self::Wmd => "wmd",
            Self::Wgi => "wgi",
            Self::Company => "company",
        }
    }

    /// The title under which it is published.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Baci => "BACI: international trade database at the product level",
            Self::Comtrade => "UN Comtrade",
            Self::Mcs => "Mineral Commodity Summaries, data release",
            Self::Wmd => "World Mining Data",
            Self::Wgi => "Worldwide Governance Indicators",
            Self::Company => "the company's own table",
        }
    }

    /// Who publishes it.
    #[must_use]
    pub const fn publisher(self) -> &'static str {
        match self {
            Self::Baci => "CEPII",
            Self::Comtrade => "United Nations Statistics Division",
            Self::Mcs => "US Geological Survey",
            Self::Wmd => "Austrian Federal Ministry of Finance",
            Self::Wgi => "World Bank",
            Self::Company => "the company",
        }
    }

    /// The licence as its publisher states it.
    #[must_use]
    pub const fn licence(self) -> &'static str {
        match self {
            Self::Baci => "Etalab Open Licence 2.0",
            Self::Comtrade => "UN Comtrade terms of use; not read here",
            Self::Mcs => "US Government work, public domain",
            Self::Wmd => "terms of the publisher; not verified",
            Self::Wgi => "CC BY 4.0",
            Self::Company => "the company's own",
        }
    }

    /// What follows from the licence for tables made from it.
    #[must_use]
    pub const fn terms(self) -> &'static str {
        match self {
            Self::Baci => "may be passed on; name CEPII",
            Self::Comtrade => "for your own use; read the terms before you pass data on",
            Self::Mcs => "may be passed on",
            Self::Wmd => "for your own use; ask the publisher before you pass data on",
            Self::Wgi => "may be passed on; name the World Bank",
            Self::Company => "as confidential as your table",
        }
    }

    /// What its files look like, for messages.
    #[must_use]
    pub const fn layout(self) -> &'static str {
        match self {
            Self::Baci => {
                "CSV with the columns t, i, j, k, v, q; the folder or the zip of a release; or Parquet of that form"
            }
            Self::Comtrade => "CSV or JSON as the site or its interface exports them",
            Self::Mcs => "CSV of a data release: `World_Data` (2025) or `Commodities_Data` (2026)",
            Self::Wmd => "XLSX with one sheet per mineral, or a tidy CSV or Parquet table",
            Self::Wgi => "XLSX with a sheet per indicator, or the long CSV or XLSX",
            Self::Company => "CSV or XLSX with material, origin, quantity, year and perhaps value",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Kind {
    type Err = Unknown;
    fn from_str(text: &str) -> std::result::Result<Self, Unknown> {
        let found = Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| Unknown::of_words("kind of file", text, &Self::ALL.map(Self::as_str)))
    }
}

impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}
