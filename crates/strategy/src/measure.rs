//! Measures: what a decision-maker can do, as data.
//!
//! A [`Menu`] is a list of measures that has been checked: prerequisites exist and do not run in circles, nothing needs
//! what it rules out, ranges are ordered, amounts have a currency and a year.

mod check;
mod file;

use monazite_evidence::ids::Interner;
use monazite_evidence::table::Measure;
use monazite_evidence::{Dataset, Problems, read};

/// A measure with the line it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The measure.
    pub measure: Measure,
    /// The file, as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
}

/// Measures to choose from, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Menu {
    /// The measures, by id.
    pub entries: Vec<Entry>,
}

/// The table that comes with the dataset.
const FILE: &str = "measures.csv";

impl Menu {
    /// The measures of a dataset.
    ///
    /// # Errors
    /// Every fault of the table, with its line.
    pub fn of(dataset: &Dataset) -> Result<Self, Problems> {
        let numbered = dataset.measures.iter().zip(2_u64..);
        Self::checked(
            numbered
                .map(|(measure, line)| Entry {
                    measure: measure.clone(),
                    file: FILE.to_owned(),
                    line,
                })
                .collect(),
            dataset,
        )
    }

    /// The measures of a dataset with those of a file of the same columns (CSV, XLSX, or TOML with a `[[measure]]` for each):
    /// one with a known id takes its place.
    ///
    /// # Errors
    /// Every fault of the file and of the whole, with file and line.
    pub fn with_file(dataset: &Dataset, text: &[u8], file: &str) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let sheet = file::Sheet::read(text, file)?;
        let rows = read::read::<Measure>(&sheet.csv, &mut Interner::default(), &mut problems);
        for problem in &mut problems.problems {
            sheet.place(problem, file);
        }
        problems.into_result()?;
        let mut entries = Self::of(dataset)?.entries;
        for (measure, line) in rows.iter() {
            let entry = Entry {
                measure: measure.clone(),
                file: file.to_owned(),
                line: sheet.line(line),
            };
            match entries
                .iter_mut()
                .find(|known| known.measure.measure == measure.measure)
            {
                Some(known) => *known = entry,
                None => entries.push(entry),
            }
        }
        Self::checked(entries, dataset)
    }

    /// Checks entries.
    ///
    /// # Errors
    /// Every fault, with file and line.
    pub fn checked(mut entries: Vec<Entry>, dataset: &Dataset) -> Result<Self, Problems> {
        entries.sort_by(|a, b| a.measure.measure.cmp(&b.measure.measure));
        let problems = check::faults(&entries, dataset);
        problems.into_result()?;
        Ok(Self { entries })
    }

    /// Position of a measure.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.measure.measure == id)
    }
}

/// One product that a measure supplies, with its share.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Product, as tables name it: `oxide:Dy`.
    pub product: String,
    /// Share of the size; 1 where the row gives none.
    pub share: f64,
}

/// Reads `oxide:Nd=0.7`.
#[must_use]
pub fn output(text: &str) -> Option<Output> {
    let (product, share) = match text.split_once('=') {
        Some((product, share)) => (product, share.trim().parse().ok()?),
        None => (text, 1.0),
    };
    let product = product.trim();
    let (kind, item) = product.split_once(':')?;
    let known = matches!(
        kind,
        "oxide" | "metal" | "magnet" | "concentrate" | "carbonate" | "heavy_concentrate"
    );
    (known && !item.is_empty() && f64::is_finite(share) && share > 0.0).then(|| Output {
        product: product.to_owned(),
        share,
    })
}
