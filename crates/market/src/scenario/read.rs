//! Reads the events of a scenario file.

use std::collections::BTreeMap;

use monazite_evidence::nearest::nearest;
use toml::de::DeTable;

use super::checks;
use super::event::{Event, EventKind};
use super::fault::ScenarioErrors;
use super::fields::Fields;
use super::kinds::{keys_of, read_kind};
use super::library;
use super::page::{At, Page, Span};
use super::vocabulary::Vocabulary;
use super::{Read, Scenario};

const SCENARIO_KEYS: &[&str] = &[
    "name",
    "title",
    "description",
    "topic",
    "include",
    "base_year",
    "start",
    "quarters",
    "event",
];
/// Where an event stands in the file, for faults about several events together.
pub(super) struct Place {
    pub heading: Span,
    pub from: Span,
    /// Whether it stands in another scenario that this one includes.
    pub included: bool,
}

/// Reads a whole file.
pub(super) fn read(text: &str, file: &str, vocabulary: &Vocabulary) -> Result<Read, ScenarioErrors> {
    let page = Page::new(file, text);
    let (document, faults) = DeTable::parse_recoverable(text);
    for fault in &faults {
        let span = fault.span().unwrap_or(0..0);
        let message = fault.message().replace('\n', ", ");
        // A word without quotes is taken for `true` or `false`.
        let bare_word = message.starts_with("invalid boolean");
        let fault = page.error(&span, message);
        page.report(if bare_word {
            fault.hint("texts stand in quotes")
        } else {
            fault
        });
    }
    if !faults.is_empty() {
        // What follows a slip of syntax cannot be trusted, nor complained about.
        return Err(page.into_faults());
    }
    let fields = Fields::new(&page, document.get_ref(), 0..0);
    fields.check_keys(SCENARIO_KEYS, |key| {
        let event_key = EventKind::WORDS.iter().any(|kind| keys_of(kind).contains(&key));
        event_key.then(|| format!("`{key}` belongs into an [[event]] table below"))
    });
    let head = read_head(&fields, vocabulary);
    let (included, mut places) = read_included(&fields, head.as_ref().map(|head| head.base_year), vocabulary);
    let (own, own_places) = read_events(&fields, &included, vocabulary);
    let events: Vec<Event> = included.into_iter().chain(own).collect();
    places.extend(own_places);
    if let Some(head) = head {
        let scenario = Scenario { events, ..head };
        checks::across_events(&page, &scenario, &places, vocabulary);
        if !page.has_errors() {
            let warnings = page.into_faults().faults;
            return Ok(Read { scenario, warnings });
        }
    }
    Err(page.into_faults())
}

/// Everything but the events.
fn read_head(fields: &Fields<'_, '_>, vocabulary: &Vocabulary) -> Option<Scenario> {
    for (key, hint) in [
        ("name", "a short id such as \"china-2025-04\""),
        ("title", "one line that says what happens"),
        ("base_year", "the year that \"as before\" refers to, such as 2024"),
        ("start", "the first quarter to simulate, such as \"2025-Q1\""),
        ("quarters", "how many quarters to simulate, such as 12"),
    ] {
        if !fields.has(key) {
            fields.missing(key, hint);
        }
    }
    let name = fields.text("name").and_then(|name| slug(fields, "name", name));
    let title = fields.text("title");
    let description = fields.text("description");
    let topic = fields.text("topic");
    let base_year = fields.count("base_year", 1900, 2200);
    let start = fields.quarter("start");
    let quarters = fields.count("quarters", 1, 200);
    let base_year = base_year.and_then(|year| check_base_year(fields, &year, vocabulary));
    if let (Some(year), Some(start)) = (base_year, &start)
        && start.value.year() < year
    {
        let message = format!("`start` is {}, before the base year {year}", start.value);
        fields.report(fields.fault(&start.span, message));
    }
    Some(Scenario {
        name: name?,
        title: title?.value,
        description: description.map_or_else(String::new, |text| text.value),
        topic: topic.map_or_else(String::new, |text| text.value),
        base_year: base_year?,
        start: start?.value,
        quarters: quarters?.value,
        events: Vec::new(),
    })
}

fn check_base_year(fields: &Fields<'_, '_>, year: &At<u32>, words: &Vocabulary) -> Option<i16> {
    let value = i16::try_from(year.value).ok()?;
    if words.base_years.is_empty() || words.base_years.contains(&value) {
        return Some(value);
    }
    let years: Vec<String> = words.base_years.iter().map(i16::to_string).collect();
    let message = format!("the dataset has no base year {value}");
    let hint = format!("one of {}", years.join(", "));
    fields.report(fields.fault(&year.span, message).hint(hint));
    None
}

/// An id: small letters, digits, `-` and `_`, because it becomes a file name and a command word.
fn slug(fields: &Fields<'_, '_>, key: &str, text: At<String>) -> Option<String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !text.value.is_empty() && text.value.len() <= 64 && text.value.chars().all(fits) {
        return Some(text.value);
    }
    let shown = monazite_evidence::error::shorten(&text.value);
    let fault = fields.fault(&text.span, format!("`{key}` cannot be `{shown}`"));
    fields.report(fault.hint("use small letters, digits, `-` and `_`, at most 64 in all"));
    None
}

