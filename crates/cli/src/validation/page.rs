//! The page of the hindcast, as Markdown.

use std::fmt::Write as _;

use monazite_ensemble::backtest::{Card, Experiment, Zone};
use monazite_evidence::Dataset;

use super::{chart_name, items};
use crate::commands::backtest::{Figure, Results, tables};
use crate::output::number::percent;

/// What a reader must know before the numbers.
const BEFORE: &str = "\
## What is frozen, and what is not

* **Priors first.** Every parameter of behaviour was committed, with its range, before the first score; the history of the
  repository shows it. No range, rule or number of the model was changed for the sake of a score; what changed since for other reasons is listed.
* **The authors know the story.** Panic buying, holders in China who watch the price outside, thin quotes: these mechanisms are in the
  model because people know what happened in 2010 and 2011. A range cannot undo that. One run of the older model
  under export quotas was looked at before the priors were committed; it was not scored.
* **A** stands on evidence of 2009. No plant that opened later is part of it. Demand grows as was expected around 2009 (a prior). The
  quotas are those announced; nobody in the model foresees the next.
* **B** stands on 2024. Licence shares of its scenario are read off export volumes of 2025, so it tests prices given volumes, with odds
  of licences drawn around them; it does not predict volumes. No price outside China after March 2025 is in the dataset:
  what is predicted stands in [bands-b.csv](bands-b.csv), to be scored by whoever has the prices.
* **What was changed after a first look at scores**, and it is no rule, range or number of the model: quotes of before the freeze no
  longer count for B, domestic quotes of after it were added to the dataset as truth, and C has twelve draws an element. On
  2026-11-25 thirty-two more quotes of 2011 to 2013 were added as truth, and the export prices of a table of October 2011 are dated
  September, with the domestic prices they stand beside. They made A worse outside China and better inside. Experiment D was added.
* **On 2026-11-26 the evidence on 2009 was mended**: southern clays gave 20.7 % of what China mined (`feed_shares`, our inference from two
  sources), not the 8.7 % that the mines of today would say. It was found while asking why heavy elements peak too low, so with the scores
  known; that balancing 2009 had to give up all use of yttrium and terbium in China speaks for it, scores apart. D takes the quota of each kind of ore, as it was announced, instead of one for all. Before: A ×2.09 outside and ×4.76
  inside, coverage 60 % and 40 %, 52 % below a random walk; D ×1.72, ×2.80, 69 %, 57 %, 61 %.
* **On the same day two rules of the chain changed**, found on losses of industries in 2024: samarium-cobalt magnets are made on lines of their
  own, and a separation plant finishes the elements that it says it finishes, a place without such a plant no more of an element than its base
  year shows. Peaks of A outside went from ×1.96 to ×1.94,
  those in time from four of seven to three, B's score from 0.229 to 0.240. Quarters are solved by another method since; prices that are not
  unique may differ.
* **C** leaves out what is known of one element's own users: short- and long-run elasticity, essential share, price ceiling, days of stock
  of its oxide and metal, replaced by the mean over the users of all other elements. Its price and use in the base year stay.
* **Quotes** are few and of uneven kind: means of a quarter's assessments, press quotes among them. Prices outside and inside China are
  never mixed. Model quotes are spot, outside with a thin-market premium; volume-weighted values are compared with customs.
* Every prediction is widened by two priors that no score has touched: what the model leaves out (`model_discrepancy_log`) and how quotes
  differ (`quote_noise_log`).
";

/// What a reader must know of experiment D.
const AFTERWARDS: &str = "

This experiment was added after the scores of A had been seen, and does not stand for it. China also announced how much may be mined,
and in May 2011 began to enforce it. Scenario `hindcast-2010-mining` adds two events: from then to the end of 2011 clays keep to their
quota of 13,400 t, half of what they gave in 2009, and all other mines to theirs of 80,400 t, 0.784 of it. That all of the excess stopped is an
assumption. No parameter differs from A.
";

