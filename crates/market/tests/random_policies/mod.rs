//! Scenarios made from a seed: events of every kind, with words of the dataset and magnitudes up to the extreme.

#![allow(clippy::expect_used, dead_code, reason = "each test binary uses its own part")]

mod batch;

use std::fmt::Write as _;

use monazite_evidence::Dataset;
use monazite_evidence::table::ViewName;
use monazite_market::scenario::{EventKind, Scenario, Vocabulary};

#[allow(unused_imports, reason = "not every test binary runs batches")]
pub use batch::{Drawn, each_quarter};

/// A small generator of its own (splitmix64), so that a seed means the same scenario everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(1);
        usize::try_from(self.next() % n).unwrap_or(0)
    }

    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// From 0 to 1, often one of the ends.
    fn share(&mut self) -> f64 {
        match self.below(6) {
            0 => 0.0,
            1 => 1.0,
            _ => f64::from(u32::try_from(self.below(1000)).unwrap_or(0)) / 1000.0,
        }
    }

    /// Spread over orders of magnitude from 0.01 to 100,000.
    fn size(&mut self) -> f64 {
        let mantissa = 1.0 + f64::from(u32::try_from(self.below(900)).unwrap_or(0)) / 100.0;
        mantissa * 10f64.powi(i32::try_from(self.below(7)).unwrap_or(0) - 2)
    }

    fn list(&mut self, all: &[String], most: usize) -> String {
        let mut chosen: Vec<&str> = Vec::new();
        for _ in 0..=self.below(most) {
            if let Some(one) = self.one_of(all).filter(|one| !chosen.contains(&one.as_str())) {
                chosen.push(one);
            }
        }
        let quoted: Vec<String> = chosen.iter().map(|word| format!("\"{word}\"")).collect();
        format!("[{}]", quoted.join(", "))
    }
}

/// Ids to choose from.
struct Words {
    places: Vec<String>,
    elements: Vec<String>,
    grades: Vec<String>,
    feeds: Vec<String>,
    facilities: Vec<String>,
    end_uses: Vec<String>,
    stages: Vec<String>,
}

impl Words {
    fn of(dataset: &Dataset) -> Self {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        Self {
            places: dataset.view(ViewName::Full).map(|v| v.id.clone()).collect(),
            elements: own(monazite_evidence::Element::WORDS),
            grades: dataset
                .magnet_grades
                .iter()
                .map(|g| g.grade.as_str().to_owned())
                .collect(),
            feeds: dataset.feeds.iter().map(|f| f.feed.as_str().to_owned()).collect(),
            facilities: dataset
                .facilities
                .iter()
                .map(|f| f.facility.as_str().to_owned())
                .collect(),
            end_uses: dataset.end_uses.iter().map(|u| u.end_use.as_str().to_owned()).collect(),
            stages: own(monazite_evidence::Stage::WORDS),
        }
    }
}

/// The scenario of a seed: up to six events that may stand together. An event that contradicts those before it is left
/// out, as its author would have to.
pub fn scenario(seed: u64, quarters: u32, dataset: &Dataset, words: &Vocabulary) -> Scenario {
    let mut dice = Dice::new(seed);
    let ids = Words::of(dataset);
    let mut text = format!(
        "name = \"seed-{seed}\"\ntitle = \"Random policies\"\nbase_year = 2024\nstart = \"2025-Q1\"\nquarters = {quarters}\n"
    );
    let mut read = Scenario::parse(&text, "random.toml", words).expect("the head is sound");
    for n in 0..=dice.below(6) {
        let with = format!("{text}{}", event(&mut dice, &ids, n));
        if let Ok(sound) = Scenario::parse(&with, "random.toml", words) {
            (text, read) = (with, sound);
        }
    }
    read
}

fn event(dice: &mut Dice, ids: &Words, n: usize) -> String {
    let kind = *dice.one_of(EventKind::WORDS).expect("there are kinds");
    let mut text = format!("\n[[event]]\nid = \"e{n}\"\nkind = \"{kind}\"\nevidence = [\"assumption\"]\n");
    text += match dice.below(4) {
        0 => "from = \"2025-02-10\"\n",
        1 => "from = \"2025-01-01\"\nuntil = \"2025-03-05\"\n",
        _ => "from = \"2024-06-01\"\n",
    };
    match kind {
        "ban" | "licence" | "quota" | "tariff" | "export_tax" | "content_rule" => flows(dice, ids, kind, &mut text),
        "outage" | "capacity" | "delay" => plants(dice, ids, &mut text),
        "demand" => {
            let _ = writeln!(text, "end_uses = {}", dice.list(&ids.end_uses, 6));
            let _ = writeln!(text, "places = {}", dice.list(&ids.places, 6));
        }
        "price_floor" => {
            let _ = writeln!(text, "places = {}", dice.list(&ids.places, 4));
            if dice.chance(30) {
                let _ = writeln!(text, "product = \"magnet\"\ngrades = {}", dice.list(&ids.grades, 3));
            } else {
                let kind = if dice.chance(60) { "oxide" } else { "metal" };
                let _ = writeln!(text, "product = \"{kind}\"\nelements = {}", dice.list(&ids.elements, 4));
            }
        }
        "offtake" => {
            let (from, to) = (dice.one_of(&ids.places), dice.one_of(&ids.places));
            let (from, to) = (from.expect("places").clone(), to.expect("places").clone());
            let from = if dice.chance(50) { "CHN".to_owned() } else { from };
            let _ = writeln!(text, "origin = \"{from}\"\ndestination = \"{to}\"");
            product(dice, ids, &mut text);
        }
        _ => {
            let place = dice.one_of(&ids.places).expect("places");
            let _ = writeln!(text, "place = \"{place}\"");
            product(dice, ids, &mut text);
        }
    }
    own_keys(dice, kind, &mut text);
    text
}

