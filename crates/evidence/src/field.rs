//! What a column holds: its type, unit, range and the table it refers to.

use crate::error::{Unknown, shorten};
use crate::ids::{Interner, SourceId};

/// The kind of value in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Text.
    Text,
    /// A finite decimal number.
    Number,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A date: `YYYY`, `YYYY-Qn`, `YYYY-MM` or `YYYY-MM-DD`.
    Period,
}

/// The column of another table whose values a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Reference {
    /// The other table.
    pub table: &'static str,
    /// Its column.
    pub column: &'static str,
    /// Only its rows where this column holds this value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<(&'static str, &'static str)>,
}

/// One column, as declared: the single source of the reader, the checks, the schema and the reference pages.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct FieldSpec {
    /// The column's name, the same as the field of the row type.
    pub name: &'static str,
    /// The kind of value.
    pub kind: FieldKind,
    /// The unit, when the value is a quantity.
    pub unit: Option<&'static str>,
    /// Whether an empty cell is refused. Empty means not known, never zero.
    pub required: bool,
    /// What the column means.
    pub description: &'static str,
    /// Whether the cell is a list joined by `;`.
    pub list: bool,
    /// The table the values refer to.
    pub references: Option<Reference>,
    /// Values allowed besides those of the referenced table.
    pub besides: &'static [&'static str],
    /// The allowed words, when the list is closed.
    pub values: &'static [&'static str],
    /// The smallest allowed number.
    pub minimum: Option<f64>,
    /// The largest allowed number.
    pub maximum: Option<f64>,
}

impl FieldSpec {
    /// The specification of a column holding `T`.
    #[must_use]
    pub const fn of<T: Field>(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            kind: T::KIND,
            unit: T::UNIT,
            required: T::REQUIRED,
            description,
            list: T::LIST,
            references: T::REFERENCE,
            besides: T::BESIDES,
            values: T::VALUES,
            minimum: T::MINIMUM,
            maximum: T::MAXIMUM,
        }
    }

    /// With a unit.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// With a smallest value.
    #[must_use]
    pub const fn min(mut self, minimum: f64) -> Self {
        self.minimum = Some(minimum);
        self
    }

    /// With a largest value.
    #[must_use]
    pub const fn max(mut self, maximum: f64) -> Self {
        self.maximum = Some(maximum);
        self
    }

    /// With a value that may not be missing, although its type is a list.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With a closed list of words.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }
}

/// Why a cell was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, naming the value.
    pub message: String,
    /// The nearest valid word.
    pub nearest: Option<String>,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault with a message.
    #[must_use]
    pub fn new(message: String) -> Self {
        Self {
            message,
            nearest: None,
            hint: None,
        }
    }

    /// The same, with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Unknown> for Fault {
    fn from(unknown: Unknown) -> Self {
        Self {
            message: format!("unknown {} `{}`", unknown.what, unknown.value),
            nearest: unknown.nearest,
            hint: unknown.hint,
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

/// A type that a column can hold.
pub trait Field: Sized {
    /// The kind of value.
    const KIND: FieldKind;
    /// Whether an empty cell is refused.
    const REQUIRED: bool = true;
    /// Whether the cell is a `;` list.
    const LIST: bool = false;
    /// The unit.
    const UNIT: Option<&'static str> = None;
    /// The smallest value.
    const MINIMUM: Option<f64> = None;
    /// The largest value.
    const MAXIMUM: Option<f64> = None;
    /// The closed list of words.
    const VALUES: &'static [&'static str] = &[];
    /// The table referred to.
    const REFERENCE: Option<Reference> = None;
    /// Values allowed besides those of the table referred to.
    const BESIDES: &'static [&'static str] = &[];

    /// Reads a cell that is not empty, or any cell when the column may be empty.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong with the text.
    fn parse(cell: &str, intern: &mut Interner) -> Result<Self, Fault>;

    /// Writes the cell as a table holds it.
    fn write(&self, out: &mut String);

    /// The number in the cell, for range checks.
    fn number(&self) -> Option<f64> {
        None
    }
}

