//! The columns of every table, with units. Quantities are in t REO for streams and oxides and in t
//! for metals and magnets, which the product's name tells; the unit says `t` for both.

use super::columns::table;
use crate::explain::RecipeRow;
use crate::result::{CapacityRow, FlowRow, PolicyRow, PriceRow, ProductionRow, QuotaRow, Shortage, StockRow, UseRow};

table!(PriceRow as "prices" {
    quarter ["-"] "quarter, or base for the calibrated base quarter",
    place ["-"] "place id",
    product ["-"] "product, as kind:item",
    spot_usd_per_kg ["USD/kg"] "what one more kilogram is worth there now",
    average_usd_per_kg ["USD/kg"] "contracts at last quarter's spot price, the rest at spot",
    base_usd_per_kg ["USD/kg"] "price of the base quarter",
    base_need ["t/quarter"] "need of the base quarter at this place",
    confidence ["-"] "worst confidence of the price evidence: A, B or C",
});

table!(FlowRow as "flows" {
    quarter ["-"] "quarter, or base",
    product ["-"] "product, as kind:item",
    origin ["-"] "place shipped from",
    destination ["-"] "place shipped to",
    quantity ["t/quarter"] "shipped",
    base_quantity ["t/quarter"] "shipped in the base quarter",
    cap ["t/quarter"] "most that licences and bans let through; empty where nothing caps it",
    licence_rent_usd_per_kg ["USD/kg"] "what one more licensed kilogram would be worth",
    duty_usd_per_kg ["USD/kg"] "duties and export taxes",
    margin_usd_per_kg ["USD/kg"] "freight and trade margin of the last kilogram",
    events ["-"] "events that cap or tax it, joined by ;",
});

table!(UseRow as "uses" {
    quarter ["-"] "quarter, or base",
    place ["-"] "place id",
    product ["-"] "product, as kind:item",
    end_use ["-"] "end use id",
    wanted ["t/quarter"] "what users would take at base prices, before substitution",
    used ["t/quarter"] "what they take",
    substituted ["t/quarter"] "given up for good by substituting, so far",
    short ["t/quarter"] "the rest: unserved at this price",
    spot_usd_per_kg ["USD/kg"] "price they pay at the margin",
    surplus_loss_kusd ["thousand USD/quarter"] "loss of users' surplus against the base quarter",
    confidence ["-"] "confidence of the demand evidence: A, B or C",
});

table!(StockRow as "stocks" {
    quarter ["-"] "quarter, or base",
    place ["-"] "place id",
    product ["-"] "product, as kind:item",
    stock ["t"] "closing commercial stock",
    target ["t"] "stock that holders aim at",
    expected_usd_per_kg ["USD/kg"] "price that holders expect",
});

table!(ProductionRow as "production" {
    quarter ["-"] "quarter, or base",
    place ["-"] "place id",
    activity ["-"] "what is done",
    item ["-"] "feed, element or grade worked on",
    facility ["-"] "the mine, where it is a single facility",
    level ["t/quarter"] "level",
    base_level ["t/quarter"] "level of the base quarter",
});

table!(CapacityRow as "capacities" {
    quarter ["-"] "quarter, or base",
    place ["-"] "place id",
    stage ["-"] "stage of the chain",
    facility ["-"] "the mine, where it is a single facility",
    limit ["t/quarter"] "most that can run",
    used ["t/quarter"] "what runs",
    rent_usd_per_kg ["USD/kg"] "what one more kilogram of capacity would be worth",
});

table!(QuotaRow as "quotas" {
    quarter ["-"] "quarter",
    event ["-"] "event that sets it",
    limit ["t/quarter"] "tonnes allowed",
    used ["t/quarter"] "tonnes shipped under it",
    rent_usd_per_kg ["USD/kg"] "what one more kilogram of quota would be worth",
});

table!(PolicyRow as "policies" {
    quarter ["-"] "quarter",
    event ["-"] "event",
    what ["-"] "duty, top_up of a price floor, purchase for a stock, promise of a flow",
    place ["-"] "place id: of arrival for duties and promises, of the maker or the stock otherwise",
    product ["-"] "product, as kind:item",
    quantity ["t/quarter"] "quantity concerned",
    usd_per_kg ["USD/kg"] "duty or top-up per kilogram; spot price for purchases and promises",
    treasury_kusd ["thousand USD/quarter"] "what the treasury takes in; negative for what it pays",
});

table!(Shortage as "shortages" {
    place ["-"] "place id",
    product ["-"] "product, as kind:item",
    from ["-"] "first quarter short",
    until ["-"] "last quarter short",
    quarters ["1"] "quarters short within the run",
    lasting ["-"] "whether the last simulated quarter is still short",
    deepest ["1"] "deepest shortfall against what users wanted, as a share",
    deepest_quarter ["-"] "quarter of the deepest shortfall",
    tonnes_short ["t"] "shortfall summed over the run",
    peak_usd_per_kg ["USD/kg"] "highest spot price",
    peak_quarter ["-"] "quarter of the highest spot price",
    peak_multiple ["1"] "highest spot price over the base price",
    surplus_loss_kusd ["thousand USD"] "loss of users' surplus over the run",
    confidence ["-"] "worst confidence behind the demand: A, B or C",
});

table!(RecipeRow as "recipes" {
    place ["-"] "place id",
    activity ["-"] "what is done",
    item ["-"] "feed, element or grade worked on",
    facility ["-"] "the mine, where it is a single facility",
    stage ["-"] "stage whose capacity it draws on; empty where it needs none",
    capacity_per_level ["t/t"] "capacity drawn per unit of level",
    product ["-"] "product taken in or given out, as kind:item",
    amount ["t/t"] "given out per unit of level; negative for what is taken in",
});
