//! What stays in a plan when unverified inputs are moved.

use std::collections::BTreeMap;

use monazite_strategy::plan::chosen;

use super::super::Answer;
use super::tables::musd;
use crate::failure::counted;
use crate::output::number::percent;
use crate::output::{Cell, Column, Document, Table};

/// Measures that enter under a move are named, so many of them.
const NAMED: usize = 4;

/// Adds what the moves say, where they were asked for.
pub(super) fn add(answer: &Answer, document: &mut Document<'_>) {
    if answer.stressed.is_empty() {
        return;
    }
    document.text(sentence(answer));
    document.table(moves(answer));
    document.data(measures(answer));
}

fn id(answer: &Answer, candidate: usize) -> &str {
    (answer.world.candidates.get(candidate)).map_or("", |c| c.measure.measure.as_str())
}

/// Under how many moves each measure of any plan is in it.
fn stays(answer: &Answer) -> BTreeMap<usize, usize> {
    let mut stays: BTreeMap<usize, usize> = (chosen(&answer.world, &answer.best.x).into_iter())
        .map(|candidate| (candidate, 0))
        .collect();
    for moved in &answer.stressed {
        for candidate in &moved.measures {
            *stays.entry(*candidate).or_default() += 1;
        }
    }
    stays
}

fn sentence(answer: &Answer) -> String {
    let plan = chosen(&answer.world, &answer.best.x);
    let all = answer.stressed.len();
    let stays = stays(answer);
    let (firm, loose): (Vec<usize>, Vec<usize>) = plan
        .iter()
        .partition(|candidate| stays.get(candidate).copied() == Some(all));
    let names = |list: &[usize]| list.iter().map(|c| id(answer, *c)).collect::<Vec<_>>().join(", ");
    let firm_says = if firm.is_empty() {
        "no measure stays in every plan".to_owned()
    } else {
        format!(
            "{} of {} stay in every plan ({})",
            firm.len(),
            counted(plan.len(), "measure"),
            names(&firm)
        )
    };
    let loose_says = if loose.is_empty() {
        String::new()
    } else {
        format!(
            "; {} {} on a guess ({})",
            loose.len(),
            if loose.len() == 1 { "hangs" } else { "hang" },
            names(&loose)
        )
    };
    format!("With unverified costs, lead times and probabilities at the ends of their ranges, {firm_says}{loose_says}.")
}

fn moves(answer: &Answer) -> Table {
    let mut table = Table::new(
        "stress",
        "The plan when unverified inputs are moved",
        vec![
            Column::text("move", "move").for_programs(),
            Column::text("meaning", "moved"),
            Column::number("inputs", "inputs"),
            Column::number("cost_musd", "best plan costs M USD"),
            Column::number("regret_share", "regret of keeping the plan, at most"),
            Column::text("leaves", "leaves"),
            Column::text("joins", "joins"),
        ],
    );
    let plan = chosen(&answer.world, &answer.best.x);
    for moved in &answer.stressed {
        let names = |list: Vec<&usize>| {
            let mut names: Vec<&str> = list.iter().take(NAMED).map(|c| id(answer, **c)).collect();
            if list.len() > NAMED {
                names.push("…");
            }
            names.join(", ")
        };
        table.push(vec![
            Cell::text(moved.by.as_str()),
            Cell::text(moved.by.meaning()),
            Cell::count(moved.inputs),
            musd(moved.cost),
            moved.regret().map_or_else(
                || Cell::empty().reads("beyond the budget"),
                |share| Cell::shown(share, percent(share)),
            ),
            Cell::text(names(plan.difference(&moved.measures).collect())),
            Cell::text(names(moved.measures.difference(&plan).collect())),
        ]);
    }
    table
}

/// Every measure of any of the plans, for programs.
fn measures(answer: &Answer) -> Table {
    let mut table = Table::new(
        "stress_measures",
        "Measures, and in how many of the moved plans they are",
        vec![
            Column::text("measure", "measure"),
            Column::text("in_plan", "in the plan"),
            Column::number("stays", "in moved plans"),
            Column::number("moves", "of"),
        ],
    );
    let plan = chosen(&answer.world, &answer.best.x);
    for (candidate, times) in stays(answer) {
        table.push(vec![
            Cell::text(id(answer, candidate)),
            Cell::flag(plan.contains(&candidate), "yes", "no"),
            Cell::count(times),
            Cell::count(answer.stressed.len()),
        ]);
    }
    table
}
