//! Which listed names count where they stand: Georgia the country, plants beside words about plants, capitals that act.

mod beside;

use std::ops::Range;

use monazite_evidence::Stage;

use self::beside::{
    back, forth, heads_report, in_ticker, is_called_a_firm, is_member, is_road, says_where_listed, speaks_as_a_firm,
};
use super::lexicon::{Hit, Needs};
use super::{EntityKind, Lexicon};

/// Listed names that count where they stand.
pub(super) fn sound(lexicon: &Lexicon, body: &str, sentences: &[Range<usize>], hits: &[Hit]) -> Vec<Hit> {
    let mut full: Vec<usize> = hits
        .iter()
        .filter(|hit| hit.needs == Needs::Nothing)
        .map(|hit| hit.entry)
        .collect();
    full.sort_unstable();
    full.dedup();
    let symbols: Vec<Range<usize>> = hits
        .iter()
        .filter(|hit| hit.needs == Needs::Chemistry)
        .map(|hit| hit.range.clone())
        .collect();
    let seats: Vec<Range<usize>> = hits
        .iter()
        .filter(|hit| hit.needs == Needs::Acting)
        .map(|hit| hit.range.clone())
        .collect();
    let georgia = Georgia::in_text(body);
    hits.iter()
        .filter(|hit| {
            let at = sentences.partition_point(|sentence| sentence.end <= hit.range.start);
            let sentence = sentences
                .get(at)
                .filter(|sentence| sentence.start <= hit.range.start)
                .cloned()
                .unwrap_or(hit.range.clone());
            let Some(entry) = lexicon.entries.get(hit.entry) else {
                return false;
            };
            match hit.needs {
                Needs::Nothing => {
                    (entry.key != "GEO" || georgia.is_country(body, &hit.range))
                        && !in_ticker(body, &hit.range)
                        && !(entry.kind == EntityKind::Institution && says_where_listed(body, &hit.range))
                        && !(entry.key == "USA" && is_road(body, &hit.range))
                        && !is_member(body, &hit.range)
                        && !(entry.kind == EntityKind::Country && heads_report(body, &sentence, &hit.range))
                }
                Needs::Blocked => true,
                Needs::Common => is_common(body, &hit.range),
                Needs::FullName => {
                    full.binary_search(&hit.entry).is_ok()
                        || entry.kind == EntityKind::Company
                            && (speaks_as_a_firm(body, &hit.range) || names_a_site_of(lexicon, entry, &full))
                }
                Needs::PlantWords => beside_plant_words(body, &sentence, &hit.range, entry.role.as_deref()),
                Needs::Operator => std::iter::once(&hit.entry)
                    .chain(&hit.others)
                    .any(|entry| is_run_by_a_named_firm(lexicon, body, *entry, &full)),
                Needs::Region => !heads_report(body, &sentence, &hit.range),
                Needs::Acting => acts(body, &sentence, &hit.range) || among_seats(body, &hit.range, &seats),
                Needs::Chemistry => among_chemistry(body, &hit.range, &symbols),
            }
        })
        .map(|hit| {
            let mut hit = hit.clone();
            let at = sentences.partition_point(|sentence| sentence.end <= hit.range.start);
            let words = sentences
                .get(at)
                .and_then(|sentence| body.get(sentence.clone()))
                .unwrap_or_default();
            // `Serra Verde, the Brazilian producer` is the firm that is called like its mine.
            let firm = hit.others.iter().find(|entry| {
                let other = lexicon.entries.get(**entry);
                other.is_some_and(|entry| entry.kind == EntityKind::Company)
            });
            let site = lexicon
                .entries
                .get(hit.entry)
                .is_some_and(|entry| entry.kind == EntityKind::Deposit);
            if let (true, Some(firm)) = (site, firm)
                && (speaks_as_a_firm(body, &hit.range) || is_called_a_firm(body, &hit.range))
            {
                hit.entry = *firm;
                return hit;
            }
            // `Saskatoon` is the plant of the firm that the text names.
            let run: Vec<usize> = std::iter::once(hit.entry)
                .chain(hit.others.iter().copied())
                .filter(|entry| is_run_by_a_named_firm(lexicon, body, *entry, &full))
                .collect();
            let plant = lexicon
                .entries
                .get(hit.entry)
                .is_some_and(|entry| entry.kind == EntityKind::Plant);
            if let ([first, rest @ ..], true) = (run.as_slice(), plant && !hit.others.is_empty()) {
                hit.entry = *first;
                hit.others = rest.to_vec();
            }
            hit.entry = best_of(lexicon, &hit, words);
            hit
        })
        .chain(implied(lexicon, body, hits))
        .collect()
}

