//! Amounts: money, tonnes, prices per weight, percentages, with their units.

use std::ops::Range;
use std::sync::OnceLock;

use regex::{Captures, Regex};
use schemars::JsonSchema;
use serde::Serialize;

use crate::text::{Span, Text};

/// An amount as the text gives it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Amount {
    /// The number, in `unit`; the middle of a range.
    pub value: f64,
    /// The lower end of a range.
    pub low: Option<f64>,
    /// The upper end of a range.
    pub high: Option<f64>,
    /// `USD`, `EUR`, `CNY` …; `t`, `t/yr`, `kg`; `USD/kg`, `CNY/t`; `%`.
    pub unit: String,
    /// `up to`, `at least`, `about`, where the text says so.
    pub qualifier: Option<String>,
    /// The words.
    pub span: Span,
}

impl Amount {
    /// Whether it is a sum of money.
    #[must_use]
    pub fn is_money(&self) -> bool {
        self.unit.len() == 3 && self.unit.bytes().all(|b| b.is_ascii_uppercase())
    }

    /// Whether it is a quantity of material.
    #[must_use]
    pub fn is_mass(&self) -> bool {
        matches!(self.unit.as_str(), "t" | "t/yr" | "kg" | "kg/yr")
    }

    /// Whether it is a price per weight.
    #[must_use]
    pub fn is_price(&self) -> bool {
        self.unit.ends_with("/kg") || self.unit.len() == 5 && self.unit.ends_with("/t")
    }

    /// Whether it is a percentage.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        self.unit == "%"
    }
}

const NUMBER: &str = r"\d[\d,]*(?:\.\d+)?";
const SCALE: &str =
    r"(?:(?i:trillion|trn|tn|billion|bln|bn|million|mln|mil\b|mn|mm|thousand|crores?|cr\b|lakhs?)|[mMbBkK](?:\b|\z))";
const PER_WEIGHT: &str = r"(?P<per>(?:\s*\([^()]{1,20}\))?\s*(?:/|\bper\b|\ba\b)\s*(?:kg|kilo(?:gram)?|kilogramme|tonne|ton|metric ton|mt|t|lb|pound)\b)?";
/// `a year`, and what may stand before it: `3,000 tonnes (t) of rare earth oxide a year`.
const PER_YEAR: &str = r"(?:(?P<of>(?:\s+(?:of\s+)?[A-Za-z/()'’-]+){0,8}?)(?P<year>\s*(?:/|\bper|\ba|\beach|\bevery)\s*(?:year|yr|annum|y|a)\b|\s*\bannually|\s*\bp\.?a\b\.?|\s*\byearly))?";
const QUALIFIER: &str = r"(?:(?P<qual>(?i:up to|as much as|at most|at least|more than|over|nearly|almost|about|around|roughly|approximately|some|fewer than|less than|under|just))\s+(?:a\s+)?)?";

struct Patterns {
    before: Regex,
    after: Regex,
    mass: Regex,
    percent: Regex,
    words: Regex,
}

fn patterns() -> Option<&'static Patterns> {
    static PATTERNS: OnceLock<Option<Patterns>> = OnceLock::new();
    PATTERNS.get_or_init(Patterns::new).as_ref()
}

