//! What a scenario does to parts: pieces not built, months late, dearer inputs, days until stocks run out.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::{Dataset, Element, EndUseId};

use super::book::{Book, Cuts};
use super::is_magnet;
use super::profile::Bought;
use crate::Range;
use crate::bom::Part;
use crate::industry::Shortfall;

/// Days of a quarter.
const QUARTER_DAYS: f64 = 91.25;
/// Months of a quarter.
const QUARTER_MONTHS: f64 = 3.0;

/// What the scenario does to one kind of part, per piece.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// Part of the pieces of each quarter that cannot be built: with what users can save and replace, and without.
    lost: Vec<(f64, f64)>,
    /// Part of what is ordered that does not arrive, by quarter.
    missing: Vec<f64>,
    /// Whether `missing` is that of the supplier's own route.
    by_supplier: bool,
    /// The input that is worst in the worst quarter.
    input: String,
    /// What a piece's inputs cost above base prices, by quarter, USD; empty when the mass is not known.
    dearer: Vec<f64>,
    /// Highest price over base price of any input, and its quarter.
    peak: (f64, usize),
    /// Where it is ordered from and to, for messages.
    quarters: Vec<String>,
}

/// When a site's stock is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Days from the start of the path.
    pub day: f64,
    /// The quarter it falls in.
    pub quarter: String,
    /// Part of the pieces that can still be built then.
    pub output_then: f64,
}

/// What the scenario does to one part.
#[derive(Clone, Debug, PartialEq)]
pub struct PartRisk {
    /// Pieces not built over the path. Low and central: users save and replace what they can; high: they cannot.
    pub not_built: Range,
    /// The same as a share of the pieces of the path.
    pub not_built_share: Range,
    /// Months behind at the end, if nothing can be made up.
    pub months_late: Range,
    /// The quarter with the largest loss, where there is one.
    pub worst_quarter: Option<String>,
    /// The input behind it, such as `magnet:uh`.
    pub input: String,
    /// Highest price of an input over its base price.
    pub peak_price: f64,
    /// The quarter of that price.
    pub peak_quarter: String,
    /// What a piece's inputs cost more in the dearest quarter, USD; none when the mass is not known.
    pub dearer_usd: Option<f64>,
    /// Extra cost of all pieces built over the path, USD.
    pub dearer_total_usd: Option<f64>,
    /// When stock runs out: none where no stock is given.
    pub stop: Option<Option<Stop>>,
    /// Whether the supplier's own route was used for it.
    pub by_supplier: bool,
}

impl Exposure {
    pub(super) fn new(
        dataset: &Dataset,
        book: &Book<'_>,
        part: &Part,
        end_use: Option<&EndUseId>,
        bought: &[Bought],
        content: &BTreeMap<Element, Range>,
    ) -> Option<Self> {
        let quarters = book.quarters().to_vec();
        let essential = end_use
            .and_then(|id| dataset.end_use(id))
            .map_or(1.0, |row| row.essential.0);
        let inputs: Vec<(String, &Bought, Cuts)> = (bought.iter())
            .filter_map(|b| {
                let name = book.base.catalogue.name(b.product);
                let cut = book.cut(&name, &part.place, end_use.map(EndUseId::as_str))?;
                Some((name, b, cut))
            })
            .collect();
        if inputs.is_empty() {
            return None;
        }
        let mut exposure = Self {
            lost: Vec::new(),
            missing: Vec::new(),
            by_supplier: false,
            input: String::new(),
            dearer: Vec::new(),
            peak: (1.0, 0),
            quarters,
        };
        let mut worst = -1.0;
        for q in 0..exposure.quarters.len() {
            let (mut grades, mut all) = ((0.0, 0.0, 0.0), 0.0);
            let (mut most, mut cut_most) = ((0.0_f64, 0.0_f64), 0.0_f64);
            for (name, b, cuts) in &inputs {
                let (cut, substituted) = cuts.at(q);
                let row = Shortfall {
                    input: String::new(),
                    product: String::new(),
                    value_kusd: 1.0,
                    essential,
                    cut: vec![cut],
                    substituted: vec![substituted],
                };
                let lost = (row.output_loss(0, true), row.output_loss(0, false));
                if matches!(b.product, Product::Magnet(_)) && b.share < 1.0 {
                    // A piece holds one of the grades.
                    grades.0 += b.share * lost.0;
                    grades.1 += b.share * lost.1;
                    grades.2 += b.share * cut;
                    all += b.share;
                } else {
                    // A piece needs every one.
                    most = (most.0.max(lost.0), most.1.max(lost.1));
                    cut_most = cut_most.max(cut);
                }
                if lost.1 > worst {
                    worst = lost.1;
                    exposure.input.clone_from(name);
                }
            }
            let all = f64::max(all, f64::MIN_POSITIVE);
            exposure
                .lost
                .push((most.0.max(grades.0 / all), most.1.max(grades.1 / all)));
            exposure.missing.push(cut_most.max(grades.2 / all));
        }
        exposure.follow_supplier(book, part, &inputs);
        exposure.price(book, part, &inputs, content);
        Some(exposure)
    }