/// Whether words stand as a common noun: in small letters, in capitals as an acronym does, or with a capital beside words that have none.
fn is_common(body: &str, range: &Range<usize>) -> bool {
    let words = body.get(range.clone()).unwrap_or_default();
    let capital = |word: Option<&str>| word.is_some_and(|word| word.starts_with(char::is_uppercase));
    let before = body.get(..range.start).unwrap_or_default();
    let before = before.rsplit(['\n', '.', '!', '?', ':', ';', '(']).next();
    let behind = body.get(range.end..).unwrap_or_default();
    let behind = behind.split(['\n', '.', ',', '!', '?', ':', ';', ')']).next();
    let alone = || {
        !capital(before.and_then(|words| words.split_whitespace().next_back()))
            && !capital(behind.and_then(|words| words.split_whitespace().next()))
    };
    let acronym = words.len() > 2 && !words.contains(char::is_lowercase);
    acronym || !words.starts_with(char::is_uppercase) || alone()
}

/// `EV motors` are electric motors too, and `light and heavy rare earths` light ones: the word beside a listed name
/// that names another thing with it.
fn implied(lexicon: &Lexicon, body: &str, hits: &[Hit]) -> Vec<Hit> {
    let entry = |kind: EntityKind, key: &str| {
        let fits = |entry: &super::lexicon::Entry| entry.kind == kind && entry.key == key;
        lexicon.entries.iter().position(fits)
    };
    let motors = entry(EntityKind::Technology, "electric_motors");
    let light = entry(EntityKind::Group, "LREE");
    let mut more = Vec::new();
    for hit in hits {
        let Some(found) = lexicon.entries.get(hit.entry) else {
            continue;
        };
        let before = back(body, hit.range.start, 14);
        let after = forth(body, hit.range.end, 8);
        let (range, entry) = match (found.kind, &*found.key) {
            (EntityKind::Technology, "electric_vehicles") => {
                let word = |text: &str| {
                    ["motors", "motor"]
                        .into_iter()
                        .find(|word| text.starts_with(word))
                        .map(str::len)
                };
                if let Some(len) = after.strip_prefix(' ').and_then(word) {
                    (hit.range.end + 1..hit.range.end + 1 + len, motors)
                } else if let Some(gap) = ["motors of ", "motors in "]
                    .iter()
                    .find(|words| before.ends_with(*words))
                {
                    let start = hit.range.start - gap.len();
                    (start..start + "motors".len(), motors)
                } else {
                    continue;
                }
            }
            (EntityKind::Group, "HREE") if before.to_lowercase().ends_with("light and ") => {
                let start = hit.range.start - "light and ".len();
                (start..start + "light".len(), light)
            }
            _ => continue,
        };
        if let (Some(entry), Some(_)) = (entry, body.get(range.clone())) {
            more.push(Hit {
                range,
                entry,
                needs: Needs::Nothing,
                others: Vec::new(),
            });
        }
    }
    more
}

/// Of several plants in one town, the one whose work the sentence speaks of.
fn best_of(lexicon: &Lexicon, hit: &Hit, sentence: &str) -> usize {
    let lower = sentence.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let fits = |entry: &&usize| {
        let stage = lexicon.entries.get(**entry).and_then(|entry| entry.stage);
        match stage {
            Some(Stage::SeparationHeavy) => says(&["heavy", "dysprosium", "terbium"]),
            Some(Stage::Cracking) => says(&["crack", "leach"]),
            Some(Stage::Metal) => says(&["metal ", "alloy", "metals plant"]) && !says(&["rare earth metal"]),
            Some(Stage::Magnet) => says(&["magnet"]),
            Some(Stage::Recycling) => says(&["recycl"]),
            _ => false,
        }
    };
    // Where nothing says otherwise, the plant that separates or makes magnets is meant, not a part of it.
    let main = |entry: &&usize| {
        let stage = lexicon.entries.get(**entry).and_then(|entry| entry.stage);
        matches!(stage, Some(Stage::SeparationLight | Stage::Magnet))
    };
    let all = || std::iter::once(&hit.entry).chain(&hit.others);
    let part = lexicon
        .entries
        .get(hit.entry)
        .is_some_and(|entry| entry.stage.is_some());
    let usual = if part { all().find(main) } else { None };
    all().find(fits).or(usual).copied().unwrap_or(hit.entry)
}

