//! Trade, routes and prices.

use crate::ids::{FeedId, PlaceId};
use crate::material::Material;
use crate::period::Period;
use crate::provenance::{FULL, SHORT};
use crate::table::table;
use crate::units::{ThousandUsd, Tonnes, TonnesReo, UsdPerKg};
use crate::words::words;

words! {
    /// A customs heading that carries rare earths, in the 1992 Harmonised System.
    "customs heading"
    pub enum Hs {
        /// Rare-earth metals, scandium and yttrium.
        RareEarthMetals = "280530",
        /// Cerium compounds.
        CeriumCompounds = "284610",
        /// Compounds of the other rare earths.
        RareEarthCompounds = "284690",
        /// Metal permanent magnets of all kinds.
        MetalMagnets = "850511",
    }
}

table! {
    /// Trade of one customs heading between two places in one year.
    pub struct Trade in "trade" key ["year", "hs", "exporter", "importer"] {
        /// Calendar year.
        year: u16 { min: 1950.0, max: 2100.0 },
        /// Customs heading.
        hs: Hs,
        /// Exporting place.
        exporter: PlaceId,
        /// Importing place.
        importer: PlaceId,
        /// Value free on board.
        value_kusd: ThousandUsd,
        /// Gross weight; empty when not reported.
        quantity_t: Option<Tonnes>,
    } with SHORT
}

words! {
    /// A mixed product that moves between places before separation.
    "route product"
    pub enum RouteProduct {
        /// Mineral concentrate.
        Concentrate = "concentrate",
        /// Mixed rare-earth carbonate or chloride.
        Carbonate = "carbonate",
        /// Samarium-and-heavier concentrate (SEG+) left by light separation.
        HeavyConcentrate = "heavy_concentrate",
    }
}

table! {
    /// A known flow of concentrate or carbonate, which customs headings do not show.
    pub struct Route in "routes" key ["year", "product", "feed", "origin", "destination"] {
        /// Calendar year.
        year: u16 { min: 1950.0, max: 2100.0 },
        /// What moves.
        product: RouteProduct,
        /// The feed it is made from.
        feed: Option<FeedId>,
        /// Where it is mined or cracked.
        origin: PlaceId,
        /// Where it goes.
        destination: PlaceId,
        /// Quantity, t REO in the year.
        quantity_t_reo: TonnesReo,
    } with FULL
}

words! {
    /// The span a price is an average over.
    "kind of period"
    pub enum PeriodKind {
        /// A year.
        Annual = "annual",
        /// A quarter.
        Quarter = "quarter",
        /// A month.
        Month = "month",
        /// A day's assessment.
        Spot = "spot",
    }
}

words! {
    /// The form in which something is priced.
    "priced product"
    pub enum PriceProduct {
        /// Separated oxide.
        Oxide = "oxide",
        /// Metal.
        Metal = "metal",
        /// Alloy.
        Alloy = "alloy",
        /// Permanent magnet.
        Magnet = "magnet",
        /// Mixed carbonate.
        Carbonate = "carbonate",
        /// Mineral concentrate.
        Concentrate = "concentrate",
        /// Mixed carbonate or oxide from ionic clay.
        IonClay = "ion_clay",
    }
}

words! {
    /// Where a price holds.
    "price zone"
    pub enum PriceZone {
        /// Inside China.
        China = "china",
        /// Everywhere else, including export prices free on board China.
        Outside = "outside",
    }
}

table! {
    /// One published price.
    pub struct Price in "prices" key [] {
        /// The time it speaks of.
        period: Period,
        /// The span it is an average over.
        period_kind: PeriodKind,
        /// The form priced.
        product: PriceProduct,
        /// Element or group priced.
        element: Material,
        /// Inside or outside China.
        zone: PriceZone,
        /// Terms: free on board, ex works, value-added tax.
        basis: Option<String>,
        /// Value-added tax contained in the price, percent.
        vat_included_pct: f64 { unit: "%", min: 0.0, max: 30.0 },
        /// Price as published, converted to dollars.
        price_usd_per_kg: UsdPerKg,
        /// Price without value-added tax.
        price_ex_vat_usd_per_kg: UsdPerKg,
    } with FULL
}
