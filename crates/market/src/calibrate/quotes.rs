//! Price evidence of the base year, one number per product and zone with the rows behind it.

use monazite_evidence::product::is_light;
use monazite_evidence::table::{PeriodKind, Price, PriceProduct, PriceZone};
use monazite_evidence::{Confidence, Dataset, Element, SourceId};

/// A price taken from the evidence.
#[derive(Clone, Debug)]
pub struct Quote {
    /// USD/kg, excluding value-added tax.
    pub usd_per_kg: f64,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// Confidence of the weakest row used.
    pub confidence: Confidence,
    /// How it was formed, in words.
    pub basis: String,
}

/// The price of a material in a zone in a year.
///
/// Annual averages come first, the current edition before superseded ones and the better confidence
/// before the worse; then the mean of quarterly, monthly and spot quotes of the year; then quotes of
/// the first quarter after it.
#[must_use]
pub fn quote(dataset: &Dataset, product: PriceProduct, material: &str, zone: PriceZone, year: u16) -> Option<Quote> {
    let year = i16::try_from(year).ok()?;
    let rows: Vec<&Price> = dataset
        .prices
        .iter()
        .filter(|p| p.product == product && p.zone == zone && p.element.as_str() == material)
        .filter(|p| !p.basis.as_deref().unwrap_or("").starts_with("superseded"))
        .collect();
    let annual = rows
        .iter()
        .filter(|p| p.period_kind == PeriodKind::Annual && p.period.year() == year)
        .min_by_key(|p| p.provenance.confidence);
    if let Some(p) = annual {
        return Some(mean(&[p], format!("annual average {year}")));
    }
    let within: Vec<&Price> = rows.iter().copied().filter(|p| p.period.year() == year).collect();
    if !within.is_empty() {
        return Some(mean(
            &within.iter().collect::<Vec<_>>(),
            format!("{} in {year}", counted(within.len())),
        ));
    }
    let after: Vec<&Price> = rows
        .into_iter()
        .filter(|p| p.period.year() == year + 1 && p.period.quarter().is_none_or(|q| q == 1))
        .collect();
    let after: Vec<&&Price> = after.iter().filter(|p| p.period_kind != PeriodKind::Annual).collect();
    (!after.is_empty()).then(|| mean(&after, format!("{} in early {}", counted(after.len()), year + 1)))
}

fn counted(quotes: usize) -> String {
    if quotes == 1 {
        "one quote".to_owned()
    } else {
        format!("mean of {quotes} quotes")
    }
}

#[allow(clippy::cast_precision_loss, reason = "a handful of quotes")]
fn mean(rows: &[&&Price], basis: String) -> Quote {
    let mut sources: Vec<SourceId> = rows.iter().flat_map(|p| p.provenance.sources.clone()).collect();
    sources.sort();
    sources.dedup();
    Quote {
        usd_per_kg: rows.iter().map(|p| p.price_ex_vat_usd_per_kg.0).sum::<f64>() / rows.len() as f64,
        sources,
        confidence: rows
            .iter()
            .map(|p| p.provenance.confidence)
            .max()
            .unwrap_or(Confidence::C),
        basis,
    }
}

/// Oxide prices of the two zones by element.
#[derive(Clone, Debug)]
pub struct ZonePrices {
    /// Inside China by [`Element::index`].
    pub china: Vec<Quote>,
    /// Outside China by [`Element::index`].
    pub outside: Vec<Quote>,
}

/// Oxide prices of both zones; a zone without a quote takes the other's times the median ratio of the elements that have both.
///
/// # Errors
/// The elements that have a price in neither zone.
pub fn zone_prices(dataset: &Dataset, year: u16) -> Result<ZonePrices, Vec<Element>> {
    let find = |zone: PriceZone| -> Vec<Option<Quote>> {
        Element::ALL
            .iter()
            .map(|e| oxide_quote(dataset, *e, zone, year))
            .collect()
    };
    let (china, outside) = (find(PriceZone::China), find(PriceZone::Outside));
    let mut ratios: Vec<f64> = china
        .iter()
        .zip(&outside)
        .filter_map(|(c, o)| Some(c.as_ref()?.usd_per_kg / o.as_ref()?.usd_per_kg))
        .collect();
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios.get(ratios.len() / 2).copied().unwrap_or(1.0).min(1.0);
    let missing: Vec<Element> = Element::ALL
        .iter()
        .copied()
        .filter(|e| china[e.index()].is_none() && outside[e.index()].is_none())
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let infer = |from: &Option<Quote>, factor: f64| -> Option<Quote> {
        from.as_ref().map(|q| Quote {
            usd_per_kg: q.usd_per_kg * factor,
            sources: q.sources.clone(),
            confidence: Confidence::C,
            basis: format!(
                "{} in the other zone × {factor:.2}, the median ratio of quoted elements",
                q.basis
            ),
        })
    };
    let zip = |own: &[Option<Quote>], other: &[Option<Quote>], factor: f64| -> Vec<Quote> {
        own.iter()
            .zip(other)
            .filter_map(|(a, b)| a.clone().or_else(|| infer(b, factor)))
            .collect()
    };
    Ok(ZonePrices {
        china: zip(&china, &outside, ratio),
        outside: zip(&outside, &china, 1.0 / ratio),
    })
}

/// Neodymium and praseodymium are mostly sold together: their joint quote stands in where one is missing.
fn oxide_quote(dataset: &Dataset, element: Element, zone: PriceZone, year: u16) -> Option<Quote> {
    let own = quote(dataset, PriceProduct::Oxide, element.symbol(), zone, year);
    let joint = || quote(dataset, PriceProduct::Oxide, "NdPr", zone, year);
    let sold_together = is_light(element) && matches!(element, Element::Nd | Element::Pr);
    own.or_else(|| sold_together.then(joint).flatten())
}
