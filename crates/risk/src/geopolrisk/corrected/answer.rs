//! The score of one target, importer and year.

use std::collections::BTreeMap;

use monazite_evidence::{Confidence, SourceId};

use super::cell::{Cell, Flow};
use super::{Model, stage_word};
use crate::geopolrisk::makers::Makers;
use crate::question::Importer;
use crate::score::{Missing, Score, Term};

/// What stands as the source of a figure from a governance table of the user's.
const OWN_GOVERNANCE: &str = "your governance table";

/// So much of the imports may come from partners without an estimate of stability; they are then left out.
const UNKNOWN_AT_MOST: f64 = 0.1;

/// Makers that are named in an explanation.
const NAMED_MAKERS: usize = 3;

/// A score with the numbers it is made of. What is not known is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The score, or why there is none.
    pub score: Score,
    /// Name of the importer.
    pub importer_name: String,
    /// Concentration of the stage.
    pub hhi: Option<f64>,
    /// Part of the supply at risk.
    pub import_risk: Option<f64>,
    /// Imports times instability, t.
    pub numerator: Option<f64>,
    /// Imports from outside, t.
    pub imports: Option<f64>,
    /// Exports to outside, t.
    pub exports: Option<f64>,
    /// Domestic output of the stage, t; none when it is not known.
    pub production: Option<f64>,
    /// World unit value, USD/kg.
    pub price: Option<f64>,
    /// Unit value of the economy's own imports, USD/kg.
    pub own_price: Option<f64>,
    /// Score times world unit value, USD/kg.
    pub midpoint: Option<f64>,
    /// Flows of the economy left out as outliers.
    pub outliers: usize,
    /// Imports without a quantity.
    pub without_quantity: usize,
}

fn counted(count: usize, of: &str) -> String {
    if count == 1 {
        format!("1 {of}")
    } else {
        format!("{count} {of}s")
    }
}

/// What an economy takes from one partner.
#[derive(Debug, Clone, Copy, Default)]
struct Partner {
    tonnes: f64,
    instability: Option<(f64, u16)>,
}

/// Imports and exports of an economy.
#[derive(Debug, Default)]
struct Balance {
    partners: BTreeMap<u16, Partner>,
    imports: f64,
    unknown: f64,
    numerator: f64,
    exports: f64,
    value: f64,
    without_quantity: usize,
    without_value: f64,
    outliers: Vec<Flow>,
    older: Option<u16>,
}

