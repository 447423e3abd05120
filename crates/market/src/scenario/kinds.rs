//! Reads what is particular to each kind of event.

use std::collections::BTreeSet;

use jiff::civil::Date;
use monazite_evidence::{Element, GradeId};

use super::deals::{read_floor, read_offtake, read_purchase, read_release};
use super::event::{Counted, EventKind, Flows, Plants, ProductKind, Slip};
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
        "ban" => (FLOW_KEYS, &["end_uses"]),
        "licence" => (FLOW_KEYS, &["end_uses", "approved_share", "processing_delay_days"]),
        "content_rule" => (
            FLOW_KEYS,
            &["content_origin", "approved_share", "processing_delay_days"],
        ),
        "quota" => (FLOW_KEYS, &["tonnes_per_year", "batches", "counted_in"]),
        "tariff" | "export_tax" => (FLOW_KEYS, &["rate"]),
        "outage" => (PLANT_KEYS, &["available_share"]),
        "demand" => (&[], &["end_uses", "places", "except_places", "factor"]),
        "capacity" => (
            PLANT_KEYS,
            &[
                "extra_tonnes_per_year",
                "ramp_quarters",
                "slip_quarters",
                "slip_quarters_low",
                "slip_quarters_high",
            ],
        ),
        "delay" => (PLANT_KEYS, &["quarters"]),
        "stock_release" => (&[], &["place", "product", "element", "grade", "feed", "tonnes"]),
        "stock_purchase" => (
            &[],
            &[
                "place",
                "product",
                "element",
                "grade",
                "feed",
                "tonnes",
                "most_usd_per_kg",
            ],
        ),
        "price_floor" => (
            &[],
            &["places", "except_places", "product", "elements", "grades", "usd_per_kg"],
        ),
        "offtake" => (
            &[],
            &[
                "origin",
                "destination",
                "product",
                "element",
                "grade",
                "feed",
                "tonnes_per_year",
                "penalty_usd_per_kg",
            ],
        ),
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
        "licence" | "content_rule" => read_licence(fields, kind, from, words),
        "quota" => {
            let flows = read_flows(fields, words);
            let allowed = fields.allowed();
            let counted = read_counted(fields);
            Some(EventKind::Quota {
                flows: flows?,
                allowed: allowed?,
                counted: counted?,
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
            let ramp = optional_count(fields, "ramp_quarters");
            let slip = read_slip(fields);
            Some(EventKind::Capacity {
                plants: plants?,
                extra_tonnes_per_year: extra?,
                ramp_quarters: ramp?,
                slip: slip?,
            })
        }
        "delay" => {
            let plants = read_plants(fields, words);
            if !fields.has("quarters") {
                fields.missing("quarters", "by how many quarters plants to come are late, such as 4");
            }
            let quarters = fields.count("quarters", 1, 200);
            Some(EventKind::Delay {
                plants: plants?,
                quarters: quarters?.value,
            })
        }
        "price_floor" => read_floor(fields, words),
        "stock_purchase" => read_purchase(fields, words),
        "offtake" => read_offtake(fields, words),
        _ => read_release(fields, words),
    }
}

fn read_licence(fields: &Fields<'_, '_>, kind: &str, from: Option<Date>, words: &Vocabulary) -> Option<EventKind> {
    let flows = read_flows(fields, words);
    let approved_share = schedule(fields, "approved_share", &SHARE, from);
    let delay = fields.count("processing_delay_days", 0, 3650);
    let delay_read = delay.is_some() || !fields.has("processing_delay_days");
    let processing_delay_days = delay.map_or(0, |days| days.value);
    if kind == "licence" {
        let licence = EventKind::Licence {
            flows: flows?,
            approved_share: approved_share?,
            processing_delay_days,
        };
        return delay_read.then_some(licence);
    }
    if !fields.has("content_origin") {
        fields.missing(
            "content_origin",
            "whose material counts, such as content_origin = [\"CHN\"]",
        );
        return None;
    }
    let content_origin = fields.places("content_origin", None, words);
    let rule = EventKind::ContentRule {
        flows: flows?,
        content_origin: content_origin?,
        approved_share: approved_share?,
        processing_delay_days,
    };
    delay_read.then_some(rule)
}

/// A count that may be left out; none only when it was reported.
fn optional_count(fields: &Fields<'_, '_>, key: &str) -> Option<u32> {
    match fields.count(key, 0, 200) {
        Some(count) => Some(count.value),
        None => (!fields.has(key)).then_some(0),
    }
}

fn read_slip(fields: &Fields<'_, '_>) -> Option<Slip> {
    let central = optional_count(fields, "slip_quarters");
    let low = optional_count(fields, "slip_quarters_low");
    let high = optional_count(fields, "slip_quarters_high");
    let (central, low, high) = (central?, low?, high?);
    let slip = Slip {
        low: if fields.has("slip_quarters_low") { low } else { central },
        central,
        high: if fields.has("slip_quarters_high") {
            high
        } else {
            central
        },
    };
    if slip.low > slip.central || slip.central > slip.high {
        let message = format!(
            "slips of {} to {} quarters do not hold the central {}",
            slip.low, slip.high, slip.central
        );
        let key = if slip.low > slip.central {
            "slip_quarters_low"
        } else {
            "slip_quarters_high"
        };
        let fault = fields.fault(&fields.key_span(key), message);
        fields.report(fault.hint("low is at most `slip_quarters`, and that at most high"));
        return None;
    }
    Some(slip)
}

fn read_counted(fields: &Fields<'_, '_>) -> Option<Counted> {
    if !fields.has("counted_in") {
        return Some(Counted::Product);
    }
    let word = fields.text("counted_in")?;
    match word.value.as_str() {
        "product" => Some(Counted::Product),
        "reo" => Some(Counted::Reo),
        other => {
            let shown = monazite_evidence::error::shorten(other);
            let fault = fields.fault(&word.span, format!("`counted_in` cannot be `{shown}`"));
            fields.report(fault.hint("tonnes of \"product\" as shipped, or of \"reo\", oxide contained"));
            None
        }
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
    let uses: BTreeSet<&str> = words.end_uses.iter().map(String::as_str).collect();
    let end_uses = fields.ids("end_uses", "end use", &uses);
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
        end_uses: end_uses?,
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
