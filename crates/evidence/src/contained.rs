//! What deposits hold of one element: resource times grade times the element's part of the rare earths.

use crate::dataset::Dataset;
use crate::element::Element;
use crate::ids::SourceId;
use crate::provenance::Confidence;
use crate::table::Deposit;

/// What a deposit holds of an element.
#[derive(Clone, Debug)]
pub struct Contained<'a> {
    /// The deposit.
    pub deposit: &'a Deposit,
    /// All rare earths in the resource, t REO.
    pub treo_t: f64,
    /// The element, t of its oxide.
    pub element_t_reo: f64,
    /// The composition used.
    pub distribution: String,
    /// Whether the composition is that of another deposit, which stands in.
    pub stands_in: bool,
    /// The least trusted of deposit and composition; C where another composition stands in.
    pub confidence: Confidence,
    /// Sources of both.
    pub sources: Vec<SourceId>,
}

/// What deposits hold of an element, the most first. Left out are deposits without a resource, a grade or a composition,
/// and, for scandium, all: no composition counts it.
#[must_use]
pub fn contained(dataset: &Dataset, element: Element) -> Vec<Contained<'_>> {
    let mut found: Vec<Contained<'_>> = dataset
        .deposits
        .iter()
        .filter_map(|deposit| one(dataset, deposit, element))
        .filter(|held| held.element_t_reo > 0.0)
        .collect();
    found.sort_by(|a, b| b.element_t_reo.total_cmp(&a.element_t_reo));
    found
}

fn one<'a>(dataset: &'a Dataset, deposit: &'a Deposit, element: Element) -> Option<Contained<'a>> {
    let treo_t = deposit.resource_mt?.0 * 1e6 * deposit.grade_treo_pct?.0 / 100.0;
    let own = dataset
        .distributions
        .iter()
        .filter(|row| row.distribution.as_str() == deposit.deposit.as_str())
        .max_by_key(|row| row.use_by_default);
    let feed = || {
        dataset
            .feeds
            .iter()
            .find(|feed| Some(&feed.feed) == deposit.feed.as_ref())
    };
    let (row, stands_in) = match own {
        Some(row) => (row, false),
        None => (dataset.distribution(&feed()?.distribution)?, true),
    };
    let mut confidence = deposit.provenance.confidence.max(row.provenance.confidence);
    if stands_in {
        confidence = Confidence::C;
    }
    let mut sources = deposit.provenance.sources.clone();
    sources.extend(
        row.provenance
            .sources
            .iter()
            .filter(|id| !deposit.provenance.sources.contains(id))
            .cloned(),
    );
    Some(Contained {
        deposit,
        treo_t,
        element_t_reo: treo_t * row.share(element).0,
        distribution: row.distribution.to_string(),
        stands_in,
        confidence,
        sources,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_a_deposit_sum_to_its_rare_earths() -> crate::Result<()> {
        let dataset = Dataset::bundled()?;
        let mut sums = std::collections::BTreeMap::<String, (f64, f64)>::new();
        for element in Element::ALL {
            for held in contained(&dataset, *element) {
                let sum = sums
                    .entry(held.deposit.deposit.to_string())
                    .or_insert((0.0, held.treo_t));
                sum.0 += held.element_t_reo;
            }
        }
        assert!(
            sums.len() > 20,
            "only {} deposits have a resource and a composition",
            sums.len()
        );
        for (deposit, (elements, treo)) in sums {
            assert!((elements / treo - 1.0).abs() < 2e-3, "{deposit}: {elements} of {treo}");
        }
        Ok(())
    }

    #[test]
    fn mountain_pass_holds_hardly_any_dysprosium() -> crate::Result<()> {
        let dataset = Dataset::bundled()?;
        let share = |element| {
            let held = contained(&dataset, element);
            held.iter()
                .find(|held| held.deposit.deposit.as_str() == "mountain_pass")
                .map(|held| held.element_t_reo / held.treo_t)
        };
        assert!(share(Element::Dy).is_none_or(|share| share < 2e-3));
        assert!(share(Element::Nd).is_some_and(|share| (0.08..0.16).contains(&share)));
        Ok(())
    }
}
