//! Parts: what each row of a bill of materials says.

use std::collections::HashMap;

use monazite_evidence::nearest::nearest;
use monazite_evidence::{Dataset, Element, GradeId};

use super::fault::{Fault, Faults};
use super::sheet::{RowView, Sheet, shorten};
use crate::technology::{Technologies, Technology};
use crate::{ExposureError, Range};

/// The columns, in the order of the template.
pub(super) const COLUMNS: [&str; 17] = [
    "part",
    "quantity",
    "technology",
    "grade",
    "element",
    "form",
    "mass",
    "mass_low",
    "mass_high",
    "mass_unit",
    "end_use",
    "place",
    "site",
    "supplier",
    "supplier_place",
    "stock_days",
    "unit_cost_usd",
];

/// No bill of materials is larger; a number beyond it is a slip.
const LARGEST: f64 = 1e15;

/// Mass units in kilograms.
const UNITS: [(&str, f64); 6] = [
    ("g", 1e-3),
    ("kg", 1.0),
    ("mg", 1e-6),
    ("t", 1e3),
    ("lb", 0.453_592_37),
    ("oz", 0.028_349_523_125),
];

/// What a part is, as far as its rare earths go.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// So many units of a known technology per piece.
    Technology(usize),
    /// A magnet of a grade; kilograms per piece where known.
    Magnet(GradeId, Option<Range>),
    /// An element; kilograms of it per piece where known (as element, whatever form was given).
    Element(Element, Option<Range>),
}

/// One row of a bill of materials.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Line or row in the file.
    pub row: usize,
    /// What the user calls it.
    pub name: String,
    /// Pieces per year, or per product: whatever the bill is for.
    pub quantity: f64,
    /// What is in it.
    pub content: Content,
    /// The end use its buyers belong to.
    pub end_use: Option<String>,
    /// Where it is bought: a place of the market.
    pub place: String,
    /// The user's site, where given.
    pub site: Option<String>,
    /// The user's supplier, where given.
    pub supplier: Option<String>,
    /// Where the supplier makes it: a place of the market.
    pub supplier_place: Option<String>,
    /// Days of use in stock.
    pub stock_days: Option<f64>,
    /// What a piece costs.
    pub unit_cost_usd: Option<f64>,
}

/// The words a bill of materials may use.
pub struct Vocabulary<'d> {
    dataset: &'d Dataset,
    technologies: &'d Technologies,
    /// Every spelling of a technology, folded.
    technology_words: HashMap<String, usize>,
    /// Every spelling of a place, folded, to the place of the market.
    place_words: HashMap<String, String>,
}

impl<'d> Vocabulary<'d> {
    /// The words of a dataset.
    #[must_use]
    pub fn new(dataset: &'d Dataset, technologies: &'d Technologies) -> Self {
        let mut technology_words = HashMap::new();
        for (at, technology) in technologies.all.iter().enumerate() {
            for word in technology.words() {
                technology_words.insert(word.to_lowercase(), at);
            }
        }
        let mut place_words = HashMap::new();
        for row in &dataset.places {
            let place = row.view_place.to_string();
            place_words.insert(row.name.to_lowercase(), place.clone());
            place_words.insert(row.place.as_str().to_lowercase(), place);
        }
        Self {
            dataset,
            technologies,
            technology_words,
            place_words,
        }
    }

    /// The place of the market that a word names.
    #[must_use]
    pub fn place(&self, word: &str) -> Option<&str> {
        self.place_words.get(&word.to_lowercase()).map(String::as_str)
    }

