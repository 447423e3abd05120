//! Reads a conflict file and checks what it says.

use monazite_evidence::Dataset;
use monazite_evidence::nearest::nearest;
use monazite_evidence::table::ViewName;
use toml::de::DeTable;

use super::conflict::{Conflict, Premium};
use super::error::StockpileError;
use super::estimate::{Estimate, Yearly};
use crate::page::{Checks, Page};

impl Conflict {
    /// Reads a conflict file; its words are those of the dataset. `file` names it in messages.
    ///
    /// # Errors
    /// Everything that is wrong with the file, each with its line and column.
    pub fn parse(text: &str, file: &str, dataset: &Dataset) -> Result<Self, StockpileError> {
        let page = Page { text, file };
        let refused = |error: &toml::de::Error| StockpileError::File(vec![page.of_toml(error, missing_hint)]);
        let conflict: Self = toml::from_str(text).map_err(|error| refused(&error))?;
        let table = DeTable::parse(text).map_err(|error| refused(&error))?;
        let mut checks = Checks {
            page: &page,
            table: table.get_ref(),
            faults: Vec::new(),
        };
        checks.conflict(&conflict, &Words::of(dataset));
        if checks.faults.is_empty() {
            Ok(conflict)
        } else {
            Err(StockpileError::File(checks.faults))
        }
    }
}

/// What to write where a required key is missing.
fn missing_hint(key: &str) -> Option<&'static str> {
    Some(match key {
        "name" => "a short id, such as `name = \"my-conflict\"`",
        "title" => "one line that says what happens",
        "base_year" => "the balanced year that supply and use are taken from: 2024 or 2009",
        "first_year" => "the first year of the emergency, such as 2027",
        "years" => "how many years it lasts, such as 4",
        "growth" => "growth of use and supply a year, such as `growth = 0.03`",
        "surge" => "defence use as a multiple of that of peace, one per year: `surge = [2, 1.5, 1.2, 1]`",
        "central" => "the best guess, between low and high",
        "places" => "place codes, or \"*\" for everybody not named elsewhere",
        "product" => "such as \"oxide:Y\", \"metal:Nd\" or \"magnet:uh\"",
        "share" | "premium" => "a share; 10 % is 0.1",
        "end_use" => "an id of the table end_uses: `monazite data show end_uses`",
        _ => return None,
    })
}

/// Words that a conflict may use.
struct Words {
    places: Vec<String>,
    end_uses: Vec<String>,
    products: Vec<String>,
    base_years: Vec<u16>,
}

impl Words {
    fn of(dataset: &Dataset) -> Self {
        let elements = || monazite_evidence::Element::ALL.iter().map(|element| element.symbol());
        let products = (elements().map(|e| format!("oxide:{e}")))
            .chain(elements().map(|e| format!("metal:{e}")))
            .chain(
                dataset
                    .magnet_grades
                    .iter()
                    .map(|grade| format!("magnet:{}", grade.grade)),
            )
            .collect();
        let mut base_years: Vec<u16> = dataset.demand.iter().map(|row| row.year).collect();
        base_years.sort_unstable();
        base_years.dedup();
        Self {
            places: dataset.view(ViewName::Full).map(|view| view.id.clone()).collect(),
            end_uses: dataset.end_uses.iter().map(|row| row.end_use.to_string()).collect(),
            products,
            base_years,
        }
    }
}

