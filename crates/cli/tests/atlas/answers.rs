//! What the API answers.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;

use super::desk::Atlas;

/// Every address that is read, and a key that the answer must have.
const READING: &[(&str, &str)] = &[
    ("/meta", "elements"),
    ("/today", "stages"),
    ("/today?year=2009", "weakest"),
    ("/risk?method=hhi,n-1&element=Dy,Nd&stage=separation", "data"),
    ("/risk?method=reliance&importer=USA,EU&element=Dy", "data"),
    (
        "/risk?method=hhi&stage=mine&element=TREO&form=history&years=2015..2024",
        "data",
    ),
    ("/risk?form=rank&stage=separation&draws=50", "data"),
    ("/base-year", "data"),
    ("/base-year?year=2009&view=bloc14", "data"),
    ("/why?place=MMR&element=Dy&stage=mine", "data"),
    ("/deposits", "deposits"),
    ("/deposits?place=BRA", "deposits"),
    ("/facilities?stage=magnet&status=operating", "facilities"),
    ("/flows?product=oxide:Dy", "flows"),
    ("/flows?product=magnet&view=bloc14&year=2009", "flows"),
    ("/flows?product=hs:850511&year=2022", "flows"),
    ("/chain?element=Nd", "links"),
    ("/chain?element=Dy&year=2009&view=bloc14", "nodes"),
    ("/elements/Dy", "prices"),
    ("/countries/AUS", "production"),
    ("/scenarios", "data"),
    ("/scenarios/china-2025-04", "data"),
    ("/jobs", "jobs"),
    ("/projects?draws=20&place=AUS", "data"),
    ("/projects/studies", "data"),
    ("/exposure/country/USA?scenario=china-2025-04", "data"),
    ("/exposure/fleet?fleet=EV&for=USA", "data"),
    ("/technologies", "data"),
    ("/technologies/f35", "data"),
    ("/deals?party=Lynas", "data"),
    ("/validation", "scores"),
    ("/data", "data"),
    ("/data/prices?filter=element=Dy&filter=zone=outside&per_page=5", "rows"),
    ("/data/conflicts", "conflicts"),
    ("/data/licences", "licences"),
    ("/sources", "sources"),
    ("/sources/usgs_mcs2026_re", "used_in"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_address_answers() {
    let atlas = Atlas::new();
    for (path, key) in READING {
        let reply = atlas.get(&format!("/api/v1{path}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
        assert_eq!(reply.header("content-type"), "application/json", "{path}");
        let found = &reply.json()[*key];
        let empty = found.is_null() || *key != "jobs" && found.as_array().is_some_and(Vec::is_empty);
        assert!(!empty, "{path} has no {key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_pictures() {
    let atlas = Atlas::new();
    for (path, kind, start) in [
        ("/scenarios/template?name=mine", "text/plain", "#"),
        ("/projects/template", "text/plain", "#"),
        ("/exposure/template", "text/csv", ""),
        ("/validation/charts/a-dy-oxide.svg", "image/svg+xml", "<svg"),
        ("/data/prices?format=csv&filter=element=Dy", "text/csv", "period,"),
    ] {
        let reply = atlas.get(&format!("/api/v1{path}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
        assert!(
            reply.header("content-type").starts_with(kind),
            "{path}: {}",
            reply.header("content-type")
        );
        assert!(reply.text().starts_with(start), "{path}: {}", reply.text());
    }
}

/// The same numbers as in a terminal, with labels and every source besides.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_answers_the_same_in_a_terminal() {
    let atlas = Atlas::new();
    let answer = atlas
        .get("/api/v1/risk?method=shares&element=Dy&stage=separation")
        .await
        .json();
    let words = [
        "risk",
        "table",
        "--method=shares",
        "--element=Dy",
        "--stage=separation",
        "--json",
    ];
    let command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("monazite"))
        .args(words)
        .unwrap();
    let told: Value = serde_json::from_slice(&command.stdout).unwrap();
    assert_eq!(answer["data"], told);
    assert_eq!(
        answer["command"],
        "monazite risk table --method=shares --element=Dy --stage=separation"
    );
    let columns = answer["tables"][0]["columns"].as_array().unwrap();
    assert!(
        columns
            .iter()
            .any(|column| column["key"] == "value" && column["number"] == true)
    );
    for row in answer["data"]["scores"].as_array().unwrap() {
        for id in row["sources"].as_str().unwrap().split(';').filter(|id| !id.is_empty()) {
            assert!(
                answer["sources"][id]["title"].is_string(),
                "{id} is not among the sources"
            );
        }
    }
}

/// What stands on evidence says on which, and how far it can be trusted.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_carry_their_sources() {
    let atlas = Atlas::new();
    let today = atlas.get("/api/v1/today").await.json();
    let (mut holders, mut with_source) = (0, 0);
    for stage in today["stages"].as_array().unwrap() {
        let all = stage["holders"].as_array().unwrap();
        assert!(!all.is_empty() || stage["missing"].is_string(), "{stage}");
        for holder in all {
            assert!(matches!(holder["confidence"].as_str(), Some("A" | "B" | "C")));
            // What only the balance says has no source of its own, and is never called better than C.
            let sourced = !holder["sources"].as_array().unwrap().is_empty();
            assert!(sourced || holder["confidence"] == "C", "{holder}");
            with_source += usize::from(sourced);
            let number = |key: &str| holder[key].as_f64().unwrap();
            assert!(number("low") <= number("share") + 1e-9 && number("share") <= number("high") + 1e-9);
            holders += 1;
        }
    }
    assert!(
        holders > 300 && 10 * with_source > 8 * holders,
        "{with_source} of {holders} holders"
    );
    for restriction in today["restrictions"].as_array().unwrap() {
        assert!(restriction["title"].is_string() && !restriction["sources"].as_array().unwrap().is_empty());
        // One of the two: a suspended measure is not in force.
        assert_ne!(restriction["in_force"], restriction["suspended"], "{restriction}");
    }
    assert!(
        today["restrictions"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["event"] == "P0034")
    );
    let shares = today["weakest"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["share"].as_f64().unwrap());
    let shares: Vec<f64> = shares.collect();
    assert!(shares.is_sorted_by(|a, b| a >= b) && shares.iter().all(|share| *share >= 0.5));
}

/// What goes into a step of the chain comes out of it or is lost in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_chain_balances() {
    let atlas = Atlas::new();
    let chain = atlas.get("/api/v1/chain?element=Dy").await.json();
    let links = chain["links"].as_array().unwrap();
    let sum = |end: &str, id: &str| -> f64 {
        links
            .iter()
            .filter(|link| link[end] == id)
            .map(|link| link["tonnes"].as_f64().unwrap())
            .sum()
    };
    for node in chain["nodes"].as_array().unwrap() {
        let id = node["id"].as_str().unwrap();
        let (into, out) = (sum("target", id), sum("source", id));
        let ends = ["mine", "recycling", "use", "unsold"].contains(&node["step"].as_str().unwrap());
        let lost = node["lost_tonnes"].as_f64().unwrap();
        assert!(
            ends || (into - out - lost).abs() < 1e-6 * into.max(1.0),
            "{id}: {into} in, {out} out, {lost} lost"
        );
    }
    assert!(chain["imbalance"].as_f64().unwrap() < 1e-6);
    assert!(!chain["conflicts"].as_array().unwrap().is_empty());
    let adjustments = chain["adjustments"].as_array().unwrap();
    assert!(adjustments.iter().all(|row| row["confidence"].is_string()) && !adjustments.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_table() {
    let atlas = Atlas::new();
    let at = async |page: usize| {
        atlas
            .get(&format!("/api/v1/data/prices?filter=element=Dy&page={page}&per_page=7"))
            .await
            .json()
    };
    let (first, second) = (at(1).await, at(2).await);
    assert_eq!(first["rows"].as_array().unwrap().len(), 7);
    assert!(first["total"].as_u64().unwrap() > 7 && first["total"] == second["total"]);
    assert_ne!(first["rows"][0], second["rows"][0]);
    assert!(first["rows"][0]["price_usd_per_kg"].is_f64() || first["rows"][0]["price_usd_per_kg"].is_u64());
    let beyond = at(1000).await;
    assert!(beyond["rows"].as_array().unwrap().is_empty());
    let all = atlas
        .get("/api/v1/data/prices?filter=element=Dy&format=csv")
        .await
        .text();
    assert_eq!(all.lines().count() as u64, first["total"].as_u64().unwrap() + 1);
}

/// Wrong questions get a status, a sentence and a hint, never a panic.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_questions_are_told_so() {
    let atlas = Atlas::new();
    for (path, status, said) in [
        ("/nothing", 404, "nothing at this address"),
        ("/elements/Dx", 404, "did you mean"),
        ("/countries/Australia", 404, "unknown place"),
        ("/chain?element=Q", 400, "unknown element"),
        ("/chain", 400, "element"),
        ("/chain?element=Dy&year=2020", 400, "not balanced"),
        ("/chain?element=Dy&view=fine", 400, "view"),
        ("/today?year=1999", 400, "not balanced"),
        ("/today?year=soon", 400, "query"),
        ("/flows?product=oxide:Dx", 400, "did you mean"),
        ("/flows?product=hs:999999", 400, "customs heading"),
        ("/flows?product=hs:850511&year=1900", 400, "no trade"),
        ("/facilities?stage=miner", 400, "did you mean `mine`"),
        ("/facilities?place=XXX", 400, "unknown place"),
        ("/risk?method=magic", 400, "magic"),
        ("/risk?method=hhi&years=soon", 400, "soon"),
        ("/risk?method=hhi&element=--help", 400, "--help"),
        ("/risk?method=hhi&element=D%00y", 400, "no text"),
        ("/scenarios/china-2025-05", 404, "did you mean"),
        ("/jobs/1", 404, "no job 1"),
        ("/jobs/one", 404, "nothing at this address"),
        ("/jobs/1/result", 404, "no job 1"),
        ("/exposure/country/USA?scenario=nothing", 400, "unknown scenario"),
        ("/exposure/country/Atlantis", 400, "Atlantis"),
        ("/technologies/tardis", 400, "tardis"),
        ("/validation/charts/nothing.svg", 404, "no chart"),
        ("/validation/charts/scores.csv", 404, "no chart"),
        ("/data/price", 404, "did you mean `prices`"),
        ("/data/prices?filter=colour=red", 400, "unknown column"),
        ("/data/prices?filter=element", 400, "column=value"),
        ("/data/prices?page=0", 400, "from 1"),
        ("/data/prices?limit=7", 400, "unknown parameter"),
        ("/sources/nobody", 404, "unknown source"),
        ("/why?place=MMR&element=Dy&stage=miner", 400, "miner"),
    ] {
        let reply = atlas.get(&format!("/api/v1{path}")).await;
        assert_eq!(reply.status.as_u16(), status, "{path}: {}", reply.text());
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
        let problem = reply.json();
        assert!(problem["detail"].as_str().unwrap().contains(said), "{path}: {problem}");
        assert_eq!(problem["status"], status);
    }
}

/// A browser that has an answer is not sent it again; one that takes compressed answers gets them.
#[tokio::test(flavor = "multi_thread")]
async fn answers_are_compressed_and_known_again() {
    let atlas = Atlas::new();
    let ask = async |name: &str, value: &str| {
        let request = Request::get("/api/v1/meta")
            .header("host", "localhost")
            .header(name, value);
        atlas.ask(request.body(Body::empty()).unwrap()).await
    };
    let plain = ask("accept", "*/*").await;
    assert_eq!(plain.header("content-encoding"), "");
    let packed = ask("accept-encoding", "gzip, br").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() * 3 < plain.body.len());
    let refused = ask("accept-encoding", "gzip;q=0").await;
    assert_eq!(refused.header("content-encoding"), "");
    let again = ask("if-none-match", plain.header("etag")).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}