impl Patterns {
    /// The patterns are constants and the tests use each; a slip in one gives no amounts instead of a panic.
    fn new() -> Option<Self> {
        let range = format!(
            r"(?P<a>{NUMBER})(?:\s*(?P<sa>{SCALE}))?(?:\s*(?:-|–|\bto\b|\band\b)\s*(?:US\$|A\$|C\$|[$€£¥])?(?P<b>{NUMBER}))?(?:[\s-]*(?P<s>{SCALE}))?"
        );
        let money = r"\$US|\$A|USD ?\$|AUD ?\$|CDN ?\$|Aus?\$|US\$|AU\$|A\$|CA\$|C\$|CAD ?\$|Cdn ?\$|NZ\$|HK\$|S\$|R\$|\bRM|\$|€|£|¥|₹|₽|\bUSD|\bEUR|\bAUD|\bCAD|\bGBP|\bJPY|\bCNY|\bRMB|\bRUB|\bKRW|\bBRL|\bINR|\bRs\.?|\bNOK|\bSEK|\bDKK|\bCHF|\bZAR|\bMYR|\bSGD|\bIDR|\bKZT|\bVND|\bSAR|\bAED|\bTWD|\bNT\$|₩|₫";
        let named = r"(?:US|U\.S\.|American|Australian|Canadian)\s+dollars?|dollars?|US\$|USD|[Ee]uros?|EUR|yuan|renminbi|RMB|CNY|pounds?(?:\s+sterling)?|GBP|ro?ubles?|RUB|yen|JPY|won|KRW|rupees?|reais|ringgit|rand|tenge|kronor|kroner|dong|VND|AUD|CAD|A\$|C\$|Australian dollars";
        Some(Self {
            before: Regex::new(&format!(r"{QUALIFIER}(?P<cur>{money})\s?{range}{PER_WEIGHT}")).ok()?,
            after: Regex::new(&format!(r"{QUALIFIER}{range}[\s-]*(?P<cur>{named})\b{PER_WEIGHT}")).ok()?,
            mass: Regex::new(&format!(
                r"{QUALIFIER}{range}[\s-]*(?P<unit>(?:metric\s+)?(?:tonnes?|tons?)|kilotonnes?|kilograms?|kt|Mt|mt|MT|kg|tpa|tpy|t)\b{PER_YEAR}"
            ))
            .ok()?,
            percent: Regex::new(&format!(r"{QUALIFIER}(?P<a>{NUMBER})(?:\s*(?:%|percent|per cent)?\s*(?:-|–|to)\s*(?P<b>{NUMBER}))?\s?(?:%|percent\b|per cent\b|percentage points?|pct\b|pc\b)")).ok()?,
            words: Regex::new(r"(?i)\b(?P<n>one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|forty|fifty|half an?|a)\s+(?:(?P<s>hundred|thousand|million|billion|trillion)\s+(?P<cur>US dollars|dollars|euros|yuan|tonnes|tons|roubles|rubles|pounds|yen)\b(?P<year>\s+(?:a|per|each|every)\s+year\b)?|(?P<share>per cent|percent|pct)\b)").ok()?,
        })
    }
}

/// The amounts in a range of the text, in its order.
#[must_use]
pub fn amounts(text: &Text, range: &Range<usize>) -> Vec<Amount> {
    let (Some(part), Some(patterns)) = (text.slice(range), patterns()) else {
        return Vec::new();
    };
    let in_words = ["illion", "hundred ", "thousand ", " percent", " per cent", " pct"];
    if !part.bytes().any(|b| b.is_ascii_digit()) && !in_words.iter().any(|word| part.contains(word)) {
        return Vec::new();
    }
    let part = &with_commas(part);
    let mut found: Vec<Amount> = Vec::new();
    let mut take = |captures: &Captures<'_>, unit: String, scale: Option<f64>| {
        let Some(whole) = captures.get(0) else { return };
        let words = whole.as_str().trim_end();
        let at = range.start + whole.start()..range.start + whole.start() + words.len();
        // `35,000 yuan (S$6,460) a ton` is one price.
        let inside = |known: &Amount| at.start <= known.span.start() && known.span.end() <= at.end;
        if unit.contains('/') && found.iter().any(inside) {
            found.retain(|known| !inside(known));
        }
        if found.iter().any(|known| known.span.touches(&at)) {
            return;
        }
        found.extend(amount(text, captures, at, unit, scale));
    };
    for captures in patterns.before.captures_iter(part) {
        let unit = format!(
            "{}{}",
            currency(named(&captures, "cur")),
            weight(named(&captures, "per"))
        );
        take(&captures, unit, None);
    }
    for captures in patterns.after.captures_iter(part) {
        let unit = format!(
            "{}{}",
            currency(named(&captures, "cur")),
            weight(named(&captures, "per"))
        );
        take(&captures, unit, None);
    }
    for captures in patterns.percent.captures_iter(part) {
        take(&captures, "%".to_owned(), None);
    }
    for captures in patterns.mass.captures_iter(part) {
        let yearly = !named(&captures, "year").is_empty()
            || captures.get(0).is_some_and(|whole| is_annual(part, &whole.range()));
        let (unit, scale) = mass_unit(named(&captures, "unit"), yearly);
        take(&captures, unit, Some(scale));
    }
    for captures in patterns.words.captures_iter(part) {
        let unit = named(&captures, "cur");
        let unit = if captures.name("share").is_some() {
            "%".to_owned()
        } else if unit.to_lowercase().starts_with('t') {
            mass_unit("t", captures.name("year").is_some()).0
        } else {
            currency(unit).to_owned()
        };
        take(&captures, unit, None);
    }
    found.sort_by_key(|amount| amount.span.start());
    found
}

