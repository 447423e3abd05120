//! Reads events about single products: releases, purchases, price floors and promised flows.

use monazite_evidence::{Element, GradeId, ViewPlace};

use super::event::{EventKind, ProductKind, Selection, Stocked};
use super::fields::Fields;
use super::vocabulary::Vocabulary;

pub(super) fn read_release(fields: &Fields<'_, '_>, words: &Vocabulary) -> Option<EventKind> {
    let (place, product) = read_stock(fields, words);
    let tonnes = fields.tonnes("tonnes");
    Some(EventKind::StockRelease {
        place: place?,
        product: product?,
        tonnes: tonnes?,
    })
}

pub(super) fn read_purchase(fields: &Fields<'_, '_>, words: &Vocabulary) -> Option<EventKind> {
    let (place, product) = read_stock(fields, words);
    let tonnes = fields.tonnes("tonnes");
    let most = fields.price("most_usd_per_kg", "the most that the buyer pays, USD/kg");
    Some(EventKind::StockPurchase {
        place: place?,
        product: product?,
        tonnes: tonnes?,
        most_usd_per_kg: most?,
    })
}

pub(super) fn read_offtake(fields: &Fields<'_, '_>, words: &Vocabulary) -> Option<EventKind> {
    let end = |key: &str, hint: &str| -> Option<ViewPlace> {
        if !fields.has(key) {
            fields.missing(key, hint);
        }
        fields.text(key).and_then(|word| fields.place(&word, words))
    };
    let origin = end("origin", "the one place that ships, such as origin = \"AUS\"");
    let destination = end(
        "destination",
        "the one place that receives, such as destination = \"JPN\"",
    );
    let product = read_product(fields, words);
    let tonnes = fields.tonnes("tonnes_per_year");
    let penalty = fields.price(
        "penalty_usd_per_kg",
        "what breaking the promise costs the seller, USD/kg",
    );
    let (origin, destination) = (origin?, destination?);
    if origin == destination {
        let message = format!("`origin` and `destination` are both `{origin}`");
        fields.report(fields.fault(&fields.key_span("destination"), message));
        return None;
    }
    Some(EventKind::Offtake {
        origin,
        destination,
        product: product?,
        tonnes_per_year: tonnes?,
        penalty_usd_per_kg: penalty?,
    })
}

pub(super) fn read_floor(fields: &Fields<'_, '_>, words: &Vocabulary) -> Option<EventKind> {
    if !fields.has("places") {
        fields.missing("places", "where the makers are, such as places = [\"USA\"]");
    }
    let places = fields.places("places", Some("except_places"), words);
    let products = read_products(fields, words);
    let floor = fields.price("usd_per_kg", "the floor, USD/kg");
    if !fields.has("places") {
        return None;
    }
    Some(EventKind::PriceFloor {
        places: places?,
        products: products?,
        usd_per_kg: floor?,
    })
}

/// The oxides, metals or magnets a floor is for.
fn read_products(fields: &Fields<'_, '_>, words: &Vocabulary) -> Option<Vec<Stocked>> {
    if !fields.has("product") {
        fields.missing("product", "oxide, metal or magnet");
    }
    let word = fields.text("product")?;
    let kind = fields.product(&word)?;
    let key = match kind {
        ProductKind::Oxide | ProductKind::Metal => "elements",
        ProductKind::Magnet => "grades",
        _ => {
            let fault = fields.fault(&word.span, format!("a price floor cannot be for `{kind}`"));
            fields.report(fault.hint("oxide, metal or magnet: streams have no quoted price"));
            return None;
        }
    };
    if !fields.has(key) {
        fields.missing(key, &format!("which {key} the floor is for"));
        return None;
    }
    if key == "grades" {
        let valid = words.grades.keys().map(String::as_str).collect();
        let chosen: Selection<GradeId> = fields.ids(key, "magnet grade", &valid)?;
        let all = || words.grades.keys().map(|id| GradeId::from(id.as_str())).collect();
        return Some(
            chosen
                .only
                .unwrap_or_else(all)
                .into_iter()
                .map(Stocked::Magnet)
                .collect(),
        );
    }
    let chosen = fields.elements(key)?;
    let elements = chosen.only.unwrap_or_else(|| Element::ALL.to_vec());
    let made = |e| {
        if kind == ProductKind::Oxide {
            Stocked::Oxide(e)
        } else {
            Stocked::Metal(e)
        }
    };
    Some(elements.into_iter().map(made).collect())
}

fn read_stock(fields: &Fields<'_, '_>, words: &Vocabulary) -> (Option<ViewPlace>, Option<Stocked>) {
    if !fields.has("place") {
        fields.missing("place", "a stock lies in one place and holds one product");
    }
    let place = fields.text("place").and_then(|word| fields.place(&word, words));
    (place, read_product(fields, words))
}

/// One product: a kind, and the element, grade or feed it is of.
fn read_product(fields: &Fields<'_, '_>, words: &Vocabulary) -> Option<Stocked> {
    if !fields.has("product") {
        fields.missing("product", "a stock lies in one place and holds one product");
    }
    let kind = fields.text("product").and_then(|word| fields.product(&word))?;
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
    Some(match kind {
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