/// Reads a finite number. NaN and infinity are refused: a table cannot hold them by accident or on purpose.
///
/// # Errors
/// A [`Fault`] when the text is not a finite decimal number.
pub fn parse_number(cell: &str) -> Result<f64, Fault> {
    match cell.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(Fault::new(format!("`{}` is not a finite number", shorten(cell)))
            .hint("leave the cell empty when the value is not known")),
        Err(_) => {
            let fault = Fault::new(format!("`{}` is not a number", shorten(cell)));
            Err(if cell.contains(',') {
                fault.hint("write 1234.5, without thousands separators")
            } else {
                fault.hint("leave the cell empty when the value is not known")
            })
        }
    }
}

impl Field for f64 {
    const KIND: FieldKind = FieldKind::Number;
    fn parse(cell: &str, _: &mut Interner) -> Result<Self, Fault> {
        parse_number(cell)
    }
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
    fn number(&self) -> Option<f64> {
        Some(*self)
    }
}

/// Whole-number columns.
macro_rules! integer {
    ($($ty:ty),+) => { $(
        impl Field for $ty {
            const KIND: FieldKind = FieldKind::Integer;
            fn parse(cell: &str, _: &mut Interner) -> Result<Self, Fault> {
                cell.parse().map_err(|_| {
                    Fault::new(format!("`{}` is not a whole number", shorten(cell)))
                        .hint(format!("between {} and {}", Self::MIN, Self::MAX))
                })
            }
            fn write(&self, out: &mut String) {
                out.push_str(&self.to_string());
            }
            fn number(&self) -> Option<f64> {
                Some(f64::from(*self))
            }
        }
    )+ };
}
integer!(u8, u16, u32);

impl Field for bool {
    const KIND: FieldKind = FieldKind::Boolean;
    const VALUES: &'static [&'static str] = &["true", "false"];
    fn parse(cell: &str, _: &mut Interner) -> Result<Self, Fault> {
        match cell {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Fault::new(format!("`{}` is neither true nor false", shorten(cell)))),
        }
    }
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

impl Field for String {
    const KIND: FieldKind = FieldKind::Text;
    fn parse(cell: &str, _: &mut Interner) -> Result<Self, Fault> {
        Ok(cell.to_owned())
    }
    fn write(&self, out: &mut String) {
        out.push_str(self);
    }
}

impl<T: Field> Field for Option<T> {
    const KIND: FieldKind = T::KIND;
    const REQUIRED: bool = false;
    const UNIT: Option<&'static str> = T::UNIT;
    const MINIMUM: Option<f64> = T::MINIMUM;
    const MAXIMUM: Option<f64> = T::MAXIMUM;
    const VALUES: &'static [&'static str] = T::VALUES;
    const REFERENCE: Option<Reference> = T::REFERENCE;
    const BESIDES: &'static [&'static str] = T::BESIDES;
    fn parse(cell: &str, intern: &mut Interner) -> Result<Self, Fault> {
        if cell.is_empty() {
            return Ok(None);
        }
        T::parse(cell, intern).map(Some)
    }
    fn write(&self, out: &mut String) {
        if let Some(value) = self {
            value.write(out);
        }
    }
    fn number(&self) -> Option<f64> {
        self.as_ref().and_then(Field::number)
    }
}

/// A list joined by `;`. An empty cell is an empty list.
impl<T: Field> Field for Vec<T> {
    const KIND: FieldKind = T::KIND;
    const REQUIRED: bool = false;
    const LIST: bool = true;
    const UNIT: Option<&'static str> = T::UNIT;
    const VALUES: &'static [&'static str] = T::VALUES;
    const REFERENCE: Option<Reference> = T::REFERENCE;
    const BESIDES: &'static [&'static str] = T::BESIDES;
    fn parse(cell: &str, intern: &mut Interner) -> Result<Self, Fault> {
        cell.split(';')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(|item| T::parse(item, intern))
            .collect()
    }
    fn write(&self, out: &mut String) {
        for (n, item) in self.iter().enumerate() {
            if n > 0 {
                out.push(';');
            }
            item.write(out);
        }
    }
}

/// The sources of a row are read with a small memory, see [`Interner`].
pub(crate) fn parse_sources(cell: &str, intern: &mut Interner) -> Result<Vec<SourceId>, Fault> {
    let sources = intern.sources(cell);
    if sources.is_empty() {
        return Err(Fault::new("the row names no source".to_owned())
            .hint("cite an id of sources.csv; use `unverified` with confidence C for background"));
    }
    Ok(sources)
}
