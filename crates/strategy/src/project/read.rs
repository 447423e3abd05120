//! Reads a project file and checks what it says.

use toml::de::DeTable;

use super::definition::{Finance, Ore, Project};
use super::error::ProjectError;
use crate::page::{Checks, Page};

impl Project {
    /// Reads a project file. `file` names it in messages.
    ///
    /// # Errors
    /// Everything that is wrong with the file, each with its line and column.
    pub fn parse(text: &str, file: &str) -> Result<Self, ProjectError> {
        let page = Page { text, file };
        let project: Self =
            toml::from_str(text).map_err(|error| ProjectError::File(vec![page.of_toml(&error, missing_hint)]))?;
        // The structure is right, so the positions can be read as well.
        let table =
            DeTable::parse(text).map_err(|error| ProjectError::File(vec![page.of_toml(&error, missing_hint)]))?;
        let mut checks = Checks {
            page: &page,
            table: table.get_ref(),
            faults: Vec::new(),
        };
        checks.project(&project);
        if checks.faults.is_empty() {
            Ok(project)
        } else {
            Err(ProjectError::File(checks.faults))
        }
    }
}

/// What to write where a required key is missing.
fn missing_hint(key: &str) -> Option<&'static str> {
    Some(match key {
        "name" => "what the project is called",
        "currency" => "three letters, such as `currency = \"USD\"`",
        "money_year" => "the year whose prices all amounts are in, such as `money_year = 2024`",
        "schedule" | "costs" | "finance" => "`monazite project new` writes a file with every section",
        "capex_shares" => "share of capital cost in each construction year, such as `[0.4, 0.6]`",
        "life_years" => "years of production",
        "capex_m" => "capital cost in millions",
        "discount_rate" => "a share a year; 8 % is `discount_rate = 0.08`",
        "material" => "an element such as `Dy`, or `NdPr`",
        "t_per_year" => "tonnes in a full year",
        "grade_treo_pct" => "percent total rare-earth oxide",
        "recovery" => "share of the rare earths in ore that is sold",
        _ => return None,
    })
}

