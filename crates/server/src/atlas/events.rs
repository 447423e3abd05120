//! Policy events: which restrict, which are in force.

use monazite_evidence::table::PolicyEvent;
use serde_json::Value;

use crate::desk::Desk;
use crate::rows::{Object, object};

/// What keeps goods or know-how from going where they are wanted.
const RESTRICTING: &[&str] = &[
    "export_quota",
    "export_ban",
    "export_licensing",
    "export_suspension",
    "export_tax",
    "informal_export_embargo",
    "technology_export_ban",
    "technology_export_control",
    "equipment_export_control",
    "extraterritorial_control",
    "entity_listing",
    "sanctions_designation",
    "border_closure",
    "mine_suspension",
    "shipments_stopped",
    "production_quota",
    "tariff",
];

/// An event with the names of who acts and who is meant.
pub fn event(desk: &Desk, row: &PolicyEvent) -> Object {
    let mut event = object(row);
    let names = |codes: &[String]| -> Value { codes.iter().map(|code| desk.place_name(code)).collect() };
    event.insert("actor_names".to_owned(), names(&row.actors));
    event.insert("target_names".to_owned(), names(&row.targets));
    event.insert("restricts".to_owned(), Value::from(restricts(row)));
    event.insert("in_force".to_owned(), Value::from(has_status(row, "in_force")));
    event.insert("suspended".to_owned(), Value::from(has_status(row, "suspended")));
    event
}

/// Whether it restricts trade or output.
pub fn restricts(row: &PolicyEvent) -> bool {
    RESTRICTING.contains(&row.instrument.as_str())
}

/// Whether the evidence says that it is in force, or suspended and able to come back.
pub fn stands(row: &PolicyEvent) -> bool {
    has_status(row, "in_force") || has_status(row, "suspended")
}

/// Whether its status is this word; details may follow, as in `suspended_to_2026-11-10`.
fn has_status(row: &PolicyEvent, word: &str) -> bool {
    row.status.as_deref().is_some_and(|status| status.starts_with(word))
}
