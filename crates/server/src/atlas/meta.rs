//! What there is to ask about.

use std::collections::BTreeMap;

use monazite_evidence::product::{Catalogue, Product};
use monazite_evidence::reconcile::catalogue;
use monazite_evidence::table::{ElementRow, Hs, MagnetKind, ViewName};
use monazite_evidence::{Confidence, Element, ShareStage, Stage};
use monazite_market::scenario::library;
use monazite_risk::context::BASE_YEARS;
use monazite_risk::{Context, METHODS};
use serde::Serialize;
use utoipa::ToSchema;

use crate::desk::Desk;
use crate::jobs::KINDS;
use crate::rows::{Object, object};

/// What there is to ask about.
#[derive(Debug, Serialize, ToSchema)]
pub struct Meta {
    /// Version of the program.
    version: &'static str,
    /// Which evidence.
    dataset: DatasetMeta,
    /// Rows of `elements`, with the symbol as `symbol` too.
    #[schema(value_type = Vec<Object>)]
    elements: Vec<Object>,
    /// Coarse stages, of which shares are known.
    stages: &'static [&'static str],
    /// Stages at which plants work.
    facility_stages: &'static [&'static str],
    /// Balanced years, latest first.
    base_years: Vec<u16>,
    /// Years of which the evidence speaks.
    evidence_years: Vec<u16>,
    /// Countries, with the numbers that world maps use (`m49`).
    places: Vec<PlaceMeta>,
    /// Places of each view.
    views: BTreeMap<&'static str, Vec<Called>>,
    /// Groups of countries.
    groups: Vec<Called>,
    /// Products that flow in a balanced year.
    products: Vec<ProductMeta>,
    /// Customs headings.
    customs_headings: Vec<HeadingMeta>,
    /// What rare earths are used for.
    end_uses: Vec<EndUseMeta>,
    /// Magnet grades.
    grades: Vec<Called>,
    /// Kinds of jobs that can be asked for.
    job_kinds: &'static [&'static str],
    /// Indicators.
    methods: Vec<MethodMeta>,
    /// Scenarios that come with the program.
    scenarios: Vec<ScenarioMeta>,
    /// What the letters mean.
    confidence: BTreeMap<&'static str, &'static str>,
    /// How much may be asked.
    limits: LimitsMeta,
}

/// Which evidence.
#[derive(Debug, Serialize, ToSchema)]
pub struct DatasetMeta {
    /// Content hash.
    sha256: String,
    /// Its first letters.
    short: String,
    /// Licence of the selection; each source keeps its own.
    licence: String,
    /// The earliest and latest vintage.
    vintages: Option<(String, String)>,
    /// How many tables.
    tables: usize,
    /// How many rows.
    rows: usize,
    /// How many sources.
    sources: usize,
}

/// Something with a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Called {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
}

/// A country.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceMeta {
    /// ISO 3166 code.
    id: String,
    /// Name.
    name: String,
    /// Two-letter code.
    iso2: Option<String>,
    /// UN M49 number.
    m49: Option<u16>,
    /// The place that stands for it in the view `full`.
    view_place: String,
    /// The place that stands for it in the view `bloc14`.
    bloc: String,
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductMeta {
    /// `oxide:Dy`.
    id: String,
    /// `Dy oxide`.
    name: String,
    /// `oxide`.
    kind: &'static str,
    /// Unit of quantities.
    unit: &'static str,
}

/// A customs heading.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeadingMeta {
    /// Its number, in the 1992 Harmonised System.
    hs: &'static str,
    /// What it holds.
    name: &'static str,
    /// Years with trade.
    years: Vec<u16>,
}

/// An end use.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndUseMeta {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// In which form it buys.
    kind: &'static str,
}

/// An indicator.
#[derive(Debug, Serialize, ToSchema)]
pub struct MethodMeta {
    /// Its name.
    name: &'static str,
    /// What it says.
    about: &'static str,
    /// Its unit.
    unit: &'static str,
    /// Whether an importer must be named.
    needs_importer: bool,
    /// Whether more is worse.
    higher_is_riskier: bool,
}

