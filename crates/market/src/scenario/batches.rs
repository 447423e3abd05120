//! Reads how much a quota allows: a tonnage per year, or batches as they were announced.

use toml::Spanned;
use toml::de::DeValue;

use super::event::{Allowed, Batch};
use super::fields::Fields;

const KEYS: [&str; 3] = ["from", "until", "tonnes"];
const FORM: &str = "write a batch as { from = \"2010-Q1\", until = \"2010-Q2\", tonnes = 22282 }";

impl<'t> Fields<'_, 't> {
    /// `tonnes_per_year` or `batches`.
    pub(super) fn allowed(&self) -> Option<Allowed> {
        if !self.has("batches") {
            return self.tonnes("tonnes_per_year").map(Allowed::PerYear);
        }
        if self.has("tonnes_per_year") {
            let fault = self.fault(
                &self.key_span("tonnes_per_year"),
                "`tonnes_per_year` cannot stand beside `batches`",
            );
            self.report(fault.hint("give one of them"));
            return None;
        }
        let value = self.get("batches")?;
        let Some(items) = value.get_ref().as_array() else {
            self.report(self.wrong_type("batches", value, "a list of batches").hint(FORM));
            return None;
        };
        if items.is_empty() {
            self.report(self.fault(&value.span(), "`batches` is an empty list").hint(FORM));
            return None;
        }
        let mut batches: Vec<Batch> = Vec::with_capacity(items.len());
        let mut whole = true;
        for item in items {
            let Some(batch) = self.batch(item) else {
                whole = false;
                continue;
            };
            if let Some(last) = batches.last().filter(|last| batch.from <= last.until) {
                let message = format!(
                    "the batch from {} begins before the one until {} is over",
                    batch.from, last.until
                );
                self.report(self.fault(&item.span(), message).hint("list batches in order of time"));
                whole = false;
            }
            batches.push(batch);
        }
        whole.then_some(Allowed::Batches(batches))
    }

    fn batch(&self, item: &Spanned<DeValue<'t>>) -> Option<Batch> {
        let Some(table) = item.get_ref().as_table() else {
            self.report(self.wrong_type("batches", item, "a list of batches").hint(FORM));
            return None;
        };
        let mut fields = Fields::new(self.page, table, item.span());
        fields.event.clone_from(&self.event);
        fields.check_keys(&KEYS, |_| None);
        for key in KEYS {
            if !fields.has(key) {
                fields.missing(key, FORM);
            }
        }
        let (from, until) = (fields.quarter("from"), fields.quarter("until"));
        let tonnes = if fields.has("tonnes") {
            fields.tonnes("tonnes")
        } else {
            None
        };
        let (from, until) = (from?, until?);
        if until.value < from.value {
            let message = format!("`until` is {}, before `from` ({})", until.value, from.value);
            fields.report(fields.fault(&until.span, message));
            return None;
        }
        Some(Batch {
            from: from.value,
            until: until.value,
            tonnes: tonnes?,
        })
    }
}
