//! Something to send: its bytes as they are and compressed, each made once, and a tag by which a browser knows it again.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::Digest as _;

/// Smaller bodies are not compressed.
const WORTH_IT: usize = 1024;
/// Brotli's setting for files that are sent many times.
const THOROUGH: i32 = 9;

/// Something to send.
#[derive(Debug)]
pub struct Content {
    kind: String,
    plain: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
    tag: String,
    lasting: bool,
}

impl Content {
    /// Of a content type.
    pub fn new(kind: impl Into<String>, plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        let hash = sha2::Sha256::digest(&plain);
        let tag = hash
            .iter()
            .take(12)
            .fold(String::from("W/\""), |tag, byte| format!("{tag}{byte:02x}"))
            + "\"";
        Self {
            kind: kind.into(),
            plain,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            tag,
            lasting: false,
        }
    }

    /// JSON text.
    pub fn json(text: impl Into<Bytes>) -> Self {
        Self::new("application/json", text)
    }

    /// A file whose name changes with its content: it need never be asked for again.
    pub fn lasting(mut self, lasting: bool) -> Self {
        self.lasting = lasting;
        self
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.plain.len()
    }

    /// Makes what is sent to most browsers before the first one asks.
    pub fn prepare(&self) {
        self.encoded(Encoding::Brotli);
    }

    fn encoded(&self, encoding: Encoding) -> Bytes {
        let made = match encoding {
            Encoding::Plain => return self.plain.clone(),
            Encoding::Gzip => self.gzip.get_or_init(|| gzip(&self.plain).unwrap_or_default().into()),
            Encoding::Brotli => self
                .brotli
                .get_or_init(|| brotli(&self.plain).unwrap_or_default().into()),
        };
        made.clone()
    }

    /// For a browser with these headers.
    fn response(&self, asked: &HeaderMap) -> Response {
        let known = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let known = known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == self.tag));
        let keep = if self.lasting {
            "public, max-age=31536000, immutable"
        } else {
            "private, no-cache"
        };
        let mut headers = HeaderMap::new();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::ETAG, &self.tag);
        set(header::CACHE_CONTROL, keep);
        set(header::VARY, "accept-encoding");
        if known {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        set(header::CONTENT_TYPE, &self.kind);
        let encoding = if self.plain.len() < WORTH_IT || !is_text(&self.kind) {
            Encoding::Plain
        } else {
            Encoding::best(asked, self.lasting || self.brotli.get().is_some())
        };
        let body = self.encoded(encoding);
        // Compressing into memory cannot fail; should it ever, the bytes are sent as they are.
        let (encoding, body) = if body.is_empty() {
            (Encoding::Plain, self.plain.clone())
        } else {
            (encoding, body)
        };
        if let Some(word) = encoding.word() {
            set(header::CONTENT_ENCODING, word);
        }
        (headers, Body::from(body)).into_response()
    }
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/")
        || ["json", "javascript", "svg", "wasm"]
            .iter()
            .any(|word| kind.contains(word))
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: THOROUGH,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    Gzip,
    Brotli,
}

impl Encoding {
    /// The best that a browser takes; brotli only where it was made already or is made for good.
    fn best(asked: &HeaderMap, brotli: bool) -> Self {
        let taken = asked.get(header::ACCEPT_ENCODING).and_then(|taken| taken.to_str().ok());
        let wants = |word: &str| {
            taken.is_some_and(|taken| {
                taken.split(',').any(|one| {
                    let mut parts = one.split(';').map(str::trim);
                    parts.next() == Some(word) && !parts.any(|weight| weight == "q=0")
                })
            })
        };
        if brotli && wants("br") {
            Self::Brotli
        } else if wants("gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }

    const fn word(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// A content on its way; [`send`] gives it the form that the browser takes.
#[derive(Clone)]
pub struct Page(pub Arc<Content>);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = StatusCode::OK.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Sends pages in the form that the browser takes, and not at all when it has them.
pub async fn send(request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Page>() {
        Some(Page(content)) => {
            let mut sent = content.response(&asked);
            for (name, value) in response.headers() {
                sent.headers_mut().insert(name.clone(), value.clone());
            }
            sent
        }
        None => response,
    }
}
