//! Who only tells of events.

use super::EventKind;
use crate::entity::{Entity, EntityKind, Mention};

/// Newspapers, agencies, price reporters and surveys.
const PRESS: &[&str] = &[
    "TASS",
    "RIA Novosti",
    "Izvestia",
    "Interfax",
    "Kommersant",
    "Reuters",
    "Bloomberg",
    "Xinhua",
    "Global Times",
    "Securities Times",
    "Kazinform",
    "Associated Press",
    "Agence France-Presse",
    "Financial Times",
    "Nikkei",
    "Wall Street Journal",
    "New York Times",
    "The Economist",
    "Argus",
    "Fastmarkets",
    "Shanghai Metals Market",
    "Asian Metal",
    "Adamas Intelligence",
    "Benchmark Mineral Intelligence",
    "S&P Global",
    "US Geological Survey",
    "White House",
    "ASX",
    "Project Blue",
    "Wood Mackenzie",
    "CRU",
    "Global Witness",
    "Radio Free Asia",
    "Irrawaddy",
    "Kallanish",
    "Kachin News Group",
    "Mining.com",
    "Rare Earth Exchanges",
    "Sputnik",
    "Yonhap",
    "Kyodo",
    "Caixin",
    "Politico",
    "CCTV",
    "Roskill",
    "BBC News",
    "Agence France Presse",
    "AFP",
    "Asian Metals",
    "Axios",
    "CNBC",
    "CNN",
    "BBC",
    "Handelsblatt",
    "Asahi Shimbun",
    "Yomiuri Shimbun",
    "Economic Times",
    "Press Trust of India",
    "BelTA",
    "Vedomosti",
    "Deutsche Presse-Agentur",
    "IRuniverse",
    "Center for Strategic and International Studies",
];

/// How brokers and consultants are called.
const JUDGES: &[&str] = &[
    " Securities",
    " Capital Markets",
    " Consulting",
    " Intelligence",
    " Research",
    " Analytics",
    " Advisory",
];

/// How newspapers are called.
const PAPERS: &[&str] = &[" Times", " Journal", " Herald", " Tribune", " Gazette", " Newspaper"];

/// Newspapers and price reporters tell of events; they take no part.
pub(super) fn is_source(text: &str, mention: &Mention, entity: &Entity, kind: EventKind) -> bool {
    if PRESS.contains(&entity.key.as_str()) || !entity.listed && PAPERS.iter().any(|end| entity.key.ends_with(end)) {
        return true;
    }
    // Brokers and consultants judge what others do, unless it is about money.
    let of_money = matches!(
        kind,
        EventKind::Investment | EventKind::Acquisition | EventKind::Agreement | EventKind::Offtake
    );
    if entity.kind == EntityKind::Company && !of_money && JUDGES.iter().any(|end| entity.key.ends_with(end)) {
        return true;
    }
    let before = text.get(..mention.range.start).unwrap_or_default();
    let told = [
        "according to ",
        "according to the ",
        " told ",
        " told the ",
        "analyst at ",
        "consultancy ",
        "analysts at ",
        "analyst with ",
        "analysts with ",
        "analyst of ",
        "analyst from ",
        "analysts from ",
        "economist at ",
        "economists at ",
        "strategist at ",
        "strategists at ",
        "broker ",
        "brokerage ",
        "broker at ",
        "Posted by ",
    ];
    entity.kind != EntityKind::Country && told.iter().any(|words| before.ends_with(words))
}
