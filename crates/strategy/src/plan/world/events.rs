//! Disruptions as events of a scenario that hold in every quarter.

use jiff::civil::date;
use monazite_evidence::table::{Disruption, DisruptionKind};
use monazite_evidence::{Dataset, Element, ViewPlace};
use monazite_market::scenario::{Event, EventKind, Flows, Plants, ProductKind, Quarter, Scenario, Schedule, Selection};

use super::Question;
use crate::plan::PlanError;

/// A scenario in which the given disruptions hold always.
pub(super) fn scenario(
    dataset: &Dataset,
    question: &Question,
    disruptions: &[&Disruption],
) -> Result<Scenario, PlanError> {
    let events = disruptions
        .iter()
        .map(|d| event(dataset, question, d))
        .collect::<Result<_, _>>()?;
    Ok(Scenario {
        name: "plan".to_owned(),
        title: String::new(),
        description: String::new(),
        topic: String::new(),
        base_year: 2024,
        start: Quarter::of(date(2025, 1, 1)),
        quarters: 1,
        events,
    })
}

fn event(dataset: &Dataset, question: &Question, d: &Disruption) -> Result<Event, PlanError> {
    let places: Vec<ViewPlace> = d.places.iter().filter_map(|p| dataset.view_place(p).cloned()).collect();
    let kind = match d.kind {
        DisruptionKind::Outage => EventKind::Outage {
            plants: Plants::At {
                places: Selection::of(places),
                stages: d.stages.clone(),
            },
            available_share: Schedule::constant(d.share_left),
        },
        DisruptionKind::Export => EventKind::Licence {
            flows: flows(dataset, question, d, places)?,
            approved_share: Schedule::constant(d.share_left),
            processing_delay_days: 0,
        },
        DisruptionKind::Partner => return Err(PlanError::Internal("a partner's loss is no event of the market")),
    };
    Ok(Event {
        id: d.disruption.clone(),
        title: Some(d.title.clone()),
        evidence: d.evidence.clone(),
        from: date(2000, 1, 1),
        until: None,
        note: None,
        kind,
    })
}

fn flows(dataset: &Dataset, question: &Question, d: &Disruption, origin: Vec<ViewPlace>) -> Result<Flows, PlanError> {
    let wrong = |what: String| PlanError::Asked {
        what: format!("disruption `{}`: {what}", d.disruption),
        hint: "look at the table's description: `monazite data describe disruptions`".to_owned(),
    };
    let products = (d.products.iter())
        .map(|word| {
            let found = ProductKind::ALL.iter().find(|kind| kind.as_str() == word);
            found.copied().ok_or_else(|| wrong(format!("unknown product `{word}`")))
        })
        .collect::<Result<_, _>>()?;
    let elements = (d.elements.iter())
        .map(|symbol| {
            let found = Element::ALL.iter().find(|e| e.symbol() == symbol);
            found
                .copied()
                .ok_or_else(|| wrong(format!("unknown element `{symbol}`")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let destination = (d.destinations.iter())
        .map(|word| {
            let place = if word == "planner" {
                question.planner.clone()
            } else {
                monazite_evidence::PlaceId::from(word.as_str())
            };
            let view = dataset.view_place(&place).cloned();
            view.ok_or_else(|| wrong(format!("unknown place `{word}`")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Flows {
        products,
        elements: if elements.is_empty() {
            Selection::all()
        } else {
            Selection::of(elements)
        },
        grades: Selection::all(),
        feeds: Selection::all(),
        content_threshold: 0.0,
        origin: Selection::of(origin),
        destination: if destination.is_empty() {
            Selection::all()
        } else {
            Selection::of(destination)
        },
        end_uses: Selection::all(),
    })
}
