//! Words that tell firms, institutions, deposits and plants from other names.

mod firms;
mod institutions;

/// Days end a name.
pub(super) use crate::date::DAYS;
pub(super) use firms::{BRANCHES, KINDS, LEGAL, NO_CAMEL, NO_FIRM, NO_FIRM_ENDS, OFFICERS, PUBLIC, TRADES};
pub(super) use institutions::{BODIES, CAUSES, HEADLINE_VERBS, HEADS, MADE, METALS, REGIONS, SURE_TAILS, TAILS};
