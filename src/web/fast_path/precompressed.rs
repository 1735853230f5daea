//! Bodies as they are or in gzip, whichever the client takes. One that is sent again and again is compressed once, and
//! well; any other quickly, on its way out.
//!
//! The only secret in a page is its label, and none repeats beside it what a third party can choose, so the length tells
//! nothing (BREACH). Streams are not compressed.

use std::{io::Write, sync::OnceLock};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use http_body_util::BodyExt;

pub(crate) struct Packed {
    plain: Bytes,
    /// Nothing when it would not be smaller.
    gzip: OnceLock<Option<Bytes>>,
}

/// What a client takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Plain,
    Gzip,
}

/// A body as a client is sent it.
pub(crate) enum Sent {
    Plain(Bytes),
    Gzip(Bytes),
}

const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// What would not become smaller by much.
const SHORT: u64 = 200;

impl Packed {
    pub(crate) fn new(plain: impl Into<Bytes>) -> Self {
        Self {
            plain: plain.into(),
            gzip: OnceLock::new(),
        }
    }

    pub(crate) fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// For a client that takes this.
    pub(crate) fn sent(&self, takes: Takes) -> Sent {
        let pack = || compressed(&self.plain, Compression::default());
        let gzip = match takes {
            Takes::Gzip => self.gzip.get_or_init(pack).as_ref(),
            Takes::Plain => None,
        };
        match gzip {
            Some(gzip) => Sent::Gzip(gzip.clone()),
            None => Sent::Plain(self.plain.clone()),
        }
    }
}

impl IntoResponse for Sent {
    fn into_response(self) -> Response {
        match self {
            Self::Plain(bytes) => Response::new(bytes.into()),
            Self::Gzip(bytes) => {
                let mut response = Response::new(Body::from(bytes));
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_ENCODING, GZIP);
                response
            }
        }
    }
}

/// An answer on its way out, to a client that takes this.
pub(crate) async fn packed(response: Response, takes: Takes) -> Response {
    if takes == Takes::Plain || !is_worth_it(&response) {
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
    let Some(gzip) = compressed(&plain, Compression::fast()) else {
        return Response::from_parts(head, plain.into());
    };
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_ENCODING, GZIP);
    Response::from_parts(head, gzip.into())
}

/// Whole, and neither short nor packed already, as images are.
fn is_worth_it(response: &Response) -> bool {
    let size = response.body().size_hint().exact();
    let media = response.headers().get(header::CONTENT_TYPE);
    let media = media.map_or(&b""[..], HeaderValue::as_bytes);
    size.is_some_and(|size| size > SHORT)
        && !response.headers().contains_key(header::CONTENT_ENCODING)
        && (!media.starts_with(b"image/") || media.starts_with(b"image/svg"))
}

impl Takes {
    /// What a request with these headers takes (RFC 9110 §12.5.3). Who says nothing gets what needs no unpacking.
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
            false => Self::Plain,
        }
    }
}

fn compressed(plain: &[u8], how: Compression) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), how);
    encoder.write_all(plain).ok()?;
    let gzip = encoder.finish().ok()?;
    (gzip.len() < plain.len()).then(|| gzip.into())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn only_who_takes_gzip_gets_it() {
        let takes = |line: &'static str| {
            let line = HeaderValue::from_static(line);
            Takes::of(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, line)]))
        };
        for line in ["gzip", "br, GZIP;q=0.5", "deflate,gzip;q=1.0, *;q=0"] {
            assert_eq!(takes(line), Takes::Gzip, "{line}");
        }
        for line in ["", "br", "gzip;q=0", "gzip; q=0.000", "x-gzip", "identity"] {
            assert_eq!(takes(line), Takes::Plain, "{line}");
        }
        assert_eq!(Takes::of(&HeaderMap::new()), Takes::Plain);
    }

    #[tokio::test]
    async fn what_is_whole_and_would_shrink_is_packed_once() {
        let long = || "x".repeat(1000).into_response();
        let answer = packed(long(), Takes::Gzip).await;
        assert_eq!(answer.headers()[header::CONTENT_ENCODING], GZIP);
        let size = answer.body().size_hint().exact();
        assert!(size.is_some_and(|size| size < 100), "{size:?}");

        let again = packed(answer, Takes::Gzip).await;
        assert_eq!(again.body().size_hint().exact(), size);
        let stream = Body::from_stream(futures_util::stream::iter([Ok::<_, Infallible>("x")]));
        for (answer, takes) in [
            (long(), Takes::Plain),
            ("x".into_response(), Takes::Gzip),
            (stream.into_response(), Takes::Gzip),
        ] {
            let sent = packed(answer, takes).await;
            assert!(!sent.headers().contains_key(header::CONTENT_ENCODING));
        }
    }

    #[test]
    fn what_would_grow_stays_as_it_is() {
        for how in [Compression::fast(), Compression::default()] {
            assert_eq!(compressed(b"x", how), None);
            assert!(compressed(&[b'x'; 1000], how).is_some_and(|gzip| gzip.len() < 100));
        }
    }
}
