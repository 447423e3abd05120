//! What was asked for, as the run names it, or the nearest that it has.

use std::collections::BTreeSet;

use monazite_evidence::nearest::nearest;

use super::{ExplainError, Tables};

/// The product meant by a word: its name, or an item alone, of oxides first (`Dy`), then magnets (`uh`), then others.
pub(super) fn product<'a>(tables: &Tables<'a>, wanted: &str) -> Result<&'a str, ExplainError> {
    let known: BTreeSet<&str> = tables.run.prices.iter().map(|p| p.product.as_str()).collect();
    let same = |name: &&str| name.eq_ignore_ascii_case(wanted);
    let item = |name: &str| {
        name.split_once(':')
            .map(|(_, item)| item)
            .unwrap_or_default()
            .to_owned()
    };
    let rank = |name: &str| match name.split_once(':').map(|(kind, _)| kind) {
        Some("oxide") => 0,
        Some("magnet") => 1,
        Some("metal") => 2,
        _ => 3,
    };
    let by_item = || {
        let of_item = known
            .iter()
            .copied()
            .filter(|name| item(name).eq_ignore_ascii_case(wanted));
        of_item.min_by_key(|name| rank(name))
    };
    known.iter().copied().find(same).or_else(by_item).ok_or_else(|| {
        let mut near: Vec<String> = nearest(wanted, known.iter().copied()).into_iter().collect();
        let items: BTreeSet<String> = known.iter().map(|name| item(name)).collect();
        let asked = wanted.split_once(':').map_or(wanted, |(_, item)| item);
        if let Some(best) = nearest(asked, items.iter().map(String::as_str)) {
            let mut named: Vec<&str> = known.iter().copied().filter(|name| item(name) == best).collect();
            named.sort_by_key(|name| rank(name));
            near.extend(named.into_iter().take(2).map(str::to_owned));
        }
        let mut seen = BTreeSet::new();
        near.retain(|name| seen.insert(name.clone()));
        ExplainError::Product {
            wanted: wanted.to_owned(),
            near,
        }
    })
}

/// The place meant by a word.
pub(super) fn place<'a>(tables: &Tables<'a>, wanted: &str) -> Result<&'a str, ExplainError> {
    let known: BTreeSet<&str> = tables.run.prices.iter().map(|p| p.place.as_str()).collect();
    known
        .iter()
        .copied()
        .find(|id| id.eq_ignore_ascii_case(wanted))
        .ok_or_else(|| ExplainError::Place {
            wanted: wanted.to_owned(),
            near: nearest(wanted, known.iter().copied()).into_iter().collect(),
        })
}

/// The quarter meant by a word: `2025Q3`, `2025-Q3`, `2025q3` or `base`.
pub(super) fn quarter<'a>(tables: &Tables<'a>, wanted: &str) -> Result<&'a str, ExplainError> {
    let plain: String = wanted.chars().filter(|c| !matches!(c, '-' | ' ' | '_')).collect();
    if plain.eq_ignore_ascii_case("base") {
        return Ok("base");
    }
    let quarters = &tables.run.quarters;
    quarters
        .iter()
        .map(String::as_str)
        .find(|q| q.eq_ignore_ascii_case(&plain))
        .ok_or_else(|| ExplainError::Quarter {
            wanted: wanted.to_owned(),
            near: quarters.clone(),
        })
}

/// Where a product that has no market in a place has one, the largest first.
pub(super) fn no_market(tables: &Tables<'_>, product: &str, place: &str) -> ExplainError {
    let mut places: Vec<(&str, f64)> = tables
        .run
        .prices
        .iter()
        .filter(|p| p.product == product && p.quarter == "base")
        .map(|p| (p.place.as_str(), p.base_need))
        .collect();
    places.sort_by(|a, b| b.1.total_cmp(&a.1));
    ExplainError::NoMarket {
        product: product.to_owned(),
        place: place.to_owned(),
        near: places.into_iter().take(3).map(|(p, _)| p.to_owned()).collect(),
    }
}