/// Commas for spaces between thousands: `21 800`. The length stays.
fn with_commas(part: &str) -> String {
    let bytes = part.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_joint = |at: usize| {
        let before = (1..=4)
            .take_while(|back| at.checked_sub(*back).is_some_and(digit))
            .count();
        let after = (1..=4).take_while(|ahead| digit(at + ahead)).count();
        (1..=3).contains(&before) && after == 3
    };
    let joined = part
        .char_indices()
        .map(|(at, c)| if c == ' ' && is_joint(at) { ',' } else { c });
    joined.collect()
}

/// `annual production capacity to 3,000 tonnes`, `3,000 tonnes of annual capacity`.
fn is_annual(part: &str, mass: &Range<usize>) -> bool {
    let mut from = mass.start.saturating_sub(45);
    while !part.is_char_boundary(from) {
        from += 1;
    }
    let mut to = part.len().min(mass.end + 20);
    while !part.is_char_boundary(to) {
        to -= 1;
    }
    let before = part.get(from..mass.start).unwrap_or_default();
    let after = part.get(mass.end..to).unwrap_or_default();
    // Of another sum or clause nothing is said.
    let before = before.rsplit([',', ';', '.']).next().unwrap_or_default();
    let own = !before.bytes().any(|b| b.is_ascii_digit());
    own && ["annual ", "yearly "].iter().any(|word| before.contains(word)) || after.starts_with(" of annual ")
}

fn named<'t>(captures: &Captures<'t>, name: &str) -> &'t str {
    captures.name(name).map_or("", |found| found.as_str())
}

fn amount(text: &Text, captures: &Captures<'_>, at: Range<usize>, unit: String, scale: Option<f64>) -> Option<Amount> {
    let both = factor(named(captures, "s"));
    let own = factor(named(captures, "sa")).or(both).unwrap_or(1.0);
    let scale = scale.unwrap_or(1.0);
    let first = match captures.name("a") {
        Some(digits) => number(digits.as_str())? * own,
        None => small(named(captures, "n"))? * both.unwrap_or(1.0),
    } * scale;
    let second = match captures.name("b") {
        Some(digits) => Some(number(digits.as_str())? * both.unwrap_or(own) * scale),
        None => None,
    };
    let (value, low, high) = match second {
        Some(second) if second > first => (f64::midpoint(first, second), Some(first), Some(second)),
        _ => (first, None, None),
    };
    let qualifier = named(captures, "qual").to_lowercase();
    value.is_finite().then_some(())?;
    Some(Amount {
        value,
        low,
        high,
        unit,
        qualifier: (!qualifier.is_empty()).then_some(qualifier),
        span: text.span(at)?,
    })
}

fn number(digits: &str) -> Option<f64> {
    digits.replace(',', "").parse().ok()
}

fn small(word: &str) -> Option<f64> {
    let value = match word.to_lowercase().as_str() {
        "a" | "one" => 1.0,
        "two" => 2.0,
        "three" => 3.0,
        "four" => 4.0,
        "five" => 5.0,
        "six" => 6.0,
        "seven" => 7.0,
        "eight" => 8.0,
        "nine" => 9.0,
        "ten" => 10.0,
        "fifteen" => 15.0,
        "twenty" => 20.0,
        "thirty" => 30.0,
        "forty" => 40.0,
        "fifty" => 50.0,
        word if word.starts_with("half") => 0.5,
        _ => return None,
    };
    Some(value)
}

