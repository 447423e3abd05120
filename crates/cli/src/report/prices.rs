//! Price paths: one small chart per restricted element and magnet grade, and one of a control.

use monazite_evidence::Element;
use monazite_market::scenario::{Event, EventKind, ProductKind, Stocked};
use serde::Serialize;

use super::chart::{Chart, Series, lines};
use super::names::sentence;
use super::numbers::{figure, multiple};
use super::run::{Run, ZonePath};
use super::scale::Axis;

/// Most element panels besides the control.
const MOST_ELEMENTS: usize = 8;
/// Panels of elements when the scenario names none.
const UNNAMED_ELEMENTS: usize = 5;
/// A price that stays this close to its base is called steady.
const STEADY: f64 = 0.05;
/// What is shown to compare with.
const CONTROL: [Element; 2] = [Element::Nd, Element::Pr];

/// One chart with its words.
#[derive(Debug, Serialize)]
pub struct Panel {
    title: String,
    note: Option<&'static str>,
    chart: Chart,
    outside: Option<ZoneWords>,
    inside: Option<ZoneWords>,
    unverified: bool,
    #[serde(skip)]
    rank: Rank,
}

/// What puts a panel before others.
#[derive(Clone, Copy, Debug)]
struct Rank {
    /// How far the price outside China moves, as a logarithm; zero while it is steady.
    moves: f64,
    /// What the need of the base quarter costs.
    bill: f64,
}

impl Rank {
    fn of(zone: &ZonePath) -> Self {
        let moves = zone
            .peak_multiple()
            .map_or(0.0, |ratio| if ratio > 0.0 { ratio.ln().abs() } else { f64::INFINITY });
        Self {
            moves: if moves > STEADY { moves } else { 0.0 },
            bill: zone.base_bill(),
        }
    }
}

/// Large moves first; among steady prices, large bills first.
fn sort(panels: &mut [Panel]) {
    panels.sort_by(|a, b| {
        b.rank
            .moves
            .total_cmp(&a.rank.moves)
            .then(b.rank.bill.total_cmp(&a.rank.bill))
    });
}

/// The course of a price in a zone, in words.
#[derive(Debug, Serialize)]
struct ZoneWords {
    course: String,
    spot: Vec<String>,
    average: Vec<String>,
}

/// The section.
#[derive(Debug, Serialize)]
pub struct Prices {
    panels: Vec<Panel>,
    named: bool,
    moments: Vec<String>,
    any_log: bool,
}

/// What a panel is about.
enum Subject {
    Elements(Vec<Element>),
    Grade(String),
}

impl Subject {
    fn products(&self) -> Vec<String> {
        match self {
            Self::Elements(elements) => elements.iter().map(|e| format!("oxide:{e}")).collect(),
            Self::Grade(grade) => vec![format!("magnet:{grade}")],
        }
    }

    fn title(&self, run: &Run<'_>) -> String {
        match self {
            Self::Elements(elements) => {
                let names: Vec<&str> = elements.iter().map(|e| run.names.element(e.symbol())).collect();
                sentence(&format!("{} oxide", names.join("–")))
            }
            Self::Grade(grade) => run.names.product_title(&format!("magnet:{grade}")),
        }
    }

    /// Whether an event acts on it directly.
    fn is_touched(&self, run: &Run<'_>, event: &Event) -> bool {
        let Some(flows) = event.kind.flows() else {
            let EventKind::StockRelease { product, .. } = &event.kind else {
                return true;
            };
            return match (self, product) {
                (Self::Elements(elements), Stocked::Oxide(e) | Stocked::Metal(e)) => elements.contains(e),
                (Self::Grade(grade), Stocked::Magnet(released)) => released.as_str() == grade,
                (_, Stocked::Feed(..)) => true,
                _ => false,
            };
        };
        let grades = |wanted: &dyn Fn(&str, &[f64; Element::COUNT]) -> bool| {
            run.inputs.dataset.magnet_grades.iter().any(|row| {
                let content = Element::ALL.iter().map(|e| row.content(*e).0);
                let mut shares = [0.0; Element::COUNT];
                for (slot, share) in shares.iter_mut().zip(content) {
                    *slot = share;
                }
                flows.has_grade(&row.grade, &shares) && wanted(row.grade.as_str(), &shares)
            })
        };
        let feeds = [
            ProductKind::Concentrate,
            ProductKind::Carbonate,
            ProductKind::HeavyConcentrate,
        ];
        feeds.iter().any(|kind| flows.concerns(*kind))
            || match self {
                Self::Elements(elements) => elements.iter().any(|e| {
                    flows.has_element(ProductKind::Oxide, *e)
                        || flows.has_element(ProductKind::Metal, *e)
                        || grades(&|_, shares| shares[e.index()] > 0.0)
                }),
                Self::Grade(grade) => grades(&|id, _| id == grade),
            }
    }

