//! Where what a bill holds comes from, the chokepoints on the way, and what can replace it.

use monazite_exposure::Range;
use monazite_exposure::product::Chokepoint;
use monazite_exposure::trace::STAGES;

use super::super::ranges::{Keys, cells, columns, mass, share, short, unknown, usd};
use super::Answer;
use crate::output::number::{figures, percent};
use crate::output::words::flag;
use crate::output::{Cell, Column, Table};

impl Answer<'_> {
    /// For people: elements that hang on the same place at the same stage, in one row.
    pub(super) fn main_chokepoints(&self) -> Table {
        let with_cost = self.found.chokepoints.iter().any(|c| c.cost_usd > 0.0);
        let mut heads = vec![
            Column::text("stage", "stage"),
            Column::text("place", "place"),
            Column::text("elements", "elements"),
            Column::number("share", "share"),
            Column::number("parts", "parts"),
        ];
        if with_cost {
            heads.push(Column::number("cost", "cost of these parts"));
        }
        let mut table = Table::new(
            "chokepoints",
            "Worst chokepoints: places that two fifths or more of a stage hang on",
            heads,
        )
        .show_at_most(8)
        .if_empty("no place holds two fifths of any stage");
        let mut groups: Vec<(&Chokepoint, Vec<&Chokepoint>)> = Vec::new();
        for row in &self.found.chokepoints {
            match groups
                .iter_mut()
                .find(|(first, _)| first.stage == row.stage && first.place == row.place)
            {
                Some((_, members)) => members.push(row),
                None => groups.push((row, vec![row])),
            }
        }
        for (first, members) in groups {
            let symbols: Vec<&str> = members.iter().map(|row| row.element.symbol()).collect();
            let least = members.iter().map(|row| row.share).fold(1.0, f64::min);
            let most = members.iter().map(|row| row.share).fold(0.0, f64::max);
            let (least, most) = (short(100.0 * least), short(100.0 * most));
            let mut line = vec![
                Cell::text(first.stage),
                Cell::text(self.place(&first.place)),
                Cell::text(symbols.join(" ")),
                Cell::text(if least == most {
                    format!("{most} %")
                } else {
                    format!("{least}–{most} %")
                }),
                Cell::count(members.iter().map(|row| row.parts).max().unwrap_or(0)),
            ];
            if with_cost {
                let cost = members.iter().map(|row| row.cost_usd / row.share).fold(0.0, f64::max);
                line.push(Cell::text(usd(Range::exact(cost))));
            }
            table.push(line);
        }
        table
    }

    pub(super) fn chokepoints(&self) -> Table {
        let with_cost = self.found.chokepoints.iter().any(|c| c.cost_usd > 0.0);
        let cost = Column::number("cost_usd", "parts' cost behind it, USD");
        let heads = vec![
            Column::text("element", "element"),
            Column::text("stage", "stage"),
            Column::text("place", "place"),
            Column::number("share", "share"),
            Column::number("g", "mass"),
            Column::number("parts", "parts"),
            if with_cost { cost } else { cost.for_programs() },
        ];
        let mut table = Table::new("chokepoints", "Worst chokepoints", heads)
            .show_at_most(8)
            .if_empty("no place holds two fifths of any stage");
        for row in &self.found.chokepoints {
            table.push(vec![
                Cell::text(row.element.symbol()),
                Cell::text(row.stage),
                Cell::named(&row.place, self.place(&row.place)),
                Cell::shown(row.share, percent(row.share)),
                Cell::shown(row.grams, mass(Range::exact(row.grams))),
                Cell::count(row.parts),
                Cell::number(row.cost_usd),
            ]);
        }
        table
    }

    pub(super) fn substitutes(&self) -> Table {
        let mut heads = vec![
            Column::text("end_use", "end use"),
            Column::text("elements", "saves"),
            Column::text("substitute", "by"),
        ];
        heads.extend(columns("saved", "saved", &Keys("saves_low", "saves", "saves_high")));
        heads.extend(columns("part's cost", "cost", &Keys("cost_low", "cost", "cost_high")));
        heads.push(Column::text("penalty", "penalty"));
        heads.push(Column::number("years", "years"));
        heads.push(Column::text("confidence", ""));
        let mut table = Table::new("substitutes", "Substitutes and what they cost", heads)
            .show_at_most(8)
            .if_empty("none known");
        for row in &self.found.substitutes {
            let elements: Vec<&str> = row.elements.iter().map(monazite_evidence::Material::as_str).collect();
            let saves = Range::new(row.saves_low.0, row.saves.0, row.saves_high.0);
            let mut line = vec![
                Cell::named(row.end_use.as_str(), self.words.end_use(row.end_use.as_str())),
                Cell::text(elements.join(" ")),
                Cell::text(&row.substitute),
            ];
            line.extend(cells(saves, format!("{} %", short(100.0 * saves.central))));
            match (row.cost_low, row.cost, row.cost_high) {
                (Some(low), Some(cost), Some(high)) => {
                    let cost = Range::new(low, cost, high);
                    line.extend(cells(cost, share(cost)));
                }
                _ => line.extend(unknown("")),
            }
            line.push(Cell::text(&row.penalty));
            line.push(Cell::shown(row.years, figures(row.years)));
            let letter = row.provenance.confidence.to_string();
            line.push(Cell::named(&letter, flag(&letter)));
            table.push(line);
        }
        table
    }

    pub(super) fn origins(&self) -> Table {
        let heads = vec![
            Column::text("element", "element"),
            Column::text("stage", "stage"),
            Column::text("place", "place"),
            Column::number("share", "share"),
        ];
        let mut table = Table::new("origins", "Origins", heads);
        for row in &self.found.elements {
            for (stage, shares) in STAGES.into_iter().zip(&row.origins) {
                let mut shares: Vec<_> = shares.iter().filter(|(_, share)| **share >= 1e-4).collect();
                shares.sort_by(|a, b| b.1.total_cmp(a.1));
                for (place, share) in shares {
                    table.push(vec![
                        Cell::text(row.element.symbol()),
                        Cell::text(stage),
                        Cell::named(place, self.place(place)),
                        Cell::shown(*share, percent(*share)),
                    ]);
                }
            }
        }
        table
    }
}
