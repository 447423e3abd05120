//! What went before, what is to come, and what the article leaves open.

use jiff::civil::Date;
use monazite_evidence::Dataset;
use monazite_evidence::table::FacilityStatus;
use schemars::JsonSchema;
use serde::Serialize;

use crate::date::When;
use crate::entity::{Entity, EntityKind};
use crate::event::{Event, EventKind, Status};
use crate::text::Span;

/// An earlier deal or policy event of the evidence.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Earlier {
    /// `deals` or `policy_events`.
    pub table: String,
    /// Its id.
    pub id: String,
    /// When.
    pub date: String,
    /// What happened.
    pub title: String,
    /// Amount in million USD, where known.
    pub amount_musd: Option<f64>,
    /// Where it stands.
    pub status: Option<String>,
    /// A, B or C.
    pub confidence: String,
    /// Whom it shares with the article.
    pub shared: Vec<String>,
}

/// Something dated that is still to come.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Watch {
    /// When.
    pub date: String,
    /// What.
    pub what: String,
    /// The row of the evidence; none where the article says it.
    pub evidence: Option<String>,
    /// The words of the article, where it says it.
    pub span: Option<Span>,
}

/// Something the article leaves open, and the words that raise it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Question {
    /// The question.
    pub question: String,
    /// The event it is about.
    pub span: Span,
}

/// Context of an article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Around {
    /// Earlier deals and events with the same parties, the nearest first.
    pub earlier: Vec<Earlier>,
    /// What is dated after the article.
    pub watch: Vec<Watch>,
    /// What it leaves open.
    pub questions: Vec<Question>,
}

/// Puts the context together.
#[must_use]
pub fn around(dataset: &Dataset, entities: &[Entity], events: &[Event], published: Option<Date>) -> Around {
    // A text without a date is no earlier than the last thing that it tells as past.
    let settled = events
        .iter()
        .filter(|event| !matches!(event.status, Status::Planned | Status::Rumoured));
    let last = settled.filter_map(|event| Some(event.when.as_ref()?.until)).max();
    Around {
        earlier: earlier(dataset, entities, events, published.or(last)),
        watch: watch(dataset, entities, events, published),
        questions: questions(events),
    }
}

const MOST: usize = 12;

fn earlier(dataset: &Dataset, entities: &[Entity], events: &[Event], published: Option<Date>) -> Vec<Earlier> {
    let mut found: Vec<(usize, Date, Earlier)> = Vec::new();
    let before = |date: Date| published.is_none_or(|published| date < published);
    for deal in dataset.deals.iter().filter(|deal| before(deal.date.first_day())) {
        let shared: Vec<String> = entities
            .iter()
            .filter(|entity| {
                entity
                    .evidence
                    .iter()
                    .any(|row| row.table == "deals" && row.id == deal.deal.as_str())
            })
            .map(|entity| entity.name.clone())
            .collect();
        if !shared.is_empty() {
            let earlier = Earlier {
                table: "deals".to_owned(),
                id: deal.deal.to_string(),
                date: deal.date.to_string(),
                title: if shared.len() > 1 && published.is_some_and(|day| is_near(deal.date.first_day(), day)) {
                    format!("{} (perhaps what the article tells)", deal.title)
                } else {
                    deal.title.clone()
                },
                amount_musd: deal.amount_musd.map(|amount| amount.0),
                status: deal.status.clone(),
                confidence: deal.provenance.confidence.as_str().to_owned(),
                shared: shared.clone(),
            };
            found.push((shared.len() * 2, deal.date.first_day(), earlier));
        }
    }
    let acting: Vec<&str> = countries_of(events);
    for row in dataset.policy_events.iter().filter(|row| before(row.start.first_day())) {
        let actors: Vec<&String> = row
            .actors
            .iter()
            .filter(|actor| acting.contains(&actor.as_str()))
            .collect();
        let targets = row
            .targets
            .iter()
            .filter(|target| acting.contains(&target.as_str()))
            .count();
        let elements = entities.iter().any(|entity| {
            entity.kind == EntityKind::Element && row.elements.contains(&entity.key) && row.elements.len() < 13
        });
        let kind_fits = events.iter().any(|event| fits_instrument(event.kind, &row.instrument));
        let score = 2 * actors.len() + 2 * targets + usize::from(elements) + usize::from(kind_fits);
        if actors.is_empty() || score < 4 && !kind_fits {
            continue;
        }
        let shared = actors.iter().map(|actor| (*actor).clone()).chain(
            row.targets
                .iter()
                .filter(|target| acting.contains(&target.as_str()))
                .cloned(),
        );
        found.push((
            score,
            row.start.first_day(),
            Earlier {
                table: "policy_events".to_owned(),
                id: row.event.to_string(),
                date: row.start.to_string(),
                title: row.title.clone(),
                amount_musd: None,
                status: row.status.clone(),
                confidence: row.provenance.confidence.as_str().to_owned(),
                shared: {
                    let mut shared: Vec<String> = shared.collect();
                    let mut seen = std::collections::BTreeSet::new();
                    shared.retain(|name| seen.insert(name.clone()));
                    shared
                },
            },
        ));
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.id.cmp(&b.2.id)));
    found.truncate(MOST);
    found.sort_by(|a, b| b.1.cmp(&a.1).then(a.2.id.cmp(&b.2.id)));
    found.into_iter().map(|(_, _, earlier)| earlier).collect()
}

