//! Which listed names count where they stand: Georgia the country, plants beside words about plants, capitals that act.

use std::ops::Range;

use monazite_evidence::Stage;

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
                        && !(entry.key == "USA" && is_road(body, &hit.range))
                        && !is_member(body, &hit.range)
                        && !(entry.kind == EntityKind::Country && heads_report(body, &sentence, &hit.range))
                }
                Needs::Blocked => true,
                Needs::FullName => {
                    full.binary_search(&hit.entry).is_ok()
                        || entry.kind == EntityKind::Company && speaks_as_a_firm(body, &hit.range)
                }
                Needs::PlantWords => beside_plant_words(body, &sentence, &hit.range, entry.role.as_deref()),
                Needs::Acting => acts(body, &sentence, &hit.range),
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
            hit.entry = best_of(lexicon, &hit, words);
            hit
        })
        .chain(implied(lexicon, body, hits))
        .collect()
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

/// `(ASX: KRE)`, `(USAR US)`: exchanges, not countries or institutions.
fn in_ticker(body: &str, range: &Range<usize>) -> bool {
    let words = body.get(range.clone()).unwrap_or_default();
    let before = back(body, range.start, 8);
    let after = forth(body, range.end, 3);
    let bracket = before.rfind('(').map(|at| before.get(at + 1..).unwrap_or_default());
    bracket.is_some_and(|inside| {
        let ticker = |text: &str| {
            text.chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ')
        };
        (after.starts_with(':') && inside.is_empty() || after.starts_with(')') && words.len() == 2 && inside.len() > 2)
            && ticker(inside)
    })
}

/// `Hastings' shares`, `Peak chairman`, `Meteoric (ASX:MEI)`: what only a firm has.
fn speaks_as_a_firm(body: &str, range: &Range<usize>) -> bool {
    const HAS: &[&str] = &[
        " shares",
        " chief executive",
        " CEO",
        " managing director",
        " chairman",
        " executive chairman",
        " shareholders",
        " (ASX",
        " (LSE",
        " (AIM",
        " (TSX",
        " (NYSE",
        " (NASDAQ",
        " (Nasdaq",
    ];
    let after = forth(body, range.end, 22);
    let after = after.strip_prefix(['\'', '\u{2019}']).unwrap_or(after);
    let after = after
        .strip_prefix("s ")
        .map_or(after, |_| after.get(1..).unwrap_or(after));
    HAS.iter().any(|word| after.starts_with(word))
}

/// `Labor MP Ed Husic`: a member of a parliament, not the firm.
fn is_member(body: &str, range: &Range<usize>) -> bool {
    let mut after = forth(body, range.end, 3).chars();
    body.get(range.clone()) == Some("MP")
        && after.next() == Some(' ')
        && after.next().is_some_and(char::is_uppercase)
        && after.next().is_some_and(char::is_lowercase)
}

/// `U.S. 70`, `US 1`: a road.
fn is_road(body: &str, range: &Range<usize>) -> bool {
    let words = body.get(range.clone()).unwrap_or_default();
    if !matches!(words, "US" | "U.S" | "U.S.") {
        return false;
    }
    let after = forth(body, range.end, 6);
    let after = after.trim_start_matches('.').strip_prefix(' ').unwrap_or_default();
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&digits)
        && after.get(digits..).is_some_and(|rest| {
            rest.starts_with([',', '.', ';', ')'])
                && !rest
                    .get(1..2)
                    .is_some_and(|c| c.starts_with(|c: char| c.is_ascii_digit()))
        })
}

/// `HONG KONG (AP) —`, `SINGAPORE, Nov 4`: where a report was written, not what it is about.
fn heads_report(body: &str, sentence: &Range<usize>, range: &Range<usize>) -> bool {
    let words = body.get(range.clone()).unwrap_or_default();
    let after = forth(body, range.end, 3);
    range.start == sentence.start
        && words.len() > 4
        && !words.chars().any(char::is_lowercase)
        && [", ", " (", " -", " –", " —", ". "]
            .iter()
            .any(|mark| after.starts_with(mark))
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
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    // With the operator elsewhere in the text a plant may stand anywhere in the sentence.
    !dateline && (operated || says(WORDS) && near(body, range, WORDS) || says(NOUNS) && named(body))
}

fn near(body: &str, range: &Range<usize>, words: &[&str]) -> bool {
    let before = back(body, range.start, 30);
    let after = forth(body, range.end, 40);
    let around = format!("{before} {after}").to_lowercase();
    words.iter().any(|word| around.contains(word))
}

/// Up to so many characters before a byte.
fn back(body: &str, at: usize, chars: usize) -> &str {
    let before = body.get(..at).unwrap_or_default();
    let start = before
        .char_indices()
        .rev()
        .take(chars)
        .last()
        .map_or(at, |(start, _)| start);
    before.get(start..).unwrap_or_default()
}

/// Up to so many characters after a byte.
fn forth(body: &str, at: usize, chars: usize) -> &str {
    let after = body.get(at..).unwrap_or_default();
    let end = after.char_indices().nth(chars).map_or(after.len(), |(end, _)| end);
    after.get(..end).unwrap_or_default()
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
