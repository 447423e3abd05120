//! A scenario file drafted from an article, for the user to edit. Every figure the article does not give is an
//! assumption, and the file says so beside it.

use std::fmt::Write as _;

use jiff::civil::Date;
use monazite_evidence::table::FacilityStatus;
use monazite_evidence::{Dataset, Element, PlaceId};
use monazite_market::scenario::{Scenario, Vocabulary};

use super::sites::Delay;
use super::{Chosen, Origin, news};
use crate::entity::EntityKind;
use crate::event::{Event, EventKind, Party, Status};
use crate::text::Spans;

/// The base year of drafted scenarios, and the first year of articles they are drafted from.
const FIRST: i16 = 2024;
/// Quarters a drafted scenario runs.
const QUARTERS: u32 = 12;
/// Elements that some magnet contains.
const IN_MAGNETS: &[Element] = &[Element::Nd, Element::Pr, Element::Dy, Element::Tb, Element::Sm];

/// One event of the file.
struct Draft {
    body: String,
    from: Date,
    what: String,
    spans: Spans,
}

/// Drafts the scenario; none where no event says enough. What is drafted passes the check of scenarios.
pub(super) fn draft(
    dataset: &Dataset,
    vocabulary: &Vocabulary,
    events: &[Event],
    delay: Option<&Delay>,
    published: Option<Date>,
) -> Option<Chosen> {
    let published = published.filter(|published| published.year() >= FIRST)?;
    let mut live = events
        .iter()
        .filter(|event| !matches!(event.status, Status::Denied | Status::Ended | Status::Suspended))
        .filter(|event| news::is_sure(event) && !news::eases(event));
    let drafted = live.clone().find_map(|event| one(dataset, event, published));
    let planned = || delay.and_then(|delay| capacity(dataset, events, delay));
    let unknown = || live.find_map(|event| new_plant(dataset, event, published));
    let draft = drafted.or_else(planned).or_else(unknown)?;
    let (year, quarter) = (draft.from.year(), (draft.from.month() + 2) / 3);
    let name = format!("brief-{}-{year}", slug(&draft.what));
    let mut file = format!(
        "# Drafted from an article of {published}. Edit it, then `monazite scenario check` and `monazite simulate`.\n"
    );
    let _ = write!(
        file,
        "# Figures marked \"assumed\" are not in the article.\nname = \"{name}\"\ntitle = \"{}\"\ndescription = \"Drafted from an article of {published}.\"\nbase_year = 2024\nstart = \"{year}-Q{quarter}\"\nquarters = {QUARTERS}\n\n{}",
        draft.what, draft.body
    );
    Scenario::parse(&file, "draft", vocabulary).ok()?;
    Some(Chosen {
        name,
        title: draft.what,
        origin: Origin::Drafted,
        why:
            "No scenario of the library is about it. What the article does not say is assumed, and the file says where."
                .to_owned(),
        file,
        spans: draft.spans,
    })
}

fn slug(words: &str) -> String {
    let letters = words.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    let all: String = letters.take(40).collect();
    let parts: Vec<&str> = all.split('-').filter(|part| !part.is_empty()).take(4).collect();
    parts.join("-")
}

fn one(dataset: &Dataset, event: &Event, published: Date) -> Option<Draft> {
    let from = event
        .when
        .as_ref()
        .map_or(published, |when| when.from)
        .max(Date::new(FIRST, 1, 1).ok()?);
    let body = match event.kind {
        EventKind::ExportControl => export_control(dataset, event)?,
        EventKind::Tariff => tariff(dataset, event)?,
        EventKind::Quota => quota(dataset, event)?,
        EventKind::Closure | EventKind::Accident => outage(dataset, event, from)?,
        _ => return None,
    };
    let what = format!(
        "{}, {}",
        sentence(event.kind),
        event
            .parties
            .iter()
            .take(3)
            .map(|party| plain(&party.name))
            .collect::<Vec<_>>()
            .join(", ")
    );
    let mut text = format!(
        "[[event]]\nid = \"from-article\"\ntitle = \"{what}\"\nevidence = [{}]\nfrom = \"{from}\"{}\n",
        evidence(dataset, event),
        if event.when.is_some() {
            ""
        } else {
            "             # assumed: the day of the article"
        }
    );
    if let Some(until) = event.until.as_ref().filter(|until| until.until > from) {
        let _ = writeln!(text, "until = \"{}\"", until.until);
    }
    text.push_str(&body);
    Some(Draft {
        body: text,
        from,
        what,
        spans: event.spans.clone(),
    })
}