/// What `million`, `bn`, `m`, `k` multiply by.
fn factor(word: &str) -> Option<f64> {
    let value = match word.to_lowercase().as_str() {
        "trillion" | "trn" | "tn" => 1e12,
        "billion" | "bln" | "bn" | "b" => 1e9,
        "million" | "mln" | "mil" | "mn" | "mm" | "m" => 1e6,
        "thousand" | "k" => 1e3,
        "hundred" => 1e2,
        "crore" | "crores" | "cr" => 1e7,
        "lakh" | "lakhs" => 1e5,
        _ => return None,
    };
    Some(value)
}

fn currency(word: &str) -> &'static str {
    let word = word.to_lowercase();
    match word.trim_end_matches('.') {
        "a$" | "$a" | "au$" | "aus$" | "aud" | "aud$" | "aud $" => "AUD",
        "c$" | "ca$" | "cad" | "cad$" | "cad $" | "cdn$" | "cdn $" => "CAD",
        "s$" | "sgd" => "SGD",
        "rm" | "ringgit" | "myr" => "MYR",
        "rand" | "zar" => "ZAR",
        "tenge" | "kzt" => "KZT",
        "kronor" | "sek" => "SEK",
        "kroner" | "nok" => "NOK",
        "dkk" => "DKK",
        "chf" => "CHF",
        "idr" => "IDR",
        "sar" => "SAR",
        "aed" => "AED",
        "twd" | "nt$" => "TWD",
        "dong" | "vnd" | "₫" => "VND",
        "nz$" => "NZD",
        "hk$" => "HKD",
        "r$" | "brl" | "reais" => "BRL",
        "€" | "eur" | "euro" | "euros" => "EUR",
        "£" | "gbp" => "GBP",
        "jpy" | "yen" => "JPY",
        "¥" | "cny" | "rmb" | "yuan" | "renminbi" => "CNY",
        "₽" | "rub" => "RUB",
        "krw" | "won" | "₩" => "KRW",
        "₹" | "inr" | "rs" | "rupee" | "rupees" => "INR",
        word if word.starts_with("pound") => "GBP",
        word if word.starts_with("rou") || word.starts_with("rub") => "RUB",
        word if word.starts_with("australian") => "AUD",
        word if word.starts_with("canadian") => "CAD",
        _ => "USD",
    }
}

fn weight(per: &str) -> &'static str {
    // `35,000 yuan (S$6,460) a ton`: what stands in brackets is the same in another currency.
    let word = per.rsplit(')').next().unwrap_or_default();
    let word = word.trim().trim_start_matches('/').trim();
    let unit = word.rsplit(' ').next().unwrap_or_default();
    match unit {
        "" => "",
        "lb" | "pound" => "/lb",
        unit if unit.starts_with('k') => "/kg",
        _ => "/t",
    }
}

