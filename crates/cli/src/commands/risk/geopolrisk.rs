//! `monazite risk table --method geopolrisk`: corrected scores, or those of the library.

pub mod ask;
mod compat;
mod corrected;

use monazite_risk::Context;

use crate::args::risk::TableArgs;
use crate::failure::Failure;
use crate::output::Printer;

/// The table in the mode asked for.
pub fn table(context: &Context<'_>, args: &TableArgs, printer: &Printer) -> Result<(), Failure> {
    if args.geopolrisk.compat.is_some() {
        compat::table(context, args, printer)
    } else {
        corrected::table(context, args, printer)
    }
}

pub use compat::scored as compat_scored;
pub use corrected::factor;
