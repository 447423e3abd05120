//! Routes whose licences bind, and duties: who would pay what for one more tonne.

use std::collections::BTreeMap;

use monazite_market::result::{FlowRow, QuotaRow};
use serde::Serialize;

use super::numbers::{figure, million_usd, percent};
use super::run::Run;

/// Routes in the open table.
const OPEN_ROWS: usize = 12;
/// Most routes in the report.
const MOST_ROWS: usize = 120;
/// Rents and duties below this are rounding, USD/kg.
const NOTHING: f64 = 0.005;

/// The section.
#[derive(Debug, Serialize)]
pub struct Licences {
    binding: usize,
    top: Vec<LicenceRow>,
    rest: Vec<LicenceRow>,
    left_out: usize,
    duties: Vec<DutyRow>,
    quotas: Vec<QuotaLine>,
}

/// A route whose cap binds.
#[derive(Debug, Serialize)]
struct LicenceRow {
    product: String,
    origin: String,
    destination: String,
    quarters: usize,
    peak: String,
    peak_quarter: String,
    open: String,
    mean: String,
    rent: String,
    events: Vec<usize>,
    /// Plain numbers to sort by.
    sort: [f64; 3],
}

/// A route on which duty is paid.
#[derive(Debug, Serialize)]
struct DutyRow {
    product: String,
    origin: String,
    destination: String,
    duty: String,
    quarter: String,
    paid: String,
}

/// A quota in a quarter.
#[derive(Debug, Serialize)]
struct QuotaLine {
    quarter: String,
    event: String,
    limit: String,
    used: String,
    rent: String,
}

type RouteKey<'a> = (&'a str, &'a str, &'a str);

/// Builds the section.
pub fn licences(run: &Run<'_>) -> Licences {
    let mut routes: BTreeMap<RouteKey<'_>, Vec<&FlowRow>> = BTreeMap::new();
    for row in run.result.flows.iter().filter(|row| row.quarter != "base") {
        routes
            .entry((&row.product, &row.origin, &row.destination))
            .or_default()
            .push(row);
    }
    let mut binding: Vec<(f64, LicenceRow)> = routes
        .iter()
        .filter_map(|(key, rows)| licence(run, *key, rows))
        .collect();
    binding.sort_by(|a, b| b.0.total_cmp(&a.0));
    let number = binding.len();
    let mut duties: Vec<(f64, DutyRow)> = routes.iter().filter_map(|(key, rows)| duty(run, *key, rows)).collect();
    duties.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut top: Vec<LicenceRow> = binding.into_iter().take(MOST_ROWS).map(|(_, row)| row).collect();
    let rest = top.split_off(top.len().min(OPEN_ROWS));
    Licences {
        binding: number,
        top,
        rest,
        left_out: number.saturating_sub(MOST_ROWS),
        duties: duties.into_iter().take(OPEN_ROWS).map(|(_, row)| row).collect(),
        quotas: run.result.quotas.iter().map(quota_line).collect(),
    }
}

fn quota_line(row: &QuotaRow) -> QuotaLine {
    QuotaLine {
        quarter: row.quarter.clone(),
        event: row.event.clone(),
        limit: figure(row.limit),
        used: figure(row.used),
        rent: figure(row.rent_usd_per_kg),
    }
}

fn licence(run: &Run<'_>, key: RouteKey<'_>, rows: &[&FlowRow]) -> Option<(f64, LicenceRow)> {
    let bound: Vec<&&FlowRow> = rows
        .iter()
        .filter(|row| row.licence_rent_usd_per_kg >= NOTHING)
        .collect();
    let peak = bound
        .iter()
        .max_by(|a, b| a.licence_rent_usd_per_kg.total_cmp(&b.licence_rent_usd_per_kg))?;
    let rent: f64 = bound.iter().map(|row| row.licence_rent_usd_per_kg * row.quantity).sum();
    let quantity: f64 = bound.iter().map(|row| row.quantity).sum();
    let mean = if quantity > 0.0 { rent / quantity } else { f64::NAN };
    let open = peak
        .cap
        .filter(|_| peak.base_quantity > 0.0)
        .map(|cap| percent(cap / peak.base_quantity));
    let mut events: Vec<usize> = bound
        .iter()
        .flat_map(|row| row.events.split(';'))
        .filter_map(|id| run.event_number(id))
        .collect();
    events.sort_unstable();
    events.dedup();
    let row = LicenceRow {
        product: run.names.product_title(key.0),
        origin: run.names.place(key.1).to_owned(),
        destination: run.names.place(key.2).to_owned(),
        quarters: bound.len(),
        peak: figure(peak.licence_rent_usd_per_kg),
        peak_quarter: peak.quarter.clone(),
        open: open.unwrap_or_else(|| "–".to_owned()),
        mean: figure(mean),
        rent: million_usd(rent),
        events,
        sort: [
            peak.licence_rent_usd_per_kg,
            if mean.is_finite() { mean } else { 0.0 },
            rent,
        ]
        .map(finite),
    };
    Some((rent, row))
}

fn duty(run: &Run<'_>, key: RouteKey<'_>, rows: &[&FlowRow]) -> Option<(f64, DutyRow)> {
    let taxed = rows
        .iter()
        .filter(|row| row.duty_usd_per_kg.abs() >= NOTHING && row.quantity > 0.0);
    let paid: f64 = taxed.clone().map(|row| row.duty_usd_per_kg * row.quantity).sum();
    let peak = taxed.max_by(|a, b| a.duty_usd_per_kg.total_cmp(&b.duty_usd_per_kg))?;
    let row = DutyRow {
        product: run.names.product_title(key.0),
        origin: run.names.place(key.1).to_owned(),
        destination: run.names.place(key.2).to_owned(),
        duty: figure(peak.duty_usd_per_kg),
        quarter: peak.quarter.clone(),
        paid: million_usd(paid),
    };
    Some((paid, row))
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}
