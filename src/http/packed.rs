//! A body that is sent again and again, as it is or compressed, whichever the client takes. It is compressed once.

use std::{io::Write, sync::OnceLock};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};

pub(super) struct Packed {
    plain: Bytes,
    /// Nothing when it would not be smaller.
    gzip: OnceLock<Option<Bytes>>,
}

impl Packed {
    pub(super) fn new(plain: impl Into<Bytes>) -> Self {
        Self {
            plain: plain.into(),
            gzip: OnceLock::new(),
        }
    }

    pub(super) fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// The answer to a request with these headers.
    pub(super) fn respond(&self, headers: &HeaderMap) -> Response {
        let gzip = match takes_gzip(headers) {
            true => self.gzip.get_or_init(|| compressed(&self.plain)).as_ref(),
            false => None,
        };
        let mut response = Response::new(Body::from(gzip.unwrap_or(&self.plain).clone()));
        if gzip.is_some() {
            let encoding = HeaderValue::from_static("gzip");
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, encoding);
        }
        response
    }
}

/// Whether a client takes gzip (RFC 9110 §12.5.3). Who says nothing gets what needs no unpacking.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|part| {
            let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
            coding.trim().eq_ignore_ascii_case("gzip") && !refused
        })
}

fn compressed(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).ok()?;
    let gzip = encoder.finish().ok()?;
    (gzip.len() < plain.len()).then(|| gzip.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_takes_gzip_gets_it() {
        let takes = |line: &'static str| {
            let line = HeaderValue::from_static(line);
            takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, line)]))
        };
        for line in ["gzip", "br, GZIP;q=0.5", "deflate,gzip;q=1.0, *;q=0"] {
            assert!(takes(line), "{line}");
        }
        for line in ["", "br", "gzip;q=0", "gzip; q=0.000", "x-gzip", "identity"] {
            assert!(!takes(line), "{line}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn what_would_grow_stays_as_it_is() {
        assert_eq!(compressed(b"x"), None);
        assert!(compressed(&[b'x'; 1000]).is_some_and(|gzip| gzip.len() < 100));
    }
}