    /// The technology that a word names.
    #[must_use]
    pub fn technology(&self, word: &str) -> Option<&'d Technology> {
        let at = self.technology_words.get(&word.to_lowercase())?;
        self.technologies.all.get(*at)
    }

    /// The place nearest to a mistyped word.
    #[must_use]
    pub fn nearest_place(&self, word: &str) -> Option<String> {
        let names = self.dataset.places.iter().map(|row| row.name.as_str());
        let codes = self.dataset.places.iter().map(|row| row.place.as_str());
        // A code is only near to something as short as a code.
        if word.chars().count() <= 3 {
            nearest(word, codes)
        } else {
            nearest(word, names)
        }
    }

    /// The technology nearest to a mistyped word.
    #[must_use]
    pub fn nearest_technology(&self, word: &str) -> Option<String> {
        nearest(word, self.technologies.all.iter().flat_map(Technology::words))
    }
}

/// Reads the parts of a bill of materials. `place` is where parts are bought whose row does not say.
/// Gives the parts and the columns that were left alone.
///
/// # Errors
/// All faults, with row and column.
pub fn read_parts(
    sheet: &Sheet,
    vocabulary: &Vocabulary<'_>,
    place: Option<&str>,
) -> Result<(Vec<Part>, Vec<String>), ExposureError> {
    let mut faults = Faults::new(&sheet.name);
    let columns = sheet.columns(&COLUMNS, &["part", "quantity"], &mut faults);
    if faults.count() > 0 {
        faults.into_result()?;
        return Ok((Vec::new(), Vec::new()));
    }
    let mut parts = Vec::with_capacity(sheet.rows.len());
    for at in 0..sheet.rows.len() {
        let row = columns.row(sheet, at);
        if let Some(part) = read_part(&row, vocabulary, place, &mut faults) {
            parts.push(part);
        }
    }
    if sheet.rows.is_empty() {
        faults.push(Fault::head("part", 1, "there are no parts under the header".into()));
    }
    faults.into_result()?;
    Ok((parts, columns.ignored))
}

fn read_part(row: &RowView<'_>, words: &Vocabulary<'_>, default: Option<&str>, faults: &mut Faults) -> Option<Part> {
    let name = row.text("part").map(str::to_owned);
    if name.is_none() {
        faults.push(Fault::at(row, "part", "the cell is empty".into()).hint("name the part"));
    }
    let quantity = row.number("quantity", None, 0.0, LARGEST, faults);
    let content = content(row, words, faults);
    let end_use = end_use(row, words, faults);
    let place = match place(row, "place", words, faults) {
        Word::Known(place) => Some(place),
        Word::Wrong => None,
        Word::Empty => default.map(str::to_owned).or_else(|| {
            faults.push(
                Fault::at(row, "place", "where the part is bought is not said".into())
                    .hint("fill the column `place`, or give `--for USA` for all rows"),
            );
            None
        }),
    };
    let Ok(supplier_place) = place_or_none(row, "supplier_place", words, faults) else {
        return None;
    };
    let amount = |column, faults: &mut Faults| -> Option<Option<f64>> {
        match row.text(column) {
            None => Some(None),
            Some(_) => row.number(column, None, 0.0, LARGEST, faults).map(Some),
        }
    };
    let stock_days = amount("stock_days", faults);
    let unit_cost_usd = amount("unit_cost_usd", faults);
    Some(Part {
        row: row.line(),
        name: name?,
        quantity: quantity?,
        end_use: end_use.ok()?,
        content: content?,
        place: place?,
        site: row.text("site").map(str::to_owned),
        supplier: row.text("supplier").map(str::to_owned),
        supplier_place,
        stock_days: stock_days?,
        unit_cost_usd: unit_cost_usd?,
    })
}

fn content(row: &RowView<'_>, words: &Vocabulary<'_>, faults: &mut Faults) -> Option<Content> {
    let given: Vec<&str> = ["technology", "grade", "element"]
        .into_iter()
        .filter(|column| row.text(column).is_some())
        .collect();
    match given[..] {
        ["technology"] => technology(row, words, faults),
        ["grade"] => {
            let grade = grade(row, words, faults);
            let mass = mass(row, faults);
            Some(Content::Magnet(grade?, mass?))
        }
        ["element"] => element(row, words, faults),
        [] => {
            faults.push(
                Fault::at(row, "technology", "what is in the part is not said".into())
                    .hint("fill one of `technology`, `grade` (of a magnet) and `element`"),
            );
            None
        }
        _ => {
            faults.push(
                Fault::at(row, given[1], format!("both {} are given", given.join(" and ")))
                    .hint("fill one of `technology`, `grade` and `element`; split the part over two rows otherwise"),
            );
            None
        }
    }
}