/// The page.
pub fn page(dataset: &Dataset, results: &Results, figures: &[Figure]) -> String {
    let mut text = String::new();
    let lock = dataset.lock();
    let date = jiff::Zoned::now().date();
    let _ = writeln!(
        text,
        "# Hindcast\n\n*Written by `monazite backtest all --write book/src/validation`, version {}, on {date}, dataset `{}`. Do not edit.*\n",
        env!("CARGO_PKG_VERSION"),
        lock.short()
    );
    text.push_str(BEFORE);
    for card in &results.cards {
        experiment(&mut text, card);
    }
    if !results.left_out.is_empty() {
        section(&mut text, &tables::left_out(&results.left_out));
    }
    published(&mut text, figures);
    text
}

fn section(text: &mut String, table: &crate::output::Table) {
    let _ = writeln!(text, "\n### {}\n\n{}", table.title, table.to_markdown());
}

fn experiment(text: &mut String, card: &Card) {
    let title = match card.experiment {
        Experiment::A => "Experiment A: 2010 to 2013, frozen on 2009",
        Experiment::B => "Experiment B: 2025 to 2026Q2, frozen in March 2025",
        Experiment::D => "Experiment D: A with the mining quota of 2011 kept to as well",
    };
    let _ = writeln!(
        text,
        "\n## {title}\n\n{} draws of the priors, fourteen blocs.",
        card.draws
    );
    if card.experiment == Experiment::D {
        text.push_str(AFTERWARDS);
    }
    if card.experiment != Experiment::B {
        goals(text, card);
    }
    let cards = std::slice::from_ref(card);
    for table in [
        tables::summary(cards),
        tables::peaks(cards),
        tables::gaps(cards),
        tables::volumes(cards),
        tables::series(cards),
    ] {
        if !table.rows.is_empty() {
            section(text, &table);
        }
    }
    let _ = writeln!(text, "\n### Charts\n");
    for item in items(card).keys() {
        let _ = writeln!(text, "![{}]({})\n", item.name(), chart_name(card, *item));
    }
}

/// Goals of experiment A, set before it was run.
fn goals(text: &mut String, card: &Card) {
    let outside = Some(Zone::Outside);
    let skill = card
        .crps(outside, 0)
        .zip(card.crps(outside, 2))
        .map(|(m, w)| 1.0 - m / w);
    let rows = [
        (
            "median error of peaks outside",
            "within ×1.5",
            card.peak_factor(Zone::Outside).map(|f| (format!("×{f:.2}"), f <= 1.5)),
        ),
        (
            "median error of peaks inside",
            "within ×1.5",
            card.peak_factor(Zone::Inside).map(|f| (format!("×{f:.2}"), f <= 1.5)),
        ),
        (
            "CRPS outside below a random walk's",
            "by 30 %",
            skill.map(|s| (percent(s), s >= 0.3)),
        ),
        (
            "coverage of the 80 % band, outside",
            "70 to 90 %",
            card.coverage(outside).map(|c| (percent(c), (0.7..=0.9).contains(&c))),
        ),
        (
            "coverage of the 80 % band, inside",
            "70 to 90 %",
            card.coverage(Some(Zone::Inside))
                .map(|c| (percent(c), (0.7..=0.9).contains(&c))),
        ),
        (
            "peaks outside within a quarter",
            "most",
            card.peaks_in_time(Zone::Outside).map(|s| (percent(s), s > 0.5)),
        ),
    ];
    let _ = writeln!(text, "\n### Goals\n\n| goal | wanted | reached | |\n|---|---|---:|---|");
    for (what, wanted, reached) in rows {
        let (value, met) = reached.unwrap_or_else(|| ("no data".to_owned(), false));
        let _ = writeln!(
            text,
            "| {what} | {wanted} | {value} | {} |",
            if met { "met" } else { "**missed**" }
        );
    }
}

fn published(text: &mut String, figures: &[Figure]) {
    let _ = writeln!(
        text,
        "\n## Scores that are held\n\nA change that makes one of these worse by more than its tolerance fails `monazite backtest all --check`.\n\n| figure | value | tolerance |\n|---|---:|---:|"
    );
    for f in figures {
        let _ = writeln!(text, "| `{}` | {:.3} | {} |", f.id, f.value, f.tolerance);
    }
}
