//! What goes from where to where: products of a balanced year, and customs headings.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use monazite_evidence::error::Unknown;
use monazite_evidence::product::Product;
use monazite_evidence::reconcile::PlaceIx;
use monazite_evidence::table::Hs;
use monazite_risk::context::BASE_YEARS;
use serde::Serialize;
use utoipa::ToSchema;

use super::{balanced_year, base, ids};
use crate::desk::Desk;
use crate::jobs::Resolution;
use crate::problem::Problem;

/// Customs headings are asked for with this before their number.
const HEADING: &str = "hs:";

/// What goes from where to where.
#[derive(Debug, Serialize, ToSchema)]
pub struct Flows {
    /// What was asked for.
    product: String,
    /// The year.
    year: u16,
    /// Years that can be asked for.
    years: Vec<u16>,
    /// Unit of quantities, in the year.
    unit: &'static str,
    /// `balanced base year`, or `customs`.
    basis: &'static str,
    /// The flows, largest first.
    flows: Vec<Flow>,
    /// Places that they touch.
    places: Vec<Place>,
}

/// One flow.
#[derive(Debug, Serialize, ToSchema)]
pub struct Flow {
    /// From.
    origin: String,
    /// To.
    destination: String,
    /// Quantity, in the unit of the answer; not known where customs give none.
    quantity: Option<f64>,
    /// Value, thousand USD, where customs give it.
    value_kusd: Option<f64>,
    /// How far it can be trusted; of a balanced year, that of the balance.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// A place with its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    /// Its code in the view.
    id: String,
    /// Its name.
    name: String,
}

/// What goes from where to where in a year.
pub fn flows(desk: &Desk, product: &str, year: Option<u16>, view: Resolution) -> Result<Flows, Problem> {
    match product.strip_prefix(HEADING) {
        Some(heading) => customs(desk, heading, year),
        None => balanced(desk, product, balanced_year(year)?, view),
    }
}

fn balanced(desk: &Desk, name: &str, year: u16, view: Resolution) -> Result<Flows, Problem> {
    let base = base(desk, year, view)?;
    let kinds = [
        "concentrate",
        "carbonate",
        "heavy_concentrate",
        "oxide",
        "metal",
        "magnet",
    ];
    let one = base.catalogue.product_by_name(name);
    if one.is_none() && !kinds.contains(&name) {
        let feeds = base.catalogue.feed_indices().map(Product::Concentrate);
        let grades = base.catalogue.grade_indices().map(Product::Magnet);
        let elements = monazite_evidence::Element::ALL.iter();
        let oxides = elements.flat_map(|element| [Product::Oxide(*element), Product::Metal(*element)]);
        let known: Vec<String> = feeds
            .chain(grades)
            .chain(oxides)
            .map(|p| base.catalogue.name(p))
            .collect();
        let known = known.iter().map(String::as_str).chain(kinds);
        return Err(Problem::unknown(
            StatusCode::BAD_REQUEST,
            &Unknown::new("product", name, known),
        ));
    }
    let wanted = |product: Product| one.map_or_else(|| product.kind() == name, |one| one == product);
    let mut sums: BTreeMap<(PlaceIx, PlaceIx), f64> = BTreeMap::new();
    for flow in base.flows.iter().filter(|flow| wanted(flow.product)) {
        *sums.entry((flow.origin, flow.destination)).or_default() += flow.quantity;
    }
    let place = |at: PlaceIx| {
        base.places
            .get(at.index())
            .map_or_else(String::new, |place| place.id.clone())
    };
    let found = sums.into_iter().filter(|(_, quantity)| *quantity > 0.0);
    let found = found.map(|((origin, destination), quantity)| Flow {
        origin: place(origin),
        destination: place(destination),
        quantity: Some(quantity),
        value_kusd: None,
        // A balance is no observation: nobody reports trade by element, so it stands on priors in part.
        confidence: "C",
        sources: Vec::new(),
    });
    let unit = if matches!(name.split(':').next(), Some("metal" | "magnet")) {
        "t"
    } else {
        "t REO"
    };
    Ok(Flows {
        product: name.to_owned(),
        year,
        years: BASE_YEARS.to_vec(),
        unit,
        basis: "balanced base year",
        ..finished(desk, found.collect())
    })
}

fn customs(desk: &Desk, heading: &str, year: Option<u16>) -> Result<Flows, Problem> {
    let hs: Hs = heading
        .parse()
        .map_err(|unknown| Problem::unknown(StatusCode::BAD_REQUEST, &unknown))?;
    let trade = desk.dataset.trade()?;
    let mut years: Vec<u16> = trade.iter().filter(|row| row.hs == hs).map(|row| row.year).collect();
    years.sort_unstable();
    years.dedup();
    let year = year.or(years.last().copied()).unwrap_or_default();
    if !years.contains(&year) {
        let span = years
            .first()
            .zip(years.last())
            .map(|(first, last)| format!("{first} to {last}"));
        return Err(Problem::input(format!("there is no trade of {heading} in {year}"))
            .hint(format!("years: {}", span.unwrap_or_default())));
    }
    let rows = trade.iter().filter(|row| row.hs == hs && row.year == year);
    let found = rows.map(|row| Flow {
        origin: row.exporter.to_string(),
        destination: row.importer.to_string(),
        quantity: row.quantity_t.map(|quantity| quantity.0),
        value_kusd: Some(row.value_kusd.0),
        confidence: row.provenance.confidence.as_str(),
        sources: ids(&row.provenance.sources),
    });
    Ok(Flows {
        product: format!("{HEADING}{heading}"),
        year,
        years,
        unit: "t gross weight",
        basis: "customs",
        ..finished(desk, found.collect())
    })
}

/// In order, with the places.
fn finished(desk: &Desk, mut flows: Vec<Flow>) -> Flows {
    let size = |flow: &Flow| flow.quantity.unwrap_or(0.0);
    let worth = |flow: &Flow| flow.value_kusd.unwrap_or(0.0);
    flows.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| worth(b).total_cmp(&worth(a))));
    let mut ids: Vec<&str> = flows
        .iter()
        .flat_map(|flow| [flow.origin.as_str(), flow.destination.as_str()])
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let places = ids.iter().map(|id| Place {
        id: (*id).to_owned(),
        name: desk.place_name(id),
    });
    Flows {
        product: String::new(),
        year: 0,
        years: Vec::new(),
        unit: "",
        basis: "",
        places: places.collect(),
        flows,
    }
}