fn technology(row: &RowView<'_>, words: &Vocabulary<'_>, faults: &mut Faults) -> Option<Content> {
    let word = row.text("technology")?;
    if row.text("mass").is_some() {
        faults.push(
            Fault::at(row, "mass", "a technology has its own content".into())
                .hint("leave the mass empty, or give a `grade` or `element` instead of the technology"),
        );
        return None;
    }
    let Some(at) = words.technology_words.get(&word.to_lowercase()) else {
        faults.push(
            Fault::at(row, "technology", format!("unknown technology `{}`", shorten(word)))
                .nearest(words.nearest_technology(word))
                .hint("`monazite exposure technologies` lists those known"),
        );
        return None;
    };
    Some(Content::Technology(*at))
}

fn grade(row: &RowView<'_>, words: &Vocabulary<'_>, faults: &mut Faults) -> Option<GradeId> {
    let word = row.text("grade")?;
    let folded = word.to_lowercase();
    let known = || words.dataset.magnet_grades.iter();
    if let Some(found) = known().find(|row| row.grade.as_str() == folded || row.name.to_lowercase() == folded) {
        return Some(found.grade.clone());
    }
    // Traders' names such as `N42SH` end in the heat class.
    if let Some(grade) = heat_class(&folded).and_then(|class| known().find(|row| row.grade == class)) {
        return Some(grade.grade.clone());
    }
    let ids: Vec<&str> = known().map(|row| row.grade.as_str()).collect();
    faults.push(
        Fault::at(row, "grade", format!("unknown magnet grade `{}`", shorten(word)))
            .nearest(nearest(word, ids.iter().copied()))
            .hint(format!("grades: {}; or a trader's name such as N42SH", ids.join(", "))),
    );
    None
}

/// The grade class of a trader's name: `n35` → `n`, `n42sh` → `h`, `n38uh` → `uh`.
fn heat_class(word: &str) -> Option<&'static str> {
    let rest = word.strip_prefix('n')?;
    let letters = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if letters.len() + 2 != rest.len() {
        return None;
    }
    match letters {
        "" | "m" => Some("n"),
        "h" | "sh" => Some("h"),
        "uh" | "eh" | "ah" => Some("uh"),
        _ => None,
    }
}

fn element(row: &RowView<'_>, words: &Vocabulary<'_>, faults: &mut Faults) -> Option<Content> {
    let word = row.text("element")?;
    let rows = &words.dataset.elements;
    let found = (rows.iter())
        .find(|e| e.element.symbol().eq_ignore_ascii_case(word) || e.name.eq_ignore_ascii_case(word))
        .map(|e| (e.element, e.oxide_per_element));
    let form = row.text("form").unwrap_or("element");
    let mass = mass(row, faults);
    let Some((element, oxide)) = found else {
        let names = rows.iter().flat_map(|e| [e.element.symbol(), e.name.as_str()]);
        faults.push(
            Fault::at(row, "element", format!("unknown element `{}`", shorten(word)))
                .nearest(nearest(word, names))
                .hint("rare earths only: La to Lu, Y, Sc"),
        );
        return None;
    };
    let factor = match form.to_lowercase().as_str() {
        "element" | "metal" => 1.0,
        "oxide" => 1.0 / oxide,
        _ => {
            faults.push(
                Fault::at(row, "form", format!("unknown form `{}`", shorten(form)))
                    .nearest(nearest(form, ["element", "metal", "oxide"]))
                    .hint("`element`, `metal` or `oxide`"),
            );
            return None;
        }
    };
    Some(Content::Element(element, mass?.map(|range| range * factor)))
}

