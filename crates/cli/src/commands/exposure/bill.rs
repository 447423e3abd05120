//! `monazite exposure BOM`: a bill of materials.

use std::path::Path;

use monazite_exposure::Range;
use monazite_exposure::bom::{Vocabulary, read_parts};
use monazite_exposure::product::{Assessment, Book, Chokepoint, ElementRow, PartRisk, PartRow, assess};
use monazite_exposure::technology::Technologies;
use monazite_exposure::trace::{SCRAP, STAGES};

use super::ranges::{Keys, cells, columns, mass, range, share, short, unknown, usd};
use super::{Market, dataset, sheet, span};
use crate::args::Global;
use crate::args::exposure::ExposureArgs;
use crate::failure::{Failure, counted};
use crate::output::number::{figures, multiple, percent, thousands};
use crate::output::progress::Progress;
use crate::output::words::{Words, flag};
use crate::output::{Cell, Column, Document, Printer, Table};

/// How many rows of the longer tables people are shown.
const SHOWN: usize = 12;

/// Shows what a bill of materials is exposed to.
pub fn bill(file: &Path, args: &ExposureArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let progress = Progress::start("reading the evidence");
    let dataset = dataset(global)?;
    let technologies = Technologies::of(&dataset);
    let sheet = sheet(file, "read the bill of materials")?;
    let vocabulary = Vocabulary::new(&dataset, &technologies);
    let place = match args.place.as_deref() {
        Some(word) => {
            let known = dataset.resolve_place(word)?.place.clone();
            dataset.view_place(&known).map(ToString::to_string)
        }
        None => None,
    };
    let (parts, ignored) = read_parts(&sheet, &vocabulary, place.as_deref())?;
    let market = Market::of(&dataset, args.scenario.as_deref(), &progress)?;
    let book = Book::new(&market.base, &market.chain, market.result());
    progress.now("tracing parts to their origins");
    let found = assess(&dataset, &technologies, &book, parts);
    drop(progress);
    let answer = Answer {
        words: Words::new(&dataset),
        found: &found,
        scenario: market.run.as_ref().map(|(scenario, _)| scenario.title.as_str()),
    };
    let mut document = answer.document(&file.display().to_string());
    if !ignored.is_empty() {
        document.remark(format!("Columns left alone: {}.", ignored.join(", ")));
    }
    if args.scenario.is_none() {
        document.next(vec![format!(
            "monazite exposure {} --scenario china-2025-04{}",
            file.display(),
            args.place
                .as_deref()
                .map_or_else(String::new, |place| format!(" --for {place}"))
        )]);
    }
    printer.print(&document)
}

struct Answer<'a> {
    words: Words,
    found: &'a Assessment,
    scenario: Option<&'a str>,
}