    fn panel(&self, run: &Run<'_>) -> Option<Panel> {
        let products = self.products();
        let products: Vec<&str> = products.iter().map(String::as_str).collect();
        let [inside, outside] = run.prices(&products);
        let (inside, outside) = (inside.base().map(|_| inside), outside.base().map(|_| outside));
        if inside.is_none() && outside.is_none() {
            return None;
        }
        let mut series = Vec::new();
        for (zone, classes, names) in [
            (
                &outside,
                ["out average", "out spot"],
                ["volume-weighted outside China", "spot outside China"],
            ),
            (
                &inside,
                ["in average", "in spot"],
                ["volume-weighted in China", "spot in China"],
            ),
        ] {
            let Some(zone) = zone else { continue };
            series.push(Series {
                class: classes[0],
                name: names[0],
                values: zone.average(),
                dots: false,
            });
            series.push(Series {
                class: classes[1],
                name: names[1],
                values: zone.spot(),
                dots: true,
            });
        }
        let axis = Axis::of_prices(series.iter().flat_map(|s| s.values.iter().flatten().copied()));
        let title = self.title(run);
        let rank = Rank::of(outside.as_ref().or(inside.as_ref())?);
        let unverified = [&inside, &outside].into_iter().flatten().any(|zone| zone.unverified);
        let (inside, outside) = (
            inside.as_ref().and_then(|z| zone_words(run, z)),
            outside.as_ref().and_then(|z| zone_words(run, z)),
        );
        let label = label(&title, inside.as_ref(), outside.as_ref());
        let events: Vec<(usize, &Event)> = run.events().filter(|(_, event)| self.is_touched(run, event)).collect();
        Some(Panel {
            chart: lines(run, label, "USD/kg", axis, &series, &events),
            title,
            note: None,
            outside,
            inside,
            unverified,
            rank,
        })
    }
}

fn label(title: &str, inside: Option<&ZoneWords>, outside: Option<&ZoneWords>) -> String {
    let parts = [("outside China", outside), ("in China", inside)];
    let parts: Vec<String> = parts
        .iter()
        .filter_map(|(zone, words)| Some(format!("{zone} {}", words.as_ref()?.course)))
        .collect();
    format!("{title}, price in USD/kg: {}.", parts.join("; "))
}

fn zone_words(run: &Run<'_>, zone: &ZonePath) -> Option<ZoneWords> {
    let texts = |values: Vec<Option<f64>>| {
        values
            .into_iter()
            .map(|v| v.map_or_else(|| "–".into(), figure))
            .collect()
    };
    Some(ZoneWords {
        course: course(run, zone)?,
        spot: texts(zone.spot()),
        average: texts(zone.average()),
    })
}

/// `steady at 638`, or where it starts, peaks (or bottoms out) and ends.
fn course(run: &Run<'_>, zone: &ZonePath) -> Option<String> {
    let base = zone.base()?;
    let (peak_at, peak) = zone.peak()?;
    let (low_at, low) = zone.low()?;
    let last = zone.spot().last().copied().flatten()?;
    let (rises, falls) = (peak > base * (1.0 + STEADY), low < base * (1.0 - STEADY));
    let from = figure(base);
    Some(if rises {
        let times = multiple(zone.peak_multiple()?);
        let end = figure(last);
        format!(
            "{from}, peak {} in {} ({times}), {end} at the end",
            figure(peak),
            run.moment_name(peak_at)
        )
    } else if falls {
        format!(
            "{from}, lowest {} in {}, {} at the end",
            figure(low),
            run.moment_name(low_at),
            figure(last)
        )
    } else {
        format!("steady at {from}")
    })
}

/// Elements whose oxides, metals or magnets the scenario restricts by name.
fn restricted(run: &Run<'_>) -> Vec<Element> {
    let mut found: Vec<Element> = Vec::new();
    for (_, event) in run.events() {
        let named = event.kind.flows().and_then(|flows| flows.elements.only.as_ref());
        for element in named.into_iter().flatten() {
            if !found.contains(element) {
                found.push(*element);
            }
        }
    }
    found
}

/// The charts of a run.
pub fn prices(run: &Run<'_>) -> Prices {
    let named = restricted(run);
    let is_named = !named.is_empty();
    let candidates = if is_named { named } else { Element::ALL.to_vec() };
    let mut panels: Vec<Panel> = candidates
        .iter()
        .filter(|element| !CONTROL.contains(element))
        .filter_map(|element| Subject::Elements(vec![*element]).panel(run))
        .collect();
    sort(&mut panels);
    panels.truncate(if is_named { MOST_ELEMENTS } else { UNNAMED_ELEMENTS });
    if let Some(mut control) = Subject::Elements(CONTROL.to_vec()).panel(run) {
        let touched = candidates.iter().any(|element| CONTROL.contains(element)) && is_named;
        control.note = (!touched).then_some("control, not restricted by name");
        panels.push(control);
    }
    let mut magnets: Vec<Panel> = run
        .inputs
        .dataset
        .magnet_grades
        .iter()
        .map(|row| Subject::Grade(row.grade.as_str().to_owned()))
        .filter(|grade| {
            run.events()
                .any(|(_, event)| event.kind.flows().is_some() && grade.is_touched(run, event))
        })
        .filter_map(|grade| grade.panel(run))
        .collect();
    sort(&mut magnets);
    panels.extend(magnets);
    Prices {
        any_log: panels.iter().any(|panel| panel.chart.is_log()),
        panels,
        named: is_named,
        moments: (0..run.moments())
            .map(|n| {
                if n == 0 {
                    "base".to_owned()
                } else {
                    run.moment_name(n).to_owned()
                }
            })
            .collect(),
    }
}
