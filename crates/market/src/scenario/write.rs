//! Writes a scenario as a file that reads back the same.

use std::fmt::Write as _;

use super::Scenario;
use super::event::{Event, EventKind, Flows, Plants, Selection, Stocked};
use super::schedule::Schedule;

/// The text under construction. Writing to a `String` cannot fail.
struct Lines(String);

impl Lines {
    fn put(&mut self, key: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn text(&mut self, key: &str, value: &str) {
        self.put(key, quoted(value));
    }

    fn number(&mut self, key: &str, value: f64) {
        self.put(key, number(value));
    }

    fn list<T: ToString>(&mut self, key: &str, items: &[T]) {
        let items: Vec<String> = items.iter().map(|item| quoted(&item.to_string())).collect();
        self.put(key, format_args!("[{}]", items.join(", ")));
    }

    /// A selection; "all" is left out unless the key must be there.
    fn selection<T: ToString>(&mut self, key: &str, selection: &Selection<T>, required: bool) {
        match &selection.only {
            Some(only) => self.list(key, only),
            None if required => self.put(key, "[\"*\"]"),
            None => {}
        }
        if !selection.except.is_empty() {
            self.list(&format!("except_{key}"), &selection.except);
        }
    }

    fn schedule(&mut self, key: &str, value_name: &str, schedule: &Schedule) {
        if let Some(constant) = schedule.as_constant() {
            self.number(key, constant);
            return;
        }
        let _ = writeln!(self.0, "{key} = [");
        for (quarter, value) in schedule.as_steps() {
            let (year, q) = (quarter.year(), quarter.q());
            let value = number(*value);
            let _ = writeln!(
                self.0,
                "    {{ quarter = \"{year:04}-Q{q}\", {value_name} = {value} }},"
            );
        }
        self.0.push_str("]\n");
    }

    fn flows(&mut self, flows: &Flows) {
        self.list("products", &flows.products);
        self.selection("elements", &flows.elements, false);
        self.selection("grades", &flows.grades, false);
        self.selection("feeds", &flows.feeds, false);
        if flows.content_threshold > 0.0 {
            self.number("content_threshold", flows.content_threshold);
        }
        self.selection("origin", &flows.origin, true);
        self.selection("destination", &flows.destination, true);
    }

    fn plants(&mut self, plants: &Plants) {
        match plants {
            Plants::Facilities(named) => self.list("facilities", named),
            Plants::At { places, stages } => {
                self.selection("places", places, true);
                self.list("stages", stages);
            }
        }
    }

    fn event(&mut self, event: &Event) {
        self.0.push_str("\n[[event]]\n");
        self.text("id", &event.id);
        self.text("kind", event.kind.word());
        if let Some(title) = &event.title {
            self.text("title", title);
        }
        self.list("evidence", &event.evidence);
        self.text("from", &event.from.to_string());
        if let Some(until) = event.until {
            self.text("until", &until.to_string());
        }
        if let Some(flows) = event.kind.flows() {
            self.flows(flows);
        }
        self.kind(&event.kind);
        if let Some(note) = &event.note {
            self.text("note", note);
        }
    }

    fn kind(&mut self, kind: &EventKind) {
        match kind {
            EventKind::Ban(_) => {}
            EventKind::Licence {
                approved_share,
                processing_delay_days,
                ..
            } => {
                if *processing_delay_days > 0 {
                    self.put("processing_delay_days", processing_delay_days);
                }
                self.schedule("approved_share", "share", approved_share);
            }
            EventKind::Quota { tonnes_per_year, .. } => self.number("tonnes_per_year", *tonnes_per_year),
            EventKind::Tariff { rate, .. } | EventKind::ExportTax { rate, .. } => {
                self.number("rate", *rate);
            }
            EventKind::Outage {
                plants,
                available_share,
            } => {
                self.plants(plants);
                self.schedule("available_share", "share", available_share);
            }
            EventKind::Demand {
                end_uses,
                places,
                factor,
            } => {
                self.selection("end_uses", end_uses, false);
                self.selection("places", places, false);
                self.schedule("factor", "factor", factor);
            }
            EventKind::Capacity {
                plants,
                extra_tonnes_per_year,
                ramp_quarters,
            } => {
                self.plants(plants);
                self.number("extra_tonnes_per_year", *extra_tonnes_per_year);
                if *ramp_quarters > 0 {
                    self.put("ramp_quarters", ramp_quarters);
                }
            }
            EventKind::StockRelease { place, product, tonnes } => {
                self.text("place", place.as_str());
                let (product, key, id) = match product {
                    Stocked::Oxide(element) => ("oxide", "element", element.as_str()),
                    Stocked::Metal(element) => ("metal", "element", element.as_str()),
                    Stocked::Magnet(grade) => ("magnet", "grade", grade.as_str()),
                    Stocked::Feed(kind, feed) => (kind.as_str(), "feed", feed.as_str()),
                };
                self.text("product", product);
                self.text(key, id);
                self.number("tonnes", *tonnes);
            }
        }
    }
}

/// Shortest text that reads back as the same number, always with a point or an exponent.
fn number(value: f64) -> String {
    format!("{value:?}")
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

impl Scenario {
    /// The scenario as a file, in a fixed order and without comments. Reading it gives the same
    /// scenario again.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut lines = Lines(String::new());
        lines.text("name", &self.name);
        lines.text("title", &self.title);
        lines.put("base_year", self.base_year);
        lines.text("start", &format!("{:04}-Q{}", self.start.year(), self.start.q()));
        lines.put("quarters", self.quarters);
        if !self.description.is_empty() {
            lines.text("description", &self.description);
        }
        for event in &self.events {
            lines.event(event);
        }
        lines.0
    }
}