impl Answer<'_> {
    fn document(&self, file: &str) -> Document<'_> {
        let mut document = Document::new();
        let total: Range = self.found.elements.iter().map(|row| row.grams).sum();
        let value: Range = self.found.elements.iter().map(|row| row.value_usd).sum();
        let bound = if self.found.unknown() > 0 { "at least " } else { "" };
        document.title(format!(
            "{file}: {bound}{} of rare earths in {}, worth {}",
            mass(total),
            counted(self.found.parts.len(), "part"),
            usd(value)
        ));
        if let Some(text) = self.risk_text() {
            document.text(text);
        }
        document.table(self.elements());
        document.table(self.parts());
        document.picture(self.main_chokepoints());
        document.data(self.chokepoints());
        document.table(self.substitutes());
        document.data(self.origins());
        for remark in self.remarks() {
            document.remark(remark);
        }
        let unknown = self.found.unknown();
        if unknown > 0 {
            document.warning(format!(
                "{} without a mass: totals are lower bounds. Fill `mass` and `mass_unit`, or `mass_low` and `mass_high`",
                counted(unknown, "part")
            ));
        }
        document
    }

    /// The worst part under the scenario: it decides how many products can be built.
    fn risk_text(&self) -> Option<String> {
        let title = self.scenario?;
        let worst = (self.found.parts.iter())
            .filter_map(|row| Some((row, row.risk.as_ref()?)))
            .max_by(|a, b| {
                let key = |risk: &PartRisk| (risk.not_built_share.central, risk.not_built_share.high);
                let (x, y) = (key(a.1), key(b.1));
                x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1))
            });
        let span = span(&self.found.quarters);
        Some(match worst {
            Some((row, risk)) if risk.not_built_share.high > 0.0 => format!(
                "Under \"{title}\", {span}: the tightest part is {}, for want of {}. {} of its pieces cannot be built, \
                 which is {} months of work; users who can save or replace what is missing lose the lower figure.",
                row.part.name,
                self.words.product(&risk.input),
                share(risk.not_built_share),
                range(risk.months_late)
            ),
            _ => format!("Under \"{title}\", {span}: no part goes without."),
        })
    }

    fn elements(&self) -> Table {
        let mut heads = vec![Column::text("element", "element")];
        heads.extend(columns("contained", "mass", &Keys("g_low", "g", "g_high")));
        heads.extend(columns("worth, USD", "worth", &Keys("usd_low", "usd", "usd_high")));
        heads.push(Column::number("parts", "parts").minor());
        for (key, head) in [
            ("mined", "mined"),
            ("separated", "separated"),
            ("metal", "metal"),
            ("magnet", "magnet"),
        ] {
            heads.push(Column::text(key, head).for_people());
        }
        let mut table = Table::new("elements", "Elements, and where most of each comes from", heads);
        for row in &self.found.elements {
            let mut line = vec![Cell::text(row.element.symbol())];
            if row.grams.high > 0.0 {
                line.extend(cells(row.grams, mass(row.grams)));
                line.extend(cells(row.value_usd, thousands(row.value_usd.central)));
            } else {
                line.extend(unknown("unknown"));
                line.extend(unknown("unknown"));
            }
            line.push(Cell::count(row.parts));
            for stage in [0, 2, 3, 4] {
                line.push(Cell::text(self.main_origin(row, stage)));
            }
            table.push(line);
        }
        table
    }

    fn main_origin(&self, row: &ElementRow, stage: usize) -> String {
        let shares = row.origins.get(stage).into_iter().flatten();
        let worst = shares.max_by(|a, b| a.1.total_cmp(b.1));
        worst.map_or_else(String::new, |(place, share)| {
            format!("{} {}", self.place(place), percent(*share))
        })
    }

    fn place<'w>(&'w self, id: &'w str) -> &'w str {
        if id == SCRAP { "scrap" } else { self.words.place(id) }
    }

    fn parts(&self) -> Table {
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

    /// For people: elements that hang on the same place at the same stage, in one row.
    fn main_chokepoints(&self) -> Table {
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

    fn chokepoints(&self) -> Table {
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

    fn substitutes(&self) -> Table {
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
                Cell::named(row.end_use.as_str(), row.end_use.as_str().replace('_', " ")),
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

    fn origins(&self) -> Table {
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

    fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![
            "Origins are those of the balanced base year for the place of purchase, by mass; a supplier's place replaces \
             them. Worth: as oxides at base prices. A range spans published contents, masses and grades."
                .to_owned(),
        ];
        let without: Vec<&str> = (self.found.parts.iter())
            .filter(|row| row.remark.is_some())
            .map(|row| row.part.name.as_str())
            .take(5)
            .collect();
        if !without.is_empty() {
            remarks.push(format!(
                "Nothing can be said about the risk of: {}.",
                without.join(", ")
            ));
        }
        if self
            .found
            .parts
            .iter()
            .any(|row| row.risk.as_ref().is_some_and(|risk| risk.by_supplier))
        {
            remarks.push(
                "Days until a stock is gone follow the supplier's own route where its place is given; losses follow what \
                 users of that kind get in the place of purchase."
                    .to_owned(),
            );
        }
        remarks
    }
}
