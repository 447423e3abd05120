//! The trade of one target in one year, sorted by importer and by exporter.

use std::collections::HashMap;

use monazite_evidence::{Confidence, SourceId};

use super::Model;
use crate::geopolrisk::target::Target;

/// One flow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    pub exporter: u16,
    pub importer: u16,
    /// kUSD.
    pub value: f64,
    /// Tonnes of the production basis, or of product where no source says what it holds; none without a quantity.
    pub tonnes: Option<f64>,
    pub outlier: bool,
    /// Unit value, kUSD per t of product.
    pub unit_value: f64,
    /// Unit value in the middle of the heading's trade.
    pub median: f64,
}

/// The trade of a target in a year.
#[derive(Debug)]
pub(super) struct Cell<'t> {
    pub target: &'t Target,
    pub year: u16,
    pub flows: Vec<Flow>,
    pub imports: HashMap<u16, Vec<usize>>,
    pub exports: HashMap<u16, Vec<usize>>,
    /// World unit value, kUSD/t = USD/kg, of flows that are not outliers; none where the heading holds other things too.
    pub price: Option<f64>,
    pub sources: Vec<SourceId>,
    pub confidence: Confidence,
    /// Headings whose content no source states.
    pub gross: bool,
}

impl<'t> Cell<'t> {
    pub fn new(model: &Model<'_>, target: &'t Target, year: u16) -> Self {
        let trade = &model.tables.trade;
        let mut cell = Self {
            target,
            year,
            flows: Vec::new(),
            imports: HashMap::new(),
            exports: HashMap::new(),
            price: None,
            sources: Vec::new(),
            confidence: Confidence::A,
            gross: false,
        };
        for traded in &target.headings {
            let Some(heading) = model.flows.of(year, traded.heading) else {
                continue;
            };
            let (sources, confidence) = trade.origin_of(traded.heading);
            cell.confidence = cell.confidence.max(confidence).max(traded.confidence);
            let fresh = sources.into_iter().filter(|source| !cell.sources.contains(source));
            let fresh: Vec<SourceId> = fresh.collect();
            cell.sources.extend(fresh);
            cell.gross |= traded.content.is_none();
            for row in &heading.rows {
                let ends = trade.exporter.get(*row).zip(trade.importer.get(*row));
                let amounts = trade.value.get(*row).zip(trade.quantity.get(*row));
                let (Some((exporter, importer)), Some((value, quantity))) = (ends, amounts) else {
                    continue;
                };
                // A country's trade with itself is a re-import, not a supply.
                if exporter == importer {
                    continue;
                }
                let known = (*quantity > 0.0).then_some(*quantity);
                cell.push(Flow {
                    exporter: *exporter,
                    importer: *importer,
                    value: *value,
                    tonnes: known.map(|quantity| quantity * traded.content.unwrap_or(1.0)),
                    outlier: model.flows.is_outlier(*row) && !model.options.keep_outliers,
                    unit_value: value / quantity,
                    median: heading.median.unwrap_or(f64::NAN),
                });
            }
        }
        let sound = || cell.flows.iter().filter(|flow| !flow.outlier);
        let (value, tonnes) = sound()
            .filter_map(|flow| Some((flow.value, flow.tonnes?)))
            .fold((0.0, 0.0), |sum, flow| (sum.0 + flow.0, sum.1 + flow.1));
        let priced = tonnes > 0.0 && value > 0.0 && !target.mixed;
        cell.price = priced.then(|| value / tonnes);
        cell
    }

    fn push(&mut self, flow: Flow) {
        let at = self.flows.len();
        self.imports.entry(flow.importer).or_default().push(at);
        self.exports.entry(flow.exporter).or_default().push(at);
        self.flows.push(flow);
    }

    /// Flows into some codes from elsewhere.
    pub fn into<'s>(&'s self, codes: &'s [u16]) -> impl Iterator<Item = &'s Flow> {
        let at = codes.iter().filter_map(|code| self.imports.get(code)).flatten();
        at.filter_map(|at| self.flows.get(*at))
            .filter(|flow| !codes.contains(&flow.exporter))
    }

    /// Flows out of some codes to elsewhere.
    pub fn out_of<'s>(&'s self, codes: &'s [u16]) -> impl Iterator<Item = &'s Flow> {
        let at = codes.iter().filter_map(|code| self.exports.get(code)).flatten();
        at.filter_map(|at| self.flows.get(*at))
            .filter(|flow| !codes.contains(&flow.importer))
    }
}