impl Checks<'_> {
    fn conflict(&mut self, conflict: &Conflict, words: &Words) {
        if !words.base_years.contains(&conflict.base_year) {
            let years: Vec<String> = words.base_years.iter().map(u16::to_string).collect();
            self.fault(
                &["base_year"],
                format!("there is no base year {}", conflict.base_year),
                Some(&format!("years with a base: {}", years.join(", "))),
            );
        }
        if conflict.first_year < conflict.base_year || conflict.first_year > 2100 {
            let message = format!(
                "`first_year` is {}; it must be from the base year to 2100",
                conflict.first_year
            );
            self.fault(&["first_year"], message, None);
        }
        if !(1..=20).contains(&conflict.years) {
            self.fault(
                &["years"],
                format!("`years` is {}; it must be from 1 to 20", conflict.years),
                None,
            );
        }
        self.estimate(&["growth"], &conflict.growth, -0.5, 0.5);
        self.yearly(&["surge"], &conflict.surge, 0.0, 20.0, conflict.years);
        self.users(conflict, words);
        self.suppliers(conflict, words);
        self.stocks(conflict, words);
        self.options(conflict, words);
        let market = &conflict.market;
        self.estimate(&["market", "probability"], &market.probability, 0.0, 1.0);
        self.range(&["market", "resale_loss"], market.resale_loss, 0.0, 1.0, "");
        if market.products > 20 {
            self.fault(
                &["market", "products"],
                "`products` is above 20".to_owned(),
                Some("each takes a dozen simulated paths"),
            );
        }
    }

    fn users(&mut self, conflict: &Conflict, words: &Words) {
        for (at, row) in conflict.defence.iter().enumerate() {
            let n = at.to_string();
            self.word(&["defence", &n, "end_use"], "end use", &row.end_use, &words.end_uses);
            self.estimate(&["defence", &n, "share"], &row.share, 0.0, 1.0);
            if conflict
                .defence
                .iter()
                .take(at)
                .any(|other| other.end_use == row.end_use)
            {
                let message = format!("`{}` is there twice", row.end_use);
                self.fault(&["defence", &n, "end_use"], message, None);
            }
        }
        self.estimate(&["civilian", "essential"], &conflict.civilian.essential, 0.0, 10.0);
        self.yearly(
            &["civilian", "austerity"],
            &conflict.civilian.austerity,
            0.0,
            2.0,
            conflict.years,
        );
        for (at, row) in conflict.investment.iter().enumerate() {
            let n = at.to_string();
            self.word(&["investment", &n, "end_use"], "end use", &row.end_use, &words.end_uses);
            self.yearly(&["investment", &n, "extra"], &row.extra, 0.0, 10.0, conflict.years);
        }
    }

    fn suppliers(&mut self, conflict: &Conflict, words: &Words) {
        let mut seen: Vec<&str> = Vec::new();
        for (at, row) in conflict.suppliers.iter().enumerate() {
            let n = at.to_string();
            if row.places.is_empty() {
                self.fault(
                    &["supplier", &n, "places"],
                    "no place is named".to_owned(),
                    missing_hint("places"),
                );
            }
            for place in &row.places {
                if place != "*" {
                    self.word(&["supplier", &n, "places"], "place", place, &words.places);
                } else if row.places.len() > 1 {
                    let message = "`*` stands beside other places".to_owned();
                    self.fault(
                        &["supplier", &n, "places"],
                        message,
                        Some("give it a [[supplier]] of its own"),
                    );
                }
                if seen.contains(&place.as_str()) {
                    let message = format!("`{place}` is in two suppliers");
                    self.fault(&["supplier", &n, "places"], message, Some("name every place once"));
                }
                seen.push(place);
            }
            for (key, yearly) in [
                ("damage", &row.damage),
                ("access", &row.access),
                ("shipping_loss", &row.shipping_loss),
            ] {
                self.yearly(&["supplier", &n, key], yearly, 0.0, 1.0, conflict.years);
            }
        }
    }

    fn stocks(&mut self, conflict: &Conflict, words: &Words) {
        for (at, row) in conflict.added.iter().enumerate() {
            let n = at.to_string();
            self.word(&["supply", &n, "product"], "product", &row.product, &words.products);
            self.estimate(&["supply", &n, "t_per_year"], &row.t_per_year, 0.0, 1e9);
        }
        for (at, row) in conflict.held.iter().enumerate() {
            let n = at.to_string();
            self.word(&["held", &n, "product"], "product", &row.product, &words.products);
            self.estimate(&["held", &n, "tonnes"], &row.tonnes, 0.0, 1e9);
        }
        self.estimate(&["cost", "price"], &conflict.cost.price, 0.0, 100.0);
        self.estimate(&["cost", "storage"], &conflict.cost.storage, 0.0, 1.0);
        self.range(&["cost", "years_held"], conflict.cost.years_held, 0.0, 100.0, "years");
    }

    fn options(&mut self, conflict: &Conflict, words: &Words) {
        let options = &conflict.options;
        for (key, premium) in [
            ("extra_buy", &options.extra_buy),
            ("keep_exports", &options.keep_exports),
        ] {
            if let Some(Premium { share, premium }) = premium {
                self.estimate(&["options", key, "share"], share, 0.0, 1.0);
                self.estimate(&["options", key, "premium"], premium, 0.0, 100.0);
            }
        }
        if let Some(recycling) = &options.recycling {
            self.estimate(&["options", "recycling", "share"], &recycling.share, 0.0, 1.0);
            self.estimate(&["options", "recycling", "usd_per_kg"], &recycling.usd_per_kg, 0.0, 1e6);
        }
        if let Some(part) = &options.substitution {
            self.estimate(&["options", "substitution"], part, 0.0, 1e4);
        }
        for (at, row) in options.qualify.iter().enumerate() {
            let n = at.to_string();
            self.word(
                &["options", "qualify", &n, "product"],
                "product",
                &row.product,
                &words.products,
            );
            self.estimate(&["options", "qualify", &n, "t_per_year"], &row.t_per_year, 0.0, 1e9);
            self.estimate(&["options", "qualify", &n, "premium"], &row.premium, 0.0, 100.0);
        }
    }

    fn word(&mut self, path: &[&str], what: &str, word: &str, known: &[String]) {
        if known.iter().any(|one| one == word) {
            return;
        }
        let hint = nearest(word, known.iter().map(String::as_str)).map_or_else(
            || {
                format!(
                    "known: {} …",
                    known.iter().take(6).cloned().collect::<Vec<_>>().join(", ")
                )
            },
            |near| format!("did you mean `{near}`?"),
        );
        self.fault(path, format!("unknown {what} `{word}`"), Some(&hint));
    }

    fn estimate(&mut self, path: &[&str], estimate: &Estimate, low: f64, high: f64) {
        for value in [estimate.low, estimate.central, estimate.high] {
            if !(value.is_finite() && (low..=high).contains(&value)) {
                self.range(path, value, low, high, "");
                return;
            }
        }
        if !(estimate.low <= estimate.central && estimate.central <= estimate.high) {
            let message = format!(
                "the range runs from {} over {} to {}",
                estimate.low, estimate.central, estimate.high
            );
            self.fault(path, message, Some("low, central and high must rise"));
        }
    }

    fn yearly(&mut self, path: &[&str], yearly: &Yearly, low: f64, high: f64, years: usize) {
        // Where the length itself is wrong, that is the fault to tell.
        if years > 0 && yearly.0.len() > years {
            let message = format!(
                "{} values are given, and the emergency lasts {years} years",
                yearly.0.len()
            );
            self.fault(
                path,
                message,
                Some("one number per year at most; the last one holds for the rest"),
            );
        }
        for estimate in &yearly.0 {
            self.estimate(path, estimate, low, high);
        }
    }
}
