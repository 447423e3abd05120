//! One element from ore to use: nodes and links of a balanced year, and what the evidence said before it was balanced.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::reconcile::{Adjustment, Node, Step, content};
use monazite_evidence::{Element, ShareStage};
use monazite_risk::{Context, Subject};
use serde::Serialize;
use utoipa::ToSchema;

use super::conflicts::{self, Conflict};
use super::{base, holders, ids};
use crate::desk::Desk;
use crate::jobs::Resolution;
use crate::problem::Problem;

/// The chain of one element.
#[derive(Debug, Serialize, ToSchema)]
pub struct Chain {
    /// The element.
    element: String,
    /// The year.
    year: u16,
    /// Unit of all tonnes: content as the element's oxide, in the year.
    unit: &'static str,
    /// Steps in places.
    nodes: Vec<ChainNode>,
    /// What goes from step to step; never back.
    links: Vec<ChainLink>,
    /// What reconciliation moved, the most first: of all elements together, and of this one.
    adjustments: Vec<Moved>,
    /// Where the evidence of the year contradicts itself.
    conflicts: Vec<Conflict>,
    /// Largest imbalance of any product and place, as a share of its supply.
    imbalance: f64,
    /// What could not be used, in words.
    warnings: Vec<String>,
}

/// A step in a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainNode {
    /// `oxide@CHN`.
    id: String,
    /// The step: mine, cracking, `separation_light`, `separation_heavy`, recycling, oxide, metal, magnet, use, unsold.
    step: &'static str,
    /// Code of the place.
    place: String,
    /// Its name.
    name: String,
    /// What goes in, or what comes out where nothing goes in.
    tonnes: f64,
    /// What is lost, or leaves as process scrap.
    lost_tonnes: f64,
    /// How far the evidence on it can be trusted; `C` where none speaks of it.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// What goes from step to step.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainLink {
    /// Id of the node it leaves.
    source: String,
    /// Id of the node it reaches.
    target: String,
    /// Content.
    tonnes: f64,
}

/// A piece of evidence, and what the balanced year made of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Moved {
    /// What was observed.
    what: String,
    /// Stage or step.
    stage: &'static str,
    /// Place, or `WLD`.
    place: String,
    /// Its name.
    name: String,
    /// What the evidence says.
    evidence: f64,
    /// What the balanced year has.
    reconciled: f64,
    /// Unit of both.
    unit: &'static str,
    /// Change as a share of the evidence.
    change_share: Option<f64>,
    /// Change in standard deviations of the evidence.
    standard_deviations: f64,
    /// How far the evidence can be trusted.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// The chain of one element.
pub fn chain(desk: &Desk, element: Element, year: u16, view: Resolution) -> Result<Chain, Problem> {
    let base = base(desk, year, view)?;
    let found = content(&base, element);
    let trust = Trust::of(desk, element, year);
    let mut nodes: BTreeMap<Node, (f64, f64)> = BTreeMap::new();
    for link in &found.links {
        nodes.entry(link.from).or_default().1 += link.tonnes;
        nodes.entry(link.to).or_default().0 += link.tonnes;
    }
    let place = |node: Node| base.places.get(node.1.index());
    let id = |node: Node| format!("{}@{}", node.0, place(node).map_or("", |place| place.id.as_str()));
    let nodes = nodes.into_iter().map(|(node, (into, out))| {
        let at = place(node);
        let members = at.map(|place| place.members.clone()).unwrap_or_default();
        let (confidence, sources) = trust.of_node(node.0, &members);
        ChainNode {
            id: id(node),
            step: node.0.as_str(),
            place: at.map(|place| place.id.clone()).unwrap_or_default(),
            name: at.map(|place| place.name.clone()).unwrap_or_default(),
            tonnes: if into > 0.0 { into } else { out },
            lost_tonnes: found.losses.get(&node).copied().unwrap_or(0.0),
            confidence,
            sources,
        }
    });
    let links = found.links.iter().map(|link| ChainLink {
        source: id(link.from),
        target: id(link.to),
        tonnes: link.tonnes,
    });
    Ok(Chain {
        element: element.symbol().to_owned(),
        year,
        unit: "t REO",
        nodes: nodes.collect(),
        links: links.collect(),
        adjustments: base
            .adjustments
            .iter()
            .filter(|one| speaks_of(one, element))
            .map(|one| moved(desk, one))
            .collect(),
        conflicts: conflicts::of_year(desk, year),
        imbalance: base.max_imbalance(),
        warnings: base.warnings.clone(),
    })
}

/// Whether a piece of evidence is on an element, or on none alone.
fn speaks_of(adjustment: &Adjustment, element: Element) -> bool {
    let words = || adjustment.what.split(|c: char| !c.is_ascii_alphanumeric());
    let named: Vec<Element> = words().filter_map(|word| word.parse().ok()).collect();
    named.is_empty() || named.contains(&element)
}

fn moved(desk: &Desk, one: &Adjustment) -> Moved {
    let (evidence, reconciled) = match one.stated {
        // A published share, and how far the balance is from it.
        Some(share) => (share + one.evidence, share + one.reconciled),
        None => (one.evidence, one.reconciled),
    };
    Moved {
        what: in_words(desk, one),
        stage: one.stage,
        place: one.place.clone(),
        name: desk.place_name(&one.place),
        evidence,
        reconciled,
        unit: one.unit,
        change_share: (one.stated.is_none() && evidence != 0.0).then(|| one.change() / evidence.abs()),
        standard_deviations: one.z(),
        confidence: one.confidence.as_str(),
        sources: ids(&one.sources),
    }
}

/// What was observed, with places by their names; a share without its value, which stands beside it.
fn in_words(desk: &Desk, one: &Adjustment) -> String {
    let text = one.what.replace('_', " ");
    let text = match one.stated {
        Some(_) => text
            .trim_end_matches(" (%)")
            .rsplit_once(' ')
            .map_or(&*text, |(words, _)| words),
        None => &text,
    };
    let name = |word: &str| match word {
        "ROW" => "all others".to_owned(),
        code if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => desk.place_name(code),
        word => word.to_owned(),
    };
    text.split(' ').map(name).collect::<Vec<_>>().join(" ")
}

/// What the indicators know of who makes what: how far a node can be trusted.
struct Trust(BTreeMap<(ShareStage, String), (&'static str, Vec<String>)>);

impl Trust {
    fn of(desk: &Desk, element: Element, year: u16) -> Self {
        let context = Context::new(&desk.dataset);
        let subject = Subject::element(element);
        let mut known = BTreeMap::new();
        for stage in ShareStage::ALL {
            for holder in holders::stage(&context, &subject, *stage, year).holders {
                known.insert((*stage, holder.holder), (holder.confidence, holder.sources));
            }
        }
        Self(known)
    }

    /// The worst of the members of a place.
    fn of_node(&self, step: Step, members: &[String]) -> (&'static str, Vec<String>) {
        let stage = match step {
            Step::Mine => ShareStage::Mine,
            Step::SeparationLight | Step::SeparationHeavy | Step::Oxide => ShareStage::Separation,
            Step::Metal => ShareStage::Metal,
            Step::Magnet => ShareStage::Magnet,
            Step::Cracking | Step::Recycling | Step::Use | Step::Unsold => return ("C", Vec::new()),
        };
        let known = || members.iter().filter_map(|place| self.0.get(&(stage, place.clone())));
        let worst = known().map(|(letter, _)| *letter).max().unwrap_or("C");
        let sources: BTreeSet<&String> = known().flat_map(|(_, sources)| sources).collect();
        (worst, sources.into_iter().cloned().collect())
    }
}