fn sentence(kind: EventKind) -> &'static str {
    match kind {
        EventKind::ExportControl => "Export control",
        EventKind::Tariff => "Tariff",
        EventKind::Quota => "Quota",
        EventKind::Accident => "Accident",
        _ => "Closure",
    }
}

/// Without what would end a text in a file.
fn plain(words: &str) -> String {
    words
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '"' | '\\'))
        .take(60)
        .collect()
}

/// A policy event of the evidence with the same actor within a week, beside the assumption.
fn evidence(dataset: &Dataset, event: &Event) -> String {
    let same = event.when.as_ref().and_then(|when| {
        dataset.policy_events.iter().find(|row| {
            let near = (row.start.first_day() - when.from).get_days().abs() <= 7;
            near && event.parties.iter().any(|party| row.actors.contains(&party.key))
        })
    });
    same.map_or_else(
        || "\"assumption\"".to_owned(),
        |row| format!("\"{}\", \"assumption\"", row.event),
    )
}

fn view(dataset: &Dataset, party: &Party) -> Option<String> {
    (party.kind == EntityKind::Country).then_some(())?;
    dataset
        .view_place(&PlaceId::from(party.key.as_str()))
        .map(|place| place.as_str().to_owned())
}

fn elements(event: &Event) -> Vec<Element> {
    let mut all: Vec<Element> = Vec::new();
    for object in &event.objects {
        match (object.kind, object.key.as_str()) {
            (EntityKind::Element, symbol) => all.extend(symbol.parse::<Element>()),
            (EntityKind::Group, "NdPr") => all.extend([Element::Nd, Element::Pr]),
            (EntityKind::Group, "DyTb") => all.extend([Element::Dy, Element::Tb]),
            (EntityKind::Group, "HREE") => all.extend([
                Element::Gd,
                Element::Tb,
                Element::Dy,
                Element::Ho,
                Element::Er,
                Element::Y,
            ]),
            _ => {}
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Products and elements of a measure on trade.
fn flows(event: &Event) -> String {
    let words = event
        .spans
        .all()
        .iter()
        .map(|span| span.text().to_lowercase())
        .collect::<Vec<_>>()
        .join(" ");
    let elements = elements(event);
    let raw = ["raw ", "ore", "concentrate", "unprocessed"]
        .iter()
        .any(|word| words.contains(word));
    let magnets = words.contains("magnet");
    let only_magnets = magnets && elements.is_empty();
    let in_magnets = elements.is_empty() || elements.iter().any(|element| IN_MAGNETS.contains(element));
    let mut products = Vec::new();
    if raw && elements.is_empty() {
        products.extend(["concentrate", "carbonate"]);
    } else if only_magnets {
        products.push("magnet");
    } else {
        products.extend(["oxide", "metal"]);
        if in_magnets {
            products.push("magnet");
        }
    }
    let list = |items: &[&str]| {
        items
            .iter()
            .map(|item| format!("\"{item}\""))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut text = format!("products = [{}]\n", list(&products));
    if !elements.is_empty() && !products.contains(&"concentrate") {
        let symbols: Vec<&str> = elements.iter().map(|element| element.symbol()).collect();
        let _ = writeln!(text, "elements = [{}]", list(&symbols));
    }
    text
}

fn export_control(dataset: &Dataset, event: &Event) -> Option<String> {
    let mut states = event.parties.iter().filter_map(|party| view(dataset, party));
    let origin = states.next()?;
    let target = states.find(|place| *place != origin);
    let words = event.trigger.text().to_lowercase();
    let ban = ["ban", "prohibit", "not allow", "embargo", "not permit"]
        .iter()
        .any(|word| words.contains(word));
    let destination = target.map_or_else(|| "\"*\"".to_owned(), |place| format!("\"{place}\""));
    let head = if ban {
        "kind = \"ban\"\n"
    } else {
        "kind = \"licence\"\napproved_share = 0.5          # assumed: the share of the base flow let through\n"
    };
    Some(format!(
        "{head}{}origin = [\"{origin}\"]\ndestination = [{destination}]\n",
        flows(event)
    ))
}

fn tariff(dataset: &Dataset, event: &Event) -> Option<String> {
    let rate = event.amounts.iter().find(|amount| amount.is_percent())?.value / 100.0;
    let mut states = event.parties.iter().filter_map(|party| view(dataset, party));
    let (first, second) = (states.next()?, states.next());
    // Goods named after a country come from it; the other one raises the duty.
    let from_china = second.as_deref() == Some("CHN") || first == "CHN";
    let origin = if from_china {
        "CHN".to_owned()
    } else {
        second.clone().unwrap_or_else(|| first.clone())
    };
    let destination = if first == origin {
        second
            .filter(|place| *place != origin)
            .unwrap_or_else(|| "USA".to_owned())
    } else {
        first
    };
    (origin != destination && rate > 0.0 && rate < 10.0).then(|| {
        format!(
            "kind = \"tariff\"\nrate = {rate:.4}\n{}origin = [\"{origin}\"]\ndestination = [\"{destination}\"]\n",
            flows(event)
        )
    })
}

fn quota(dataset: &Dataset, event: &Event) -> Option<String> {
    let tonnes = event.amounts.iter().find(|amount| amount.is_mass())?.value;
    let words = event.spans.first()?.text().to_lowercase();
    words.contains("export").then_some(())?;
    let origin = event.parties.iter().find_map(|party| view(dataset, party))?;
    Some(format!(
        "kind = \"quota\"\ntonnes_per_year = {tonnes:.0}\nproducts = [\"oxide\", \"metal\"]\norigin = [\"{origin}\"]\ndestination = [\"*\"]\n"
    ))
}

/// Plants that stand still: those named, else those that work in the place for the operator named.
fn outage(dataset: &Dataset, event: &Event, from: Date) -> Option<String> {
    let things: Vec<&str> = event
        .parties
        .iter()
        .chain(&event.objects)
        .map(|thing| thing.key.as_str())
        .collect();
    let runs = |status: FacilityStatus| matches!(status, FacilityStatus::Operating | FacilityStatus::RampUp);
    let named = dataset
        .facilities
        .iter()
        .filter(|row| things.contains(&row.facility.as_str()) && runs(row.status));
    let ids: Vec<String> = named.map(|row| format!("\"{}\"", row.facility)).collect();
    (!ids.is_empty()).then_some(())?;
    let until = if event.until.is_some() {
        String::new()
    } else {
        let end = from.checked_add(jiff::Span::new().months(6)).ok()?;
        format!("until = \"{end}\"            # assumed: half a year\n")
    };
    Some(format!(
        "{until}kind = \"outage\"\nfacilities = [{}]\navailable_share = 0.0         # assumed: all of it stands still\n",
        ids.join(", ")
    ))
}

/// A plant the evidence does not have, where the article says how much it is to make, of what and where: capacity of the
/// country from the year given, else after the lead time of the evidence.
fn new_plant(dataset: &Dataset, event: &Event, published: Date) -> Option<Draft> {
    let opens = matches!(
        event.kind,
        EventKind::Opening | EventKind::Investment | EventKind::Agreement
    );
    let tonnes = event.amounts.iter().find(|amount| amount.is_mass()).filter(|_| opens)?;
    let tonnes = if tonnes.unit.starts_with("kg") {
        tonnes.value / 1_000.0
    } else {
        tonnes.value
    };
    let words = event
        .spans
        .all()
        .iter()
        .map(|span| span.text().to_lowercase())
        .collect::<Vec<_>>()
        .join(" ");
    let says = |list: &[&str]| list.iter().any(|word| words.contains(word));
    let (stage, lead) = if says(&["magnet"]) {
        ("magnet", "lead_time_magnet_plant_years")
    } else if says(&["separat", "refiner", "refining", "oxide"]) {
        let heavy = says(&["heavy", "dysprosium", "terbium"]);
        (
            if heavy { "separation_heavy" } else { "separation_light" },
            "lead_time_refinery_years",
        )
    } else if says(&[
        "metal plant",
        "metals plant",
        "alloy",
        "metallis",
        "metalliz",
        "metal factory",
    ]) {
        ("metal", "lead_time_refinery_years")
    } else {
        return None;
    };
    let code = event.place.as_deref().or_else(|| {
        let country = event.parties.iter().find(|party| party.kind == EntityKind::Country);
        country.map(|party| party.key.as_str())
    })?;
    let place = dataset.view_place(&PlaceId::from(code))?.as_str().to_owned();
    let lead = dataset.behaviour(lead).ok()?;
    let after = |years: f64| {
        let months = (years * 12.0).round();
        // Lead times are a few years; the span is in the bounds of the calendar.
        let months = if (0.0..600.0).contains(&months) { months } else { 36.0 };
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 600")]
        let months = months as i32;
        published.checked_add(jiff::Span::new().months(months)).ok()
    };
    let told = event.when.as_ref().filter(|when| when.from > published);
    let (from, why) = match told {
        Some(when) => (when.from, String::new()),
        None => (
            after(lead.value)?,
            format!("             # assumed: {} years after the article", lead.value),
        ),
    };
    (tonnes > 0.0 && tonnes < 200_000.0).then_some(())?;
    let name = event
        .parties
        .iter()
        .find(|party| party.kind == EntityKind::Company)
        .map_or_else(|| "New plant".to_owned(), |party| plain(&party.name));
    let what = format!("New capacity: {name}");
    let lead = &lead.parameter;
    let body = format!(
        "[[event]]\nid = \"from-article\"\nkind = \"capacity\"\ntitle = \"{name}: {tonnes:.0} t a year of {}\"\nevidence = [\"{lead}\", \"assumption\"]\nfrom = \"{from}\"{why}\nplaces = [\"{place}\"]\nstages = [\"{stage}\"]\nextra_tonnes_per_year = {tonnes:.0}\nramp_quarters = 4              # assumed\n",
        stage.replace('_', " ")
    );
    Some(Draft {
        body,
        from,
        what,
        spans: event.spans.clone(),
    })
}

/// New plants of slow events: capacity from the year the evidence has them start.
fn capacity(dataset: &Dataset, events: &[Event], delay: &Delay) -> Option<Draft> {
    let first = events.iter().find(|event| super::sites::SLOW.contains(&event.kind))?;
    let mut body = String::new();
    let mut names = Vec::new();
    for site in &delay.sites {
        let Some(capacity) = site.capacity.as_ref().filter(|figure| figure.value > 0.0) else {
            continue;
        };
        let row = dataset
            .facilities
            .iter()
            .find(|row| row.facility.as_str() == site.facility)?;
        let start = row.start?.first_day();
        // Outside three years of the first, it would not be seen.
        if start.year() > delay.year + 2 {
            continue;
        }
        names.push(plain(&site.name));
        let _ = write!(
            body,
            "[[event]]\nid = \"{}\"\nkind = \"capacity\"\ntitle = \"{} starts\"\nevidence = [\"{}\", \"assumption\"]\nfrom = \"{start}\"\nfacilities = [\"{}\"]\nextra_tonnes_per_year = {:.0}\nramp_quarters = 4              # assumed\n\n",
            site.facility.replace('_', "-"),
            plain(&site.name),
            site.facility,
            site.facility,
            capacity.value
        );
    }
    (!names.is_empty()).then(|| Draft {
        body,
        from: Date::new(delay.year, 1, 1).unwrap_or(Date::ZERO),
        what: format!("New capacity: {}", names.join(", ")),
        spans: first.spans.clone(),
    })
}
