//! What a request says, read with problems that people understand.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The query of an address.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        let Query(query) = read.map_err(|error: QueryRejection| {
            let said = error.body_text();
            let said = said
                .strip_prefix("Failed to deserialize query string: ")
                .unwrap_or(&said);
            Problem::input(format!("the query cannot be read: {said}")).hint("/api/docs/ lists what can be asked")
        })?;
        Ok(Self(query))
    }
}

/// A part of the path.
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Path::<T>::from_request_parts(parts, state).await;
        let Path(name) = read.map_err(|_: PathRejection| Problem::missing("there is nothing at this address"))?;
        Ok(Self(name))
    }
}

/// A body of one of some kinds.
pub struct Sent {
    /// Its content type, in lower case and without parameters.
    pub kind: String,
    /// The bytes.
    pub bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|error: BytesRejection| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "what was sent is too large"),
            _ => Problem::input("what was sent did not arrive whole"),
        })?;
        Ok(Self { kind, bytes })
    }
}

impl Sent {
    /// Refuses other kinds than these: a form on a foreign page can send none of them unasked.
    pub fn only(self, kinds: &[&str]) -> Result<Self, Problem> {
        if kinds.contains(&self.kind.as_str()) {
            return Ok(self);
        }
        let said = if self.kind.is_empty() { "nothing" } else { "another" };
        Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!(
                "the content type must be {}; the request says {said}",
                kinds.join(" or ")
            ),
        ))
    }

    /// Refuses more than so many bytes.
    pub fn at_most(&self, bytes: usize) -> Result<(), Problem> {
        if self.bytes.len() <= bytes {
            return Ok(());
        }
        Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("what was sent is too large; at most {} KiB are taken", bytes / 1024),
        ))
    }

    /// As text.
    pub fn text(&self) -> Result<&str, Problem> {
        std::str::from_utf8(&self.bytes).map_err(|_| Problem::input("what was sent is not UTF-8 text"))
    }

    /// As JSON of a shape.
    pub fn json<T: DeserializeOwned>(self, most: usize) -> Result<T, Problem> {
        let sent = self.only(&["application/json"])?;
        sent.at_most(most)?;
        serde_json::from_slice(&sent.bytes).map_err(|error| Problem::input(format!("the JSON cannot be used: {error}")))
    }
}