/// Kilograms per piece: none when no mass is given, `None` after a fault.
#[allow(
    clippy::option_option,
    reason = "a fault, an unknown mass and a mass are three things"
)]
fn mass(row: &RowView<'_>, faults: &mut Faults) -> Option<Option<Range>> {
    let given = |column: &str| row.text(column).is_some();
    if !["mass", "mass_low", "mass_high"].iter().any(|column| given(column)) {
        return Some(None);
    }
    let Some(unit) = row.text("mass_unit") else {
        faults.push(Fault::at(row, "mass_unit", "the mass has no unit".into()).hint("g, kg, mg, t, lb or oz"));
        return None;
    };
    let Some((_, kg)) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)) else {
        faults.push(
            Fault::at(row, "mass_unit", format!("unknown unit `{}`", shorten(unit)))
                .nearest(nearest(unit, UNITS.iter().map(|(name, _)| *name)))
                .hint("g, kg, mg, t, lb or oz"),
        );
        return None;
    };
    let mut number = |column: &str| -> Option<Option<f64>> {
        if !given(column) {
            return Some(None);
        }
        row.number(column, None, 0.0, LARGEST, faults).map(Some)
    };
    let (low, central, high) = (number("mass_low"), number("mass"), number("mass_high"));
    let (low, central, high) = (low?, central?, high?);
    let central = match (low, central, high) {
        (_, Some(central), _) => central,
        (Some(low), None, Some(high)) => f64::midpoint(low, high),
        (low, None, high) => low.or(high).unwrap_or(0.0),
    };
    let (low, high) = (low.unwrap_or(central), high.unwrap_or(central));
    if low > central || high < central {
        faults.push(
            Fault::at(
                row,
                "mass",
                format!("{central} is not between its ends {low} and {high}"),
            )
            .hint("mass_low ≤ mass ≤ mass_high"),
        );
        return None;
    }
    Some(Some(Range::new(low, central, high) * *kg))
}

fn end_use(row: &RowView<'_>, words: &Vocabulary<'_>, faults: &mut Faults) -> Result<Option<String>, ()> {
    let Some(word) = row.text("end_use") else {
        return Ok(None);
    };
    let ids = || words.dataset.end_uses.iter().map(|row| row.end_use.as_str());
    if let Some(found) = ids().find(|id| *id == word) {
        return Ok(Some(found.to_owned()));
    }
    faults.push(
        Fault::at(row, "end_use", format!("unknown end use `{}`", shorten(word)))
            .nearest(nearest(word, ids()))
            .hint("`monazite data show end_uses --limit 0` lists them"),
    );
    Err(())
}

enum Word {
    Known(String),
    Empty,
    Wrong,
}

fn place(row: &RowView<'_>, column: &str, words: &Vocabulary<'_>, faults: &mut Faults) -> Word {
    let Some(word) = row.text(column) else {
        return Word::Empty;
    };
    if let Some(found) = words.place(word) {
        return Word::Known(found.to_owned());
    }
    faults.push(
        Fault::at(row, column, format!("unknown place `{}`", shorten(word)))
            .nearest(words.nearest_place(word))
            .hint("a country by name or ISO code, such as `Germany` or `DEU`"),
    );
    Word::Wrong
}

fn place_or_none(
    row: &RowView<'_>,
    column: &str,
    words: &Vocabulary<'_>,
    faults: &mut Faults,
) -> Result<Option<String>, ()> {
    match place(row, column, words, faults) {
        Word::Known(found) => Ok(Some(found)),
        Word::Empty => Ok(None),
        Word::Wrong => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::heat_class;

    #[test]
    fn traders_names_end_in_the_heat_class() {
        for (word, class) in [
            ("n35", Some("n")),
            ("n42sh", Some("h")),
            ("n38uh", Some("uh")),
            ("n4", None),
            ("n42x", None),
            ("smco", None),
        ] {
            assert_eq!(heat_class(word), class, "{word}");
        }
    }
}