/// The unit of a mass and what a number in it multiplies by.
fn mass_unit(word: &str, per_year: bool) -> (String, f64) {
    let (unit, scale, yearly) = match word {
        "kt" => ("t", 1e3, per_year),
        "Mt" => ("t", 1e6, per_year),
        "kg" => ("kg", 1.0, per_year),
        "tpa" | "tpy" => ("t", 1.0, true),
        word if word.starts_with("kilot") => ("t", 1e3, per_year),
        word if word.starts_with("kilo") => ("kg", 1.0, per_year),
        _ => ("t", 1.0, per_year),
    };
    (if yearly { format!("{unit}/yr") } else { unit.to_owned() }, scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Vec<(f64, String)> {
        let text = Text::new(words);
        amounts(&text, &(0..words.len()))
            .into_iter()
            .map(|a| (a.value, a.unit))
            .collect()
    }

    #[test]
    fn money_in_many_spellings() {
        for (words, value, unit) in [
            ("$400 million", 400e6, "USD"),
            ("US$2.8bn", 2.8e9, "USD"),
            ("A$180 million", 180e6, "AUD"),
            ("C$62m", 62e6, "CAD"),
            ("R$500m", 500e6, "BRL"),
            ("EUR 18.7 million", 18.7e6, "EUR"),
            ("200 million euros", 200e6, "EUR"),
            ("up to €1.2bn", 1.2e9, "EUR"),
            ("1.5 trillion yen", 1.5e12, "JPY"),
            ("7.4 billion rubles", 7.4e9, "RUB"),
            ("$5,000", 5_000.0, "USD"),
            ("a $500 MILLION".to_lowercase().as_str(), 500e6, "USD"),
            ("one billion dollars", 1e9, "USD"),
            ("half a million dollars", 0.5e6, "USD"),
            ("19 million USD", 19e6, "USD"),
            ("612,000 yuan per tonne", 612_000.0, "CNY/t"),
            ("$110/kg", 110.0, "USD/kg"),
            ("US$85/kg", 85.0, "USD/kg"),
            ("500,000 yuan/t", 500_000.0, "CNY/t"),
            ("Aus$1.2 billion", 1.2e9, "AUD"),
            ("CAD $4.9 million", 4.9e6, "CAD"),
            ("$667mil. deals", 667e6, "USD"),
            ("RM300 million", 300e6, "MYR"),
            ("NOK 1200 million", 1.2e9, "NOK"),
            ("SEK 800 million", 800e6, "SEK"),
            ("CHF 3m", 3e6, "CHF"),
            ("two million tons a year", 2e6, "t/yr"),
            ("two million tons", 2e6, "t"),
            ("$US775 million", 775e6, "USD"),
            ("CDN $1.3 billion", 1.3e9, "CAD"),
            ("Rs 1,345 cr", 13.45e9, "INR"),
            ("35,000 yuan (S$6,460) a ton", 35_000.0, "CNY/t"),
        ] {
            assert_eq!(read(words), [(value, unit.to_owned())], "{words}");
        }
    }

    #[test]
    fn masses_and_percentages() {
        for (words, value, unit) in [
            ("1,200 tonnes per year", 1_200.0, "t/yr"),
            ("2,500 tonnes of oxides of lanthanum, cerium a year", 2_500.0, "t"),
            (
                "3,000 metric tonnes (MT) total rare earth oxide (TREO) per year",
                3_000.0,
                "t/yr",
            ),
            ("3,000 tonnes of separated rare earths a year", 3_000.0, "t/yr"),
            ("250 t/yr of dysprosium", 250.0, "t/yr"),
            ("6,000 tonnes a year", 6_000.0, "t/yr"),
            ("6,500tpa", 6_500.0, "t/yr"),
            ("21 800tpa of monazite", 21_800.0, "t/yr"),
            ("annual production capacity to 3,000 tonnes", 3_000.0, "t/yr"),
            ("1,500 t/yr", 1_500.0, "t/yr"),
            ("1000 tonnes of rare earth oxide every year", 1_000.0, "t/yr"),
            ("6,000 mt/y", 6_000.0, "t/yr"),
            ("10,000-tonne", 10_000.0, "t"),
            ("28.7 million tons", 28.7e6, "t"),
            ("5 kt", 5_000.0, "t"),
            ("6.2 percent", 6.2, "%"),
            ("eight per cent", 8.0, "%"),
            ("90%", 90.0, "%"),
        ] {
            assert_eq!(read(words), [(value, unit.to_owned())], "{words}");
        }
    }

    #[test]
    fn ranges_keep_their_ends() {
        let text = Text::new("between $1.5-2 billion and 85 to 90 percent");
        let found = amounts(&text, &(0..text.as_str().len()));
        assert_eq!((found[0].low, found[0].high), (Some(1.5e9), Some(2e9)));
        assert_eq!((found[1].low, found[1].high), (Some(85.0), Some(90.0)));
    }
}