/// A scenario.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScenarioMeta {
    /// Its name.
    name: String,
    /// What happens.
    title: String,
    /// What it is about.
    topic: String,
}

/// How much may be asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitsMeta {
    /// Largest text, bytes.
    text_bytes: usize,
    /// Largest file, bytes.
    file_bytes: usize,
    /// Jobs that work at once.
    jobs_at_once: usize,
    /// Jobs that may wait or work.
    jobs_waiting: usize,
    /// Jobs that are kept.
    jobs_kept: usize,
    /// Longest time for a job, seconds.
    job_seconds: u64,
    /// Longest time for a question, seconds.
    question_seconds: u64,
    /// Most memory for a job or a question, MiB.
    memory_mib: u32,
}

/// What there is to ask about.
pub fn meta(desk: &Desk) -> Meta {
    let dataset = &desk.dataset;
    let called = |id: &str, name: &str| Called {
        id: id.to_owned(),
        name: name.to_owned(),
    };
    let view = |name| dataset.view(name).map(|row| called(&row.id, &row.name)).collect();
    Meta {
        version: env!("CARGO_PKG_VERSION"),
        dataset: which(desk),
        elements: dataset.elements.iter().map(element).collect(),
        stages: ShareStage::WORDS,
        facility_stages: Stage::WORDS,
        base_years: BASE_YEARS.to_vec(),
        evidence_years: Context::new(dataset).evidence_years(),
        places: places(desk),
        views: BTreeMap::from([("full", view(ViewName::Full)), ("bloc14", view(ViewName::Bloc14))]),
        groups: dataset
            .groups
            .iter()
            .map(|row| called(row.group.as_str(), &row.name))
            .collect(),
        products: products(desk),
        customs_headings: headings(desk),
        end_uses: dataset
            .end_uses
            .iter()
            .map(|row| EndUseMeta {
                id: row.end_use.to_string(),
                name: row.name.clone(),
                kind: row.kind.as_str(),
            })
            .collect(),
        grades: dataset
            .magnet_grades
            .iter()
            .map(|row| called(row.grade.as_str(), &row.name))
            .collect(),
        job_kinds: KINDS,
        methods: METHODS
            .iter()
            .map(|method| MethodMeta {
                name: method.name,
                about: method.about,
                unit: method.unit,
                needs_importer: method.needs_importer,
                higher_is_riskier: method.higher_is_riskier,
            })
            .collect(),
        scenarios: library()
            .iter()
            .map(|scenario| ScenarioMeta {
                name: scenario.name.to_owned(),
                title: scenario.title.clone(),
                topic: scenario.topic.clone(),
            })
            .collect(),
        confidence: Confidence::ALL
            .iter()
            .map(|letter| (letter.as_str(), meaning(*letter)))
            .collect(),
        limits: limits(desk),
    }
}

fn element(row: &ElementRow) -> Object {
    let mut row_object = object(row);
    row_object.insert("symbol".to_owned(), row.element.symbol().into());
    row_object
}

const fn meaning(letter: Confidence) -> &'static str {
    match letter {
        Confidence::A => "official publication or company filing",
        Confidence::B => "secondary source that was retrieved and read",
        Confidence::C => "unverified: background that no retrieved source supports",
    }
}

fn which(desk: &Desk) -> DatasetMeta {
    let lock = desk.dataset.lock();
    let vintages = || lock.tables.iter();
    let first = vintages().filter_map(|table| table.vintage_first.clone()).min();
    let last = vintages().filter_map(|table| table.vintage_last.clone()).max();
    DatasetMeta {
        short: lock.sha256.chars().take(12).collect(),
        licence: lock.licence.clone(),
        vintages: first.zip(last),
        tables: lock.tables.len(),
        rows: lock.tables.iter().map(|table| table.rows).sum(),
        sources: desk.dataset.sources.len(),
        sha256: lock.sha256,
    }
}

