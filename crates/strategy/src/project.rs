//! The economics of one project: what it is worth, at which price it breaks even, which floor would carry it.
//!
//! A [`Project`] is what a person writes down. [`Project::case`] looks up what it leaves to the evidence (composition,
//! prices) and gives a [`Case`]: numbers only. [`value`] turns a case into a yearly cash flow and a [`Valuation`];
//! everything else (break-even, floor, grant, tornado, draws) values changed cases.
//!
//! Money is in millions of the project's currency, real in the stated year unless inflation is given. Years count from
//! the first year of construction, which is year 1; flows fall at the end of their year unless stated otherwise.

mod book;
mod breakeven;
mod case;
mod cash_flow;
mod convention;
mod deck;
mod definition;
mod deposit;
mod draws;
mod error;
mod read;
mod spectrum;
mod tornado;
mod value;

pub use breakeven::{Floor, break_even_multiple, break_even_price, floor_for_irr, grant_for_irr};
pub use case::{Case, Line};
pub use cash_flow::{CashFlow, Year, cash_flow};
pub use convention::{annuity, loan_cost};
pub use deck::{Deck, DeckPrice};
pub use definition::{
    Costs, Depreciation, Discounting, Finance, Fiscal, Form, Inflation, Ore, Product, Project, Published, Schedule,
    TemplateRow, studies, template, template_rows,
};
pub use deposit::{Assessment, Input, Verdict, assess};
pub use draws::{Bands, Spread, bands, npv_draws};
pub use error::{Fault, ProjectError};
pub use spectrum::{Bin, Spectrum, spectrum};
pub use tornado::{Swing, tornado};
pub use value::{Valuation, irr, npv, value};
