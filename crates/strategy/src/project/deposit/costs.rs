//! What a deposit costs to build and to run: published where the evidence has it, else priors by kind of ore and stage.

use monazite_evidence::product::is_light;
use monazite_evidence::table::CostScope;
use monazite_evidence::{Confidence, CostStage, Element, Stage};

use super::Study;
use crate::project::definition::Costs;

impl Study<'_> {
    /// Costs up to separated oxides.
    pub(super) fn costs(&mut self, composition: &[(Element, f64)], mined_kg: f64, sold_share: f64) -> Option<Costs> {
        let scope = self.deposit.cost_scope;
        let mine = self.kind.product();
        let published = self.deposit.opex_usd_per_kg.map(|cost| cost.0).zip(scope);
        let confidence = self.deposit.provenance.confidence;
        // Per kilogram that leaves the mine.
        let (mut per_kg, reached) = if let Some((cost, scope)) = published {
            self.note(
                "operating cost",
                cost,
                "USD/kg REO",
                format!("published, up to {scope}"),
                confidence,
            );
            (cost, scope)
        } else {
            (self.mining_cost()?, mine)
        };
        if reached < CostScope::Carbonate {
            per_kg += self.stage_cost(CostStage::Cracking, "opex", "cracking", "USD/kg REO")?;
        }
        if reached < CostScope::Oxide {
            let light: f64 = composition
                .iter()
                .filter(|(e, _)| is_light(*e))
                .map(|(_, share)| share)
                .sum();
            let known: f64 = composition.iter().map(|(_, share)| share).sum();
            let heavy = (known - light).max(0.0);
            let light_cost = self.stage_cost(CostStage::SeparationLight, "opex", "light separation", "USD/kg REO")?;
            let heavy_cost = self.stage_cost(CostStage::SeparationHeavy, "opex", "heavy separation", "USD/kg REO")?;
            per_kg += light_cost + heavy * heavy_cost;
        }
        let capex_m = self.capital(mined_kg)?;
        let sustaining = self.term(
            "sustaining_share",
            None,
            "sustaining cost",
            "share of capital cost a year",
        )?;
        if self.deposit.opex_usd_per_kg.is_none() {
            self.spread.opex = (0.5, 2.0);
        }
        Some(Costs {
            capex_m,
            sustaining_m_per_year: sustaining * capex_m,
            opex_per_kg: per_kg / sold_share,
            working_capital_days: self.term("working_capital_days", None, "working capital", "days of revenue")?,
            ..Costs::default()
        })
    }

    /// Mining and beneficiation per kilogram REO that leaves the mine: by tonne of ore where the grade is known, else by
    /// the country's cost prior.
    fn mining_cost(&mut self) -> Option<f64> {
        if let Some(grade) = self.deposit.grade_treo_pct.filter(|grade| grade.0 > 0.0) {
            let recovery = self.recovery(Stage::Mine, "recovery, ore to product of the mine");
            let per_tonne = self.term(
                "ore_cost",
                Some(self.kind.item()),
                "mining and beneficiation",
                "USD/t of ore",
            )?;
            let cost = per_tonne / (grade.0 * 10.0 * recovery);
            let grade_confidence = self.deposit.provenance.confidence;
            self.note("grade", grade.0, "% TREO", "published", grade_confidence);
            self.note(
                "mining cost",
                cost,
                "USD/kg REO",
                "cost per tonne over grade and recovery",
                Confidence::C,
            );
            return Some(cost);
        }
        self.remarks
            .push("the grade is not known; mining cost is the country's prior".to_owned());
        self.stage_cost(CostStage::Mine, "opex", "mining cost", "USD/kg REO")
    }

    /// Capital cost up to separated oxides, millions.
    pub(super) fn capital(&mut self, mined_kg: f64) -> Option<f64> {
        let published = self
            .deposit
            .capex_musd
            .map(|capex| capex.0)
            .zip(self.deposit.cost_scope);
        let per_year = |cost: f64| cost * mined_kg / 1e6;
        let (mut capex, reached) = if let Some((capex, scope)) = published {
            let confidence = self.deposit.provenance.confidence;
            self.note(
                "capital cost",
                capex,
                "M USD",
                format!("published, up to {scope}"),
                confidence,
            );
            (capex, scope)
        } else {
            self.spread.capex = (0.6, 2.0);
            let (item, what) = match self.kind.product() {
                CostScope::Concentrate => ("capex:concentrate", "capital cost of mine and concentrator"),
                _ => ("capex:clay carbonate", "capital cost of a clay mine"),
            };
            let cost = self.stage_cost(CostStage::Mine, item, what, "USD/kg REO a year")?;
            (per_year(cost), self.kind.product())
        };
        let item = "capex:cracking and separation";
        match reached {
            CostScope::Concentrate => {
                let cost = self.stage_cost(
                    CostStage::Cracking,
                    item,
                    "capital cost of cracking and separation",
                    "USD/kg REO a year",
                )?;
                capex += per_year(cost);
            }
            CostScope::Carbonate => {
                // Only the low end is separation alone; it is what the evidence has.
                let row = (self.dataset.stage_costs.iter())
                    .find(|row| row.stage == CostStage::Cracking && row.item.as_deref() == Some(item))?;
                let (cost, confidence) = (row.low, row.provenance.confidence);
                self.note(
                    "capital cost of separation",
                    cost,
                    "USD/kg REO a year",
                    "stage_costs, low end",
                    confidence,
                );
                capex += per_year(cost);
            }
            CostScope::Oxide => {}
        }
        Some(capex)
    }
}