fn places(desk: &Desk) -> Vec<PlaceMeta> {
    let rows = desk.dataset.places.iter().map(|row| PlaceMeta {
        id: row.place.to_string(),
        name: row.name.clone(),
        iso2: row.iso2.clone(),
        m49: row.m49,
        view_place: row.view_place.to_string(),
        bloc: row.bloc.to_string(),
    });
    rows.collect()
}

fn products(desk: &Desk) -> Vec<ProductMeta> {
    let Ok(catalogue) = catalogue(&desk.dataset) else {
        return Vec::new();
    };
    let feeds = || catalogue.feed_indices();
    let streams = feeds().flat_map(|feed| {
        [
            Product::Concentrate(feed),
            Product::Carbonate(feed),
            Product::HeavyConcentrate(feed),
        ]
    });
    let elements = || Element::ALL.iter().copied();
    let all = streams
        .chain(elements().map(Product::Oxide))
        .chain(elements().map(Product::Metal))
        .chain(catalogue.grade_indices().map(Product::Magnet));
    all.map(|product| ProductMeta {
        id: catalogue.name(product),
        name: name(desk, &catalogue, product),
        kind: product.kind(),
        unit: product.unit(),
    })
    .collect()
}

/// A product as people say it.
fn name(desk: &Desk, catalogue: &Catalogue, product: Product) -> String {
    let item = catalogue.item(product);
    let feed = || {
        let row = desk.dataset.feeds.iter().find(|row| row.feed.as_str() == item);
        row.map_or(item, |row| row.name.as_str())
    };
    match product {
        Product::Concentrate(_) => format!("concentrate of {}", feed()),
        Product::Carbonate(_) => format!("mixed carbonate of {}", feed()),
        Product::HeavyConcentrate(_) => format!("heavy concentrate of {}", feed()),
        Product::InSolution(_) => format!("{item} in solution"),
        Product::Oxide(_) => format!("{item} oxide"),
        Product::Metal(_) => format!("{item} metal"),
        Product::Magnet(_) | Product::Swarf(_) => {
            let row = desk.dataset.magnet_grades.iter().find(|row| row.grade.as_str() == item);
            match row.map(|row| row.kind) {
                Some(MagnetKind::SmCo) => "SmCo magnets".to_owned(),
                Some(MagnetKind::Bonded) => "bonded NdFeB magnets".to_owned(),
                Some(MagnetKind::HotDeformed) => format!("hot-deformed NdFeB {} magnets", item.to_uppercase()),
                Some(MagnetKind::Sintered) | None => format!("NdFeB {} magnets", item.to_uppercase()),
            }
        }
    }
}

fn headings(desk: &Desk) -> Vec<HeadingMeta> {
    let trade = desk.dataset.trade().unwrap_or_default();
    let heading = |hs: &Hs| {
        let mut years: Vec<u16> = trade.iter().filter(|row| row.hs == *hs).map(|row| row.year).collect();
        years.sort_unstable();
        years.dedup();
        HeadingMeta {
            hs: hs.as_str(),
            name: match hs {
                Hs::RareEarthMetals => "rare-earth metals, scandium and yttrium",
                Hs::CeriumCompounds => "cerium compounds",
                Hs::RareEarthCompounds => "compounds of other rare earths",
                Hs::MetalMagnets => "metal permanent magnets of all kinds",
            },
            years,
        }
    };
    Hs::ALL.iter().map(heading).collect()
}

fn limits(desk: &Desk) -> LimitsMeta {
    let limits = &desk.settings.limits;
    LimitsMeta {
        text_bytes: limits.text_bytes,
        file_bytes: limits.file_bytes,
        jobs_at_once: limits.jobs_at_once,
        jobs_waiting: limits.jobs_waiting,
        jobs_kept: limits.jobs_kept,
        job_seconds: limits.job_time.as_secs(),
        question_seconds: limits.question_time.as_secs(),
        memory_mib: limits.memory_mib,
    }
}
