//! The files in `static/`, embedded in the binary. Their links carry a hash of the content, so a browser may keep them
//! for a year and still gets a new one at once.

use axum::{
    extract::{Path, RawQuery, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::error::Problem;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The link to a file of `static/`, with its hash.
pub(super) fn link(path: &str) -> String {
    match Static::get(path) {
        Some(file) => format!("/static/{path}?v={}", hash(&file)),
        None => format!("/static/{path}"),
    }
}

/// `GET /static/{*path}`
pub(super) async fn serve(
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(path) = path.map_err(|_| Problem::PageNotFound)?;
    let file = Static::get(&path).ok_or(Problem::PageNotFound)?;
    let hash = hash(&file);
    let etag = format!("\"{hash}\"");
    let current = query.is_some_and(|query| query == format!("v={hash}"));
    let headers_out = [
        (
            header::CACHE_CONTROL,
            if current { FOREVER } else { ASK_AGAIN },
        ),
        (
            header::ETAG,
            HeaderValue::from_str(&etag).map_err(|_| Problem::Internal)?,
        ),
        (header::CONTENT_TYPE, content_type(&path)),
    ];
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| {
        known
            .split(',')
            .any(|tag| tag.trim().trim_start_matches("W/") == etag)
    }) {
        return Ok((StatusCode::NOT_MODIFIED, headers_out).into_response());
    }
    Ok((headers_out, file.data).into_response())
}

fn hash(file: &EmbeddedFile) -> String {
    file.metadata
        .sha256_hash()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// We know every file that is there.
fn content_type(path: &str) -> HeaderValue {
    HeaderValue::from_static(match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    })
}