fn own_keys(dice: &mut Dice, kind: &str, text: &mut String) {
    let (share, size, price) = (dice.share(), dice.size(), dice.size());
    let _ = match kind {
        "licence" | "content_rule" => {
            if dice.chance(30) {
                let _ = writeln!(text, "processing_delay_days = {}", dice.below(120));
            }
            writeln!(text, "approved_share = {share:?}")
        }
        "quota" => {
            if dice.chance(50) {
                text.push_str("counted_in = \"reo\"\n");
            }
            if dice.chance(30) {
                writeln!(
                    text,
                    "batches = [{{ from = \"2025-Q1\", until = \"2025-Q2\", tonnes = {size:?} }}]"
                )
            } else {
                writeln!(text, "tonnes_per_year = {size:?}")
            }
        }
        "tariff" | "export_tax" => writeln!(text, "rate = {:?}", if dice.chance(20) { 5.0 * share } else { share }),
        "outage" => writeln!(text, "available_share = {share:?}"),
        "demand" => writeln!(
            text,
            "factor = {:?}",
            if dice.chance(20) { 10.0 * share } else { 2.0 * share }
        ),
        "capacity" => writeln!(
            text,
            "extra_tonnes_per_year = {size:?}\nramp_quarters = {}",
            dice.below(8)
        ),
        "delay" => writeln!(text, "quarters = {}", 1 + dice.below(20)),
        "price_floor" => writeln!(text, "usd_per_kg = {price:?}"),
        "stock_purchase" => writeln!(text, "tonnes = {size:?}\nmost_usd_per_kg = {price:?}"),
        "offtake" => writeln!(text, "tonnes_per_year = {size:?}\npenalty_usd_per_kg = {price:?}"),
        "stock_release" => writeln!(text, "tonnes = {size:?}"),
        _ => Ok(()),
    };
}

fn flows(dice: &mut Dice, ids: &Words, kind: &str, text: &mut String) {
    let products: Vec<String> = [
        "concentrate",
        "carbonate",
        "heavy_concentrate",
        "oxide",
        "metal",
        "magnet",
    ]
    .map(str::to_owned)
    .to_vec();
    let all = "[\"*\"]".to_owned();
    let chosen = match dice.below(3) {
        _ if kind == "content_rule" => "[\"magnet\"]".to_owned(),
        0 => all.clone(),
        1 => "[\"oxide\", \"metal\", \"magnet\"]".to_owned(),
        _ => dice.list(&products, 3),
    };
    let _ = writeln!(text, "products = {chosen}");
    if dice.chance(50) {
        let _ = writeln!(text, "elements = {}", dice.list(&ids.elements, 8));
    }
    let origin = match dice.below(4) {
        0 | 1 => "[\"CHN\"]".to_owned(),
        2 => all.clone(),
        _ => dice.list(&ids.places, 5),
    };
    let _ = writeln!(text, "origin = {origin}");
    if dice.chance(50) {
        let _ = writeln!(text, "destination = {}", dice.list(&ids.places, 12));
    }
    if matches!(kind, "ban" | "licence") && dice.chance(20) {
        let _ = writeln!(text, "end_uses = {}", dice.list(&ids.end_uses, 4));
    }
    if kind == "content_rule" {
        let _ = writeln!(
            text,
            "content_origin = [\"{}\"]",
            if dice.chance(70) { "CHN" } else { "MYS" }
        );
    }
}

fn plants(dice: &mut Dice, ids: &Words, text: &mut String) {
    let _ = if dice.chance(50) {
        writeln!(text, "facilities = {}", dice.list(&ids.facilities, 5))
    } else {
        writeln!(
            text,
            "places = {}\nstages = {}",
            dice.list(&ids.places, 5),
            dice.list(&ids.stages, 3)
        )
    };
}

fn product(dice: &mut Dice, ids: &Words, text: &mut String) {
    let (kind, key, of) = match dice.below(4) {
        0 | 1 => ("oxide", "element", &ids.elements),
        2 if dice.chance(50) => ("metal", "element", &ids.elements),
        2 => ("magnet", "grade", &ids.grades),
        _ => ("carbonate", "feed", &ids.feeds),
    };
    let item = dice.one_of(of).expect("there are some");
    let _ = writeln!(text, "product = \"{kind}\"\n{key} = \"{item}\"");
}
