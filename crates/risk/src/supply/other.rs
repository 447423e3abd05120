//! Production of other materials, from the user's table.

use monazite_evidence::table::MaterialRow;
use monazite_evidence::{Confidence, Dataset, ShareStage};

use super::{Part, Supply};
use crate::context::Context;
use crate::score::Missing;

/// The material of a name, a symbol or an alias; case does not matter.
fn material<'d>(dataset: &'d Dataset, name: &str) -> Option<&'d MaterialRow> {
    dataset.materials.iter().find(|row| {
        let names = [row.material.as_str(), row.production_table.as_str()];
        let mut all = names
            .into_iter()
            .chain(row.symbol.as_deref())
            .chain(row.aliases.iter().map(String::as_str));
        all.any(|known| known.eq_ignore_ascii_case(name))
    })
}

/// Who makes a material in a year, at whatever stage its production table counts.
pub(super) fn supply(context: &Context<'_>, name: &str, stage: ShareStage, year: u16) -> Result<Supply, Missing> {
    let row = material(context.dataset, name)
        .ok_or_else(|| Missing(format!("`{name}` is no material of `monazite data show materials`")))?;
    let Some(production) = &context.production else {
        return Err(Missing(format!(
            "the bundled evidence has no production of {}; import it and name the folder with `--data`",
            row.material
        )));
    };
    if stage != ShareStage::Mine {
        return Err(Missing(format!(
            "production of {} is known at one stage only: {}",
            row.material, row.production_basis
        )));
    }
    let mut parts = Vec::new();
    for entry in production
        .rows(&row.production_table, year)
        .filter(|entry| !entry.is_world())
    {
        let Some(quantity) = entry.quantity.filter(|quantity| *quantity > 0.0) else {
            continue;
        };
        let place = entry.iso3.as_deref().unwrap_or(&entry.country);
        parts.push(Part {
            who: place.to_owned(),
            name: context.place_name(place),
            quantity: quantity * row.tonnes_per_unit,
            low: quantity * row.tonnes_per_unit,
            high: quantity * row.tonnes_per_unit,
            sources: Vec::new(),
            confidence: Confidence::B,
        });
    }
    if parts.is_empty() {
        return Err(Missing(format!(
            "your table has no production of {} in the year",
            row.material
        )));
    }
    Supply {
        stage,
        year,
        parts,
        unknown: 0.0,
        unknown_may_be_listed: false,
        unit: "t",
        basis: format!("production of your table: {}", row.production_basis),
        remarks: Vec::new(),
        published: Vec::new(),
    }
    .sorted(row.material.as_str())
}
