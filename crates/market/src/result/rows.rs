//! Rows of the result tables.

/// Price of a product in a place in a quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceRow {
    /// Quarter, or `base`.
    pub quarter: String,
    /// Place id.
    pub place: String,
    /// Product name, such as `oxide:Dy`.
    pub product: String,
    /// What one more kilogram is worth there now, USD/kg (dual of the balance).
    pub spot_usd_per_kg: f64,
    /// Volume-weighted: contracts at the last quarter's spot price, the rest at spot, USD/kg.
    pub average_usd_per_kg: f64,
    /// Price of the base quarter, USD/kg.
    pub base_usd_per_kg: f64,
    /// Need of the base quarter at this node, in the product's unit; zero where nobody uses it.
    pub base_need: f64,
    /// Worst confidence of the price evidence behind the base price (A, B or C).
    pub confidence: String,
}

/// Shipment of a product between two places in a quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowRow {
    /// Quarter, or `base`.
    pub quarter: String,
    /// Product name.
    pub product: String,
    /// Origin place id.
    pub origin: String,
    /// Destination place id.
    pub destination: String,
    /// Quantity per quarter.
    pub quantity: f64,
    /// Quantity of the base quarter.
    pub base_quantity: f64,
    /// Largest quantity allowed, where a licence or ban caps it.
    pub cap: Option<f64>,
    /// What one more licensed kilogram would be worth, USD/kg.
    pub licence_rent_usd_per_kg: f64,
    /// Duty paid, USD/kg.
    pub duty_usd_per_kg: f64,
    /// Freight and trade margin at the last kilogram, USD/kg.
    pub margin_usd_per_kg: f64,
    /// Events that cap or tax it, joined by `;`.
    pub events: String,
}

/// Use of a product by an end use in a place in a quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct UseRow {
    /// Quarter, or `base`.
    pub quarter: String,
    /// Place id.
    pub place: String,
    /// Product name.
    pub product: String,
    /// End use id; `minor_uses` where small ones are merged.
    pub end_use: String,
    /// What users would take at base prices, before any substitution.
    pub wanted: f64,
    /// What they take.
    pub used: f64,
    /// Part of the difference that users have given up for good by substituting, so far.
    pub substituted: f64,
    /// The rest: unserved at this price.
    pub short: f64,
    /// Price they pay at the margin, USD/kg.
    pub spot_usd_per_kg: f64,
    /// Loss of users' surplus against the base quarter, thousand USD per quarter.
    pub surplus_loss_kusd: f64,
    /// Confidence of the demand evidence.
    pub confidence: String,
}

/// Commercial stock of a product in a place at the end of a quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct StockRow {
    /// Quarter, or `base`.
    pub quarter: String,
    /// Place id.
    pub place: String,
    /// Product name.
    pub product: String,
    /// Closing stock.
    pub stock: f64,
    /// Target stock.
    pub target: f64,
    /// Price holders expect, USD/kg.
    pub expected_usd_per_kg: f64,
}

/// What an activity did in a place in a quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductionRow {
    /// Quarter, or `base`.
    pub quarter: String,
    /// Place id.
    pub place: String,
    /// Activity word, such as `separate_heavy`.
    pub activity: String,
    /// Item worked on: feed, element or grade.
    pub item: String,
    /// The facility, for mines.
    pub facility: Option<String>,
    /// Level in the quarter.
    pub level: f64,
    /// Level of the base quarter.
    pub base_level: f64,
}

/// A quota over a group of routes in a quarter in which it is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct QuotaRow {
    /// Quarter.
    pub quarter: String,
    /// Event that sets it.
    pub event: String,
    /// Tonnes allowed in the quarter.
    pub limit: f64,
    /// Tonnes shipped under it.
    pub used: f64,
    /// What one more kilogram of quota would be worth, USD/kg: the price of a licence.
    pub rent_usd_per_kg: f64,
}

/// What a policy does in money in a quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyRow {
    /// Quarter.
    pub quarter: String,
    /// Event.
    pub event: String,
    /// `duty` raised, `top_up` paid to a price floor, `purchase` for a stock, `promise` of a flow kept.
    pub what: String,
    /// Place id: of arrival for duties and promises, of the maker or the stock otherwise.
    pub place: String,
    /// Product name.
    pub product: String,
    /// Quantity concerned in the quarter.
    pub quantity: f64,
    /// Duty or top-up per kilogram; the spot price for purchases and promises, USD/kg.
    pub usd_per_kg: f64,
    /// What the treasury takes in; negative for what it pays, thousand USD.
    pub treasury_kusd: f64,
}

/// Capacity of a stage in a place, or of a mine, in a quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct CapacityRow {
    /// Quarter, or `base`.
    pub quarter: String,
    /// Place id.
    pub place: String,
    /// Stage word.
    pub stage: String,
    /// The facility, for mines.
    pub facility: Option<String>,
    /// Limit in the quarter.
    pub limit: f64,
    /// What runs on it.
    pub used: f64,
    /// What one more tonne of capacity would be worth, USD/kg of level.
    pub rent_usd_per_kg: f64,
}
