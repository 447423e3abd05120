//! A number that nobody knows exactly, as it stands in a file: alone, or with a range, a confidence and a source.

use std::fmt;

use monazite_evidence::Confidence;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};

/// A number with its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Lowest plausible.
    pub low: f64,
    /// Best guess.
    pub central: f64,
    /// Highest plausible.
    pub high: f64,
    /// How far it can be trusted; C where the file does not say.
    pub confidence: Confidence,
    /// Where it comes from; none where the file does not say.
    pub source: Option<String>,
}

impl Estimate {
    /// A number without a range.
    #[must_use]
    pub const fn exactly(value: f64) -> Self {
        Self {
            low: value,
            central: value,
            high: value,
            confidence: Confidence::C,
            source: None,
        }
    }

    /// The `u`-quantile of the triangular distribution over the range with its peak at the best guess.
    #[must_use]
    pub fn at(&self, u: f64) -> f64 {
        let width = self.high - self.low;
        if width <= 0.0 {
            return self.central;
        }
        let left = (self.central - self.low) / width;
        if u < left {
            self.low + (u * width * (self.central - self.low)).sqrt()
        } else {
            self.high - ((1.0 - u) * width * (self.high - self.central)).sqrt()
        }
    }

    /// Whether it has a range.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.high > self.low
    }
}

/// An estimate of every year of the emergency; the last one holds for the rest. Its years move together.
#[derive(Clone, Debug, PartialEq)]
pub struct Yearly(pub Vec<Estimate>);

impl Yearly {
    /// The same number in every year.
    #[must_use]
    pub fn exactly(value: f64) -> Self {
        Self(vec![Estimate::exactly(value)])
    }

    /// The estimate of a year, from 0.
    #[must_use]
    pub fn year(&self, year: usize) -> Option<&Estimate> {
        self.0.get(year).or_else(|| self.0.last())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    low: Option<f64>,
    central: f64,
    high: Option<f64>,
    confidence: Option<String>,
    source: Option<String>,
}

impl Written {
    fn estimate<E: Error>(self) -> Result<Estimate, E> {
        let confidence = match self.confidence {
            None => Confidence::C,
            Some(word) => word
                .parse()
                .map_err(|_| E::custom(format!("`{word}` is not a confidence; write A, B or C")))?,
        };
        Ok(Estimate {
            low: self.low.unwrap_or(self.central),
            central: self.central,
            high: self.high.unwrap_or(self.central),
            confidence,
            source: self.source,
        })
    }
}

struct OneVisitor;

impl<'de> Visitor<'de> for OneVisitor {
    type Value = Estimate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or { low = …, central = …, high = …, confidence = \"C\", source = \"…\" }")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Estimate, E> {
        Ok(Estimate::exactly(value))
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "whole numbers of a file are small; ranges are checked after"
    )]
    fn visit_i64<E: Error>(self, value: i64) -> Result<Estimate, E> {
        Ok(Estimate::exactly(value as f64))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Estimate, A::Error> {
        Written::deserialize(MapAccessDeserializer::new(map))?.estimate()
    }
}

impl<'de> Deserialize<'de> for Estimate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneVisitor)
    }
}

struct YearlyVisitor;

impl<'de> Visitor<'de> for YearlyVisitor {
    type Value = Yearly;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a range { low = …, central = …, high = … }, or a list of them, one per year")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Yearly, E> {
        OneVisitor.visit_f64(value).map(|one| Yearly(vec![one]))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Yearly, E> {
        OneVisitor.visit_i64(value).map(|one| Yearly(vec![one]))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Yearly, A::Error> {
        OneVisitor.visit_map(map).map(|one| Yearly(vec![one]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Yearly, A::Error> {
        let mut years = Vec::new();
        while let Some(year) = list.next_element()? {
            years.push(year);
        }
        if years.is_empty() {
            return Err(A::Error::custom("the list is empty; give a number per year"));
        }
        Ok(Yearly(years))
    }
}

impl<'de> Deserialize<'de> for Yearly {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YearlyVisitor)
    }
}
