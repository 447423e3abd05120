//! One line of BACI: `t,i,j,k,v,q`. The quick way, and the careful one that says what is wrong.

use crate::cells;
use crate::log::{Reason, shown};

/// Where each of t, i, j, k, v, q stands.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Position in the line by field.
    place: [usize; 6],
    /// Columns in a line.
    width: usize,
}

/// The fields by name.
pub const NAMES: [&str; 6] = ["t", "i", "j", "k", "v", "q"];

/// More columns than any form of the table has.
const WIDEST: usize = 16;

impl Layout {
    /// The layout of a heading, or the headings that are there instead.
    pub fn of(heading: &[u8]) -> Result<Self, String> {
        let heading = String::from_utf8_lossy(heading);
        let names: Vec<String> = heading
            .split(',')
            .map(|name| name.trim().trim_matches('"').trim().to_ascii_lowercase())
            .collect();
        let mut place = [0; 6];
        for (slot, name) in place.iter_mut().zip(NAMES) {
            match names.iter().position(|found| found == name) {
                Some(at) if names.len() <= WIDEST => *slot = at,
                _ => return Err(format!("`{}`", shown(&heading))),
            }
        }
        Ok(Self {
            place,
            width: names.len(),
        })
    }

    /// How many columns a line has.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The name and position of a field for messages.
    pub fn column(&self, field: usize) -> (&'static str, usize) {
        (
            NAMES.get(field).copied().unwrap_or_default(),
            self.place.get(field).map_or(0, |at| at + 1),
        )
    }
}

/// The values of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Values {
    pub year: u16,
    pub exporter: u16,
    pub importer: u16,
    pub product: u32,
    pub value: f64,
    /// NaN when not known.
    pub quantity: f64,
}

/// The fields of a line, in the order t, i, j, k, v, q; none when there is another number of them.
pub fn fields<'l>(line: &'l [u8], layout: &Layout) -> Option<[&'l [u8]; 6]> {
    let mut cells: [&[u8]; WIDEST] = [&[]; WIDEST];
    let mut count = 0;
    let mut start = 0;
    for comma in memchr::memchr_iter(b',', line).chain(std::iter::once(line.len())) {
        *cells.get_mut(count)? = trimmed(line.get(start..comma)?);
        count += 1;
        start = comma + 1;
    }
    if count != layout.width {
        return None;
    }
    let mut out: [&[u8]; 6] = [&[]; 6];
    for (slot, at) in out.iter_mut().zip(layout.place) {
        *slot = cells.get(at)?;
    }
    Some(out)
}

/// Without the blanks with which releases pad numbers, and without quotes.
fn trimmed(cell: &[u8]) -> &[u8] {
    let cell = cell.trim_ascii();
    match cell {
        [b'"', inner @ .., b'"'] => inner.trim_ascii(),
        _ => cell,
    }
}

/// A product code: up to six digits; a zero at the front may be missing.
#[inline]
pub fn code(cell: &[u8]) -> Option<u32> {
    if cell.is_empty() || cell.len() > 6 {
        return None;
    }
    digits(cell).and_then(|value| u32::try_from(value).ok())
}

/// A whole number of ASCII digits.
#[inline]
fn digits(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() || cell.len() > 18 {
        return None;
    }
    cell.iter().try_fold(0_u64, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit <= 9).then(|| value * 10 + u64::from(digit))
    })
}

/// A decimal number without sign and exponent. Exact: the digits are a whole number below 2⁵³, divided once by a power
/// of ten that is exact too.
#[inline]
fn decimal(cell: &[u8]) -> Option<f64> {
    const TENS: [f64; 16] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    if cell.is_empty() || cell.len() > 16 {
        return None;
    }
    let mut value = 0_u64;
    let mut decimals: Option<usize> = None;
    for byte in cell {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + u64::from(digit);
            decimals = decimals.map(|count| count + 1);
        } else if *byte == b'.' && decimals.is_none() {
            decimals = Some(0);
        } else {
            return None;
        }
    }
    if value >= 1 << 53 || cell == b"." {
        return None;
    }
    #[allow(clippy::cast_precision_loss)] // below 2⁵³
    let whole = value as f64;
    Some(whole / TENS.get(decimals.unwrap_or(0))?)
}