    /// Deliveries of the supplier's own route, where the model has it.
    fn follow_supplier(&mut self, book: &Book<'_>, part: &Part, inputs: &[(String, &Bought, Cuts)]) {
        let Some(supplier) = part.supplier_place.as_deref().filter(|place| *place != part.place) else {
            return;
        };
        let routes: Vec<(f64, &[f64])> = (inputs.iter())
            .filter_map(|(name, b, _)| Some((b.share, book.flow(name, supplier, &part.place)?)))
            .collect();
        let all: f64 = routes.iter().map(|(share, _)| share).sum();
        if all <= 0.0 {
            return;
        }
        self.by_supplier = true;
        for (q, missing) in self.missing.iter_mut().enumerate() {
            let arrives = |flow: &[f64]| flow.get(q).copied().unwrap_or(0.0).min(1.0);
            let kept: f64 = routes.iter().map(|(share, flow)| share * arrives(flow)).sum();
            *missing = (1.0 - kept / all).max(0.0);
        }
    }

    fn price(
        &mut self,
        book: &Book<'_>,
        part: &Part,
        inputs: &[(String, &Bought, Cuts)],
        content: &BTreeMap<Element, Range>,
    ) {
        let place = book.place(&part.place);
        let n = self.quarters.len();
        // Where the mass of magnets is not known, the oxides in them are priced.
        let by_oxide = !is_magnet(&part.content) && inputs.iter().any(|(_, b, _)| b.kilograms.is_none());
        let mut dearer = vec![0.0; n];
        let mut known = !content.is_empty();
        let oxides: Vec<(String, Product, Option<f64>)> = if by_oxide {
            (content.iter())
                .map(|(element, kilograms)| {
                    let product = Product::Oxide(*element);
                    let oxide = book.base.catalogue.oxide_per_element.get(element.index()).copied();
                    (
                        book.base.catalogue.name(product),
                        product,
                        oxide.map(|oxide| oxide * kilograms.central),
                    )
                })
                .collect()
        } else {
            (inputs.iter())
                .map(|(name, b, _)| (name.clone(), b.product, b.kilograms))
                .collect()
        };
        for (name, product, kilograms) in oxides {
            let Some(base) = book.base_price(product, place).filter(|base| *base > 0.0) else {
                continue;
            };
            let Some(path) = book.path_price(&name, &part.place) else {
                continue;
            };
            for (q, price) in path.iter().enumerate() {
                let multiple = price / base;
                if multiple > self.peak.0 {
                    self.peak = (multiple, q);
                }
                match (kilograms, dearer.get_mut(q)) {
                    (Some(kilograms), Some(sum)) => *sum += kilograms * (price - base),
                    _ => known = false,
                }
            }
        }
        self.dearer = if known { dearer } else { Vec::new() };
    }

    /// For the pieces of one part; its quantity is that of a year.
    pub(super) fn of(&self, part: &Part) -> PartRisk {
        let per_quarter = part.quantity / 4.0;
        let sum = |pick: fn(&(f64, f64)) -> f64| self.lost.iter().map(pick).sum::<f64>();
        let (spared, all) = (sum(|lost| lost.0), sum(|lost| lost.1));
        let quarters = f64::max(as_number(self.lost.len()), 1.0);
        let range = Range::new(spared, spared, all);
        let worst = (self.lost.iter().enumerate())
            .filter(|(_, lost)| lost.1 > 0.0)
            .max_by(|a, b| a.1.1.total_cmp(&b.1.1));
        let dearest = self.dearer.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let named = |q: usize| self.quarters.get(q).cloned().unwrap_or_default();
        PartRisk {
            not_built: range * per_quarter,
            not_built_share: range * (1.0 / quarters),
            months_late: range * QUARTER_MONTHS,
            worst_quarter: worst.map(|(q, _)| named(q)),
            input: self.input.clone(),
            peak_price: self.peak.0,
            peak_quarter: named(self.peak.1),
            dearer_usd: (!self.dearer.is_empty()).then_some(dearest),
            dearer_total_usd: (!self.dearer.is_empty()).then(|| {
                (self.dearer.iter().zip(&self.lost))
                    .map(|(extra, lost)| per_quarter * extra * (1.0 - lost.0))
                    .sum()
            }),
            stop: part.stock_days.map(|days| self.stop(days)),
            by_supplier: self.by_supplier,
        }
    }

    /// When a stock of so many days of use is gone: each day takes what does not arrive.
    fn stop(&self, stock_days: f64) -> Option<Stop> {
        let mut left = stock_days;
        for (q, missing) in self.missing.iter().enumerate() {
            let gone = missing * QUARTER_DAYS;
            if gone > 0.0 && gone >= left {
                return Some(Stop {
                    day: as_number(q) * QUARTER_DAYS + left / missing,
                    quarter: self.quarters.get(q).cloned().unwrap_or_default(),
                    output_then: 1.0 - missing,
                });
            }
            left -= gone;
        }
        None
    }
}

#[allow(clippy::cast_precision_loss, reason = "a count of quarters")]
fn as_number(count: usize) -> f64 {
    count as f64
}
