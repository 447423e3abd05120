//! Who may ask, and what a browser may do with the answer.
//!
//! * The `Host` of a request must be this machine, a bare address, or the name listened on: a foreign page whose name
//!   was pointed at this machine (DNS rebinding) has another one.
//! * A page of another site can change nothing: browsers say where a request comes from, and what changes something
//!   needs a content type that no form can send.
//! * Where a token is set, everything needs it: as `Authorization: Bearer …`, or in the cookie that opening the page
//!   once with `?token=…` leaves.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq as _;

use crate::problem::Problem;
use crate::settings::Settings;

/// The cookie that holds the token.
const COOKIE: &str = "monazite_token";

/// What pages may load: nothing from elsewhere, no script of their own text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; frame-src 'self'";

/// The rules of one server.
#[derive(Clone, Debug)]
pub struct Guard {
    host: Arc<str>,
    token: Option<Arc<str>>,
}

impl Guard {
    /// As the settings say.
    pub fn new(settings: &Settings) -> Self {
        Self {
            host: settings.host.to_ascii_lowercase().into(),
            token: settings.token.as_deref().map(Into::into),
        }
    }

    fn look(&self, request: &Request) -> Result<(), Problem> {
        let headers = request.headers();
        let host = named_host(headers, request.uri());
        if !host.as_deref().is_some_and(|host| self.is_own(host)) {
            return Err(Problem::new(
                StatusCode::MISDIRECTED_REQUEST,
                "the request is for another host than this one",
            )
            .hint("ask at localhost, at a bare address, or at the name given with `--host`"));
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) && is_foreign(headers, host) {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "pages of other sites can change nothing here",
            ));
        }
        Ok(())
    }

    /// Whether a host is this machine, a bare address, or the name listened on.
    fn is_own(&self, host: &str) -> bool {
        let name = without_port(host);
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        bare.parse::<IpAddr>().is_ok() || name == "localhost" || name == &*self.host
    }

    fn knows(&self, said: &str) -> bool {
        self.token
            .as_ref()
            .is_none_or(|token| bool::from(token.as_bytes().ct_eq(said.as_bytes())))
    }

    fn may(&self, headers: &HeaderMap) -> bool {
        if self.token.is_none() {
            return true;
        }
        let of = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let bearer = of(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        let cookie = of(header::COOKIE).and_then(|cookies| {
            let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
            pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
        });
        bearer.or(cookie).is_some_and(|said| self.knows(said))
    }

    /// Somebody who opens the page with the token gets a cookie, and the address without it.
    fn enter(&self, request: &Request) -> Option<Response> {
        self.token.as_ref()?;
        if request.method() != Method::GET || request.uri().path().starts_with("/api/") {
            return None;
        }
        let said = request
            .uri()
            .query()?
            .split('&')
            .find_map(|pair| pair.strip_prefix("token="))?;
        if !self.knows(said) {
            return None;
        }
        let cookie = format!("{COOKIE}={said}; Path=/; HttpOnly; SameSite=Strict");
        let to = HeaderValue::from_str(request.uri().path()).ok()?;
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(header::LOCATION, to);
        response
            .headers_mut()
            .insert(header::SET_COOKIE, HeaderValue::from_str(&cookie).ok()?);
        Some(response)
    }
}

/// The host that a request names: in its header, or in its address.
fn named_host(headers: &HeaderMap, address: &Uri) -> Option<String> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| address.authority().map(axum::http::uri::Authority::as_str))?;
    Some(host.to_ascii_lowercase())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

/// Whether a browser says that the request comes from a page of another site.
fn is_foreign(headers: &HeaderMap, host: Option<String>) -> bool {
    let of = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if of("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return true;
    }
    match (of("origin"), host) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_none_or(|(_, from)| !from.eq_ignore_ascii_case(&host)),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Looks at every request, and says with every answer what a browser may do with it.
pub async fn watch(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = match guard.look(&request) {
        Err(problem) => problem.into_response(),
        Ok(()) => match guard.enter(&request) {
            Some(response) => response,
            None if guard.may(request.headers()) => next.run(request).await,
            None => locked(),
        },
    };
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set("content-security-policy", POLICY);
    set("x-content-type-options", "nosniff");
    set("x-frame-options", "DENY");
    set("referrer-policy", "no-referrer");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    set("permissions-policy", "camera=(), geolocation=(), microphone=()");
    if path.starts_with("/api/") {
        set("cache-control", "no-store");
    }
    response
}

fn locked() -> Response {
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "this atlas needs its token")
        .hint("open it once with `/?token=…`, or send `Authorization: Bearer …`");
    let mut response = problem.into_response();
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(host: &str) -> Guard {
        Guard {
            host: host.into(),
            token: None,
        }
    }

    #[test]
    fn a_host_is_this_machine_a_bare_address_or_the_name_listened_on() {
        for own in [
            "localhost",
            "localhost:8317",
            "127.0.0.1:8317",
            "[::1]:8317",
            "[::1]",
            "192.168.1.7",
            "atlas.lan:80",
        ] {
            assert!(guard("atlas.lan").is_own(own), "{own}");
        }
        for foreign in [
            "evil.example",
            "evil.example:8317",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
            ":8317",
        ] {
            assert!(!guard("atlas.lan").is_own(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_page_of_another_site_is_told_by_its_origin() {
        let from = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            is_foreign(&headers, Some("localhost:8317".to_owned()))
        };
        assert!(from("origin", "https://evil.example"));
        assert!(from("origin", "null"));
        assert!(from("origin", "http://localhost:9999"));
        assert!(from("sec-fetch-site", "cross-site"));
        assert!(from("sec-fetch-site", "same-site"));
        assert!(!from("origin", "http://localhost:8317"));
        assert!(!from("sec-fetch-site", "same-origin"));
        assert!(!from("accept", "text/html"));
    }
}
