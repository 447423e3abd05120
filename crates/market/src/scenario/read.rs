//! Reads the events of a scenario file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use monazite_evidence::nearest::nearest;
use monazite_evidence::{Element, GradeId};
use toml::de::DeTable;

use super::checks;
use super::event::{Event, EventKind, Flows, Plants, ProductKind, Selection, Stocked};
use super::fault::ScenarioErrors;
use super::fields::{FACTOR, Fields, Limits, RATE, SHARE};
use super::page::{At, Page, Span};
use super::vocabulary::Vocabulary;
use super::{Read, Scenario};

const SCENARIO_KEYS: &[&str] = &[
    "name",
    "title",
    "description",
    "base_year",
    "start",
    "quarters",
    "event",
];
const EVENT_KEYS: &[&str] = &["id", "kind", "title", "evidence", "from", "until", "note"];
const FLOW_KEYS: &[&str] = &[
    "products",
    "elements",
    "grades",
    "feeds",
    "content_threshold",
    "origin",
    "except_origin",
    "destination",
    "except_destination",
];
const PLANT_KEYS: &[&str] = &["facilities", "places", "except_places", "stages"];

/// The keys that a kind of event has besides those of every event.
fn keys_of(kind: &str) -> Vec<&'static str> {
    let (shared, own): (&[&str], &[&str]) = match kind {
        "ban" => (FLOW_KEYS, &[]),
        "licence" => (FLOW_KEYS, &["approved_share", "processing_delay_days"]),
        "quota" => (FLOW_KEYS, &["tonnes_per_year"]),
        "tariff" | "export_tax" => (FLOW_KEYS, &["rate"]),
        "outage" => (PLANT_KEYS, &["available_share"]),
        "demand" => (&[], &["end_uses", "places", "except_places", "factor"]),
        "capacity" => (PLANT_KEYS, &["extra_tonnes_per_year", "ramp_quarters"]),
        "stock_release" => (&[], &["place", "product", "element", "grade", "feed", "tonnes"]),
        _ => (&[], &[]),
    };
    EVENT_KEYS.iter().chain(shared).chain(own).copied().collect()
}

/// Where an event stands in the file, for faults about several events together.
pub(super) struct Place {
    pub heading: Span,
    pub from: Span,
}

