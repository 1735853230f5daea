//! `/api/v1/payments`: creating, listing, looking up.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Serialize;
use url::form_urlencoded;

use super::{
    access::{InvoiceKey, with_hash},
    new_payment::{CreateState, Sent},
    payment_json::{PaymentJson, PaymentStatus},
    refusal::Refusal,
};
use crate::invoices::{Found, Freshness, Invoicing};
use facture_domain::{Invoice, PaymentHash};

/// The most payments that are listed at once, and how many may be passed over.
const MAX_LISTED: u32 = 100;
const MAX_OFFSET: u32 = 900;

/// A payment that was looked up.
#[derive(Serialize)]
struct LookupJson {
    paid: bool,
    #[serde(flatten)]
    seen: Option<SeenJson>,
    /// Not part of LNbits: the node could not be reached; it was so at this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Timestamp>,
}

/// What a key sees of it.
#[derive(Serialize)]
struct SeenJson {
    status: PaymentStatus,
    /// Never given: the records do not have it.
    preimage: Option<String>,
    details: PaymentJson,
}

/// `POST /api/v1/payments`: 201 with the payment.
pub(crate) async fn create(
    key: InvoiceKey,
    State(state): State<CreateState>,
    sent: Sent,
) -> Result<Response, Refusal> {
    let new = state.new_invoice(&key, &sent.0).await?;
    let invoice = state.invoicing.create(new).await?;
    let made = Json(PaymentJson::new(&invoice));
    Ok((StatusCode::CREATED, made).into_response())
}

/// `GET /api/v1/payments/{payment_hash}`: without a key, whether it is paid and no more.
pub(crate) async fn read(
    key: Option<InvoiceKey>,
    State(invoicing): State<Arc<Invoicing>>,
    Path(payment_hash): Path<String>,
) -> Result<Response, Refusal> {
    let hash = payment_hash.parse().map_err(|_| Refusal::not_found())?;
    let Found { invoice, freshness } = find(&invoicing, hash).await?;
    let status = PaymentStatus::of(&invoice);
    let lookup = LookupJson {
        paid: status == PaymentStatus::Success,
        seen: None,
        as_of: match freshness {
            Freshness::Current => None,
            Freshness::AsOf(at) => Some(at),
        },
    };
    let lookup = match key {
        None => lookup,
        Some(key) if key.sees(&invoice) => LookupJson {
            seen: Some(SeenJson {
                status,
                preimage: None,
                details: PaymentJson::new(&invoice),
            }),
            ..lookup
        },
        Some(_) => return Err(Refusal::not_found()),
    };
    Ok(Json(lookup).into_response())
}

/// `GET /api/v1/payments`: the newest first; `limit` and `offset`.
pub(crate) async fn list(
    key: InvoiceKey,
    State(invoicing): State<Arc<Invoicing>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let limit = number(&query, "limit", MAX_LISTED)?.unwrap_or(MAX_LISTED);
    let offset = number(&query, "offset", MAX_OFFSET)?.unwrap_or(0);
    let listed = invoicing
        .list(&key.payments(), None, limit + offset)
        .await?;
    let passed_over = usize::try_from(offset).unwrap_or(usize::MAX);
    let payments = listed.page.invoices.iter().skip(passed_over);
    let payments: Vec<_> = payments.map(PaymentJson::new).collect();
    Ok(Json(payments).into_response())
}

/// The invoice with this hash that was asked for by these routes.
pub(crate) async fn find(
    invoicing: &Invoicing,
    payment_hash: PaymentHash,
) -> Result<Found, Refusal> {
    let known = invoicing.list(&with_hash(payment_hash), None, 1).await?;
    let known: Option<Invoice> = known.page.invoices.into_iter().next();
    let known = known.ok_or_else(Refusal::not_found)?;
    let found = invoicing.find(&known.label).await?;
    found.ok_or_else(Refusal::not_found)
}

/// A parameter from 0 to `max`.
fn number(query: &str, name: &str, max: u32) -> Result<Option<u32>, Refusal> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let Some((_, value)) = pairs.find(|(key, _)| key == name) else {
        return Ok(None);
    };
    let number = value.parse().ok().filter(|number| *number <= max);
    let refused = || Refusal::invalid(format_args!("{name}: must be a number from 0 to {max}"));
    number.map(Some).ok_or_else(refused)
}