fn countries_of(events: &[Event]) -> Vec<&str> {
    let parties = events.iter().flat_map(|event| &event.parties);
    let mut codes: Vec<&str> = parties
        .filter(|party| party.kind == EntityKind::Country)
        .map(|party| party.key.as_str())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn fits_instrument(kind: EventKind, instrument: &str) -> bool {
    let words: &[&str] = match kind {
        EventKind::ExportControl => &["export", "licen", "extraterritorial", "suspension"],
        EventKind::Talks | EventKind::Agreement => &["talks", "agreement", "offer", "alliance"],
        EventKind::Tariff => &["tariff", "s232"],
        EventKind::Quota => &["quota"],
        EventKind::Sanction => &["sanction", "entity"],
        EventKind::Stockpile => &["stock"],
        EventKind::Closure => &["suspension", "closure"],
        _ => &[],
    };
    words.iter().any(|word| instrument.contains(word))
}

fn watch(dataset: &Dataset, entities: &[Entity], events: &[Event], published: Option<Date>) -> Vec<Watch> {
    let Some(published) = published else { return Vec::new() };
    let mut found: Vec<(Date, Watch)> = Vec::new();
    let said = events.iter().flat_map(|event| {
        [&event.when, &event.until]
            .into_iter()
            .flatten()
            .map(move |when| (event, when))
    });
    for (event, when) in said.filter(|(_, when)| when.until > published && when.from < far(published)) {
        found.push((
            when.from,
            Watch {
                date: when.to_string(),
                what: format!(
                    "{} ({}), as the article says",
                    event.kind.as_str().replace('_', " "),
                    event.status.as_str().replace('_', " ")
                ),
                evidence: None,
                span: Some(when.span.clone()),
            },
        ));
    }
    let acting = countries_of(events);
    for row in &dataset.policy_events {
        let concerned = row.actors.iter().any(|actor| acting.contains(&actor.as_str()));
        let end = row
            .end
            .map(monazite_evidence::Period::last_day)
            .filter(|end| *end > published && *end < far(published));
        if let (true, Some(end)) = (concerned && row.start.first_day() <= published, end) {
            found.push((
                end,
                Watch {
                    date: end.to_string(),
                    what: format!("ends: {}", row.title),
                    evidence: Some(row.event.to_string()),
                    span: None,
                },
            ));
        }
    }
    for row in &dataset.facilities {
        let id = row.facility.as_str();
        let concerned = entities.iter().any(|entity| {
            entity
                .evidence
                .iter()
                .any(|own| own.table == "facilities" && own.id == id)
        });
        let coming = matches!(
            row.status,
            FacilityStatus::Planned | FacilityStatus::Construction | FacilityStatus::Commissioning
        );
        if let (true, Some(start)) = (
            concerned && coming,
            row.start
                .filter(|start| start.first_day() > published && start.first_day() < far(published)),
        ) {
            let stage = row.stage.as_str().replace('_', " ");
            found.push((
                start.first_day(),
                Watch {
                    date: start.to_string(),
                    what: format!("{} ({stage}) is to start", row.name),
                    evidence: Some(id.to_owned()),
                    span: None,
                },
            ));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.what.cmp(&b.1.what)));
    found.dedup_by(|a, b| a.1.what == b.1.what && a.1.date == b.1.date);
    found.truncate(MOST);
    found.into_iter().map(|(_, watch)| watch).collect()
}

/// Three years on: what is farther nobody watches for.
fn far(date: Date) -> Date {
    Date::new(date.year().saturating_add(3), 12, 31).unwrap_or(date)
}

/// Whether two days are of one item of news.
fn is_near(date: Date, published: Date) -> bool {
    (published - date).get_days().abs() <= 10
}

fn questions(events: &[Event]) -> Vec<Question> {
    let mut found = Vec::new();
    for event in events {
        let mut ask = |question: &str| {
            if found.iter().any(|known: &Question| known.question == question) {
                return;
            }
            found.push(Question {
                question: question.to_owned(),
                span: event.trigger.clone(),
            });
        };
        let money = event.amounts.iter().any(crate::amount::Amount::is_money);
        let volume = event.amounts.iter().any(crate::amount::Amount::is_mass);
        let firms = event
            .parties
            .iter()
            .filter(|party| party.kind == EntityKind::Company)
            .count();
        let dated = |when: &Option<When>| when.is_some();
        match event.kind {
            EventKind::Offtake => {
                if !volume {
                    ask("How many tonnes a year, and of what?");
                }
                if event.status != Status::Signed {
                    ask("Is the offtake binding?");
                }
            }
            EventKind::Investment | EventKind::Acquisition if !money => ask("How much money?"),
            EventKind::Investment | EventKind::Agreement
                if matches!(event.status, Status::Announced | Status::Rumoured) =>
            {
                ask("Is it binding, and on which conditions?");
            }
            EventKind::Talks if firms == 0 && event.status != Status::Denied => {
                let sanctioned = ["RUS", "BLR", "MMR", "IRN", "PRK"];
                if event
                    .parties
                    .iter()
                    .any(|party| sanctioned.contains(&party.key.as_str()))
                {
                    ask("Which companies, which deposits, and do sanctions allow it?");
                } else {
                    ask("Which companies and which deposits?");
                }
            }
            EventKind::Opening if !dated(&event.when) && event.status == Status::Planned => ask("When does it start?"),
            EventKind::Closure | EventKind::Accident if !dated(&event.until) => {
                ask("How long does it last, and what share of capacity stands still?");
            }
            EventKind::ExportControl if event.status == Status::Announced && !dated(&event.when) => {
                ask("When does it take effect?");
            }
            EventKind::ExportControl if event.status == Status::Suspended && !dated(&event.until) => {
                ask("Until when is it suspended?");
            }
            _ => {}
        }
        if event.status == Status::Rumoured {
            ask("Who confirms it?");
        }
    }
    found.truncate(MOST);
    found
}
