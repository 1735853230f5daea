//! Refuses requests that repeat a header with a single meaning: we and a proxy in front of us could disagree on which
//! one counts (RFC 9110 §5.3, RFC 9112 §3.2).

use axum::http::{HeaderMap, HeaderName, header};

use crate::web::error::Problem;

/// The headers that affect our behaviour. Lists, such as `Accept`, may span several lines.
const SINGLE: [(HeaderName, &str); 8] = [
    (header::HOST, "Host"),
    (header::AUTHORIZATION, "Authorization"),
    (header::CONTENT_TYPE, "Content-Type"),
    (header::ORIGIN, "Origin"),
    (
        HeaderName::from_static("idempotency-key"),
        "Idempotency-Key",
    ),
    (HeaderName::from_static("last-event-id"), "Last-Event-ID"),
    (HeaderName::from_static("sec-fetch-site"), "Sec-Fetch-Site"),
    (
        HeaderName::from_static("access-control-request-method"),
        "Access-Control-Request-Method",
    ),
];

/// Checks that none of them is repeated.
///
/// # Errors
/// [`Problem::HeaderRepeated`] for the first repeated one.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    // Most requests repeat no header at all.
    if headers.len() == headers.keys_len() {
        return Ok(());
    }
    let twice = |name: &HeaderName| headers.get_all(name).iter().nth(1).is_some();
    match SINGLE.iter().find(|(name, _)| twice(name)) {
        Some((_, name)) => Err(Problem::HeaderRepeated(name)),
        None => Ok(()),
    }
}
