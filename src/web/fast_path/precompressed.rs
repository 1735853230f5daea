//! Bodies that are sent repeatedly: compressed once, and well.

use std::sync::OnceLock;

use axum::body::Bytes;
use flate2::Compression;

use crate::web::compression::{ContentCoding, EncodedBody, gzip};

/// A body, and its gzip form once a client has requested that.
pub(crate) struct Precompressed {
    plain: Bytes,
    /// `None` if it would not be smaller.
    gzip: OnceLock<Option<Bytes>>,
}

impl Precompressed {
    /// Wraps this body, which is compressed when first needed.
    pub(crate) fn new(plain: impl Into<Bytes>) -> Self {
        Self {
            plain: plain.into(),
            gzip: OnceLock::new(),
        }
    }

    /// The uncompressed body.
    pub(crate) fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// The body for a client that accepts this coding.
    pub(crate) fn encoded(&self, coding: ContentCoding) -> EncodedBody {
        let compress = || gzip(&self.plain, Compression::default());
        let compressed = match coding {
            ContentCoding::Gzip => self.gzip.get_or_init(compress).as_ref(),
            ContentCoding::Identity => None,
        };
        match compressed {
            Some(compressed) => EncodedBody::Gzip(compressed.clone()),
            None => EncodedBody::Identity(self.plain.clone()),
        }
    }
}