impl Checks<'_> {
    fn project(&mut self, project: &Project) {
        if project.currency.len() != 3 || !project.currency.chars().all(|c| c.is_ascii_uppercase()) {
            let message = format!("`{}` is not a currency", project.currency);
            self.fault(
                &["currency"],
                message,
                Some("use three capital letters, such as USD, AUD, EUR"),
            );
        }
        self.range(&["money_year"], f64::from(project.money_year), 1950.0, 2100.0, "");
        if let Some(rate) = project.usd_per_unit {
            self.range(&["usd_per_unit"], rate, 1e-6, 1e3, "dollars");
        }
        if project.products.is_empty() && project.ore.is_none() {
            self.fault(
                &[],
                "nothing is sold".to_owned(),
                Some("add [ore], or one [[product]] or more"),
            );
        }
        for (at, product) in project.products.iter().enumerate() {
            let at = at.to_string();
            self.range(
                &["product", &at, "t_per_year"],
                product.t_per_year,
                0.0,
                f64::INFINITY,
                "tonnes",
            );
            self.range(&["product", &at, "payability"], product.payability, 0.0, 1.0, "");
            for price in product
                .price_per_kg
                .iter()
                .flatten()
                .chain(&product.contract_price_per_kg)
            {
                self.range(
                    &["product", &at, "price_per_kg"],
                    *price,
                    0.0,
                    f64::INFINITY,
                    "per kilogram",
                );
            }
            self.range(
                &["product", &at, "contract_share"],
                product.contract_share,
                0.0,
                1.0,
                "",
            );
            if product.contract_share > 0.0 && product.contract_price_per_kg.is_none() {
                let message = "the contract has no price".to_owned();
                self.fault(
                    &["product", &at, "contract_share"],
                    message,
                    Some("give `contract_price_per_kg`"),
                );
            }
        }
        if let Some(ore) = &project.ore {
            self.ore(ore);
        }
        self.schedule(project);
        self.costs(project);
        let fiscal = &project.fiscal;
        self.range(&["fiscal", "royalty_share"], fiscal.royalty_share, 0.0, 1.0, "");
        self.range(&["fiscal", "tax_rate"], fiscal.tax_rate, 0.0, 1.0, "");
        self.range(
            &["fiscal", "depreciation_years"],
            f64::from(fiscal.depreciation_years),
            1.0,
            60.0,
            "years",
        );
        self.range(&["fiscal", "loss_limit_share"], fiscal.loss_limit_share, 0.0, 1.0, "");
        self.finance(&project.finance);
        if let Some(spread) = &project.uncertainty {
            for (key, (low, high)) in [
                ("prices", spread.prices),
                ("capex", spread.capex),
                ("opex", spread.opex),
                ("output", spread.output),
            ] {
                if !(low.is_finite() && high.is_finite() && 0.0 <= low && low <= high && high <= 100.0) {
                    self.fault(
                        &["uncertainty", key],
                        format!("`{key}` runs from {low} to {high}"),
                        Some("lowest and highest multiple of the stated value, such as [0.8, 1.3]"),
                    );
                }
            }
        }
    }

    fn ore(&mut self, ore: &Ore) {
        self.range(&["ore", "t_per_year"], ore.t_per_year, 0.0, f64::INFINITY, "tonnes");
        self.range(&["ore", "grade_treo_pct"], ore.grade_treo_pct, 0.0, 100.0, "percent");
        self.range(&["ore", "recovery"], ore.recovery, 0.0, 1.0, "");
        self.range(&["ore", "payability"], ore.payability, 0.0, 1.0, "");
        match (&ore.distribution, ore.composition_pct.is_empty()) {
            (None, true) => self.fault(
                &["ore"],
                "the composition of the ore is missing".to_owned(),
                Some("give `distribution`, or `composition_pct` by element"),
            ),
            (Some(_), false) => self.fault(
                &["ore", "composition_pct"],
                "the composition is given twice".to_owned(),
                Some("give `distribution` or `composition_pct`"),
            ),
            _ => {}
        }
        let total: f64 = ore.composition_pct.values().sum();
        let complete = total.is_finite() && (total - 100.0).abs() <= 0.1;
        if !(ore.composition_pct.is_empty() || complete) {
            self.fault(
                &["ore", "composition_pct"],
                format!("the composition sums to {total:.2} %"),
                Some("percent of total rare-earth oxide, all elements together 100 ± 0.1"),
            );
        }
        for (key, single) in [
            ("payability_by_element", &ore.payability_by_element),
            ("recovery_by_element", &ore.recovery_by_element),
        ] {
            for (symbol, share) in single {
                self.range(&["ore", key, symbol], *share, 0.0, 1.0, "");
            }
        }
        for (symbol, percent) in &ore.composition_pct {
            self.range(&["ore", "composition_pct", symbol], *percent, 0.0, 100.0, "percent");
        }
    }

    fn schedule(&mut self, project: &Project) {
        let schedule = &project.schedule;
        let total: f64 = schedule.capex_shares.iter().sum();
        if !((total - 1.0).abs() <= 1e-6 && schedule.capex_shares.iter().all(|share| *share >= 0.0)) {
            self.fault(
                &["schedule", "capex_shares"],
                format!("`capex_shares` sum to {total}"),
                Some("shares of capital cost by construction year; they sum to 1"),
            );
        }
        self.range(
            &["schedule", "capex_shares"],
            float(schedule.capex_shares.len()),
            1.0,
            20.0,
            "years",
        );
        for (at, share) in schedule.ramp.iter().enumerate() {
            self.range(&["schedule", "ramp", &at.to_string()], *share, 0.0, 1.0, "");
        }
        for (key, list, most) in [
            ("opex_by_year", &schedule.opex_by_year, 100.0),
            ("sustaining_m_by_year", &schedule.sustaining_m_by_year, f64::INFINITY),
            ("by_product_m_by_year", &schedule.by_product_m_by_year, f64::INFINITY),
        ] {
            let least = if key == "by_product_m_by_year" { -1e9 } else { 0.0 };
            for (at, value) in list.iter().enumerate() {
                self.range(&["schedule", key, &at.to_string()], *value, least, most, "");
            }
        }
        self.range(
            &["schedule", "life_years"],
            f64::from(schedule.life_years),
            1.0,
            200.0,
            "years",
        );
    }

    fn costs(&mut self, project: &Project) {
        let costs = &project.costs;
        for (key, value, unit) in [
            ("capex_m", costs.capex_m, "millions"),
            ("sustaining_m_per_year", costs.sustaining_m_per_year, "millions"),
            ("opex_m_per_year", costs.opex_m_per_year, "millions"),
            ("opex_per_kg", costs.opex_per_kg, "per kilogram"),
            ("separation_per_kg", costs.separation_per_kg, "per kilogram"),
            ("closure_m", costs.closure_m, "millions"),
        ] {
            self.range(&["costs", key], value, 0.0, f64::INFINITY, unit);
        }
        self.range(
            &["costs", "by_product_m_per_year"],
            costs.by_product_m_per_year,
            -1e9,
            1e9,
            "millions",
        );
        self.range(
            &["costs", "working_capital_days"],
            costs.working_capital_days,
            0.0,
            730.0,
            "days",
        );
    }

    fn finance(&mut self, finance: &Finance) {
        self.range(&["finance", "discount_rate"], finance.discount_rate, 0.0, 1.0, "a year");
        for (key, value) in [
            ("revenue", finance.inflation.revenue),
            ("opex", finance.inflation.opex),
            ("capex", finance.inflation.capex),
        ] {
            self.range(&["finance", "inflation", key], value, -0.5, 0.5, "a year");
        }
        self.range(&["finance", "debt_share"], finance.debt_share, 0.0, 1.0, "");
        self.range(&["finance", "debt_rate"], finance.debt_rate, 0.0, 1.0, "a year");
        if finance.debt_share > 0.0 && finance.debt_years == 0 {
            self.fault(
                &["finance", "debt_share"],
                "the debt is never paid back".to_owned(),
                Some("give `debt_years`"),
            );
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "a handful of years")]
fn float(count: usize) -> f64 {
    count as f64
}
