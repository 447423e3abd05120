//! Places, views, elements and sources.

use crate::element::{Element, ElementClass};
use crate::ids::{Bloc, GroupId, PlaceId, SourceId, ViewPlace};
use crate::period::Period;
use crate::provenance::FULL;
use crate::table::table;
use crate::words::words;

table! {
    /// One country or territory, with the codes by which other data sets know it.
    pub struct Place in "places" key ["place"] {
        /// ISO 3166 alpha-3 code.
        place: PlaceId,
        /// English short name.
        name: String,
        /// ISO 3166 alpha-2 code.
        iso2: Option<String>,
        /// UN M49 numeric code.
        m49: Option<u16>,
        /// Country code in CEPII BACI.
        baci_code: Option<u16>,
        /// The place of the `full` view that stands for it in the market model.
        view_place: ViewPlace,
        /// The bloc of the `bloc14` view that it belongs to.
        bloc: Bloc,
        /// Other names, as news and data sets write them.
        aliases: Vec<String>,
    }
}

table! {
    /// One group of places that acts together, such as the European Union.
    pub struct Group in "groups" key ["group"] {
        /// Short id.
        group: GroupId,
        /// English name.
        name: String,
        /// Other names.
        aliases: Vec<String>,
        /// Who is counted.
        meaning: String,
    }
}

table! {
    /// One spell of one place in a group.
    pub struct GroupMember in "group_members" key ["group", "place", "from"] {
        /// The group.
        group: GroupId,
        /// The place.
        place: PlaceId,
        /// First day of the spell; empty when it has no beginning.
        from: Option<Period>,
        /// Last day of the spell; empty while it lasts.
        until: Option<Period>,
    } with FULL
}

words! {
    /// How finely the world is divided.
    "view"
    pub enum ViewName {
        /// Some forty countries and four rest-of-continent blocs.
        Full = "full",
        /// Fourteen blocs.
        Bloc14 = "bloc14",
    }
}

table! {
    /// One place of a view: a country or bloc that the market model knows.
    pub struct View in "views" key ["view", "id"] {
        /// The view.
        view: ViewName,
        /// The id within the view.
        id: String,
        /// English name.
        name: String,
    }
}

table! {
    /// One rare-earth element.
    pub struct ElementRow in "elements" key ["element"] {
        /// Chemical symbol.
        element: Element,
        /// English name.
        name: String,
        /// Atomic number.
        atomic_number: u8,
        /// Light, heavy or scandium.
        class: ElementClass,
        /// Formula of the oxide in which it is traded.
        oxide: String,
        /// Kilograms of oxide that hold one kilogram of the element.
        oxide_per_element: f64 { unit: "kg oxide / kg element", min: 1.0 },
    } with FULL
}

table! {
    /// One source of evidence.
    pub struct Source in "sources" key ["source"] {
        /// Short id, cited by the other tables.
        source: SourceId,
        /// Title.
        title: String,
        /// Publisher or author.
        publisher: Option<String>,
        /// Year of publication, or a range of years.
        year: Option<String>,
        /// Where it was found.
        url: Option<String>,
        /// Terms under which it may be used.
        licence: String,
        /// When it was retrieved, and how.
        retrieved: Option<String>,
        /// Remark in our own words.
        note: Option<String>,
    }
}
