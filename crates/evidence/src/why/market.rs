//! What is traded, at what price, and what is used.

use std::collections::BTreeMap;

use super::{Asked, FactGroup};
use crate::dataset::Dataset;
use crate::element::Element;
use crate::error::Result;
use crate::stage::Stage;
use crate::table::{Demand, DemandShare, DemandUnit, Hs, Price, PriceProduct, PriceZone, Trade};

pub(super) fn groups(asked: &Asked<'_>) -> Result<Vec<FactGroup>> {
    let mut groups = trade(asked)?;
    groups.extend(prices(asked));
    groups.push(demand(asked));
    groups.push(demand_shares(asked));
    Ok(groups)
}

/// The customs headings under which the product of a stage crosses borders. Concentrate has none of its own.
fn headings(stage: Stage, element: Element) -> &'static [Hs] {
    match stage {
        Stage::Mine | Stage::Cracking | Stage::SeparationLight | Stage::SeparationHeavy | Stage::Recycling => {
            if element == Element::Ce {
                &[Hs::CeriumCompounds]
            } else {
                &[Hs::RareEarthCompounds]
            }
        }
        Stage::Metal => &[Hs::RareEarthMetals],
        Stage::Magnet => &[Hs::MetalMagnets],
        Stage::Scandium => &[Hs::RareEarthCompounds, Hs::RareEarthMetals],
    }
}

fn trade(asked: &Asked<'_>) -> Result<Vec<FactGroup>> {
    // A malformed table must be said; a missing one is an absence of evidence.
    asked.dataset.trade()?;
    let rows = asked.rows::<Trade>();
    let mut groups = Vec::new();
    for &hs in headings(asked.stage, asked.element) {
        for exports in [true, false] {
            let here = || {
                rows.iter().filter(|(row, _)| {
                    row.hs == hs && asked.place == if exports { &row.exporter } else { &row.importer }
                })
            };
            let year = asked.year_of(here().map(|(row, _)| row.year));
            let facts = here()
                .filter(|(row, _)| Some(row.year) == year)
                .map(|(row, line)| {
                    let quantity = row.quantity_t.map_or_else(String::new, |t| format!(", {t} t gross"));
                    let what = format!("{} to {} in {}{quantity}", row.exporter, row.importer, row.year);
                    asked.fact::<Trade>(line, &row.provenance, what, Some(row.value_kusd.0), "kUSD")
                })
                .collect();
            let direction = if exports { "exports" } else { "imports" };
            groups.push(FactGroup::list(
                format!("{direction} under customs heading {hs}"),
                facts,
            ));
        }
    }
    Ok(groups)
}

fn prices(asked: &Asked<'_>) -> Vec<FactGroup> {
    let zone = if *asked.place == "CHN" {
        PriceZone::China
    } else {
        PriceZone::Outside
    };
    let products: &[PriceProduct] = match asked.stage {
        Stage::Mine | Stage::Cracking => &[
            PriceProduct::Concentrate,
            PriceProduct::Carbonate,
            PriceProduct::IonClay,
        ],
        Stage::SeparationLight | Stage::SeparationHeavy | Stage::Recycling | Stage::Scandium => &[PriceProduct::Oxide],
        Stage::Metal => &[PriceProduct::Metal, PriceProduct::Alloy],
        Stage::Magnet => &[PriceProduct::Magnet],
    };
    let rows = asked.rows::<Price>();
    let year_of = |row: &Price| u16::try_from(row.period.year()).unwrap_or_default();
    let here = || {
        rows.iter().filter(|(row, _)| {
            row.zone == zone
                && products.contains(&row.product)
                && (asked.stage == Stage::Magnet || row.element.elements().contains(&asked.element))
        })
    };
    let year = asked.year_of(here().map(|(row, _)| year_of(row)));
    let mut by_period: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (row, line) in here().filter(|(row, _)| Some(year_of(row)) == year) {
        let basis = row.basis.as_deref().unwrap_or("terms not stated");
        let what = format!(
            "{} {}, {} ({basis}), without value-added tax",
            row.element, row.product, row.period
        );
        let fact = asked.fact::<Price>(
            line,
            &row.provenance,
            what,
            Some(row.price_ex_vat_usd_per_kg.0),
            "USD/kg",
        );
        by_period
            .entry((row.period, row.product, row.element.clone()))
            .or_default()
            .push(fact);
    }
    by_period
        .into_iter()
        .map(|((period, product, material), facts)| {
            FactGroup::claims(
                format!(
                    "price of {material} {product} in {period}, {zone} China",
                    zone = zone_word(zone)
                ),
                facts,
            )
        })
        .collect()
}

const fn zone_word(zone: PriceZone) -> &'static str {
    match zone {
        PriceZone::China => "inside",
        PriceZone::Outside => "outside",
    }
}

/// Whether a demand row is a use of the element: directly, or in the magnets of its grade or of its end use's grades.
fn uses(dataset: &Dataset, row: &Demand, element: Element) -> bool {
    if row.unit == DemandUnit::TonnesReo {
        return row.element.as_ref().is_some_and(|m| m.elements().contains(&element));
    }
    let holds = |grade| dataset.magnet_grade(grade).is_some_and(|g| g.content(element).0 > 0.0);
    match &row.grade {
        Some(grade) => holds(grade),
        None => dataset
            .grade_mix
            .iter()
            .any(|mix| mix.end_use == row.end_use && mix.share.0 > 0.0 && holds(&mix.grade)),
    }
}

fn demand(asked: &Asked<'_>) -> FactGroup {
    let rows = asked.rows::<Demand>();
    let here = || {
        rows.iter()
            .filter(|(row, _)| row.place.covers(asked.place) && uses(asked.dataset, row, asked.element))
    };
    let year = asked.year_of(here().map(|(row, _)| row.year));
    let facts = here()
        .filter(|(row, _)| Some(row.year) == year)
        .map(|(row, line)| {
            let what = format!("use by {} in {} ({})", row.end_use, row.year, row.place);
            asked.fact::<Demand>(line, &row.provenance, what, Some(row.quantity_t), row.unit.as_str())
        })
        .collect();
    FactGroup::list(format!("uses of {}", asked.element), facts)
}

fn demand_shares(asked: &Asked<'_>) -> FactGroup {
    let view_place = asked.dataset.view_place(asked.place);
    let used: Vec<_> = asked
        .dataset
        .demand
        .iter()
        .filter(|row| uses(asked.dataset, row, asked.element))
        .map(|row| &row.end_use)
        .collect();
    let rows = asked.rows::<DemandShare>();
    let here = || {
        rows.iter()
            .filter(|(row, _)| Some(&row.place) == view_place && used.contains(&&row.end_use))
    };
    let year = asked.year_of(here().map(|(row, _)| row.year));
    let facts = here()
        .filter(|(row, _)| Some(row.year) == year)
        .map(|(row, line)| {
            let what = format!("share of the world's {} in {} ({})", row.end_use, row.year, row.place);
            asked.fact::<DemandShare>(line, &row.provenance, what, Some(row.share.0), "share")
        })
        .collect();
    FactGroup::list("share of the world's use".to_owned(), facts)
}
