//! A server of its own for every test, asked without a network.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use monazite_evidence::Dataset;
use monazite_server::{App, Limits, Settings};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// A server.
pub struct Atlas {
    /// The service.
    pub app: App,
    /// Where its jobs are.
    pub dir: TempDir,
}

/// What it answers.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Settings with jobs in a folder.
pub fn settings(dir: &TempDir) -> Settings {
    Settings {
        host: "127.0.0.1".to_owned(),
        port: 0,
        token: None,
        results: dir.path().to_path_buf(),
        dataset: None,
        program: assert_cmd::cargo::cargo_bin!("monazite").to_path_buf(),
        limits: Limits::default(),
    }
}

impl Atlas {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::at(TempDir::new().unwrap(), change)
    }

    pub fn at(dir: TempDir, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings(&dir);
        change(&mut settings);
        let app = monazite_server::app(settings, Dataset::bundled().unwrap()).unwrap();
        Self { app, dir }
    }

    pub async fn ask(&self, request: Request<Body>) -> Reply {
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, "", "").await
    }

    pub async fn post(&self, path: &str, kind: &str, body: impl Into<Body>) -> Reply {
        self.send(Method::POST, path, kind, body).await
    }

    pub async fn send(&self, method: Method, path: &str, kind: &str, body: impl Into<Body>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost:8317");
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        self.ask(request.body(body.into()).unwrap()).await
    }

    /// Asks for a job and gives its number.
    pub async fn submit(&self, order: Value) -> u64 {
        let reply = self.post("/api/v1/jobs", "application/json", order.to_string()).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.text());
        reply.json()["id"].as_u64().unwrap()
    }

    /// Waits until a job is as wanted.
    pub async fn until(&self, id: u64, wanted: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..1200 {
            let job = self.get(&format!("/api/v1/jobs/{id}")).await.json();
            if wanted(&job) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("job {id} did not get there in a minute");
    }

    pub async fn until_ended(&self, id: u64) -> Value {
        let ended = |job: &Value| !matches!(job["state"].as_str(), Some("queued" | "running"));
        self.until(id, ended).await
    }
}
