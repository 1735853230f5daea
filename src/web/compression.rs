//! Response bodies, plain or in gzip, as the client accepts (RFC 9110 §12.5.3). Bodies that are not yet compressed are
//! compressed quickly when sent; `fast_path/precompressed.rs` handles those that are sent repeatedly.
//!
//! This is not tower-http's layer: that compresses while sending, so a compressed response has no length.
//!
//! The only secret in a page is its label. It does not repeat next to anything that a third party can choose, so the
//! length reveals nothing (BREACH). Streams are not compressed.

use std::io::Write;

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use http_body_util::BodyExt;

/// A content coding that a client accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentCoding {
    Identity,
    Gzip,
}

/// A body in the coding used to send it.
pub(crate) enum EncodedBody {
    Identity(Bytes),
    Gzip(Bytes),
}

const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Bodies of up to this many bytes are sent uncompressed: they would hardly become smaller.
const MAX_UNCOMPRESSED: u64 = 200;

impl IntoResponse for EncodedBody {
    fn into_response(self) -> Response {
        match self {
            Self::Identity(bytes) => Response::new(bytes.into()),
            Self::Gzip(bytes) => {
                let mut response = Response::new(Body::from(bytes));
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_ENCODING, GZIP);
                response
            }
        }
    }
}

/// Compresses a response when it is sent, for a client that accepts this coding.
pub(crate) async fn compress(response: Response, coding: ContentCoding) -> Response {
    if coding == ContentCoding::Identity || !is_compressible(&response) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let plain = match body.collect().await {
        Ok(whole) => whole.to_bytes(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let Some(compressed) = gzip(&plain, Compression::fast()) else {
        return Response::from_parts(head, plain.into());
    };
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_ENCODING, GZIP);
    Response::from_parts(head, compressed.into())
}

/// Whether it is complete, and neither short nor already compressed, like images.
fn is_compressible(response: &Response) -> bool {
    let size = response.body().size_hint().exact();
    let media = response.headers().get(header::CONTENT_TYPE);
    let media = media.map_or(&b""[..], HeaderValue::as_bytes);
    size.is_some_and(|size| size > MAX_UNCOMPRESSED)
        && !response.headers().contains_key(header::CONTENT_ENCODING)
        && (!media.starts_with(b"image/") || media.starts_with(b"image/svg"))
}

impl ContentCoding {
    /// The coding that a request with these headers accepts. Without the header, the body is sent uncompressed.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
        let gzip = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .any(|part| {
                let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
                let refused = weight
                    .trim()
                    .strip_prefix("q=")
                    .is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
                coding.trim().eq_ignore_ascii_case("gzip") && !refused
            });
        match gzip {
            true => Self::Gzip,
            false => Self::Identity,
        }
    }
}

/// Compresses these bytes with gzip; `None` if that does not make them smaller.
pub(crate) fn gzip(plain: &[u8], level: Compression) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(plain).ok()?;
    let compressed = encoder.finish().ok()?;
    (compressed.len() < plain.len()).then(|| compressed.into())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn gzip_is_sent_only_where_it_is_accepted() {
        let accepted = |line: &'static str| {
            let line = HeaderValue::from_static(line);
            ContentCoding::of(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, line)]))
        };
        for line in ["gzip", "br, GZIP;q=0.5", "deflate,gzip;q=1.0, *;q=0"] {
            assert_eq!(accepted(line), ContentCoding::Gzip, "{line}");
        }
        for line in ["", "br", "gzip;q=0", "gzip; q=0.000", "x-gzip", "identity"] {
            assert_eq!(accepted(line), ContentCoding::Identity, "{line}");
        }
        assert_eq!(
            ContentCoding::of(&HeaderMap::new()),
            ContentCoding::Identity
        );
    }

    #[tokio::test]
    async fn what_is_whole_and_would_shrink_is_compressed_once() {
        let long = || "x".repeat(1000).into_response();
        let answer = compress(long(), ContentCoding::Gzip).await;
        assert_eq!(answer.headers()[header::CONTENT_ENCODING], GZIP);
        let size = answer.body().size_hint().exact();
        assert!(size.is_some_and(|size| size < 100), "{size:?}");

        let again = compress(answer, ContentCoding::Gzip).await;
        assert_eq!(again.body().size_hint().exact(), size);
        let stream = Body::from_stream(futures_util::stream::iter([Ok::<_, Infallible>("x")]));
        for (answer, coding) in [
            (long(), ContentCoding::Identity),
            ("x".into_response(), ContentCoding::Gzip),
            (stream.into_response(), ContentCoding::Gzip),
        ] {
            let sent = compress(answer, coding).await;
            assert!(!sent.headers().contains_key(header::CONTENT_ENCODING));
        }
    }

    #[test]
    fn what_would_grow_stays_as_it_is() {
        for level in [Compression::fast(), Compression::default()] {
            assert_eq!(gzip(b"x", level), None);
            assert!(gzip(&[b'x'; 1000], level).is_some_and(|short| short.len() < 100));
        }
    }
}
