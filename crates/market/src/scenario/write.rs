//! Writes a scenario as a file that reads back the same.

use std::fmt::Write as _;

use super::Scenario;
use super::event::{Allowed, Counted, Event, EventKind, Flows, Plants, Selection, Stocked};
use super::quarter::Quarter;
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
        self.selection("end_uses", &flows.end_uses, false);
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
            EventKind::ContentRule {
                content_origin,
                approved_share,
                processing_delay_days,
                ..
            } => {
                self.selection("content_origin", content_origin, true);
                if *processing_delay_days > 0 {
                    self.put("processing_delay_days", processing_delay_days);
                }
                self.schedule("approved_share", "share", approved_share);
            }
            EventKind::Quota { allowed, counted, .. } => self.quota(allowed, *counted),
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
                slip,
            } => {
                self.plants(plants);
                self.number("extra_tonnes_per_year", *extra_tonnes_per_year);
                if *ramp_quarters > 0 {
                    self.put("ramp_quarters", ramp_quarters);
                }
                if slip.high > 0 {
                    self.put("slip_quarters", slip.central);
                    self.put("slip_quarters_low", slip.low);
                    self.put("slip_quarters_high", slip.high);
                }
            }
            EventKind::Delay { plants, quarters } => {
                self.plants(plants);
                self.put("quarters", quarters);
            }
            _ => self.deal(kind),
        }
    }

    /// Events about single products.
    fn deal(&mut self, kind: &EventKind) {
        match kind {
            EventKind::StockRelease { place, product, tonnes } => {
                self.text("place", place.as_str());
                self.stocked(product);
                self.number("tonnes", *tonnes);
            }
            EventKind::StockPurchase {
                place,
                product,
                tonnes,
                most_usd_per_kg,
            } => {
                self.text("place", place.as_str());
                self.stocked(product);
                self.number("tonnes", *tonnes);
                self.number("most_usd_per_kg", *most_usd_per_kg);
            }
            EventKind::Offtake {
                origin,
                destination,
                product,
                tonnes_per_year,
                penalty_usd_per_kg,
            } => {
                self.text("origin", origin.as_str());
                self.text("destination", destination.as_str());
                self.stocked(product);
                self.number("tonnes_per_year", *tonnes_per_year);
                self.number("penalty_usd_per_kg", *penalty_usd_per_kg);
            }
            EventKind::PriceFloor {
                places,
                products,
                usd_per_kg,
            } => {
                self.selection("places", places, true);
                let words: Vec<(&str, &str, &str)> = products.iter().map(words).collect();
                if let Some((product, key, _)) = words.first() {
                    self.text("product", product);
                    let items: Vec<&str> = words.iter().map(|(.., id)| *id).collect();
                    self.list(&format!("{key}s"), &items);
                }
                self.number("usd_per_kg", *usd_per_kg);
            }
            _ => {}
        }
    }

    fn stocked(&mut self, product: &Stocked) {
        let (product, key, id) = words(product);
        self.text("product", product);
        self.text(key, id);
    }

    fn quota(&mut self, allowed: &Allowed, counted: Counted) {
        if counted == Counted::Reo {
            self.text("counted_in", "reo");
        }
        match allowed {
            Allowed::PerYear(tonnes) => self.number("tonnes_per_year", *tonnes),
            Allowed::Batches(batches) => {
                self.0.push_str("batches = [\n");
                for batch in batches {
                    let (from, until) = (with_dash(batch.from), with_dash(batch.until));
                    let tonnes = number(batch.tonnes);
                    let _ = writeln!(
                        self.0,
                        "    {{ from = \"{from}\", until = \"{until}\", tonnes = {tonnes} }},"
                    );
                }
                self.0.push_str("]\n");
            }
        }
    }
}

/// Kind, key and id of a product.
fn words(product: &Stocked) -> (&str, &'static str, &str) {
    match product {
        Stocked::Oxide(element) => ("oxide", "element", element.as_str()),
        Stocked::Metal(element) => ("metal", "element", element.as_str()),
        Stocked::Magnet(grade) => ("magnet", "grade", grade.as_str()),
        Stocked::Feed(kind, feed) => (kind.as_str(), "feed", feed.as_str()),
    }
}

fn with_dash(quarter: Quarter) -> String {
    format!("{:04}-Q{}", quarter.year(), quarter.q())
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
        if !self.topic.is_empty() {
            lines.text("topic", &self.topic);
        }
        lines.put("base_year", self.base_year);
        lines.text("start", &with_dash(self.start));
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
