//! Your own data, groups and places, through the real program.

mod common;

use common::Bench;

const NAME: &str = "BACI_HS92_Y2022_V202401b.csv";

/// A few rows of a release: two of ours, one of another product, one that cannot be.
fn release(bad: bool) -> String {
    let last = if bad { "2022,156,842,284690,5,-10\n" } else { "" };
    format!(
        "t,i,j,k,v,q\n2022,156,392,280530,12345.678,123.4\n2022,490,276,284690,20.25,NA\n2022,4,842,010190,1.5,1\n{last}"
    )
}

#[test]
fn an_import_says_what_became_of_the_rows() {
    let bench = Bench::new();
    bench.file(NAME, release(false));
    insta::assert_snapshot!(bench.run(&["data", "import", "baci", NAME, "--into", "mine"]));
    insta::assert_snapshot!(bench.run(&["data", "import", "baci", NAME, "--into", "mine", "--csv=years"]));
    let json: serde_json::Value =
        serde_json::from_str(&bench.stdout(&["data", "import", "baci", NAME, "--into", "mine", "--json"]))
            .expect("JSON");
    assert_eq!(json["rows"]["kept"], 2);
    assert_eq!(json["tables"][0]["replaced"], 2);
}

#[test]
fn a_row_that_cannot_be_used_stops_it_or_is_set_aside() {
    let bench = Bench::new();
    bench.file(NAME, release(true));
    insta::assert_snapshot!(bench.run(&["data", "import", "baci", NAME, "--into", "mine"]));
    assert!(!bench.dir.path().join("mine").exists());
    insta::assert_snapshot!(bench.run(&["data", "import", "baci", NAME, "--into", "mine", "--lenient"]));
}

#[test]
fn wrong_words() {
    let bench = Bench::new();
    bench.file(NAME, release(false)).file("other.csv", "a,b\n1,2\n");
    let seen = [
        bench.run(&["data", "import", "bacci", NAME, "--into", "mine"]),
        bench.run(&["data", "import", "baci", "nowhere.csv", "--into", "mine"]),
        bench.run(&["data", "import", "baci", "other.csv", "--into", "mine"]),
        bench.run(&["data", "import", "baci", NAME, "--into", "mine", "--years", "2022-2023"]),
        bench.run(&[
            "data",
            "import",
            "baci",
            NAME,
            "--into",
            "mine",
            "--years",
            "1995..2000",
        ]),
        bench.run(&["data", "import", "baci", NAME, "--into", "mine", "--codes", "28"]),
        bench.run(&["data", "place", "Germny"]),
        bench.run(&["data", "groups", "NAT0"]),
        bench.run(&["data", "groups", "Ours", "--group", "Ours=DEU,Frnace", "--year", "2020"]),
    ];
    insta::assert_snapshot!(seen.join("\n\n"));
}

#[test]
fn places_and_groups() {
    let bench = Bench::new();
    let names = [
        "Korea, Rep.",
        "490",
        "TÃ¼rkiye",
        "World total (rounded)",
        "United States and Canada",
        "Brazil (exports)",
    ];
    let args: Vec<&str> = ["data", "place"].into_iter().chain(names).collect();
    insta::assert_snapshot!(bench.run(&args));
    insta::assert_snapshot!(bench.run(&["data", "groups", "G7", "--year", "1975"]));
    insta::assert_snapshot!(bench.run(&["data", "groups", "BRICS"]));
}
