//! What strangers cannot do.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use monazite_server::{ServerError, Settings};
use tempfile::TempDir;

use super::desk::{Atlas, Reply, settings};

const TOKEN: &str = "a-token-of-some-length";

async fn with(atlas: &Atlas, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "localhost:8317");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    atlas.ask(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_hosts_are_turned_away() {
    let atlas = Atlas::new();
    for (host, status) in [
        ("localhost:8317", StatusCode::OK),
        ("127.0.0.1:8317", StatusCode::OK),
        ("[::1]:8317", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("localhost.evil.example:8317", StatusCode::MISDIRECTED_REQUEST),
        ("", StatusCode::MISDIRECTED_REQUEST),
    ] {
        for path in ["/", "/api/v1/jobs", "/api/openapi.json", "/api/docs/"] {
            let reply = with(&atlas, Method::GET, path, &[("host", host)]).await;
            assert_eq!(reply.status, status, "{host} {path}");
        }
    }
    let request = Request::get("/api/v1/jobs").body(Body::empty()).unwrap();
    assert_eq!(atlas.ask(request).await.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_change_nothing() {
    let atlas = Atlas::new();
    for headers in [
        [("origin", "https://evil.example")],
        [("origin", "null")],
        [("origin", "http://localhost:9999")],
        [("sec-fetch-site", "cross-site")],
    ] {
        for (method, path) in [(Method::POST, "/api/v1/jobs"), (Method::DELETE, "/api/v1/jobs/1")] {
            let reply = with(&atlas, method, path, &headers).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{headers:?} {path}");
        }
    }
    // A form can send text, but no JSON.
    let order = r#"{"kind":"simulate","scenario":"baseline"}"#;
    let form = atlas.post("/api/v1/jobs", "text/plain", order).await;
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let own = with(
        &atlas,
        Method::DELETE,
        "/api/v1/jobs/1",
        &[("origin", "http://localhost:8317")],
    )
    .await;
    assert_eq!(own.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_locks_everything() {
    let atlas = Atlas::with(|settings| settings.token = Some(TOKEN.to_owned()));
    let bearer = format!("Bearer {TOKEN}");
    let cookie = format!("other=1; monazite_token={TOKEN}");
    for path in [
        "/",
        "/api/v1/meta",
        "/api/v1/jobs",
        "/api/openapi.json",
        "/api/docs/",
        "/nothing.js",
    ] {
        for (headers, open) in [
            (vec![], false),
            (vec![("authorization", "Bearer a-token-of-other-length")], false),
            (vec![("authorization", "Bearer ")], false),
            (vec![("authorization", TOKEN)], false),
            (vec![("cookie", "monazite_token=")], false),
            (vec![("authorization", bearer.as_str())], true),
            (vec![("cookie", cookie.as_str())], true),
        ] {
            let reply = with(&atlas, Method::GET, path, &headers).await;
            assert_eq!(
                reply.status != StatusCode::UNAUTHORIZED,
                open,
                "{path} {headers:?}: {}",
                reply.status
            );
            assert!(!reply.text().contains(TOKEN));
        }
    }
    let enter = with(&atlas, Method::GET, &format!("/map?token={TOKEN}"), &[]).await;
    assert_eq!(
        (enter.status, enter.header("location")),
        (StatusCode::SEE_OTHER, "/map")
    );
    let cookie = enter.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let wrong = with(&atlas, Method::GET, "/?token=something-else-altogether", &[]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
}

#[test]
fn others_can_ask_only_with_a_token() {
    let dir = TempDir::new().unwrap();
    let refuse = |change: fn(&mut Settings)| {
        let mut settings = settings(&dir);
        change(&mut settings);
        let dataset = monazite_evidence::Dataset::bundled().unwrap();
        monazite_server::serve(settings, dataset, |_| panic!("it must not start")).unwrap_err()
    };
    for host in ["0.0.0.0", "::", "192.168.1.7", "atlas.lan"] {
        let mut open = settings(&dir);
        host.clone_into(&mut open.host);
        assert!(!open.is_loopback(), "{host}");
    }
    assert!(matches!(
        refuse(|s| s.host = "0.0.0.0".to_owned()),
        ServerError::NeedsToken { .. }
    ));
    assert!(matches!(
        refuse(|s| s.token = Some("short".to_owned())),
        ServerError::WeakToken
    ));
    assert!(matches!(
        refuse(|s| s.token = Some("with spaces and ; more".to_owned())),
        ServerError::WeakToken
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_what_a_browser_may_do() {
    let atlas = Atlas::new();
    for path in [
        "/",
        "/map",
        "/api/v1/meta",
        "/api/v1/nothing",
        "/api/docs/",
        "/nothing.js",
    ] {
        let reply = atlas.get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        let script = policy
            .split(';')
            .find(|part| part.trim().starts_with("script-src"))
            .unwrap();
        assert_eq!(script.trim(), "script-src 'self'", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
    }
}

/// Whatever is written in an address, no file of the machine is read, and no path of it is told.
#[tokio::test(flavor = "multi_thread")]
async fn no_address_reaches_the_file_system() {
    let atlas = Atlas::new();
    let here = atlas.dir.path().to_str().unwrap().to_owned();
    std::fs::write(atlas.dir.path().join("secret.toml"), "secret = \"found\"").unwrap();
    for path in [
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/assets/..%2f..%2fCargo.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/data/..%2f..%2fetc%2fpasswd",
        "/api/v1/scenarios/..%2fsecret",
        "/api/v1/scenarios/secret.toml",
        "/api/v1/validation/charts/..%2f..%2fSUMMARY.md",
        "/api/v1/jobs/..%2f..%2fsecret.toml/scenario",
        "/api/v1/jobs/1%2f..%2f../scenario",
        "/api/v1/exposure/country/USA?scenario=secret.toml",
        "/api/v1/technologies/..%2fsecret.toml",
        "/api/v1/risk?method=hhi&importer=/etc/passwd",
        "/api/v1/sources/..%2fsecret",
    ] {
        let reply = atlas.get(path).await;
        let text = reply.text();
        assert!(
            !text.contains("root:") && !text.contains("found") && !text.contains(&here),
            "{path}: {text}"
        );
        assert!(!text.contains("/tmp/") && !text.contains("/root"), "{path}: {text}");
        assert!(
            reply.status.is_client_error() || text.contains("<!doctype html>"),
            "{path}: {}",
            reply.status
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_too_large_is_taken() {
    let atlas = Atlas::with(|settings| {
        settings.limits.text_bytes = 1000;
        settings.limits.file_bytes = 4000;
    });
    for (path, kind, bytes) in [
        ("/api/v1/scenarios/check", "text/plain", 1001),
        ("/api/v1/scenarios/check", "text/plain", 5000),
        ("/api/v1/brief", "text/plain", 1001),
        ("/api/v1/jobs", "application/json", 1001),
        ("/api/v1/exposure", "text/csv", 4001),
        ("/api/v1/exposure", "text/csv", 1_000_000),
    ] {
        let reply = atlas.post(path, kind, vec![b'x'; bytes]).await;
        assert_eq!(
            reply.status,
            StatusCode::PAYLOAD_TOO_LARGE,
            "{path} {bytes}: {}",
            reply.text()
        );
        assert_eq!(
            reply.header("content-type"),
            "application/problem+json",
            "{path} {bytes}"
        );
    }
}

/// A question that takes too long, or too much memory, ends with a sentence; the server lives on.
#[tokio::test(flavor = "multi_thread")]
async fn questions_have_limits() {
    let slow = Atlas::with(|settings| settings.limits.question_time = std::time::Duration::from_millis(1));
    let reply = slow.get("/api/v1/projects?draws=9999").await;
    assert_eq!(reply.status, StatusCode::GATEWAY_TIMEOUT, "{}", reply.text());
    if cfg!(target_os = "linux") {
        let small = Atlas::with(|settings| settings.limits.memory_mib = 48);
        let reply = small.get("/api/v1/base-year").await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", reply.text());
        assert!(reply.text().contains("48 MiB"), "{}", reply.text());
        assert_eq!(small.get("/api/v1/meta").await.status, StatusCode::OK);
    }
}
