//! The static files of the pages: those in `static/`, embedded in the binary, with the shop's theme on top
//! (`theme.rs`).
//! Their links contain a hash of the content, so browsers can cache them for a year and still get new versions at once.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

use super::{
    error::Problem,
    etag::{is_known, short_hash, weak_etag},
};
use crate::web::{
    compression::ContentCoding,
    fast_path::{FastPath, Precompressed},
};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// All files by their path below `/static/`.
pub(crate) struct Assets {
    files: BTreeMap<String, Asset>,
    fast_path: FastPath,
}

struct Asset {
    body: Precompressed,
    content_type: HeaderValue,
    hash: String,
}

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

impl Assets {
    /// The files embedded in the binary.
    pub(crate) fn embedded(fast_path: FastPath) -> Self {
        let mut assets = Self {
            files: BTreeMap::new(),
            fast_path,
        };
        for path in Static::iter() {
            if let Some(file) = Static::get(&path) {
                assets.put(&path, file.data.into_owned());
            }
        }
        assets
    }

    /// Adds or replaces a file.
    pub(crate) fn put(&mut self, path: &str, data: Vec<u8>) {
        let asset = Asset {
            hash: short_hash(&data),
            content_type: content_type(path),
            body: Precompressed::new(data),
        };
        self.files.insert(path.to_owned(), asset);
    }

    /// Appends to a file.
    pub(crate) fn append(&mut self, path: &str, more: &[u8]) {
        let before = self
            .files
            .get(path)
            .map(|asset| asset.body.plain().to_vec());
        self.put(path, [before.unwrap_or_default().as_slice(), more].concat());
    }

    /// The link to a file, with its hash.
    pub(crate) fn link(&self, path: &str) -> String {
        match self.files.get(path) {
            Some(asset) => format!("/static/{path}?v={}", asset.hash),
            None => format!("/static/{path}"),
        }
    }
}

/// `GET /static/{*path}`
pub(crate) async fn serve(
    State(assets): State<Arc<Assets>>,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(path) = path.map_err(|_| Problem::PageNotFound)?;
    let asset = assets.files.get(&path).ok_or(Problem::PageNotFound)?;
    let etag = weak_etag(&asset.hash);
    let current = query.is_some_and(|query| query == format!("v={}", asset.hash));
    let headers_out = [
        (
            header::CACHE_CONTROL,
            if current { IMMUTABLE } else { REVALIDATE },
        ),
        (header::ETAG, etag.clone()),
        (header::CONTENT_TYPE, asset.content_type.clone()),
    ];
    if is_known(&etag, &headers) {
        return Ok((StatusCode::NOT_MODIFIED, headers_out).into_response());
    }
    let coding = match assets.fast_path {
        FastPath::On => ContentCoding::of(&headers),
        // Compressed when the response is sent.
        FastPath::Off => ContentCoding::Identity,
    };
    Ok((headers_out, asset.body.encoded(coding)).into_response())
}

/// All files are known in advance.
fn content_type(path: &str) -> HeaderValue {
    HeaderValue::from_static(match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    })
}
