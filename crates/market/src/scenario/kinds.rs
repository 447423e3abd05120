//! Reads what is particular to each kind of event.

use std::collections::BTreeSet;

use jiff::civil::Date;
use monazite_evidence::{Element, GradeId};

use super::event::{EventKind, Flows, Plants, ProductKind, Selection, Stocked};
use super::fields::{FACTOR, Fields, Limits, RATE, SHARE};
use super::schedule::Schedule;
use super::vocabulary::Vocabulary;

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
pub(super) fn keys_of(kind: &str) -> Vec<&'static str> {
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

pub(super) fn read_kind(
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

fn schedule(fields: &Fields<'_, '_>, key: &str, limits: &Limits, from: Option<Date>) -> Option<Schedule> {
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
        (
            "elements",
            flows.elements.is_all(),
            any(&[Oxide, Metal, Magnet]),
            "oxide, metal and magnet",
        ),
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
    let selected =
        |(id, content): (&String, &[f64; Element::COUNT])| flows.has_grade(&GradeId::from(id.as_str()), content);
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
