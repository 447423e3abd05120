//! The outcome that is asked about, as typed on a command line.

use monazite_evidence::error::Unknown;

use crate::frame::{Frame, Record, Zone};

/// When an outcome is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At its highest.
    Peak,
    /// Averaged over the run.
    Mean,
    /// In one quarter, by its position.
    Quarter(usize),
}

/// A number of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Spot price of a series, USD/kg.
    Price {
        /// Position of the series.
        series: usize,
        /// When.
        when: When,
    },
    /// Users' loss over the run, thousand USD; of a place or of all.
    Loss {
        /// Position of the place; none for all.
        place: Option<usize>,
    },
    /// Shortfall of the users of a product in a place, share of what is wanted.
    Shortage {
        /// Position of the user.
        user: usize,
        /// When.
        when: When,
    },
}

impl Outcome {
    /// What can be asked, for messages.
    pub const FORMS: &'static str = "price:PRODUCT@inside|outside:WHEN, shortage:PRODUCT@PLACE:WHEN, loss@PLACE or loss@all; WHEN is peak, mean or \
         a quarter";

    /// Reads an outcome such as `price:oxide:Dy@outside:peak`, `shortage:magnet:uh@DEU:2025Q3` or `loss@all`.
    ///
    /// # Errors
    /// The word that is not understood, with the nearest that would be.
    pub fn parse(text: &str, frame: &Frame) -> Result<Self, Unknown> {
        let unknown = |what, word: &str, known: &[&str]| Unknown::new(what, word, known.iter().copied());
        let (left, right) = text.split_once('@').unwrap_or((text, ""));
        let (kind, product) = left.split_once(':').unwrap_or((left, ""));
        let (at, when) = right.split_once(':').unwrap_or((right, "peak"));
        let product = if product.contains(':') || product.is_empty() {
            product.to_owned()
        } else {
            format!("oxide:{product}")
        };
        match kind {
            "loss" => {
                if matches!(at, "" | "all") {
                    return Ok(Self::Loss { place: None });
                }
                let place = frame.places.iter().position(|id| id == at);
                let names: Vec<&str> = frame.places.iter().map(String::as_str).collect();
                Ok(Self::Loss {
                    place: Some(place.ok_or_else(|| unknown("place", at, &names))?),
                })
            }
            "price" => {
                let zone = [Zone::Inside, Zone::Outside]
                    .into_iter()
                    .find(|zone| zone.as_str() == at);
                let zone = zone.ok_or_else(|| unknown("zone", at, &["inside", "outside"]))?;
                let series = frame.series.iter().position(|s| s.name == product && s.zone == zone);
                let names: Vec<&str> = frame.series.iter().map(|s| s.name.as_str()).collect();
                Ok(Self::Price {
                    series: series.ok_or_else(|| unknown("product", &product, &names))?,
                    when: moment(when, frame)?,
                })
            }
            "shortage" => {
                let names: Vec<&str> = frame.users.iter().map(|u| u.name.as_str()).collect();
                if !names.contains(&product.as_str()) {
                    return Err(unknown("product", &product, &names));
                }
                let user = frame.users.iter().position(|u| u.name == product && u.place_id == at);
                let of_product = frame.users.iter().filter(|u| u.name == product);
                let places: Vec<&str> = of_product.map(|u| u.place_id.as_str()).collect();
                Ok(Self::Shortage {
                    user: user.ok_or_else(|| unknown("place that uses it", at, &places))?,
                    when: moment(when, frame)?,
                })
            }
            other => Err(unknown("outcome", other, &["price", "shortage", "loss"])),
        }
    }

    /// Its value on a path.
    #[must_use]
    pub fn of(&self, record: &Record, frame: &Frame) -> f64 {
        let quarters = frame.quarters.len();
        let read = |values: &[f64], row: usize, when: &When| -> f64 {
            let own = values.get(row * quarters..(row + 1) * quarters).unwrap_or_default();
            match when {
                When::Peak => own.iter().copied().fold(0.0, f64::max),
                #[allow(clippy::cast_precision_loss, reason = "a few dozen quarters")]
                When::Mean => own.iter().sum::<f64>() / own.len().max(1) as f64,
                When::Quarter(q) => own.get(*q).copied().unwrap_or(0.0),
            }
        };
        match self {
            Self::Price { series, when } => read(&record.spot, *series, when),
            Self::Shortage { user, when } => read(&record.shortfall, *user, when),
            Self::Loss { place: Some(at) } => record.loss.get(*at).copied().unwrap_or(0.0),
            Self::Loss { place: None } => record.loss.iter().sum(),
        }
    }

    /// Its unit.
    #[must_use]
    pub const fn unit(&self) -> &'static str {
        match self {
            Self::Price { .. } => "USD/kg",
            Self::Loss { .. } => "thousand USD",
            Self::Shortage { .. } => "share of what is wanted",
        }
    }
}

fn moment(word: &str, frame: &Frame) -> Result<When, Unknown> {
    Ok(match word {
        "peak" => When::Peak,
        "mean" => When::Mean,
        quarter => {
            let at = frame.quarters.iter().position(|q| q == quarter);
            let known = frame.quarters.iter().map(String::as_str).chain(["peak", "mean"]);
            When::Quarter(at.ok_or_else(|| Unknown::new("quarter", quarter, known))?)
        }
    })
}