/// `Meteoric` where the text names Caldeira, which is Meteoric's.
fn names_a_site_of(lexicon: &Lexicon, firm: &super::lexicon::Entry, full: &[usize]) -> bool {
    let named = |id: &str| {
        full.iter().any(|at| {
            lexicon
                .entries
                .get(*at)
                .is_some_and(|entry| matches!(entry.kind, EntityKind::Deposit | EntityKind::Plant) && entry.key == id)
        })
    };
    firm.evidence
        .iter()
        .any(|row| row.table == "facilities" && named(&row.id))
}

/// Whether the text names who runs a plant; `full` are the listed names that stand in it, in order.
fn is_run_by_a_named_firm(lexicon: &Lexicon, body: &str, plant: usize, full: &[usize]) -> bool {
    let Some(plant) = lexicon
        .entries
        .get(plant)
        .filter(|entry| entry.kind == EntityKind::Plant)
    else {
        return false;
    };
    let operators = plant.role.as_deref().unwrap_or_default().split([',', '(', '/', ')']);
    operators.map(str::trim).filter(|name| name.len() > 2).any(|name| {
        body.contains(name)
            || lexicon
                .actor(name)
                .is_some_and(|firm| full.binary_search(&firm).is_ok())
    })
}

/// Whether `Georgia` is the country or the American state.
struct Georgia {
    country: bool,
}

impl Georgia {
    fn in_text(body: &str) -> Self {
        let says = |words: &[&str]| words.iter().any(|word| body.contains(word));
        Self {
            country: says(&["Tbilisi", "Georgian", "Caucasus", "Armenia", "Azerbaijan"])
                || !says(&[
                    "U.S.",
                    "United States",
                    "Atlanta",
                    "Savannah",
                    "Augusta",
                    "Alabama",
                    "Carolina",
                    "Florida",
                    "American",
                    "Washington",
                ]),
        }
    }

    fn is_country(&self, body: &str, range: &Range<usize>) -> bool {
        body.get(range.clone()) != Some("Georgia")
            || self.country && !body.get(..range.start).is_some_and(|before| before.ends_with(", "))
    }
}

fn beside_plant_words(body: &str, sentence: &Range<usize>, range: &Range<usize>, operator: Option<&str>) -> bool {
    const WORDS: &[&str] = &[
        "plant",
        "facility",
        "refiner",
        "factory",
        " line",
        "circuit",
        " mill",
        "works",
        "smelter",
        "separation",
        "site",
        "magnet",
        "mine",
        "deposit",
        "project",
        "commission",
        "produc",
    ];
    const NOUNS: &[&str] = &[" plant", " facility", " refinery", " factory", " smelter"];
    let words = body.get(sentence.clone()).unwrap_or_default();
    let lower = words.to_lowercase();
    let named = |text: &str| {
        operator.is_some_and(|operator| {
            let first = operator.split([',', '(', '/']).next().unwrap_or_default().trim();
            first.len() > 2 && text.contains(first)
        })
    };
    let operated = named(words);
    // `KUANTAN, 4 March` opens a report; it names no plant.
    let dateline = range.start == sentence.start
        && body
            .get(range.end..)
            .is_some_and(|after| after.starts_with(',') || after.starts_with(" ("));
    // `Narva-based` says where a firm comes from.
    let origin = forth(body, range.end, 7);
    let origin = ["-based", "-headqu", "-listed"]
        .iter()
        .any(|end| origin.starts_with(end));
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    // With the operator elsewhere in the text a plant may stand anywhere in the sentence.
    !dateline && !origin && (operated || says(WORDS) && near(body, range, WORDS) || says(NOUNS) && named(body))
}

