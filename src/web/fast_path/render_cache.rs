//! Answers that were written lately, and the QR codes in them. An answer is given again only about the very same reading
//! of the invoice, in the same form; the time that is left is filled in anew.

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
    error::Problem,
    etag::{is_known, short_hash, weak_etag},
    extract::visitor::Visitor,
    fast_path::{
        countdown::Ticking,
        precompressed::{Packed, Sent, Takes},
        switch::FastPath,
    },
    origin::Origin,
};
use facture_domain::{Invoice, Label};

/// How many answers and codes there are about, and how many bytes they have at most.
const ANSWERS: (usize, u64) = (4096, 48 << 20);
const CODES: (usize, u64) = (4096, 4 << 20);

/// The answers and codes that were rendered lately.
pub(crate) struct RenderCache {
    fast_path: FastPath,
    answers: Cache<(Label, Form), Arc<Answer>, Bytewise>,
    codes: Cache<Label, Arc<Matrix>, Bytewise>,
}

/// What an answer depends on beside the invoice. The address of the page is in JSON, so its origin is.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub(crate) enum Form {
    Page(Visitor, Succession),
    /// The page as the merchant sees it right after creating, with what the node warned of.
    Created(Visitor),
    Json(Origin),
    ShopJson(Origin),
}

/// What is written about an invoice. It holds as long as the invoice does not change.
pub(crate) enum Written {
    Whole(Bytes),
    /// But for the clock in it.
    Ticking(Ticking),
}

impl Written {
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| {
            tracing::error!(%error, "an answer could not be written");
            Problem::Internal
        })?;
        Ok(Self::Whole(body.into()))
    }
}

/// An answer, whole.
pub(crate) struct Answer {
    /// The reading of the invoice that it is about.
    invoice: Arc<Invoice>,
    body: Body,
    kind: Kind,
}

enum Body {
    Whole {
        body: Packed,
        /// Whoever asks again and again is told with this whether there is anything new.
        etag: HeaderValue,
    },
    /// There always is.
    Ticking(Ticking),
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
            answers: Cache::with_weighter(ANSWERS.0, ANSWERS.1, Bytewise),
            codes: Cache::with_weighter(CODES.0, CODES.1, Bytewise),
        }
    }

    /// The answer about an invoice in a form: the one that is kept, or the one that is written now.
    pub(crate) fn answer(
        &self,
        found: &Found,
        form: Form,
        write: impl FnOnce() -> Result<Written, Problem>,
    ) -> Result<Arc<Answer>, Problem> {
        if self.fast_path == FastPath::Off {
            let invoice = Arc::clone(&found.invoice);
            return Ok(Arc::new(Answer::new(invoice, &form, write()?)));
        }
        let key = (found.invoice.label.clone(), form);
        if let Some(kept) = self.answers.get(&key)
            && kept.is_about(found)
        {
            return Ok(kept);
        }
        let answer = Arc::new(Answer::new(Arc::clone(&found.invoice), &key.1, write()?));
        if found.freshness == Freshness::Current {
            self.answers.insert(key, Arc::clone(&answer));
        }
        Ok(answer)
    }

    /// The QR code of an invoice.
    pub(crate) fn code(&self, invoice: &Invoice) -> Result<Arc<Matrix>, Problem> {
        if self.fast_path == FastPath::Off {
            return Ok(Arc::new(Matrix::of(&invoice.bolt11)?));
        }
        self.codes.get_or_insert_with(&invoice.label, || {
            Ok(Arc::new(Matrix::of(&invoice.bolt11)?))
        })
    }
}

impl Answer {
    fn new(invoice: Arc<Invoice>, form: &Form, written: Written) -> Self {
        Self {
            invoice,
            kind: match form {
                Form::Page(..) | Form::Created(_) => Kind::Page,
                Form::Json(_) | Form::ShopJson(_) => Kind::Json,
            },
            body: match written {
                Written::Whole(body) => Body::Whole {
                    etag: weak_etag(&short_hash(&body)),
                    body: Packed::new(body),
                },
                Written::Ticking(page) => Body::Ticking(page),
            },
        }
    }

    /// The invoice that it is about, as it was.
    pub(crate) fn invoice(&self) -> &Invoice {
        &self.invoice
    }

    /// Whether it is the answer about what was found, and how current that is.
    pub(crate) fn is_about(&self, found: &Found) -> bool {
        found.freshness == Freshness::Current && Arc::ptr_eq(&self.invoice, &found.invoice)
    }

    /// Its body for a client that takes this.
    pub(crate) fn sent(&self, takes: Takes) -> Sent {
        match &self.body {
            Body::Whole { body, .. } => body.sent(takes),
            Body::Ticking(page) => page.sent(takes),
        }
    }

    /// The answer to a request with these headers: 304 when the client has it already (RFC 9110 §13.1.2).
    pub(crate) fn respond(&self, headers: &HeaderMap) -> Response {
        let etag = match &self.body {
            Body::Whole { etag, .. } => Some(etag),
            Body::Ticking(_) => None,
        };
        let mut response = match etag {
            Some(etag) if is_known(etag, headers) => StatusCode::NOT_MODIFIED.into_response(),
            _ => {
                let mut whole = self.sent(Takes::of(headers)).into_response();
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
        let told = response.headers_mut();
        if let Some(etag) = etag {
            told.insert(header::ETAG, etag.clone());
        }
        if self.kind == Kind::Json {
            // Whoever keeps it must ask whether it still holds. Pages are not to be kept at all.
            let ask = HeaderValue::from_static("private, no-cache");
            told.insert(header::CACHE_CONTROL, ask);
        }
        response
    }

    /// How many bytes it takes. It may be kept compressed, too.
    fn size(&self) -> usize {
        match &self.body {
            Body::Whole { body, .. } => 2 * body.plain().len(),
            Body::Ticking(page) => page.size(),
        }
    }
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<(Label, Form), Arc<Answer>> for Bytewise {
    fn weight(&self, _: &(Label, Form), answer: &Arc<Answer>) -> u64 {
        weight(answer.size())
    }
}

impl Weighter<Label, Arc<Matrix>> for Bytewise {
    fn weight(&self, _: &Label, code: &Arc<Matrix>) -> u64 {
        weight(code.size())
    }
}

/// With what is kept beside it.
pub(crate) fn weight(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX / 4) + 500
}
