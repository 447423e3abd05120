//! What is sent to the API: scenarios, bills of materials, projects, articles.

use axum::http::StatusCode;
use serde_json::json;

use super::desk::Atlas;

#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_is_checked_with_line_and_column() {
    let atlas = Atlas::new();
    let text = atlas.get("/api/v1/scenarios/template").await.text();
    let fine = atlas
        .post("/api/v1/scenarios/check", "application/toml", text.clone())
        .await
        .json();
    assert_eq!(
        (fine["ok"].as_bool(), fine["errors"].as_u64()),
        (Some(true), Some(0)),
        "{fine}"
    );
    assert!(
        fine["scenario"]["events"]
            .as_array()
            .is_some_and(|events| !events.is_empty())
    );
    let wrong = text.replacen("kind", "knid", 1);
    let found = atlas.post("/api/v1/scenarios/check", "text/plain", wrong).await.json();
    assert_eq!(found["ok"], false);
    let fault = &found["faults"][0];
    assert!(
        fault["line"].as_u64().unwrap() > 1 && fault["column"].as_u64().unwrap() >= 1,
        "{fault}"
    );
    assert!(found["scenario"].is_null());
    let nonsense = atlas.post("/api/v1/scenarios/check", "text/plain", "][").await.json();
    assert_eq!(nonsense["ok"], false);
    let binary = atlas
        .post("/api/v1/scenarios/check", "text/plain", vec![0xff, 0xfe])
        .await;
    assert_eq!(binary.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_of_materials() {
    let atlas = Atlas::new();
    let bill = atlas.get("/api/v1/exposure/template").await.text();
    let path = "/api/v1/exposure?for=USA&scenario=china-2025-04";
    let reply = atlas.post(path, "text/csv; charset=utf-8", bill.clone()).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let answer = reply.json();
    assert!(
        answer["title"].as_str().unwrap().starts_with("bill.csv: "),
        "{}",
        answer["title"]
    );
    assert!(answer["data"]["parts"].as_array().is_some_and(|parts| parts.len() >= 6));
    let broken = bill.replacen(',', ",wrong,", 3);
    let refused = atlas.post("/api/v1/exposure", "text/csv", broken).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text());
    let problem = refused.json();
    assert!(
        problem["places"][0]
            .as_str()
            .is_some_and(|place| place.starts_with("bill.csv:")),
        "{problem}"
    );
    let empty = atlas.post("/api/v1/exposure", "text/csv", "").await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let garbage = atlas
        .post("/api/v1/exposure", sheet, vec![b'P', b'K', 3, 4, 0, 0])
        .await;
    assert_eq!(garbage.status, StatusCode::BAD_REQUEST, "{}", garbage.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_of_ones_own_and_a_study() {
    let atlas = Atlas::new();
    let value = async |body: serde_json::Value| {
        atlas
            .post("/api/v1/projects/value", "application/json", body.to_string())
            .await
    };
    let study = value(json!({"project": "nolans-2022", "draws": 50})).await;
    assert_eq!(study.status, StatusCode::OK, "{}", study.text());
    assert!(
        study.json()["data"]["cash_flow"]
            .as_array()
            .is_some_and(|years| years.len() > 10)
    );
    let template = atlas.get("/api/v1/projects/template").await.text();
    let own = value(json!({"toml": template, "draws": 50, "prices": "2024", "times": 1.2})).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.text());
    let wrong = value(json!({"toml": template.replacen("name", "nmae", 1)})).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(
        wrong.json()["places"][0]
            .as_str()
            .is_some_and(|place| place.starts_with("project.toml:")),
        "{}",
        wrong.text()
    );
    let unknown = value(json!({"project": "../../etc/passwd"})).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let misspelt = value(json!({"project": "nolans-2022", "discount": 0.1})).await;
    assert_eq!(misspelt.status, StatusCode::BAD_REQUEST);
    let floor = json!({"project": "nolans-2022", "irr": 0.15, "under": ["Nd", "Pr", "NdPr"]});
    let floor = atlas
        .post("/api/v1/projects/floor", "application/json", floor.to_string())
        .await;
    assert_eq!(floor.status, StatusCode::OK, "{}", floor.text());
    assert!(floor.json()["data"]["target_irr"].as_f64().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article() {
    let atlas = Atlas::new();
    let text = "BEIJING, April 4, 2025 - China imposed export controls on seven medium and heavy rare earths, \
        including dysprosium and terbium, the commerce ministry said on Friday. China mines 70 percent of the world's rare earths.";
    let reply = atlas
        .post("/api/v1/brief?date=2025-04-04&run=false", "text/plain", text)
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let brief = reply.json();
    assert!(
        brief["data"]["events"]
            .as_array()
            .is_some_and(|events| !events.is_empty()),
        "{}",
        brief["data"]
    );
    let empty = atlas.post("/api/v1/brief", "text/plain", "").await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    let form = atlas
        .post("/api/v1/brief", "application/x-www-form-urlencoded", "a=b")
        .await;
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