fn near(body: &str, range: &Range<usize>, words: &[&str]) -> bool {
    let before = back(body, range.start, 30);
    let after = forth(body, range.end, 40);
    let around = format!("{before} {after}").to_lowercase();
    words.iter().any(|word| around.contains(word))
}

/// A seat of power that stands for its country: not a place something happens in, nor the head of a dateline.
fn acts(body: &str, sentence: &Range<usize>, range: &Range<usize>) -> bool {
    let before = back(body, range.start, 14).to_lowercase();
    let placed = [
        "in ",
        "at ",
        "from ",
        "near ",
        "outside ",
        "visit ",
        "visited ",
        "to ",
        "of ",
        "around ",
        "via ",
        "mayor of ",
    ];
    let after = forth(body, range.end, 12);
    let dateline = range.start == sentence.start && after.trim_start().starts_with([',', '(', '-', '–', '—', '/']);
    let shouting = body
        .get(range.clone())
        .is_some_and(|words| words.len() > 3 && words.chars().all(|c| !c.is_lowercase()));
    let compound = after.strip_prefix(' ').is_some_and(|next| {
        [
            "State",
            "Post",
            "Times",
            "University",
            "Zhong",
            "D.C",
            "Electric",
            "Metal",
        ]
        .iter()
        .any(|word| next.starts_with(word))
    });
    // `with Moscow`, `between Beijing and Washington` act; `in Moscow` does not.
    let by_place = placed
        .iter()
        .any(|word| before.ends_with(&format!(" {word}")) || before == *word);
    let list = after.starts_with(", ") && after.chars().nth(2).is_some_and(char::is_uppercase);
    !(by_place || dateline || shouting || compound || list)
}

/// `complaints from Washington, Brussels and Tokyo`: seats of power in a list act, unless things happen in them.
fn among_seats(body: &str, range: &Range<usize>, seats: &[Range<usize>]) -> bool {
    let joined = |first: &Range<usize>, second: &Range<usize>| {
        body.get(first.end..second.start)
            .is_some_and(|gap| matches!(gap, ", " | " and " | ", and " | " or "))
    };
    let at = seats.partition_point(|other| other.start < range.start);
    let mut first = at;
    while first > 0
        && seats
            .get(first - 1..=first)
            .is_some_and(|pair| matches!(pair, [a, b] if joined(a, b)))
    {
        first -= 1;
    }
    let mut last = at;
    while seats
        .get(last..last + 2)
        .is_some_and(|pair| matches!(pair, [a, b] if joined(a, b)))
    {
        last += 1;
    }
    let before = seats
        .get(first)
        .map_or("", |seat| back(body, seat.start, 9))
        .to_lowercase();
    // `in Beijing and Shanghai`; `SINGAPORE/BEIJING` heads a report.
    let placed = ["in ", "at ", "near ", "to ", "outside ", "visited ", "via "]
        .iter()
        .any(|word| before == *word || before.ends_with(&format!(" {word}")));
    last > first && !placed
}

/// A symbol counts as an element beside another one, or before a word of chemistry or trade.
fn among_chemistry(body: &str, range: &Range<usize>, symbols: &[Range<usize>]) -> bool {
    const AFTER: &[&str] = &[
        "oxide",
        "metal",
        "price",
        "content",
        "₂",
        "2o3",
        "concentrate",
        "supply",
        "magnet",
        "-rich",
        "grade",
        "export",
    ];
    let after = forth(body, range.end, 12).to_lowercase();
    let words = after.trim_start_matches([' ', '-']);
    if AFTER.iter().any(|word| words.starts_with(word)) {
        return true;
    }
    let own = body.get(range.clone());
    let near = |other: &Range<usize>| {
        // `50 % Y/Y`: year on year.
        if body.get(other.clone()) == own {
            return false;
        }
        let gap = if other.start >= range.end {
            body.get(range.end..other.start)
        } else {
            body.get(other.end..range.start)
        };
        gap.is_some_and(|gap| {
            matches!(
                gap,
                "/" | ", " | " and " | "-" | " or " | "," | ", and " | " & " | "+" | " + "
            )
        })
    };
    let at = symbols.partition_point(|other| other.start < range.start);
    at.checked_sub(1)
        .and_then(|before| symbols.get(before))
        .is_some_and(near)
        || symbols.get(at + 1).is_some_and(near)
}
