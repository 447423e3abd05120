//! The truth page: what was predicted, what happened, and how far off it was, written by the program.

mod chart;
mod page;

use std::collections::BTreeMap;
use std::path::Path;

use monazite_ensemble::backtest::{Card, Item, Score, Zone};
use monazite_evidence::Dataset;

use crate::commands::backtest::{Figure, Results, bands, scores};
use crate::failure::Failure;

/// Writes pages, charts, scores and bands into a folder.
pub fn write(dir: &Path, dataset: &Dataset, results: &Results, figures: &[Figure]) -> Result<(), Failure> {
    std::fs::create_dir_all(dir).map_err(|e| Failure::io("write the pages", dir, &e))?;
    let put = |name: &str, text: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|e| Failure::io("write the pages", &path, &e))
    };
    for card in &results.cards {
        for (item, [outside, inside]) in items(card) {
            put(
                &chart_name(card, item),
                chart::svg(&item.name(), outside, inside).as_bytes(),
            )?;
        }
        put(
            &format!("bands-{}.csv", card.experiment.letter().to_lowercase()),
            &bands(std::slice::from_ref(card))?,
        )?;
    }
    put("scores.csv", scores(figures).as_bytes())?;
    put("hindcast.md", page::page(dataset, results, figures).as_bytes())
}

/// Scores of each item, outside and inside, of those that are quoted somewhere.
fn items(card: &Card) -> BTreeMap<Item, [Option<&Score>; 2]> {
    let mut found: BTreeMap<Item, [Option<&Score>; 2]> = BTreeMap::new();
    for score in &card.scores {
        let at = usize::from(score.key.zone == Zone::Inside);
        found.entry(score.key.item).or_default()[at] = Some(score);
    }
    found.retain(|_, zones| zones.iter().flatten().any(|s| !s.points.is_empty()));
    found
}

fn chart_name(card: &Card, item: Item) -> String {
    format!(
        "{}-{}.svg",
        card.experiment.letter().to_lowercase(),
        item.name().to_lowercase().replace(' ', "-")
    )
}