/// Reads a whole file.
pub(super) fn read(
    text: &str,
    file: &str,
    vocabulary: &Vocabulary,
) -> Result<Read, ScenarioErrors> {
    let page = Page::new(file, text);
    let (document, faults) = DeTable::parse_recoverable(text);
    for fault in &faults {
        let span = fault.span().unwrap_or(0..0);
        page.report(page.error(&span, fault.message().replace('\n', ", ")));
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
    let (events, places) = read_events(&fields, vocabulary);
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

fn read_events(fields: &Fields<'_, '_>, vocabulary: &Vocabulary) -> (Vec<Event>, Vec<Place>) {
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
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for table in tables.iter() {
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
        let message = format!("`until` is {}, before `from` ({}, line {line})", until.value, from.value);
        fields.report(fields.fault(&until.span, message));
    }
    let begins = from.as_ref().map(|from| from.value);
    let kind = read_kind(fields, kind, begins, vocabulary);
    let until_read = until.is_some() || !entries.contains_key("until");
    let from = from?;
    let place = Place {
        heading: fields.heading().clone(),
        from: from.span,
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

fn read_kind(
    fields: &Fields<'_, '_>,
    kind: &str,
    from: Option<Date>,
    words: &Vocabulary,
) -> Option<EventKind> {
    // Each part is read before any is unwrapped, so that all faults of an event are found.
    match kind {
        "ban" => read_flows(fields, words).map(EventKind::Ban),
        "licence" => {
            let flows = read_flows(fields, words);
            let approved_share = schedule(fields, "approved_share", &SHARE, from);
            let delay = fields.count("processing_delay_days", 0, 3650);
            let delay_read = delay.is_some() || !fields.has("processing_delay_days");
            let licence = EventKind::Licence {
                flows: flows?,
                approved_share: approved_share?,
                processing_delay_days: delay.map_or(0, |days| days.value),
            };
            delay_read.then_some(licence)
        }
        "quota" => {
            let flows = read_flows(fields, words);
            let tonnes_per_year = fields.tonnes("tonnes_per_year");
            Some(EventKind::Quota {
                flows: flows?,
                tonnes_per_year: tonnes_per_year?,
            })
        }
        "tariff" | "export_tax" => {
            let flows = read_flows(fields, words);
            let rate = read_rate(fields);
            let (flows, rate) = (flows?, rate?);
            Some(if kind == "tariff" {
                EventKind::Tariff { flows, rate }
            } else {
                EventKind::ExportTax { flows, rate }
            })
        }
        "outage" => {
            let plants = read_plants(fields, words);
            let available_share = schedule(fields, "available_share", &SHARE, from);
            Some(EventKind::Outage {
                plants: plants?,
                available_share: available_share?,
            })
        }
        "demand" => {
            let valid: BTreeSet<&str> = words.end_uses.iter().map(String::as_str).collect();
            let end_uses = fields.ids("end_uses", "end use", &valid);
            let places = fields.places("places", Some("except_places"), words);
            let factor = schedule(fields, "factor", &FACTOR, from);
            Some(EventKind::Demand {
                end_uses: end_uses?,
                places: places?,
                factor: factor?,
            })
        }
        "capacity" => {
            let plants = read_plants(fields, words);
            let extra = fields.tonnes("extra_tonnes_per_year");
            let ramp = fields.count("ramp_quarters", 0, 200);
            let ramp_read = ramp.is_some() || !fields.has("ramp_quarters");
            let capacity = EventKind::Capacity {
                plants: plants?,
                extra_tonnes_per_year: extra?,
                ramp_quarters: ramp.map_or(0, |quarters| quarters.value),
            };
            ramp_read.then_some(capacity)
        }
        _ => read_stock(fields, words),
    }
}

fn schedule(
    fields: &Fields<'_, '_>,
    key: &str,
    limits: &Limits,
    from: Option<Date>,
) -> Option<super::Schedule> {
    if !fields.has(key) {
        let steps = format!("[{{ quarter = \"2025-Q2\", {} = 0.5 }}]", limits.value);
        fields.missing(key, &format!("a number such as 0.5, or steps such as {steps}"));
        return None;
    }
    fields.schedule(key, limits, from)
}

fn read_rate(fields: &Fields<'_, '_>) -> Option<f64> {
    if !fields.has("rate") {
        fields.missing("rate", "a share of the price; 25 % is written 0.25");
        return None;
    }
    let number = fields.number("rate")?;
    let rate = fields.within("rate", &number, &RATE)?;
    if rate > 1.0 {
        let message = format!("`rate` is {rate}, that is {} %", rate * 100.0);
        fields.report(fields.warning(&number.span, message));
    }
    Some(rate)
}

fn read_flows(fields: &Fields<'_, '_>, words: &Vocabulary) -> Option<Flows> {
    if !fields.has("products") {
        let kinds: Vec<&str> = ProductKind::ALL.iter().map(|kind| kind.as_str()).collect();
        fields.missing("products", &format!("a list of {}; or \"*\"", kinds.join(", ")));
    }
    if !fields.has("origin") {
        fields.missing("origin", "the places that export, such as origin = [\"CHN\"]; or \"*\"");
    }
    let grades: BTreeSet<&str> = words.grades.keys().map(String::as_str).collect();
    let feeds: BTreeSet<&str> = words.feeds.iter().map(String::as_str).collect();
    let products = fields.products("products");
    let elements = fields.elements("elements");
    let grades = fields.ids::<GradeId>("grades", "magnet grade", &grades);
    let feeds = fields.ids("feeds", "feed", &feeds);
    let origin = fields.places("origin", Some("except_origin"), words);
    let destination = fields.places("destination", Some("except_destination"), words);
    let threshold = match fields.number("content_threshold") {
        Some(number) => fields.within("content_threshold", &number, &SHARE),
        None if fields.has("content_threshold") => None,
        None => Some(0.0),
    };
    let flows = Flows {
        products: products?,
        elements: elements?,
        grades: grades?,
        feeds: feeds?,
        content_threshold: threshold?,
        origin: origin?,
        destination: destination?,
    };
    (fields.has("products") && fields.has("origin") && check_flows(fields, &flows, words)).then_some(flows)
}

/// A choice that can select nothing is a slip.
fn check_flows(fields: &Fields<'_, '_>, flows: &Flows, words: &Vocabulary) -> bool {
    use ProductKind::{Carbonate, Concentrate, HeavyConcentrate, Magnet, Metal, Oxide};
    let any = |kinds: &[ProductKind]| kinds.iter().any(|kind| flows.concerns(*kind));
    let mut sound = true;
    for (key, all, used, what) in [
        ("elements", flows.elements.is_all(), any(&[Oxide, Metal, Magnet]), "oxide, metal and magnet"),
        ("grades", flows.grades.is_all(), any(&[Magnet]), "magnet"),
        (
            "feeds",
            flows.feeds.is_all(),
            any(&[Concentrate, Carbonate, HeavyConcentrate]),
            "concentrate, carbonate and heavy_concentrate",
        ),
    ] {
        if !all && !used {
            let message = format!("`{key}` chooses among products of kind {what}, which `products` does not list");
            fields.report(fields.fault(&fields.key_span(key), message));
            sound = false;
        }
    }
    let selected = |(id, content): (&String, &[f64; Element::COUNT])| {
        flows.has_grade(&GradeId::from(id.as_str()), content)
    };
    if flows.concerns(Magnet) && !words.grades.is_empty() && !words.grades.iter().any(selected) {
        let fault = fields.fault(&fields.key_span("products"), "no magnet grade is chosen");
        fields.report(fault.hint("no grade contains any of `elements` above `content_threshold`"));
        sound = false;
    }
    sound
}

fn read_plants(fields: &Fields<'_, '_>, words: &Vocabulary) -> Option<Plants> {
    let hint = "name `facilities`, or `places` and `stages`";
    let general = ["places", "stages"].into_iter().find(|key| fields.has(key));
    if fields.has("facilities") {
        if let Some(key) = general {
            let message = format!("`{key}` cannot stand beside `facilities`");
            fields.report(fields.fault(&fields.key_span(key), message).hint(hint));
            return None;
        }
        let valid: BTreeSet<&str> = words.facilities.keys().map(String::as_str).collect();
        let chosen = fields.ids("facilities", "facility", &valid)?;
        let Some(named) = chosen.only else {
            let fault = fields.fault(&fields.key_span("facilities"), "`facilities` cannot be `*`");
            fields.report(fault.hint(hint));
            return None;
        };
        return Some(Plants::Facilities(named));
    }
    if general.is_none() {
        fields.missing("facilities", hint);
        return None;
    }
    for key in ["places", "stages"] {
        if !fields.has(key) {
            fields.missing(key, hint);
        }
    }
    let places = fields.places("places", Some("except_places"), words);
    let stages = fields.stages("stages");
    let plants = Plants::At {
        places: places?,
        stages: stages?,
    };
    (fields.has("places") && fields.has("stages")).then_some(plants)
}

fn read_stock(fields: &Fields<'_, '_>, words: &Vocabulary) -> Option<EventKind> {
    for key in ["place", "product"] {
        if !fields.has(key) {
            fields.missing(key, "a stock lies in one place and holds one product");
        }
    }
    let place = fields.text("place").and_then(|word| fields.place(&word, words));
    let kind = fields.text("product").and_then(|word| fields.product(&word));
    let tonnes = fields.tonnes("tonnes");
    let kind = kind?;
    let key = match kind {
        ProductKind::Oxide | ProductKind::Metal => "element",
        ProductKind::Magnet => "grade",
        _ => "feed",
    };
    for other in ["element", "grade", "feed"] {
        if other != key && fields.has(other) {
            let message = format!("`{other}` does not go with product `{kind}`");
            let fault = fields.fault(&fields.key_span(other), message);
            fields.report(fault.hint(format!("give `{key}`")));
        }
    }
    if !fields.has(key) {
        fields.missing(key, &format!("which {key} the {kind} is of"));
        return None;
    }
    let product = match kind {
        ProductKind::Oxide => Stocked::Oxide(one_element(fields, key)?),
        ProductKind::Metal => Stocked::Metal(one_element(fields, key)?),
        ProductKind::Magnet => {
            let valid = words.grades.keys().map(String::as_str).collect();
            Stocked::Magnet(fields.id(&fields.text(key)?, "magnet grade", &valid)?)
        }
        other => {
            let valid = words.feeds.iter().map(String::as_str).collect();
            Stocked::Feed(other, fields.id(&fields.text(key)?, "feed", &valid)?)
        }
    };
    Some(EventKind::StockRelease {
        place: place?,
        product,
        tonnes: tonnes?,
    })
}

fn one_element(fields: &Fields<'_, '_>, key: &str) -> Option<Element> {
    let chosen: Selection<Element> = fields.elements(key)?;
    let only = chosen.only.unwrap_or_default();
    if let [element] = only.as_slice() {
        return Some(*element);
    }
    fields.report(fields.fault(&fields.key_span(key), format!("`{key}` must be one element")));
    None
}
