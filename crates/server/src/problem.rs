//! What went wrong, as `application/problem+json` (RFC 9457), with hints and without paths of this machine.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use monazite_evidence::EvidenceError;
use monazite_evidence::error::Unknown;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind it is.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: Box<str>,
    /// The status in words.
    #[schema(value_type = String)]
    pub title: Box<str>,
    /// The status.
    pub status: u16,
    /// What is wrong, in a sentence.
    pub detail: String,
    /// What to do.
    #[serde(default)]
    pub hints: Vec<String>,
    /// Faults in a file that was given, with line and column.
    #[serde(default)]
    pub places: Vec<String>,
}

impl Problem {
    /// With a status and a sentence.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            detail: detail.into(),
            hints: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Wrong input.
    pub fn input(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// There is no such thing.
    pub fn missing(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// Something failed that should work.
    pub fn failed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// An unknown word, with the nearest: wrong input, or a page that is not there.
    pub fn unknown(status: StatusCode, unknown: &Unknown) -> Self {
        let near = unknown.nearest.as_ref();
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let problem = Self::new(status, format!("unknown {} `{}`{near}", unknown.what, unknown.value));
        unknown.hint.iter().fold(problem, Self::hint)
    }
}

impl From<EvidenceError> for Problem {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::Unknown(unknown) => Self::unknown(StatusCode::BAD_REQUEST, &unknown),
            EvidenceError::Unusable { message, hint } => Self::input(message).hint(hint),
            EvidenceError::Tables(_) | EvidenceError::Lock(_) | EvidenceError::Io { .. } => {
                Self::failed("the evidence cannot be read").hint("`monazite data check` says why")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, body).into_response();
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            let soon = axum::http::HeaderValue::from_static("10");
            response.headers_mut().insert(header::RETRY_AFTER, soon);
        }
        response
    }
}