/// Events of the bundled scenarios named under `include`; what is wrong is reported where they are named.
fn read_included(fields: &Fields<'_, '_>, base_year: Option<i16>, vocabulary: &Vocabulary) -> (Vec<Event>, Vec<Place>) {
    let mut events: Vec<Event> = Vec::new();
    let mut places = Vec::new();
    for name in fields.texts("include").unwrap_or_default() {
        let bundled = match library::find(&name.value) {
            Ok(bundled) => bundled,
            Err(unknown) => {
                let fault = fields.fault(&name.span, unknown.to_string());
                fields.report(fault.hint("`include` takes scenarios that come with the program"));
                continue;
            }
        };
        if bundled.includes() {
            let message = format!("`{}` includes others itself", bundled.name);
            let fault = fields.fault(&name.span, message);
            fields.report(fault.hint("include those one by one"));
            continue;
        }
        let scenario = match bundled.read(vocabulary) {
            Ok(read) => read.scenario,
            Err(errors) => {
                let first = errors.faults.first().map_or_else(String::new, ToString::to_string);
                let message = format!("`{}` cannot be read with this dataset: {first}", bundled.name);
                fields.report(fields.fault(&name.span, message));
                continue;
            }
        };
        if base_year.is_some_and(|year| year != scenario.base_year) {
            let message = format!("`{}` refers to the base year {}", bundled.name, scenario.base_year);
            let fault = fields.fault(&name.span, message);
            fields.report(fault.hint("shares of a base flow mean something only with the same `base_year`"));
            continue;
        }
        for event in scenario.events {
            if events.iter().any(|other| other.id == event.id) {
                let message = format!("a second event `{}`, from `{}`", event.id, bundled.name);
                fields.report(fields.fault(&name.span, message));
                continue;
            }
            events.push(event);
            places.push(Place {
                heading: name.span.clone(),
                from: name.span.clone(),
                included: true,
            });
        }
    }
    (events, places)
}

fn read_events(fields: &Fields<'_, '_>, included: &[Event], vocabulary: &Vocabulary) -> (Vec<Event>, Vec<Place>) {
    let mut events = Vec::new();
    let mut places = Vec::new();
    let Some(value) = fields.get("event") else {
        return (events, places);
    };
    let Some(tables) = value.get_ref().as_array() else {
        let fault = fields.fault(&fields.key_span("event"), "`event` must be a list of tables");
        fields.report(fault.hint("write each event under a heading [[event]]"));
        return (events, places);
    };
    let include = fields.page.position(fields.key_span("include").start).0;
    let mut lines: BTreeMap<String, usize> = included.iter().map(|event| (event.id.clone(), include)).collect();
    for table in tables {
        let Some(entries) = table.get_ref().as_table() else {
            let fault = fields.fault(&table.span(), "an event must be a table");
            fields.report(fault.hint("write each event under a heading [[event]]"));
            continue;
        };
        let event = Fields::new(fields.page, entries, table.span());
        let Some(id) = event_id(&event, &mut lines) else {
            continue;
        };
        let event = event.in_event(&id);
        if let Some((read, place)) = read_event(&event, id, entries, vocabulary) {
            events.push(read);
            places.push(place);
        }
    }
    (events, places)
}

fn event_id(event: &Fields<'_, '_>, lines: &mut BTreeMap<String, usize>) -> Option<String> {
    if !event.has("id") {
        event.missing("id", "give the event a short name of its own");
        return None;
    }
    let text = event.text("id")?;
    let span = text.span.clone();
    let id = slug(event, "id", text)?;
    let line = event.page.position(span.start).0;
    if let Some(first) = lines.get(&id) {
        let message = format!("a second event `{id}`; the first is on line {first}");
        event.report(event.fault(&span, message));
        return None;
    }
    lines.insert(id.clone(), line);
    Some(id)
}

fn read_event(
    fields: &Fields<'_, '_>,
    id: String,
    entries: &DeTable<'_>,
    vocabulary: &Vocabulary,
) -> Option<(Event, Place)> {
    let kind = read_kind_word(fields)?;
    let known = keys_of(kind);
    fields.check_keys(&known, |key| {
        let others = EventKind::WORDS.iter().filter(|kind| keys_of(kind).contains(&key));
        let others: Vec<&str> = others.copied().collect();
        (!others.is_empty()).then(|| format!("`{key}` belongs to kind = {}", others.join(" or ")))
    });
    let title = fields.text("title").map(|text| text.value);
    let note = fields.text("note").map(|text| text.value);
    let evidence = fields.evidence(vocabulary);
    if !fields.has("from") {
        fields.missing("from", "the first day, such as from = \"2025-04-04\"");
    }
    let from = fields.date("from");
    let until = fields.date("until");
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value < from.value
    {
        let line = fields.page.position(from.span.start).0;
        let message = format!(
            "`until` is {}, before `from` ({}, line {line})",
            until.value, from.value
        );
        fields.report(fields.fault(&until.span, message));
    }
    let begins = from.as_ref().map(|from| from.value);
    let kind = read_kind(fields, kind, begins, vocabulary);
    let until_read = until.is_some() || !entries.contains_key("until");
    let from = from?;
    let place = Place {
        heading: fields.heading().clone(),
        from: from.span,
        included: false,
    };
    let event = Event {
        id,
        title,
        evidence: evidence?,
        from: from.value,
        until: until.map(|until| until.value),
        note,
        kind: kind?,
    };
    until_read.then_some((event, place))
}

fn read_kind_word(fields: &Fields<'_, '_>) -> Option<&'static str> {
    let list = || format!("one of {}", EventKind::WORDS.join(", "));
    if !fields.has("kind") {
        fields.missing("kind", &list());
        return None;
    }
    let word = fields.text("kind")?;
    let found = EventKind::WORDS.iter().find(|kind| **kind == word.value);
    if found.is_none() {
        let shown = monazite_evidence::error::shorten(&word.value);
        let fault = fields.fault(&word.span, format!("unknown kind of event `{shown}`"));
        let near = nearest(&word.value, EventKind::WORDS.iter().copied());
        fields.report(if near.is_some() {
            fault.near(near)
        } else {
            fault.hint(list())
        });
    }
    found.copied()
}
