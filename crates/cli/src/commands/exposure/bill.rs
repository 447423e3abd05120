//! `monazite exposure BOM`: a bill of materials.

mod origins;
mod parts;

use std::path::Path;

use monazite_exposure::Range;
use monazite_exposure::bom::{Vocabulary, read_parts};
use monazite_exposure::paths::PartBands;
use monazite_exposure::product::{Assessment, Book, ElementRow, PartRisk, assess};
use monazite_exposure::technology::Technologies;
use monazite_exposure::trace::SCRAP;

use super::paths::{Paths, part_bands};
use super::ranges::{Keys, cells, columns, mass, range, share, unknown, usd};
use super::{Market, dataset, one_place, sheet, span};
use crate::args::Global;
use crate::args::exposure::ExposureArgs;
use crate::failure::{Failure, counted};
use crate::output::number::{percent, thousands};
use crate::output::progress::Progress;
use crate::output::words::Words;
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
            let known = one_place(&dataset, word)?;
            dataset.view_place(&known).map(ToString::to_string)
        }
        None => None,
    };
    let (parts, ignored) = read_parts(&sheet, &vocabulary, place.as_deref())?;
    let market = Market::of(&dataset, args.scenario.as_deref(), &progress)?;
    let book = Book::new(&market.base, &market.chain, market.result());
    progress.now("tracing parts to their origins");
    let found = assess(&dataset, &technologies, &book, parts);
    let paths = Paths::of(&dataset, &market, &args.ensemble, &progress)?;
    drop(progress);
    let bands = match &paths {
        Some(paths) => paths.parts(&market, &technologies, &found)?,
        None => Vec::new(),
    };
    let answer = Answer {
        words: Words::new(&dataset),
        found: &found,
        bands: &bands,
        scenario: market.run.as_ref().map(|(scenario, _)| scenario.title.as_str()),
    };
    let mut document = answer.document(&file.display().to_string());
    if !ignored.is_empty() {
        document.remark(format!("Columns left alone: {}.", ignored.join(", ")));
    }
    if let Some(paths) = &paths {
        document.remark(paths.remark());
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
    /// Of each part over the paths; empty without `--paths`.
    bands: &'a [Option<PartBands>],
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
        if !self.bands.is_empty() {
            document.table(part_bands(self.bands, self.found));
        }
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