impl Model<'_> {
    pub(super) fn answer(&self, cell: &Cell<'_>, makers: Result<&Makers, &Missing>, importer: &Importer) -> Answer {
        let members = importer.members(cell.year);
        let codes = self.codes_of(members);
        let balance = self.balance(cell, &codes, makers.map_or(1.0, |makers| makers.part));
        let production = makers.ok().and_then(|makers| {
            let output = makers.output.as_ref()?;
            let made = members.iter().filter_map(|place| output.get(place.as_str()));
            // An empty sum of floats is a negative zero.
            Some(made.fold(0.0, |sum, tonnes| sum + tonnes))
        });
        let mut answer = Answer {
            score: Score::new(
                "geopolrisk",
                cell.target.name.clone(),
                cell.year,
                Err(Missing(String::new())),
            ),
            importer_name: importer.name.clone(),
            hhi: makers.ok().map(|makers| makers.hhi),
            import_risk: None,
            numerator: None,
            imports: (!cell.flows.is_empty()).then_some(balance.imports + balance.unknown),
            exports: (!cell.flows.is_empty()).then_some(balance.exports),
            production,
            price: cell.price,
            own_price: (balance.imports > 0.0 && !cell.target.mixed).then(|| balance.value / balance.imports),
            midpoint: None,
            outliers: balance.outliers.len(),
            without_quantity: balance.without_quantity,
        };
        answer.score.stage = Some(stage_word(cell.target.stage));
        answer.score.importer = Some(importer.id.clone());
        let risk = self.import_risk(cell, makers, importer, &balance, production);
        match risk.and_then(|risk| Ok((risk, makers.map_err(Clone::clone)?))) {
            Err(missing) => answer.score.value = Err(missing),
            Ok((risk, makers)) => {
                let score = makers.hhi * risk;
                answer.import_risk = Some(risk);
                answer.numerator = Some(balance.numerator);
                answer.score.value = Ok(score);
                answer.midpoint = cell.price.map(|price| price * score);
            }
        }
        answer.score.confidence = makers
            .map_or(Confidence::C, |makers| makers.confidence)
            .max(cell.confidence);
        answer.score.remarks = self.remarks(cell, makers, &balance, production);
        if self.options.explain {
            answer.score.terms = self.terms(cell, makers, &balance, &answer);
        }
        answer
    }

    /// What comes in from outside, what goes out, and what cannot be counted.
    fn balance(&self, cell: &Cell<'_>, codes: &[u16], part: f64) -> Balance {
        let mut balance = Balance::default();
        for flow in cell.into(codes) {
            if flow.outlier {
                balance.outliers.push(*flow);
                continue;
            }
            let Some(tonnes) = flow.tonnes else {
                balance.without_quantity += 1;
                balance.without_value += flow.value;
                continue;
            };
            let tonnes = tonnes * part;
            let code = self.canonical(flow.exporter);
            let partner = balance.partners.entry(code).or_insert_with(|| Partner {
                tonnes: 0.0,
                instability: self.stability.of(code, cell.year),
            });
            partner.tonnes += tonnes;
            match partner.instability {
                Some((instability, of)) => {
                    balance.imports += tonnes;
                    balance.numerator += tonnes * instability;
                    balance.value += flow.value;
                    if of != cell.year {
                        balance.older = Some(of);
                    }
                }
                None => balance.unknown += tonnes,
            }
        }
        for flow in cell.out_of(codes) {
            if flow.outlier {
                balance.outliers.push(*flow);
            } else if let Some(tonnes) = flow.tonnes {
                balance.exports += tonnes * part;
            }
        }
        balance
    }

    /// The code of the place that a code stands for today.
    fn canonical(&self, code: u16) -> u16 {
        let codes = &self.tables.codes;
        let place = codes
            .economy(code)
            .filter(|economy| economy.former)
            .map(|economy| &economy.place);
        place.and_then(|place| codes.code(place)).unwrap_or(code)
    }

    fn name_of(&self, code: u16) -> String {
        let economy = self.tables.codes.economy(code);
        economy.map_or_else(|| format!("BACI code {code}"), |economy| economy.name.clone())
    }

    /// The part of the supply that comes from unstable partners.
    fn import_risk(
        &self,
        cell: &Cell<'_>,
        makers: Result<&Makers, &Missing>,
        importer: &Importer,
        balance: &Balance,
        production: Option<f64>,
    ) -> Result<f64, Missing> {
        if let Some(why) = &cell.target.without {
            return Err(Missing(why.clone()));
        }
        if importer.members(cell.year).is_empty() {
            return Err(Missing(format!("{} has no member in {}", importer.name, cell.year)));
        }
        if cell.flows.is_empty() {
            return Err(Missing(self.no_trade(cell)));
        }
        makers.map_err(Clone::clone)?;
        let all = balance.imports + balance.unknown;
        if balance.unknown > UNKNOWN_AT_MOST * all {
            let names: Vec<String> = balance
                .partners
                .iter()
                .filter(|(_, partner)| partner.instability.is_none())
                .map(|(code, _)| self.name_of(*code))
                .collect();
            let percent = 100.0 * balance.unknown / all;
            return Err(Missing(format!(
                "{percent:.0} % of imports come from partners without an estimate of political stability: {}",
                names.join(", ")
            )));
        }
        let domestic = (production.unwrap_or(0.0) - balance.exports).max(0.0);
        let supply = balance.imports + domestic;
        if supply > 0.0 {
            return Ok(balance.numerator / supply);
        }
        Err(Missing(if balance.without_quantity > 0 {
            let imports = counted(balance.without_quantity, "import");
            format!("{imports} without a quantity, and no other supply")
        } else if !balance.outliers.is_empty() {
            "all its imports are outliers".to_owned()
        } else if production.is_some_and(|production| production > 0.0) {
            "it exports at least what it makes and imports nothing".to_owned()
        } else {
            "it neither imports nor makes it, as far as is known".to_owned()
        }))
    }

    /// Why a target has no trade in a year.
    fn no_trade(&self, cell: &Cell<'_>) -> String {
        let headings: Vec<String> = cell
            .target
            .headings
            .iter()
            .map(|traded| traded.heading.to_string())
            .collect();
        let headings = headings.join(", ");
        match self.tables.trade.span {
            Some((first, last)) if (first..=last).contains(&cell.year) => {
                format!("no trade under {headings} in the year: the series has a gap or has ended")
            }
            Some((first, last)) if self.tables.trade.own => {
                format!("the trade table has {first} to {last} only")
            }
            _ => format!("no trade under {headings} in the year"),
        }
    }

    fn remarks(
        &self,
        cell: &Cell<'_>,
        makers: Result<&Makers, &Missing>,
        balance: &Balance,
        production: Option<f64>,
    ) -> Vec<String> {
        let mut remarks = Vec::new();
        if !balance.outliers.is_empty() {
            remarks.push(format!(
                "{} left out as outliers",
                counted(balance.outliers.len(), "flow")
            ));
        }
        if balance.without_quantity > 0 {
            let worth = if balance.without_value < 1.0 {
                "under 1".to_owned()
            } else {
                format!("{:.0}", balance.without_value)
            };
            remarks.push(format!(
                "{} without a quantity (worth {worth} kUSD) not counted, nor in the price",
                counted(balance.without_quantity, "import")
            ));
        }
        if balance.unknown > 0.0 && balance.unknown <= UNKNOWN_AT_MOST * (balance.imports + balance.unknown) {
            remarks.push("partners without an estimate of political stability are left out".to_owned());
        }
        if let Some(older) = balance.older {
            remarks.push(format!("estimates of political stability are of {older}"));
        }
        let Ok(makers) = makers else { return remarks };
        let made = makers.output.is_none() || production.is_some_and(|production| production > 0.0);
        if cell.gross && made && makers.output.is_some() && !cell.flows.is_empty() {
            remarks.push(
                "trade is gross mass against content in output: no source states what the product holds".to_owned(),
            );
        }
        if makers.output.is_none() {
            remarks.push("domestic output in tonnes is not known and counts as none: an upper bound".to_owned());
        }
        remarks.extend(makers.remarks.iter().cloned());
        if self.tables.trade.own && self.tables.trade.span.is_some_and(|(_, last)| last == cell.year) {
            remarks.push("the last year of a trade table is provisional".to_owned());
        }
        remarks
    }

    /// What the score is made of: each partner, then each input.
    fn terms(
        &self,
        cell: &Cell<'_>,
        makers: Result<&Makers, &Missing>,
        balance: &Balance,
        answer: &Answer,
    ) -> Vec<Term> {
        let trade = |term: Term| term.from(&cell.sources, cell.confidence);
        let governance = if self.tables.governance.own {
            (vec![SourceId::from(OWN_GOVERNANCE)], Confidence::B)
        } else {
            let row = self.context.dataset.governance.first().map(|row| &row.provenance);
            row.map_or((Vec::new(), Confidence::C), |row| (row.sources.clone(), row.confidence))
        };
        let supply = answer.import_risk.map(|risk| {
            if risk > 0.0 {
                balance.numerator / risk
            } else {
                f64::INFINITY
            }
        });
        let mut partners: Vec<(&u16, &Partner)> = balance.partners.iter().collect();
        let weight = |partner: &Partner| partner.tonnes * partner.instability.map_or(0.0, |(g, _)| g);
        partners.sort_by(|a, b| weight(b.1).total_cmp(&weight(a.1)).then(a.0.cmp(b.0)));
        let (mut terms, mut stability) = (Vec::new(), Vec::new());
        for (code, partner) in partners {
            let name = self.name_of(*code);
            let known = partner.instability.map(|(g, _)| format!("{g:.2}"));
            let what = format!(
                "imports from {name}, instability {}",
                known.as_deref().unwrap_or("unknown")
            );
            let mut term = trade(Term::new(what, partner.tonnes, "t"));
            if let (Some(supply), Some(hhi), Some((g, _))) = (supply, answer.hhi, partner.instability) {
                term = term.contributing(hhi * g * partner.tonnes / supply);
            }
            terms.push(term);
            stability.push(match partner.instability {
                Some((g, _)) => {
                    Term::new(format!("political instability of {name}"), g, "").from(&governance.0, governance.1)
                }
                None => Term::missing(format!("political instability of {name}"), "no estimate"),
            });
        }
        terms.push(trade(Term::new("imports from outside", balance.imports, "t")));
        terms.push(trade(Term::new("exports to outside", balance.exports, "t")));
        match makers {
            Err(missing) => terms.push(Term::missing("concentration", missing.to_string())),
            Ok(makers) => {
                let of = |term: Term| term.from(&makers.sources, makers.confidence);
                terms.push(match answer.production {
                    Some(production) => of(Term::new("domestic output", production, "t")),
                    None => Term::missing("domestic output", "not known in tonnes at this stage"),
                });
                terms.push(of(Term::new(
                    format!("concentration of {}", makers.basis),
                    makers.hhi,
                    "",
                )));
                for (_, name, share) in makers.shares.iter().take(NAMED_MAKERS) {
                    terms.push(of(Term::new(format!("share of {name} in it"), *share, "")));
                }
            }
        }
        if let Some(price) = answer.price {
            terms.push(trade(Term::new("world unit value", price, "USD/kg")));
        }
        if let Some(price) = answer.own_price {
            terms.push(trade(Term::new("unit value of its own imports", price, "USD/kg")));
        }
        for flow in &balance.outliers {
            let what = format!(
                "left out: {} to {} at {:.3} USD/kg, where half of the trade is above {:.3}",
                self.name_of(flow.exporter),
                self.name_of(flow.importer),
                flow.unit_value,
                flow.median
            );
            terms.push(trade(Term::new(what, flow.tonnes.unwrap_or(0.0), "t")));
        }
        terms.extend(stability);
        terms
    }
}
