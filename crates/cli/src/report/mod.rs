//! One run told on one page: a self-contained HTML file that needs no network.
//!
//! The words and numbers are worked out in Rust, one module per section; `templates/` holds the page. Charts are drawn
//! as SVG whose colours come from the style sheet, so that the same file serves light, dark and paper.

mod answer;
mod chart;
mod end_uses;
mod events;
mod evidence;
mod licences;
mod names;
mod numbers;
mod prices;
mod provenance;
mod run;
mod scale;
mod shortfalls;
mod stocks;
#[cfg(test)]
mod tests;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use monazite_evidence::Dataset;
use monazite_market::result::RunResult;
use monazite_market::scenario::Scenario;
use serde::Serialize;

use run::Run;

/// The page and its parts.
const TEMPLATES: [(&str, &str); 10] = [
    ("report.html", include_str!("templates/report.html.jinja")),
    ("macros.html", include_str!("templates/macros.html.jinja")),
    ("answer.html", include_str!("templates/answer.html.jinja")),
    ("prices.html", include_str!("templates/prices.html.jinja")),
    ("shortfalls.html", include_str!("templates/shortfalls.html.jinja")),
    ("end_uses.html", include_str!("templates/end_uses.html.jinja")),
    ("stocks.html", include_str!("templates/stocks.html.jinja")),
    ("licences.html", include_str!("templates/licences.html.jinja")),
    ("events.html", include_str!("templates/events.html.jinja")),
    ("provenance.html", include_str!("templates/provenance.html.jinja")),
];
const STYLE: &str = include_str!("templates/report.css");
const SCRIPT: &str = include_str!("templates/report.js");

/// What a report needs besides the tables of the run.
#[derive(Clone, Copy)]
pub struct ReportInputs<'a> {
    /// The dataset the run was made from: names, evidence and fingerprint.
    pub dataset: &'a Dataset,
    /// The scenario that was run.
    pub scenario: &'a Scenario,
    /// Version of the program.
    pub version: &'a str,
    /// The command that makes the same run again, where there is one.
    pub command: Option<&'a str>,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A template does not fit what it is given: a fault of the program.
    #[error("the report could not be laid out: {0:#}")]
    Template(#[from] minijinja::Error),
}

/// Writes a run as one self-contained HTML page.
///
/// # Errors
/// When a template does not fit, which no run should cause.
pub fn html(result: &RunResult, inputs: &ReportInputs<'_>) -> Result<String, ReportError> {
    let run = Run::new(result, inputs);
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    let page = Page {
        title: &result.title,
        scenario: &result.scenario,
        description: inputs.scenario.description.trim(),
        first: result.quarters.first(),
        last: result.quarters.last(),
        base_year: result.base_year,
        version: inputs.version,
        style: STYLE,
        script: SCRIPT,
        answer: answer::answer(&run),
        prices: prices::prices(&run),
        shortfalls: shortfalls::shortfalls(&run),
        end_uses: end_uses::end_uses(&run),
        stocks: stocks::stocks(&run),
        licences: licences::licences(&run),
        events: events::events(&run),
        provenance: provenance::provenance(&run),
    };
    Ok(environment.get_template("report.html")?.render(Serde(&page))?)
}

/// What the templates see.
#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    scenario: &'a str,
    description: &'a str,
    first: Option<&'a String>,
    last: Option<&'a String>,
    base_year: u16,
    version: &'a str,
    style: &'static str,
    script: &'static str,
    answer: answer::Answer,
    prices: prices::Prices,
    shortfalls: shortfalls::Shortfalls,
    end_uses: Vec<end_uses::EndUses>,
    stocks: Vec<stocks::Stock>,
    licences: licences::Licences,
    events: Vec<events::EventWords>,
    provenance: provenance::Provenance,
}
