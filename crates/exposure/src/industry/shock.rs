//! Losses from shortages that the user states: any input, any industry, without the market model.

use super::economy::Economy;
use super::loss::{Loss, loss};
use super::mapping::Need;
use super::propagate::Propagation;
use super::shortfall::Shortfall;
use crate::bom::{Fault, Faults, Sheet};
use crate::{ExposureError, Range};
use monazite_evidence::nearest::nearest;

/// A shortage of one input in one industry.
#[derive(Clone, Debug, PartialEq)]
pub struct Shock {
    /// Name of the input, such as `gallium`.
    pub input: String,
    /// Position of the industry in the economy.
    pub industry: usize,
    /// Part of its output that needs the input.
    pub need: Range,
    /// Part of the input that is missing.
    pub shortage: f64,
    /// Part of the input that cannot be saved or replaced.
    pub essential: f64,
    /// How many quarters it lasts.
    pub quarters: usize,
}

const COLUMNS: [&str; 8] = [
    "input",
    "industry",
    "need",
    "need_low",
    "need_high",
    "shortage",
    "essential",
    "quarters",
];
/// A year: the horizon of published estimates.
const A_YEAR: f64 = 4.0;
/// Nobody's table of shortages lasts longer.
const LONGEST: f64 = 80.0;

/// Reads shortages from a sheet with the columns `input`, `industry`, `need`, `shortage`, and perhaps `need_low`,
/// `need_high`, `essential` (1) and `quarters` (4).
///
/// # Errors
/// All faults of the sheet, with row and column.
pub fn read_shocks(sheet: &Sheet, economy: &Economy) -> Result<Vec<Shock>, ExposureError> {
    let mut faults = Faults::new(&sheet.name);
    let head = sheet.columns(&COLUMNS, &["input", "industry", "need", "shortage"], &mut faults);
    let mut shocks = Vec::new();
    for (at, _) in sheet.rows.iter().enumerate() {
        let row = head.row(sheet, at);
        let input = row.text("input").unwrap_or_default().to_owned();
        let code = row.text("industry").unwrap_or_default();
        let industry = economy.position(code);
        if industry.is_none() {
            let codes = economy.industries.iter().map(|i| i.code.as_str());
            faults.push(
                Fault::at(&row, "industry", format!("unknown industry `{code}`"))
                    .nearest(nearest(code, codes))
                    .hint("codes are those of `monazite exposure --country USA --csv=industries`"),
            );
        }
        if input.is_empty() {
            faults.push(Fault::at(&row, "input", "the cell is empty".to_owned()).hint("name the input"));
        }
        let need = row.share("need", None, &mut faults);
        let low = row.share("need_low", need, &mut faults);
        let high = row.share("need_high", need, &mut faults);
        let shortage = row.share("shortage", None, &mut faults);
        let essential = row.share("essential", Some(1.0), &mut faults);
        let quarters = row.number("quarters", Some(A_YEAR), 1.0, LONGEST, &mut faults);
        if let (Some(industry), Some(need), Some(low), Some(high), Some(shortage), Some(essential), Some(quarters)) =
            (industry, need, low, high, shortage, essential, quarters)
        {
            shocks.push(Shock {
                input,
                industry,
                need: Range::new(low, need, high),
                shortage,
                essential,
                quarters: whole(quarters),
            });
        }
    }
    faults.into_result()?;
    Ok(shocks)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 1 and the longest, a whole number after rounding"
)]
fn whole(quarters: f64) -> usize {
    quarters.round() as usize
}

/// Lost value added from stated shortages.
#[must_use]
pub fn shock_loss(economy: &Economy, propagation: &Propagation, shocks: &[Shock]) -> Loss {
    let quarters = shocks.iter().map(|shock| shock.quarters).max().unwrap_or(0);
    // Each row is an input of its own: the same input may be missing in different parts in different industries.
    let name = |at: usize, shock: &Shock| {
        let code = &economy.industries[shock.industry].code;
        format!("{} in {code}, row {}", shock.input, at + 2)
    };
    let needs: Vec<Need> = (shocks.iter().enumerate())
        .map(|(at, shock)| Need {
            input: name(at, shock),
            industry: shock.industry,
            share: shock.need,
        })
        .collect();
    let shortfalls: Vec<Shortfall> = (shocks.iter().enumerate())
        .map(|(at, shock)| Shortfall {
            input: name(at, shock),
            product: shock.input.clone(),
            value_kusd: 1.0,
            essential: shock.essential,
            cut: (0..quarters)
                .map(|q| if q < shock.quarters { shock.shortage } else { 0.0 })
                .collect(),
            substituted: vec![0.0; quarters],
        })
        .collect();
    loss(economy, propagation, &needs, &shortfalls, quarters)
}
