//! Long work: it runs, tells how far it is, can be stopped, and outlives the server.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use monazite_evidence::Dataset;
use monazite_server::ServerError;
use serde_json::{Value, json};

use super::desk::{Atlas, settings};

/// A run of the bundled scenario in blocs: a second's work.
fn run() -> Value {
    json!({"kind": "simulate", "scenario": "china-2025-04", "view": "bloc14"})
}

/// Work for minutes.
fn long() -> Value {
    json!({"kind": "ensemble", "scenario": "china-2025-04", "view": "bloc14", "paths": 10_000, "variants": 2})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_from_asking_to_its_result() {
    let atlas = Atlas::new();
    let id = atlas.submit(run()).await;
    // Events come until the job has ended, and the last says so.
    let events = atlas.get(&format!("/api/v1/jobs/{id}/events")).await;
    assert_eq!(events.header("content-type"), "text/event-stream");
    let text = events.text();
    let told = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let told: Vec<Value> = told.map(|data| serde_json::from_str(data).unwrap()).collect();
    assert!(text.contains("event: job"), "{text}");
    assert_eq!(told.last().unwrap()["state"], "done", "{text}");
    assert!(
        told.iter()
            .any(|job| job["progress"]["step"].as_str().is_some_and(|step| !step.is_empty())),
        "{text}"
    );

    let job = atlas.get(&format!("/api/v1/jobs/{id}")).await.json();
    assert_eq!(
        (job["state"].as_str(), job["resumed"].as_bool()),
        (Some("done"), Some(false))
    );
    assert_eq!(job["title"], "China's licences on seven medium and heavy rare earths");
    let result = atlas.get(&format!("/api/v1/jobs/{id}/result")).await.json();
    assert!(
        result["data"]["shortages"]
            .as_array()
            .is_some_and(|rows| !rows.is_empty())
    );
    assert!(result["data"]["users_loss_thousand_usd"].as_f64().unwrap() > 1e6);
    assert!(
        !result.to_string().contains(atlas.dir.path().to_str().unwrap()),
        "no path is told"
    );

    let table = async |query: &str| atlas.get(&format!("/api/v1/jobs/{id}/tables/{query}")).await;
    let prices = table("prices?product=oxide:Dy&place=JPN").await.json();
    let rows = prices["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 13, "the base quarter and twelve more");
    assert!(
        rows.iter()
            .all(|row| row["product"] == "oxide:Dy" && row["spot_usd_per_kg"].as_f64().unwrap() > 0.0)
    );
    let losses = table("uses?sum=surplus_loss_kusd&by=end_use").await.json();
    let losses = losses["rows"].as_array().unwrap();
    let total: f64 = losses
        .iter()
        .map(|row| row["surplus_loss_kusd"].as_f64().unwrap())
        .sum();
    let told = result["data"]["users_loss_thousand_usd"].as_f64().unwrap();
    assert!((total - told).abs() < 1e-6 * told, "{total} by end use, {told} in all");
    assert!(
        losses
            .iter()
            .all(|row| row["end_use"].is_string() && row["confidence"].is_string())
    );
    assert_eq!(table("prices?colour=red").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(table("price").await.status, StatusCode::NOT_FOUND);
    assert_eq!(table("..%2fjob.json").await.status, StatusCode::NOT_FOUND);
    assert_eq!(table("loss_bands").await.status, StatusCode::NOT_FOUND);

    let why = atlas
        .get(&format!("/api/v1/jobs/{id}/explain?price=oxide:Dy&place=JPN"))
        .await;
    assert_eq!(why.status, StatusCode::OK, "{}", why.text());
    assert!(why.json()["notes"].as_array().is_some_and(|notes| !notes.is_empty()));
    let unclear = atlas.get(&format!("/api/v1/jobs/{id}/explain?place=JPN")).await;
    assert_eq!(unclear.status, StatusCode::BAD_REQUEST);
    let report = atlas.get(&format!("/api/v1/jobs/{id}/report")).await;
    assert!(report.text().contains("</html>") && report.header("content-security-policy").contains("sandbox"));
    let scenario = atlas.get(&format!("/api/v1/jobs/{id}/scenario")).await.text();
    assert!(scenario.contains("licences-magnet"));

    let gone = atlas.send(Method::DELETE, &format!("/api/v1/jobs/{id}"), "", "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(
        atlas.get(&format!("/api/v1/jobs/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(!atlas.dir.path().join(id.to_string()).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_of_ones_own_and_a_small_ensemble() {
    let atlas = Atlas::new();
    let own = atlas.get("/api/v1/scenarios/template?name=my-own").await.text();
    let id = atlas
        .submit(json!({"kind": "simulate", "scenario_toml": own, "view": "bloc14"}))
        .await;
    let paths = json!({"kind": "ensemble", "scenario": "china-2025-04", "view": "bloc14", "paths": 4, "variants": 2});
    let other = atlas.submit(paths).await;
    let job = atlas.until_ended(id).await;
    assert_eq!(job["state"], "done", "{job}");
    let job = atlas.until_ended(other).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(job["progress"]["done"], 4, "{job}");
    let bands = atlas
        .get(&format!(
            "/api/v1/jobs/{other}/tables/price_bands?product=oxide:Dy&zone=outside"
        ))
        .await
        .json();
    for row in bands["rows"].as_array().unwrap() {
        let at = |key: &str| row[key].as_f64().unwrap();
        assert!(at("p5_usd_per_kg") <= at("median_usd_per_kg") && at("median_usd_per_kg") <= at("p95_usd_per_kg"));
    }
    assert!(bands["total"].as_u64().unwrap() >= 12, "{bands}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_refused_at_once() {
    let atlas = Atlas::new();
    for (order, said) in [
        (json!({"kind": "dance"}), "dance"),
        (json!({"kind": "simulate"}), "no scenario"),
        (json!({"kind": "simulate", "scenario": "china-2025-05"}), "did you mean"),
        (json!({"kind": "simulate", "scenario": "../secret"}), "unknown scenario"),
        (json!({"kind": "simulate", "scenario_toml": "name = 1"}), "has errors"),
        (
            json!({"kind": "ensemble", "scenario": "baseline", "paths": 1_000_000}),
            "2 to 10000",
        ),
        (json!({"kind": "ensemble", "scenario": "baseline"}), "paths"),
        (
            json!({"kind": "sensitivity", "scenario": "baseline", "outcome": "loss@all", "points": 1}),
            "points",
        ),
        (
            json!({"kind": "simulate", "scenario": "baseline", "view": "fine"}),
            "fine",
        ),
    ] {
        let reply = atlas.post("/api/v1/jobs", "application/json", order.to_string()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{order}: {}", reply.text());
        assert!(
            reply.json()["detail"].as_str().unwrap().contains(said),
            "{order}: {}",
            reply.text()
        );
    }
    assert_eq!(atlas.get("/api/v1/jobs").await.json()["jobs"], json!([]));
    // An outcome is checked by the program, and the job says what was wrong.
    let id = atlas
        .submit(json!({"kind": "sensitivity", "scenario": "baseline", "outcome": "happiness", "view": "bloc14"}))
        .await;
    let job = atlas.until_ended(id).await;
    assert_eq!(
        (job["state"].as_str(), job["problem"]["status"].as_u64()),
        (Some("failed"), Some(400)),
        "{job}"
    );
    assert_eq!(
        atlas.get(&format!("/api/v1/jobs/{id}/result")).await.status,
        StatusCode::CONFLICT
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_wait_for_their_turn_and_can_be_stopped() {
    let atlas = Atlas::with(|settings| {
        settings.limits.jobs_at_once = 1;
        settings.limits.jobs_waiting = 3;
    });
    let first = atlas.submit(long()).await;
    let (second, third) = (atlas.submit(long()).await, atlas.submit(run()).await);
    let reply = atlas.post("/api/v1/jobs", "application/json", run().to_string()).await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.header("retry-after"), "10");
    let running = atlas.until(first, |job| job["state"] == "running").await;
    assert!(running["started"].is_string());
    assert_eq!(
        atlas.get(&format!("/api/v1/jobs/{second}")).await.json()["state"],
        "queued"
    );
    for id in [second, first] {
        let reply = atlas.send(Method::DELETE, &format!("/api/v1/jobs/{id}"), "", "").await;
        assert_eq!(reply.status, StatusCode::ACCEPTED);
        assert_eq!(atlas.until_ended(id).await["state"], "cancelled");
    }
    // The turn is free for the one that waited.
    assert_eq!(atlas.until_ended(third).await["state"], "done");
    let again = atlas
        .post(&format!("/api/v1/jobs/{second}/again"), "application/json", "")
        .await;
    assert_eq!(again.status, StatusCode::ACCEPTED, "{}", again.text());
    let job = atlas.until(second, |job| job["state"] == "running").await;
    assert_eq!(job["resumed"], true);
    atlas
        .send(Method::DELETE, &format!("/api/v1/jobs/{second}"), "", "")
        .await;
    assert_eq!(atlas.until_ended(second).await["state"], "cancelled");
    let done = atlas
        .post(&format!("/api/v1/jobs/{third}/again"), "application/json", "")
        .await;
    assert_eq!(done.status, StatusCode::CONFLICT);
}

/// Who asked first is served first, however the tasks of the server are dealt out.
#[tokio::test(flavor = "multi_thread")]
async fn turns_come_in_the_order_asked() {
    let atlas = Atlas::with(|settings| settings.limits.jobs_at_once = 1);
    let mut asked = Vec::new();
    for _ in 0..5 {
        asked.push(atlas.submit(run()).await);
    }
    let mut started = Vec::new();
    for &id in &asked {
        let job = atlas.until_ended(id).await;
        assert_eq!(job["state"], "done", "{job}");
        let when: jiff::Timestamp = job["started"].as_str().unwrap().parse().unwrap();
        started.push(when);
    }
    assert!(started.is_sorted(), "{started:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_outlive_the_server() {
    let atlas = Atlas::with(|settings| settings.limits.jobs_at_once = 1);
    let (first, second) = (atlas.submit(run()).await, atlas.submit(run()).await);
    atlas.until(first, |job| job["state"] == "running").await;
    // Another server keeps out while this one lives.
    let taken = monazite_server::app(settings(&atlas.dir), Dataset::bundled().unwrap());
    assert!(matches!(taken, Err(ServerError::InUse { .. })));
    let Atlas { app, dir } = atlas;
    app.stop.send(true).unwrap();
    drop(app);
    let kept: Value = serde_json::from_slice(&std::fs::read(dir.path().join("1/job.json")).unwrap()).unwrap();
    assert_eq!(kept["state"], "running");
    let app = loop {
        match monazite_server::app(settings(&dir), Dataset::bundled().unwrap()) {
            Ok(app) => break app,
            Err(ServerError::InUse { .. }) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => panic!("{error}"),
        }
    };
    let atlas = Atlas { app, dir };
    for id in [first, second] {
        let job = atlas.until_ended(id).await;
        assert_eq!(
            (job["state"].as_str(), job["resumed"].as_bool()),
            (Some("done"), Some(true)),
            "{job}"
        );
    }
    let third = atlas.submit(run()).await;
    assert_eq!(third, second + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_has_a_limit_of_time() {
    let atlas = Atlas::with(|settings| settings.limits.job_time = Duration::from_millis(300));
    let id = atlas.submit(long()).await;
    let job = atlas.until_ended(id).await;
    assert_eq!(
        (job["state"].as_str(), job["problem"]["status"].as_u64()),
        (Some("failed"), Some(504)),
        "{job}"
    );
}