/// The values of a line without its product, the quick way; none when anything is unusual.
#[inline]
pub fn quick(cells: &[&[u8]; 6], product: u32) -> Option<Values> {
    let [year, exporter, importer, _, value, quantity] = cells;
    let short = |cell: &[u8]| digits(cell).and_then(|value| u16::try_from(value).ok());
    let quantity = if quantity.is_empty() || *quantity == b"NA" {
        f64::NAN
    } else {
        decimal(quantity)?
    };
    Some(Values {
        year: short(year).filter(|year| (1950..=2100).contains(year))?,
        exporter: short(exporter)?,
        importer: short(importer)?,
        product,
        value: decimal(value)?,
        quantity,
    })
}

/// What is wrong with a line: the field, when it is one field, the reason, and the words.
pub type Wrong = (Option<usize>, Reason, String);

/// The values of a line, the careful way.
pub fn careful(cells: &[&[u8]; 6], product: u32) -> Result<Values, Wrong> {
    let [year, exporter, importer, _, value, quantity] = cells.map(|cell| String::from_utf8_lossy(cell).into_owned());
    let wrong = |field: usize| move |(reason, message): (Reason, String)| (Some(field), reason, message);
    let country = |field: usize, cell: &str| -> Result<u16, Wrong> {
        let code = cell.strip_suffix(".0").unwrap_or(cell).parse();
        code.map_err(|_| {
            (
                Some(field),
                Reason::Country,
                format!("`{}` is not a country code of BACI", shown(cell)),
            )
        })
    };
    let year = cells::year(&year).map_err(wrong(0))?;
    let exporter = country(1, &exporter)?;
    let importer = country(2, &importer)?;
    let Some(value) = cells::amount(&value).map_err(wrong(4))? else {
        return Err((Some(4), Reason::Empty, "there is no value".to_owned()));
    };
    let quantity = cells::amount(&quantity).map_err(wrong(5))?.unwrap_or(f64::NAN);
    Ok(Values {
        year,
        exporter,
        importer,
        product,
        value,
        quantity,
    })
}

#[cfg(test)]
mod tests {
    use super::{Layout, careful, decimal, fields, quick};

    #[test]
    fn the_quick_number_is_the_number() {
        for text in [
            "0",
            "12.5",
            "0.001",
            "123456.789",
            "999999999999999",
            "17.031",
            ".5",
            "5.",
        ] {
            assert_eq!(decimal(text.as_bytes()), Some(text.parse::<f64>().unwrap()), "{text}");
        }
        for text in ["", ".", "-1", "1e5", "1.2.3", "12345678901234567", "NA"] {
            assert_eq!(decimal(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn columns_may_stand_in_any_order() {
        let layout = Layout::of(b"k,t,\"i\",j,v,q").unwrap();
        let cells = fields(b"010190,2022,  4,842,1.5,   NA", &layout).unwrap();
        let values = quick(&cells, 10190).unwrap();
        assert_eq!((values.year, values.exporter, values.importer), (2022, 4, 842));
        assert!(values.quantity.is_nan());
        assert!(fields(b"1,2,3", &layout).is_none());
        assert!(Layout::of(b"year,exporter").is_err());
    }

    #[test]
    fn what_the_quick_way_refuses_the_careful_one_explains() {
        let layout = Layout::of(b"t,i,j,k,v,q").unwrap();
        let judge = |line: &str| careful(&fields(line.as_bytes(), &layout).unwrap(), 1);
        let value = judge("2022,4,842,280530,1e3,2").unwrap().value;
        assert!((value - 1000.0).abs() < f64::EPSILON);
        assert_eq!(judge("2022,4,842,280530,1,-2").unwrap_err().2, "`-2` is negative");
        assert_eq!(
            judge("2022,x,842,280530,1,2").unwrap_err().2,
            "`x` is not a country code of BACI"
        );
        assert_eq!(judge("22,4,842,280530,1,2").unwrap_err().0, Some(0));
    }
}
