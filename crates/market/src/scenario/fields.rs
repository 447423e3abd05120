//! Reads the keys of one table of a scenario file, reporting what is not as it should be.

use std::collections::BTreeSet;

use jiff::civil::Date;
use monazite_evidence::error::shorten;
use monazite_evidence::nearest::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::ScenarioFault;
use super::page::{At, Page, Span};
use super::quarter::Quarter;
use super::schedule::Schedule;

/// The keys of one table. Every reader reports its own fault and then returns nothing, so that one
/// pass over the file finds all of them.
pub(super) struct Fields<'p, 't> {
    pub page: &'p Page<'t>,
    table: &'p DeTable<'t>,
    /// Where to point when a key is missing.
    span: Span,
    pub(super) event: Option<String>,
}

/// What a list of numbers by quarter is about.
pub(super) struct Limits {
    /// Name of the value inside a step: `share` or `factor`.
    pub value: &'static str,
    pub least: f64,
    pub most: f64,
    /// What such a value means.
    pub meaning: &'static str,
    /// Whether a value too large may be a percentage.
    pub percent: bool,
}

pub(super) const SHARE: Limits = Limits {
    value: "share",
    least: 0.0,
    most: 1.0,
    meaning: "a share lies between 0 and 1",
    percent: true,
};

pub(super) const FACTOR: Limits = Limits {
    value: "factor",
    least: 0.0,
    most: 10.0,
    meaning: "a factor of 0.8 is a fall by 20 %, 1.2 a rise by 20 %",
    percent: false,
};

pub(super) const RATE: Limits = Limits {
    value: "rate",
    least: 0.0,
    most: 5.0,
    meaning: "a rate is a share of the price, at most 5",
    percent: true,
};

/// Dearer than any rare earth ever was: scandium costs some thousand USD/kg.
const MOST_USD_PER_KG: f64 = 100_000.0;

impl<'p, 't> Fields<'p, 't> {
    pub(super) fn new(page: &'p Page<'t>, table: &'p DeTable<'t>, span: Span) -> Self {
        Self {
            page,
            table,
            span,
            event: None,
        }
    }

    /// Names the event in every fault from here on.
    pub(super) fn in_event(mut self, id: &str) -> Self {
        self.event = Some(id.to_owned());
        self
    }

    pub(super) fn fault(&self, span: &Span, message: impl Into<String>) -> ScenarioFault {
        self.page.error(span, message).event(self.event.as_deref())
    }

    pub(super) fn warning(&self, span: &Span, message: impl Into<String>) -> ScenarioFault {
        let warning = self.page.warning(span, message);
        warning.event(self.event.as_deref())
    }

    pub(super) fn report(&self, fault: ScenarioFault) {
        self.page.report(fault);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&'p Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    /// Where a key stands, for faults about the key itself; the table's heading if it is missing.
    pub(super) fn key_span(&self, key: &str) -> Span {
        self.table
            .keys()
            .find(|k| k.get_ref() == key)
            .map_or_else(|| self.span.clone(), Spanned::span)
    }

    pub(super) fn heading(&self) -> &Span {
        &self.span
    }

    /// Reports keys that the table may not have. `elsewhere` says where a key would belong.
    pub(super) fn check_keys(&self, known: &[&str], elsewhere: impl Fn(&str) -> Option<String>) {
        for key in self.table.keys() {
            let name = key.get_ref();
            if known.contains(&name.as_ref()) {
                continue;
            }
            let fault = self.fault(&key.span(), format!("unknown key `{}`", shorten(name)));
            self.report(match elsewhere(name) {
                Some(hint) => fault.hint(hint),
                None => fault.near(nearest(name, known.iter().copied())),
            });
        }
    }

    /// Reports that a key is missing.
    pub(super) fn missing(&self, key: &str, hint: &str) {
        let fault = self.fault(&self.span, format!("`{key}` is missing"));
        self.report(fault.hint(hint));
    }

    pub(super) fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'t>>, wanted: &str) -> ScenarioFault {
        let given = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("`{key}` must be {wanted}, not {given}");
        self.fault(&value.span(), message)
    }

