//! Published figures that the balanced base year is held against.

use std::collections::BTreeMap;

use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::BaseYear;
use monazite_evidence::table::StageShare;
use monazite_evidence::{Area, Dataset, Element, PlaceId, ShareStage};

/// Mine tonnage may differ from the official figure by this share.
pub const MINE_TOLERANCE: f64 = 0.01;
/// A stage share may differ from the published one by so many percentage points.
pub const SHARE_TOLERANCE: f64 = 2.0;

/// The magnet rare earths, which published stage shares count.
const MAGNET: [Element; 4] = [Element::Nd, Element::Pr, Element::Dy, Element::Tb];

/// One published figure and what the base year makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// What it is about, as published.
    pub what: String,
    /// The same in short.
    pub short: String,
    /// Place id, or `ROW`.
    pub place: String,
    /// What was published.
    pub evidence: f64,
    /// What the base year has.
    pub reconciled: f64,
    /// The difference: a share of the evidence for tonnages, percentage points for shares.
    pub off: f64,
    /// Whether it is close enough.
    pub met: bool,
    /// Confidence letter of the evidence.
    pub confidence: String,
    /// Ids of the sources.
    pub source: String,
}

/// The place of the view that a country is counted in.
fn view_id<'a>(base: &'a BaseYear, dataset: &Dataset, place: &PlaceId) -> Option<&'a str> {
    let member = dataset.view_place(place)?;
    let found = base
        .places
        .iter()
        .find(|view| view.members.iter().any(|id| id == member.as_str()))?;
    Some(found.id.as_str())
}

/// Mine tonnages by place against the production that the model prefers.
pub fn mines(dataset: &Dataset, base: &BaseYear) -> Vec<Target> {
    let mut mined: BTreeMap<&str, f64> = BTreeMap::new();
    for activity in base
        .activities
        .iter()
        .filter(|a| matches!(a.activity, Activity::Mine(_)))
    {
        *mined
            .entry(base.places[activity.place.index()].id.as_str())
            .or_default() += activity.level;
    }
    let mut targets: Vec<Target> = Vec::new();
    for row in dataset
        .production
        .iter()
        .filter(|row| row.year == base.year && row.preferred)
    {
        let Some(place) = view_id(base, dataset, &row.place) else {
            continue;
        };
        let sources: Vec<&str> = row
            .provenance
            .sources
            .iter()
            .map(monazite_evidence::SourceId::as_str)
            .collect();
        // Several countries may share a place of the view.
        if let Some(known) = targets.iter_mut().find(|target| target.place == place) {
            known.evidence += row.production_t_reo.0;
            continue;
        }
        targets.push(Target {
            what: format!("mined, {}", row.series),
            short: row.series.clone(),
            place: place.to_owned(),
            evidence: row.production_t_reo.0,
            reconciled: mined.get(place).copied().unwrap_or(0.0),
            off: 0.0,
            met: true,
            confidence: row.provenance.confidence.to_string(),
            source: sources.join(";"),
        });
    }
    targets.retain(|target| target.evidence > 0.0 || target.reconciled > 0.0);
    for target in &mut targets {
        target.off = target.reconciled / target.evidence - 1.0;
        target.met = target.off.abs() <= MINE_TOLERANCE;
    }
    targets.sort_by(|a, b| b.evidence.total_cmp(&a.evidence));
    targets
}

/// What a stage made, counted as published shares count it: magnet elements, or magnets.
fn weight(base: &BaseYear, stage: ShareStage, activity: Activity) -> Option<f64> {
    let oxide = |element: Element| base.catalogue.oxide_per_element[element.index()];
    match (stage, activity) {
        (ShareStage::Mine, Activity::Mine(feed)) => {
            let composition = base.catalogue.feed(feed).composition;
            Some(
                MAGNET
                    .iter()
                    .map(|element| composition[element.index()] / oxide(*element))
                    .sum(),
            )
        }
        (ShareStage::Separation, Activity::Finish(element)) => MAGNET.contains(&element).then(|| 1.0 / oxide(element)),
        (ShareStage::Metal, Activity::MakeMetal(element)) => MAGNET.contains(&element).then_some(1.0),
        (ShareStage::Magnet, Activity::MakeMagnet(_)) => Some(1.0),
        _ => None,
    }
}

/// Whether a published share counts what [`weight`] counts.
fn comparable(row: &StageShare) -> bool {
    let material = row.material.as_str();
    match row.stage {
        ShareStage::Mine | ShareStage::Separation => material.starts_with("magnet REE"),
        ShareStage::Metal | ShareStage::Magnet => true,
    }
}

/// Shares of places in each stage against those published for the year.
pub fn shares(dataset: &Dataset, base: &BaseYear) -> Vec<Target> {
    let mut targets = Vec::new();
    for stage in [
        ShareStage::Mine,
        ShareStage::Separation,
        ShareStage::Metal,
        ShareStage::Magnet,
    ] {
        let mut made: BTreeMap<&str, f64> = BTreeMap::new();
        for activity in &base.activities {
            if let Some(weight) = weight(base, stage, activity.activity) {
                *made.entry(base.places[activity.place.index()].id.as_str()).or_default() += weight * activity.level;
            }
        }
        let world: f64 = made.values().sum();
        let rows: Vec<&StageShare> = (dataset.stage_shares.iter())
            .filter(|row| row.stage == stage && row.year == base.year && comparable(row))
            .collect();
        for row in rows.iter().filter(|_| world > 0.0) {
            let of_same = |other: &&&StageShare| other.material == row.material && other.basis == row.basis;
            let tonnes = match &row.place {
                Area::World => continue,
                Area::Place(place) => {
                    let Some(id) = view_id(base, dataset, place) else {
                        continue;
                    };
                    made.get(id).copied().unwrap_or(0.0)
                }
                Area::Rest => {
                    let named = rows.iter().filter(of_same).filter_map(|other| other.place.place());
                    let named: f64 = named.filter_map(|place| made.get(view_id(base, dataset, place)?)).sum();
                    world - named
                }
            };
            let share = 100.0 * tonnes / world;
            let off = share - row.share_pct.0;
            let sources: Vec<&str> = row
                .provenance
                .sources
                .iter()
                .map(monazite_evidence::SourceId::as_str)
                .collect();
            targets.push(Target {
                what: format!("{stage}, {}", row.material),
                short: format!(
                    "{stage}, {}",
                    row.material.as_str().split(" (").next().unwrap_or_default()
                ),
                place: row.place.to_string(),
                evidence: row.share_pct.0,
                reconciled: share,
                off,
                met: off.abs() <= SHARE_TOLERANCE,
                confidence: row.provenance.confidence.to_string(),
                source: sources.join(";"),
            });
        }
    }
    targets
}
