//! The methods by name.

use monazite_evidence::error::Unknown;

use crate::context::Context;
use crate::error::RiskError;
use crate::question::Question;
use crate::score::Score;

/// One method: how it is called, what it answers and how it is computed.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// The word on the command line and in tables.
    pub name: &'static str,
    /// What it says, in a line.
    pub about: &'static str,
    /// Unit of its values; empty for a pure number.
    pub unit: &'static str,
    /// Whether its scores are of an importer.
    pub needs_importer: bool,
    /// Whether a higher score means a higher risk.
    pub higher_is_riskier: bool,
    /// Computes the scores that a question asks for, in the order of subjects, stages, importers and years.
    pub scores: fn(&Context<'_>, &Question) -> Result<Vec<Score>, RiskError>,
}

/// All methods. A new one adds a row.
pub const METHODS: &[Method] = &[
    Method {
        name: "shares",
        about: "share of each country or company in what a stage makes",
        unit: "",
        needs_importer: false,
        higher_is_riskier: true,
        scores: crate::shares::shares,
    },
    Method {
        name: "hhi",
        about: "concentration: the sum of squared shares, from 1/N (equal) to 1 (one holder)",
        unit: "",
        needs_importer: false,
        higher_is_riskier: true,
        scores: crate::shares::hhi,
    },
    Method {
        name: "eu",
        about: "criticality by the European Union's method: supply risk (eu_sr) and economic importance (eu_ei)",
        unit: "",
        needs_importer: false,
        higher_is_riskier: true,
        scores: crate::eu::eu,
    },
    Method {
        name: "reliance",
        about: "net import reliance: (imports − exports) / (production + imports − exports)",
        unit: "",
        needs_importer: true,
        higher_is_riskier: true,
        scores: crate::reliance::reliance,
    },
    Method {
        name: "n-1",
        about: "part of supply that remains without the largest supplier",
        unit: "",
        needs_importer: false,
        higher_is_riskier: false,
        scores: crate::loss::without_largest,
    },
    Method {
        name: "chokepoints",
        about: "holders and single plants above a share of the world",
        unit: "",
        needs_importer: false,
        higher_is_riskier: true,
        scores: crate::loss::chokepoints,
    },
    Method {
        name: "usgs",
        about: "disruption potential × trade exposure × economic vulnerability, as far as the evidence goes",
        unit: "",
        needs_importer: true,
        higher_is_riskier: true,
        scores: crate::reliance::usgs,
    },
    Method {
        name: "geopolrisk",
        about: "concentration times the part of supply that comes from unstable partners",
        unit: "",
        needs_importer: true,
        higher_is_riskier: true,
        scores: crate::geopolrisk::scores,
    },
];

/// The method of a name.
///
/// # Errors
/// When there is none; names the nearest, and all.
pub fn method(name: &str) -> Result<&'static Method, RiskError> {
    METHODS.iter().find(|method| method.name == name).ok_or_else(|| {
        let names: Vec<&str> = METHODS.iter().map(|method| method.name).collect();
        let unknown = Unknown::new("method", name, names.iter().copied());
        unknown.hint(format!("methods: {}", names.join(", "))).into()
    })
}