    /// A text, if the key is there.
    pub(super) fn text(&self, key: &str) -> Option<At<String>> {
        let value = self.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.report(self.wrong_type(key, value, "a text in quotes"));
            return None;
        };
        Some(At {
            value: text.to_owned(),
            span: value.span(),
        })
    }

    /// A list of texts, if the key is there; a single text is a list of one. Repeated entries are
    /// reported.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<At<String>>> {
        let value = self.get(key)?;
        let read = |item: &Spanned<DeValue<'t>>| {
            item.get_ref().as_str().map(|text| At {
                value: text.to_owned(),
                span: item.span(),
            })
        };
        if let Some(one) = read(value) {
            return Some(vec![one]);
        }
        let Some(items) = value.get_ref().as_array() else {
            self.report(self.wrong_type(key, value, "a list of texts"));
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        let mut seen = BTreeSet::new();
        for item in items {
            let Some(text) = read(item) else {
                self.report(self.wrong_type(key, item, "a list of texts"));
                return None;
            };
            if seen.insert(text.value.clone()) {
                texts.push(text);
            } else {
                let message = format!("`{}` is given twice in `{key}`", shorten(&text.value));
                self.report(self.fault(&text.span, message));
            }
        }
        if texts.is_empty() {
            let fault = self.fault(&value.span(), format!("`{key}` is an empty list"));
            self.report(fault.hint("leave the key out, or name at least one"));
            return None;
        }
        Some(texts)
    }

    /// A number, if the key is there.
    pub(super) fn number(&self, key: &str) -> Option<At<f64>> {
        let value = self.get(key)?;
        self.number_in(key, value)
    }

    fn number_in(&self, key: &str, value: &Spanned<DeValue<'t>>) -> Option<At<f64>> {
        let number = match value.get_ref() {
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix())
                .ok()
                .and_then(|n| n.to_string().parse().ok()),
            DeValue::Float(x) => x.as_str().parse::<f64>().ok(),
            other => {
                let fault = self.wrong_type(key, value, "a number");
                let percent = other.as_str().and_then(|text| text.strip_suffix('%'));
                let percent = percent.and_then(|text| text.trim().parse::<f64>().ok());
                self.report(match percent {
                    Some(p) => fault.hint(format!("{p} % is written {}", p / 100.0)),
                    None => fault,
                });
                return None;
            }
        };
        let Some(number) = number.filter(|x: &f64| x.is_finite()) else {
            self.report(self.fault(&value.span(), format!("`{key}` must be a finite number")));
            return None;
        };
        Some(At {
            value: number,
            span: value.span(),
        })
    }

    /// A whole number within limits, if the key is there.
    pub(super) fn count(&self, key: &str, least: u32, most: u32) -> Option<At<u32>> {
        let value = self.get(key)?;
        let DeValue::Integer(n) = value.get_ref() else {
            self.report(self.wrong_type(key, value, "a whole number"));
            return None;
        };
        let count = i64::from_str_radix(n.as_str(), n.radix())
            .ok()
            .and_then(|n| u32::try_from(n).ok())
            .filter(|n| (least..=most).contains(n));
        let Some(count) = count else {
            let message = format!("`{key}` must lie between {least} and {most}");
            self.report(self.fault(&value.span(), message));
            return None;
        };
        Some(At {
            value: count,
            span: value.span(),
        })
    }

    /// Checks a number against limits, with a hint where a percentage was meant.
    pub(super) fn within(&self, key: &str, number: &At<f64>, limits: &Limits) -> Option<f64> {
        let x = number.value;
        if (limits.least..=limits.most).contains(&x) {
            return Some(x);
        }
        let message = format!("`{key}` is {x}; {}", limits.meaning);
        let fault = self.fault(&number.span, message);
        let percent = limits.percent && x > limits.most && x <= 100.0 * limits.most;
        self.report(if percent {
            fault.hint(format!("{x} % is written {}", x / 100.0))
        } else {
            fault
        });
        None
    }

    /// A tonnage above zero.
    pub(super) fn tonnes(&self, key: &str) -> Option<f64> {
        if !self.has(key) {
            self.missing(key, "give it in tonnes");
            return None;
        }
        let number = self.number(key)?;
        let x = number.value;
        if x <= 0.0 {
            let fault = self.fault(&number.span, format!("`{key}` is {x}; tonnes must be above 0"));
            self.report(if x == 0.0 {
                fault.hint("to let nothing pass, use kind = \"ban\"")
            } else {
                fault
            });
            return None;
        }
        // The world mines some 0.4 million tonnes of oxide a year.
        if x > 1e6 {
            let message = format!("`{key}` is {x} t, more than twice what the world mines in a year");
            self.report(self.warning(&number.span, message).hint("tonnes, not kilograms"));
        }
        Some(x)
    }

    /// A price above zero.
    pub(super) fn price(&self, key: &str, hint: &str) -> Option<f64> {
        if !self.has(key) {
            self.missing(key, hint);
            return None;
        }
        let number = self.number(key)?;
        let x = number.value;
        if x > 0.0 && x <= MOST_USD_PER_KG {
            return Some(x);
        }
        let message = format!("`{key}` is {x}; a price lies above 0 and up to {MOST_USD_PER_KG} USD/kg");
        self.report(self.fault(&number.span, message));
        None
    }

    /// A day, if the key is there, as `2025-04-04` with or without quotes.
    pub(super) fn date(&self, key: &str) -> Option<At<Date>> {
        let value = self.get(key)?;
        let day = match value.get_ref() {
            DeValue::String(text) => text.parse::<Date>().ok().filter(|_| text.len() == 10),
            DeValue::Datetime(date) if date.time.is_none() => date.to_string().parse().ok(),
            DeValue::Datetime(_) => None,
            _ => {
                self.report(self.wrong_type(key, value, "a date"));
                return None;
            }
        };
        let Some(day) = day.filter(|day| (1900..=2200).contains(&day.year())) else {
            let given = self.page.text().get(value.span()).unwrap_or_default();
            let message = format!("`{key}` is {}, which is not a date", shorten(given));
            let fault = self.fault(&value.span(), message);
            self.report(fault.hint("write a day of the calendar as \"2025-04-04\""));
            return None;
        };
        Some(At {
            value: day,
            span: value.span(),
        })
    }

    /// A quarter, if the key is there.
    pub(super) fn quarter(&self, key: &str) -> Option<At<Quarter>> {
        let text = self.text(key)?;
        match text.value.parse::<Quarter>() {
            Ok(value) if (1900..=2200).contains(&value.year()) => Some(At { value, span: text.span }),
            _ => {
                let message = format!("`{key}` is `{}`, which is not a quarter", shorten(&text.value));
                self.report(self.fault(&text.span, message).hint("write it as \"2025-Q2\""));
                None
            }
        }
    }

    /// A number, or a list of `{ quarter, share }` steps that begins no later than `from`.
    pub(super) fn schedule(&self, key: &str, limits: &Limits, from: Option<Date>) -> Option<Schedule> {
        let value = self.get(key)?;
        let Some(items) = value.get_ref().as_array() else {
            let number = self.number_in(key, value)?;
            return self.within(key, &number, limits).map(Schedule::constant);
        };
        let mut steps: Vec<(Quarter, f64)> = Vec::with_capacity(items.len());
        let mut whole = true;
        for item in items {
            let step = self.step(key, item, limits);
            let (Some((quarter, value)), last) = (step, steps.last()) else {
                whole = false;
                continue;
            };
            if last.is_some_and(|last| last.0 >= quarter) {
                let message = format!("{quarter} comes after a later or the same quarter in `{key}`");
                self.report(
                    self.fault(&item.span(), message)
                        .hint("list each quarter once, in order"),
                );
                whole = false;
                continue;
            }
            steps.push((quarter, value));
        }
        if items.is_empty() {
            self.report(self.fault(&value.span(), format!("`{key}` is an empty list")));
        }
        let first = steps.first()?.0;
        let begins = from.map(Quarter::of);
        if let Some(begins) = begins.filter(|begins| *begins < first) {
            let message = format!("`{key}` begins in {first}, but the event already in {begins}");
            let hint = format!("add a step for {begins}");
            self.report(self.fault(&value.span(), message).hint(hint));
            return None;
        }
        if whole { Schedule::steps(steps) } else { None }
    }

    fn step(&self, key: &str, item: &Spanned<DeValue<'t>>, limits: &Limits) -> Option<(Quarter, f64)> {
        let Some(table) = item.get_ref().as_table() else {
            let fault = self.wrong_type(key, item, "a list of steps");
            let hint = format!("write a step as {{ quarter = \"2025-Q2\", {} = 0.5 }}", limits.value);
            self.report(fault.hint(hint));
            return None;
        };
        let mut step = Fields::new(self.page, table, item.span());
        step.event.clone_from(&self.event);
        step.check_keys(&["quarter", limits.value], |_| None);
        for wanted in ["quarter", limits.value] {
            if !step.has(wanted) {
                step.missing(wanted, "each step has a quarter and a value");
            }
        }
        let quarter = step.quarter("quarter");
        let number = step.number(limits.value);
        let value = number.and_then(|number| step.within(limits.value, &number, limits));
        Some((quarter?.value, value?))
    }
}
