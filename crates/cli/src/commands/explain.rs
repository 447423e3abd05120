//! `monazite explain`: why a price is what it is, why somebody runs short.

use std::path::Path;

use monazite_market::explain::{ExplainError, price, shortage};
use monazite_market::store::{StoreError, StoredRun, read};

use super::dataset;
use crate::args::{ExplainArgs, Global};
use crate::failure::{Code, Failure};
use crate::output::{Document, Printer};

/// Answers the question about a result.
pub fn explain(args: &ExplainArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let run = read(&args.result).map_err(|error| unreadable(&args.result, &error))?;
    let place = place_id(&run, &args.place, global);
    let mut document = Document::new();
    let (text, answer) = if let Some(product) = &args.price {
        let product = product_name(product);
        let quarter = args.quarter.clone().unwrap_or_else(|| peak(&run, &product, &place));
        let found = price(&run, &product, &place, &quarter).map_err(|error| wrong(&error))?;
        (found.to_text(), serde_json::to_value(&found))
    } else {
        let product = product_name(args.shortage.as_deref().unwrap_or_default());
        let found = shortage(&run, &product, &place).map_err(|error| wrong(&error))?;
        (found.to_text(), serde_json::to_value(&found))
    };
    document.whole = Some(answer.map_err(|error| Failure::failed(format!("cannot write JSON: {error}")))?);
    document.lines(text);
    printer.print(&document)
}

/// A folder that cannot be read as a result.
pub fn unreadable(path: &Path, error: &StoreError) -> Failure {
    let failure = stored(error);
    // The parts of results are easily mistaken for results.
    let above = path
        .parent()
        .filter(|above| above.join(monazite_market::store::RUN_FILE).is_file());
    match above {
        Some(above) => failure.hint(format!("the result itself is `{}`", above.display())),
        None => failure,
    }
}

/// A failure of a result folder, with what to do about it.
pub fn stored(error: &StoreError) -> Failure {
    let code = match error {
        StoreError::Denied { .. } | StoreError::DiskFull { .. } | StoreError::Io { .. } | StoreError::Encode { .. } => {
            Code::Failed
        }
        _ => Code::Input,
    };
    let failure = Failure::new(code, error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn wrong(error: &ExplainError) -> Failure {
    Failure::input(error.to_string()).hint(error.hint())
}

/// `Dy` means its oxide.
fn product_name(text: &str) -> String {
    if text.contains(':') {
        text.to_owned()
    } else {
        format!("oxide:{text}")
    }
}

/// A place as the result knows it; a name or another code is looked up in the dataset.
fn place_id(run: &StoredRun, text: &str, global: &Global) -> String {
    let known = |id: &str| run.result.prices.iter().any(|row| row.place == id);
    if known(text) {
        return text.to_owned();
    }
    let Ok(dataset) = dataset(global) else {
        return text.to_owned();
    };
    let Ok(place) = dataset.resolve_place(text) else {
        return text.to_owned();
    };
    [place.place.as_str(), place.view_place.as_str(), place.bloc.as_str()]
        .into_iter()
        .find(|id| known(id))
        .map_or_else(|| text.to_owned(), str::to_owned)
}

/// The quarter in which the price is highest; the base quarter when there is none.
fn peak(run: &StoredRun, product: &str, place: &str) -> String {
    run.result
        .prices
        .iter()
        .filter(|row| row.product == product && row.place == place && row.quarter != "base")
        .max_by(|a, b| a.spot_usd_per_kg.total_cmp(&b.spot_usd_per_kg))
        .map_or_else(|| "base".to_owned(), |row| row.quarter.clone())
}
