//! The render cache: recently rendered responses and the QR codes in them. A cached response is only used for the very
//! same reading of the invoice, in the same variant; the time left is filled in anew.

use std::sync::Arc;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use quick_cache::{Weighter, sync::Cache};
use serde::Serialize;

use crate::invoices::{Found, Freshness, Succession};
use crate::web::{
    buyer::qr::Matrix,
    compression::{ContentCoding, EncodedBody},
    error::Problem,
    etag::{is_known, short_hash, weak_etag},
    extract::visitor::Visitor,
    fast_path::{countdown::CountdownPage, precompressed::Precompressed, switch::FastPath},
    origin::Origin,
};
use facture_domain::{Invoice, Label};

/// The approximate number of cached responses and QR codes, and their maximum size in bytes.
const MAX_ANSWERS: (usize, u64) = (4096, 48 << 20);
const MAX_CODES: (usize, u64) = (4096, 4 << 20);

/// The recently rendered responses and codes.
pub(crate) struct RenderCache {
    fast_path: FastPath,
    answers: Cache<(Label, Variant), Arc<CachedAnswer>, ByteWeight>,
    codes: Cache<Label, Arc<Matrix>, ByteWeight>,
}

/// What a response depends on besides the invoice. JSON contains the page's URL, so the origin is included.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub(crate) enum Variant {
    Page(Visitor, Succession),
    /// The page for the merchant right after creation, with the node's warnings.
    Created(Visitor),
    Json(Origin),
    ShopJson(Origin),
}

/// A rendering of an invoice. It is valid as long as the invoice does not change.
pub(crate) enum Rendered {
    Whole(Bytes),
    /// Everything but the time left.
    Countdown(CountdownPage),
}

impl Rendered {
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| {
            tracing::error!(%error, "an answer could not be rendered");
            Problem::Internal
        })?;
        Ok(Self::Whole(body.into()))
    }
}

/// A complete response about an invoice.
pub(crate) struct CachedAnswer {
    /// The reading of the invoice that it was rendered from.
    invoice: Arc<Invoice>,
    body: Body,
    kind: Kind,
}

enum Body {
    Whole {
        body: Precompressed,
        /// Lets clients revalidate the response.
        etag: HeaderValue,
    },
    /// It changes every second, so it has no tag.
    Countdown(CountdownPage),
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Page,
    Json,
}

impl RenderCache {
    pub(crate) fn new(fast_path: FastPath) -> Self {
        Self {
            fast_path,
            answers: Cache::with_weighter(MAX_ANSWERS.0, MAX_ANSWERS.1, ByteWeight),
            codes: Cache::with_weighter(MAX_CODES.0, MAX_CODES.1, ByteWeight),
        }
    }

    /// The response about an invoice in a variant, cached or rendered now.
    pub(crate) fn answer(
        &self,
        found: &Found,
        variant: Variant,
        render: impl FnOnce() -> Result<Rendered, Problem>,
    ) -> Result<Arc<CachedAnswer>, Problem> {
        if self.fast_path == FastPath::Off {
            let invoice = Arc::clone(&found.invoice);
            return Ok(Arc::new(CachedAnswer::new(invoice, &variant, render()?)));
        }
        let key = (found.invoice.label.clone(), variant);
        if let Some(cached) = self.answers.get(&key)
            && cached.is_about(found)
        {
            return Ok(cached);
        }
        let answer = Arc::new(CachedAnswer::new(
            Arc::clone(&found.invoice),
            &key.1,
            render()?,
        ));
        if found.freshness == Freshness::Current {
            self.answers.insert(key, Arc::clone(&answer));
        }
        Ok(answer)
    }

    /// The QR code of an invoice.
    pub(crate) fn code(&self, invoice: &Invoice) -> Result<Arc<Matrix>, Problem> {
        let bolt11 = invoice.bolt11().ok_or(Problem::NotPayable)?;
        if self.fast_path == FastPath::Off {
            return Ok(Arc::new(Matrix::of(bolt11)?));
        }
        self.codes
            .get_or_insert_with(&invoice.label, || Ok(Arc::new(Matrix::of(bolt11)?)))
    }
}

impl CachedAnswer {
    fn new(invoice: Arc<Invoice>, variant: &Variant, rendered: Rendered) -> Self {
        Self {
            invoice,
            kind: match variant {
                Variant::Page(..) | Variant::Created(_) => Kind::Page,
                Variant::Json(_) | Variant::ShopJson(_) => Kind::Json,
            },
            body: match rendered {
                Rendered::Whole(body) => Body::Whole {
                    etag: weak_etag(&short_hash(&body)),
                    body: Precompressed::new(body),
                },
                Rendered::Countdown(page) => Body::Countdown(page),
            },
        }
    }

    /// The invoice that it was rendered from.
    pub(crate) fn invoice(&self) -> &Invoice {
        &self.invoice
    }

    /// Whether it was rendered from this lookup, including how current that is.
    pub(crate) fn is_about(&self, found: &Found) -> bool {
        found.freshness == Freshness::Current && Arc::ptr_eq(&self.invoice, &found.invoice)
    }

    /// Its body for a client that accepts this coding.
    pub(crate) fn encoded(&self, coding: ContentCoding) -> EncodedBody {
        match &self.body {
            Body::Whole { body, .. } => body.encoded(coding),
            Body::Countdown(page) => page.encoded(coding),
        }
    }

    /// The response to a request with these headers: 304 if the client already has it (RFC 9110 §13.1.2).
    pub(crate) fn respond(&self, request: &HeaderMap) -> Response {
        let etag = match &self.body {
            Body::Whole { etag, .. } => Some(etag),
            Body::Countdown(_) => None,
        };
        let mut response = match etag {
            Some(etag) if is_known(etag, request) => StatusCode::NOT_MODIFIED.into_response(),
            _ => {
                let mut whole = self.encoded(ContentCoding::of(request)).into_response();
                let content_type = HeaderValue::from_static(match self.kind {
                    Kind::Page => "text/html; charset=utf-8",
                    Kind::Json => "application/json",
                });
                whole
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, content_type);
                whole
            }
        };
        let headers = response.headers_mut();
        if let Some(etag) = etag {
            headers.insert(header::ETAG, etag.clone());
        }
        if self.kind == Kind::Json {
            // Caches must revalidate it. Pages must not be cached at all.
            let ask = HeaderValue::from_static("private, no-cache");
            headers.insert(header::CACHE_CONTROL, ask);
        }
        response
    }

    /// Its approximate size in bytes, including a possible gzip form.
    fn size(&self) -> usize {
        match &self.body {
            Body::Whole { body, .. } => 2 * body.plain().len(),
            Body::Countdown(page) => page.size(),
        }
    }
}

#[derive(Clone)]
struct ByteWeight;

impl Weighter<(Label, Variant), Arc<CachedAnswer>> for ByteWeight {
    fn weight(&self, _: &(Label, Variant), answer: &Arc<CachedAnswer>) -> u64 {
        weight(answer.size())
    }
}

impl Weighter<Label, Arc<Matrix>> for ByteWeight {
    fn weight(&self, _: &Label, code: &Arc<Matrix>) -> u64 {
        weight(code.size())
    }
}

/// Its weight including the overhead of the cache, in bytes.
pub(crate) fn weight(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX / 4) + 500
}
