//! Who takes part, with which sum, and how many events a sentence tells.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]

use monazite_brief::event::Rules;
use monazite_brief::{Reader, read};
use monazite_evidence::Dataset;

/// Kind, parties and amounts of each event.
type Told<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);

const TELLINGS: &[(&str, &[Told<'_>])] = &[
    (
        "In the third quarter dysprosium oxide prices rose 5% and terbium prices 7%, the agency reported on Monday.",
        &[("price_move", &["Dy"], &["5 %"]), ("price_move", &["Tb"], &["7 %"])],
    ),
    (
        "Prices of dysprosium and terbium rose by 5% and 7% respectively last week, traders in Shanghai said.",
        &[("price_move", &["Dy"], &["5 %"]), ("price_move", &["Tb"], &["7 %"])],
    ),
    (
        "Neodymium prices rose 3% this week and 12% since January, traders in Shanghai said.",
        &[("price_move", &["Nd"], &["3 %", "12 %"])],
    ),
    (
        "Export Finance Australia will lend A$50 million to Arafura and A$30 million to Northern Minerals.",
        &[
            (
                "investment",
                &["Export Finance Australia", "Arafura"],
                &["50000000 AUD"],
            ),
            (
                "investment",
                &["Export Finance Australia", "Northern Minerals"],
                &["30000000 AUD"],
            ),
        ],
    ),
    (
        "Arafura has offtake agreements with Siemens for 520 tonnes a year and with Hyundai for 1,500 tonnes a year.",
        &[
            ("offtake", &["Arafura", "Siemens"], &["520 t/yr"]),
            ("offtake", &["Arafura", "Hyundai Motor"], &["1500 t/yr"]),
        ],
    ),
    (
        "Lynas opened its plant in May. Iluka, Arafura and Alkane watched. In April it committed $20 million to a new line.",
        &[
            ("opening", &["Lynas"], &[]),
            ("investment", &["Lynas"], &["20000000 AUD"]),
        ],
    ),
    (
        "Two years after a factory in Vietnam went into operation, China still made 99% of all heavy rare earth metals.",
        &[("opening", &["VNM"], &[])],
    ),
    (
        "Lynas raised A$91.5 million, or about US$59m, in a placement with old and new shareholders.",
        &[("investment", &["Lynas"], &["91500000 AUD"])],
    ),
    (
        "The New South Wales government will lend A$50 million to Alkane Resources for its Dubbo project.",
        &[("investment", &["NSW Government", "Alkane"], &["50000000 AUD"])],
    ),
    (
        "Dysprosium oxide prices rose to 1,930 yuan/kg from 1,910 yuan/kg, and terbium oxide to 3,940 yuan/kg, traders said.",
        &[
            ("price_move", &["Dy"], &["1930 CNY/kg"]),
            ("price_move", &["Tb"], &["3940 CNY/kg"]),
        ],
    ),
    (
        "Lynas said little about its plans on Wednesday. Since January the stock has dropped 59%.",
        &[("price_move", &["Lynas"], &["59 %"])],
    ),
    (
        "Lynas said the kiln of the Kuantan plant was shut down on Monday.",
        &[("closure", &["Lynas"], &[])],
    ),
];

#[test]
fn tellings_have_their_parties_and_sums() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    for (words, want) in TELLINGS {
        let brief = reader.brief(&read(words.as_bytes(), None).unwrap(), None);
        let have: Vec<(String, Vec<String>, Vec<String>)> = brief
            .events
            .iter()
            .map(|event| {
                let amounts = event.amounts.iter();
                (
                    event.kind.to_string(),
                    event.parties.iter().map(|party| party.key.clone()).collect(),
                    amounts
                        .map(|amount| format!("{} {}", amount.value, amount.unit))
                        .collect(),
                )
            })
            .collect();
        let owned = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        let want: Vec<_> = want
            .iter()
            .map(|(kind, parties, amounts)| ((*kind).to_owned(), owned(parties), owned(amounts)))
            .collect();
        assert_eq!(have, want, "{words}");
    }
}

/// What is told by rules alone, so that no weight decides it.
fn alone(words: &str) -> monazite_brief::Brief {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::with_rules(&dataset, Rules::new().unwrap().alone()).unwrap();
    reader.brief(&read(words.as_bytes(), None).unwrap(), None)
}

#[test]
fn a_name_ends_where_a_listed_one_begins() {
    let brief = alone("Base Resources and Energy Fuels are merging, both said on Monday. They mine rare earths.");
    let firms: Vec<String> = (brief.entity_keys().into_iter())
        .filter(|key| key.starts_with("company:"))
        .collect();
    assert_eq!(firms, ["company:Base Resources", "company:Energy Fuels"]);
}

#[test]
fn a_rise_and_a_fall_are_two_events() {
    let brief = alone(
        "Prices of rare earths rose by 12 percent in May. Prices of rare earths fell sharply in the weeks after.",
    );
    let moves = brief.events.iter().filter(|event| event.kind.as_str() == "price_move");
    assert_eq!(moves.count(), 2, "{:?}", brief.events);
    let again =
        alone("Prices of rare earths rose by 12 percent in May. The prices of rare earths jumped, traders say.");
    let moves = again.events.iter().filter(|event| event.kind.as_str() == "price_move");
    assert_eq!(moves.count(), 1, "{:?}", again.events);
}
