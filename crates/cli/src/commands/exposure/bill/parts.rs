//! The parts of a bill: what is in each, what it costs, what a scenario does to it.

use monazite_exposure::Range;
use monazite_exposure::product::PartRow;

use super::super::ranges::{Keys, cells, columns, mass, range, short, unknown};
use super::{Answer, SHOWN};
use crate::output::number::{multiple, percent, thousands};
use crate::output::words::flag;
use crate::output::{Cell, Column, Table};

impl Answer<'_> {
    pub(super) fn parts(&self) -> Table {
        let with_risk = self.scenario.is_some();
        let any = |has: fn(&PartRow) -> bool| self.found.parts.iter().any(has);
        let company = any(|row| row.part.stock_days.is_some());
        let costs = any(|row| row.cost_share.is_some());
        let mut heads = vec![
            Column::text("row", "row").for_programs(),
            Column::text("part", "part"),
            Column::number("pieces", "pieces a year").minor(),
        ];
        heads.extend(columns(
            "rare earths a piece",
            "piece",
            &Keys("g_per_piece_low", "g_per_piece", "g_per_piece_high"),
        ));
        heads.extend(columns(
            "of its cost",
            "cost",
            &Keys("cost_share_low", "cost_share", "cost_share_high"),
        ));
        if !costs {
            heads.retain(|column| !matches!(column.key, "cost"));
            heads.insert(7, Column::text("cost", "").for_programs());
        }
        heads.push(Column::text("place", "bought in").for_programs());
        heads.push(Column::text("site", "site").for_programs());
        heads.push(Column::text("supplier", "supplier").for_programs());
        heads.push(Column::text("supplier_place", "from").for_programs());
        heads.extend(columns(
            "not built",
            "lost",
            &Keys("not_built_low", "not_built", "not_built_high"),
        ));
        heads.extend(columns(
            "months late",
            "late",
            &Keys("months_late_low", "months_late", "months_late_high"),
        ));
        heads.push(Column::text("scarce_input", "for want of").minor());
        heads.push(Column::number("peak_price_multiple", "price, at most"));
        heads.push(Column::number("dearer_usd_per_piece", "dearer USD a piece").minor());
        heads.push(Column::number("stop_day", "stock gone, day"));
        heads.push(Column::number("output_share_then", "then runs at").minor());
        heads.push(Column::text("confidence", "").minor());
        heads.push(Column::text("remark", "remark").for_programs());
        let hidden = |key: &str| {
            (!with_risk
                && matches!(
                    key,
                    "lost"
                        | "late"
                        | "scarce_input"
                        | "peak_price_multiple"
                        | "dearer_usd_per_piece"
                        | "stop_day"
                        | "output_share_then"
                ))
                || (!company && matches!(key, "stop_day" | "output_share_then"))
        };
        let heads = heads
            .into_iter()
            .map(|column| {
                if hidden(column.key) {
                    column.for_programs()
                } else {
                    column
                }
            })
            .collect();
        let mut table = Table::new("parts", self.parts_title(), heads).show_at_most(SHOWN);
        let mut rows: Vec<&PartRow> = self.found.parts.iter().collect();
        if with_risk {
            // What stops first comes first.
            let key = |row: &PartRow| {
                row.risk
                    .as_ref()
                    .map_or((0.0, 0.0), |r| (r.not_built_share.central, r.not_built_share.high))
            };
            rows.sort_by(|a, b| {
                let (x, y) = (key(a), key(b));
                y.0.total_cmp(&x.0).then(y.1.total_cmp(&x.1))
            });
        }
        for row in rows {
            table.push(self.part(row));
        }
        table
    }

    fn parts_title(&self) -> String {
        match self.scenario {
            Some(title) => format!("Parts under \"{title}\""),
            None => "Parts".to_owned(),
        }
    }

    fn part(&self, row: &PartRow) -> Vec<Cell> {
        let part = &row.part;
        let per_piece: Range =
            row.grams.values().copied().sum::<Range>() * (1.0 / part.quantity.max(f64::MIN_POSITIVE));
        let text = |value: &Option<String>| value.as_ref().map_or_else(Cell::empty, Cell::text);
        let mut line = vec![
            Cell::ordinal(part.row),
            Cell::text(&part.name),
            Cell::shown(part.quantity, thousands(part.quantity)),
        ];
        if row.unknown {
            line.extend(unknown("unknown"));
        } else {
            line.extend(cells(per_piece, mass(per_piece)));
        }
        match row.cost_share {
            Some(value) => line.extend(cells(value, format!("{} %", short(100.0 * value.central)))),
            None => line.extend(unknown("")),
        }
        line.push(Cell::text(&part.place));
        line.push(text(&part.site));
        line.push(text(&part.supplier));
        line.push(text(&part.supplier_place));
        line.extend(self.risk(row));
        let letter = row.confidence.map(|c| c.to_string()).unwrap_or_default();
        line.push(Cell::named(&letter, flag(&letter)));
        line.push(text(&row.remark));
        line
    }

    fn risk(&self, row: &PartRow) -> Vec<Cell> {
        let mut line = Vec::new();
        let Some(risk) = &row.risk else {
            let why = if self.scenario.is_some() { "no user" } else { "" };
            line.extend(unknown(why));
            line.extend(unknown(""));
            line.extend((0..5).map(|_| Cell::empty()));
            return line;
        };
        line.extend(cells(risk.not_built, range(risk.not_built)));
        line.extend(cells(risk.months_late, range(risk.months_late)));
        line.push(Cell::named(&risk.input, self.words.product(&risk.input)));
        line.push(Cell::shown(risk.peak_price, multiple(risk.peak_price)));
        line.push(risk.dearer_usd.map_or_else(Cell::empty, Cell::number));
        match &risk.stop {
            Some(Some(stop)) => {
                line.push(Cell::shown(stop.day, thousands(stop.day)).marked(true));
                line.push(Cell::shown(stop.output_then, percent(stop.output_then)));
            }
            Some(None) => {
                line.push(Cell::empty().reads("lasts"));
                line.push(Cell::empty());
            }
            None => line.extend([Cell::empty(), Cell::empty()]),
        }
        line
    }
}
