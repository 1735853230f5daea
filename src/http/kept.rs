//! Answers that were written lately, and the QR codes in them. An answer is given again only about the very same reading
//! of the invoice, in the same form, and, where it shows the time that is left, in the same second.

use std::sync::Arc;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use quick_cache::{Weighter, sync::Cache};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{error::Problem, origin::Origin, packed::Packed, pages::qr::Matrix, visitor::Visitor};
use crate::{
    invoice::{Invoice, Label},
    invoicing::{Found, Freshness, Succession},
};

/// How many answers and codes there are about, and how many bytes they have at most.
const ANSWERS: (usize, u64) = (2048, 16 << 20);
const CODES: (usize, u64) = (2048, 8 << 20);

pub(super) struct Kept {
    answers: Cache<(Label, Form), Arc<Answer>, Bytewise>,
    codes: Cache<Label, Arc<Matrix>, Bytewise>,
}

/// What an answer depends on beside the invoice. The address of the page is in JSON, so its origin is.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub(super) enum Form {
    Page(Visitor, Succession),
    Json(Origin),
    ShopJson(Origin),
}

/// What is written about an invoice.
pub(super) struct Written {
    pub(super) body: Bytes,
    pub(super) holds: Holds,
    /// Seconds after which a page without script asks again.
    pub(super) refresh: Option<i64>,
}

impl Written {
    fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| {
            tracing::error!(%error, "an answer could not be written");
            Problem::Internal
        })?;
        Ok(Self {
            body: body.into(),
            holds: Holds::Always,
            refresh: None,
        })
    }
}

/// How long something holds, as long as the invoice does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Always,
    /// In this second only.
    In(i64),
}

/// An answer, whole.
pub(super) struct Answer {
    /// The reading of the invoice that it is about.
    invoice: Arc<Invoice>,
    holds: Holds,
    body: Packed,
    kind: Kind,
    /// Whoever asks again and again is told with this whether there is anything new. A page with a clock always is.
    etag: Option<HeaderValue>,
    pub(super) refresh: Option<i64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Page,
    Json,
}

impl Kept {
    pub(super) fn new() -> Self {
        Self {
            answers: Cache::with_weighter(ANSWERS.0, ANSWERS.1, Bytewise),
            codes: Cache::with_weighter(CODES.0, CODES.1, Bytewise),
        }
    }

    /// The answer about an invoice in a form: the one that is kept, or the one that is written now.
    pub(super) fn answer(
        &self,
        found: &Found,
        form: Form,
        write: impl FnOnce() -> Result<Written, Problem>,
    ) -> Result<Arc<Answer>, Problem> {
        let key = (found.invoice.label.clone(), form);
        if found.freshness == Freshness::Current
            && let Some(kept) = self.answers.get(&key)
            && kept.holds_for(&found.invoice)
        {
            return Ok(kept);
        }
        let answer = Arc::new(Answer::new(Arc::clone(&found.invoice), &key.1, write()?));
        if found.freshness == Freshness::Current {
            self.answers.insert(key, Arc::clone(&answer));
        }
        Ok(answer)
    }

    /// The answer about an invoice in JSON, to a request with these headers.
    pub(super) fn json<T: Serialize>(
        &self,
        found: &Found,
        form: Form,
        headers: &HeaderMap,
        value: impl FnOnce() -> T,
    ) -> Result<Response, Problem> {
        let answer = self.answer(found, form, || Written::json(&value()))?;
        Ok(answer.respond(headers))
    }

    /// The QR code of an invoice.
    pub(super) fn code(&self, invoice: &Invoice) -> Result<Arc<Matrix>, Problem> {
        self.codes.get_or_insert_with(&invoice.label, || {
            Ok(Arc::new(Matrix::of(&invoice.bolt11)?))
        })
    }
}

impl Answer {
    fn new(invoice: Arc<Invoice>, form: &Form, written: Written) -> Self {
        Self {
            invoice,
            holds: written.holds,
            kind: match form {
                Form::Page(..) => Kind::Page,
                Form::Json(_) | Form::ShopJson(_) => Kind::Json,
            },
            etag: (written.holds == Holds::Always).then(|| weak_etag(&short_hash(&written.body))),
            body: Packed::new(written.body),
            refresh: written.refresh,
        }
    }

    fn holds_for(&self, invoice: &Arc<Invoice>) -> bool {
        Arc::ptr_eq(&self.invoice, invoice)
            && match self.holds {
                Holds::Always => true,
                Holds::In(second) => second == Timestamp::now().as_second(),
            }
    }

    /// The answer to a request with these headers: 304 when the client has it already (RFC 9110 §13.1.2).
    pub(super) fn respond(&self, headers: &HeaderMap) -> Response {
        let content_type = HeaderValue::from_static(match self.kind {
            Kind::Page => "text/html; charset=utf-8",
            Kind::Json => "application/json",
        });
        let mut response = match &self.etag {
            Some(etag) if is_known(etag, headers) => StatusCode::NOT_MODIFIED.into_response(),
            _ => self.body.respond(headers),
        };
        let told = response.headers_mut();
        told.insert(header::CONTENT_TYPE, content_type);
        if let Some(etag) = &self.etag {
            told.insert(header::ETAG, etag.clone());
        }
        if self.kind == Kind::Json {
            // Whoever keeps it must ask whether it still holds. Pages are not to be kept at all.
            let ask = HeaderValue::from_static("private, no-cache");
            told.insert(header::CACHE_CONTROL, ask);
        }
        response
    }
}

/// Whether the client has what goes by this tag.
pub(super) fn is_known(etag: &HeaderValue, headers: &HeaderMap) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    known
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|tag| tag.trim().as_bytes() == etag.as_bytes())
}

/// Weak: the same may travel compressed or not.
pub(super) fn weak_etag(hash: &str) -> HeaderValue {
    let tag = format!("W/\"{hash}\"");
    // Hexadecimal digits in quotes: this cannot fail; an empty tag would match nothing.
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static(""))
}

/// Enough of a hash to tell two versions apart.
pub(super) fn short_hash(data: &[u8]) -> String {
    let digest = Sha256::digest(data);
    let bytes = digest.iter().take(8);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<(Label, Form), Arc<Answer>> for Bytewise {
    /// Twice: it may be kept compressed too, and the invoice is kept with it.
    fn weight(&self, _: &(Label, Form), answer: &Arc<Answer>) -> u64 {
        2 * weight(answer.body.plain().len())
    }
}

impl Weighter<Label, Arc<Matrix>> for Bytewise {
    fn weight(&self, _: &Label, code: &Arc<Matrix>) -> u64 {
        weight(code.size())
    }
}

/// Never nothing.
fn weight(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX / 4) + 500
}
