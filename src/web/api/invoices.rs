//! `/api/v1/invoices/…`: create an invoice, read it, wait for its payment, cancel it.

use facture_domain::idempotency::{IdempotentRequest, KeyRetention};
use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    body::JsonBody,
    new_invoice::{NewInvoiceJson, invalid},
    parameters::LabelPath,
};
use crate::{
    config::InvoiceConfig,
    invoices::{Cancelled, Invoicing},
    web::{
        error::Problem,
        error_json::ErrorJson,
        extract::{
            bearer::{Caller, Create, Read},
            invoice::{OurLabel, find},
            query::Query,
        },
        fast_path::RenderCache,
        invoice_json::ShopInvoiceJson,
        limits::streams::StreamSlot,
        origin::Origin,
        paths::API_PREFIX,
        streams::wait::{LongPoll, WaitParameters},
        webhook_url,
    },
    webhooks::Webhooks,
};

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Create an invoice
///
/// With an `Idempotency-Key`, the same request creates one invoice no matter how often and when it is sent, even at the same
/// time or after a crash: each request gets the same response, the invoice as it was created. A different request with the same
/// key is refused for 48 hours, and later if its amount, description or order differs.
#[utoipa::path(
    post,
    path = "/invoices",
    operation_id = "createInvoice",
    tag = "Invoices",
    security(("token" = ["invoices:create"])),
    params(("Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255,
        pattern = "^[\\x21-\\x7e]+$", example = "order-2026-7",
        description = "A key that identifies this request: up to 255 visible ASCII characters, separate for each token.")),
    request_body = NewInvoiceJson,
    responses(
        (status = 201, description = "The invoice.", body = ShopInvoiceJson,
            headers(("Location" = String, description = "The path of the invoice in this API."))),
        (status = 409, description = "`idempotency_key_reused`: this key was used for a different request.", body = ErrorJson),
        (status = 429, body = ErrorJson, description = "`too_many_deliveries`: too many deliveries to webhooks of single \
            invoices are waiting. `rate_limited`: too many requests in a short time.",
            headers(("Retry-After" = u64, description = "When to retry, in seconds."))),
    ),
)]
pub(crate) async fn create(
    caller: Caller<Create>,
    State(invoicing): State<Arc<Invoicing>>,
    State(webhooks): State<Webhooks>,
    State(config): State<Arc<InvoiceConfig>>,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody<NewInvoiceJson>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let mut new = body.content.parse(&config, &webhooks)?;
    let token = &caller.grant.id;
    if !new.webhooks.is_empty() {
        webhook_url::admit(&webhooks, token).await?;
    }
    for hook in &mut new.webhooks {
        hook.token = Some(token.as_str().to_owned());
    }
    let invoice = match key {
        None => invoicing.create(new).await?,
        Some(key) => {
            let request = IdempotentRequest {
                scope: caller.grant.id.as_str().to_owned(),
                key,
                fingerprint: body.fingerprint,
                retention: KeyRetention::Short,
            };
            invoicing.create_once(request, new).await?
        }
    };
    let path = format!("{API_PREFIX}/invoices/{}", invoice.label);
    let location = HeaderValue::from_str(&path).map_err(|_| Problem::Internal)?;
    let answer = Json(ShopInvoiceJson::new(&invoice, &origin));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
}

/// Read an invoice
///
/// Returns the current state on the node. If the node could not be reached, `stale_since` is set.
#[utoipa::path(
    get,
    path = "/invoices/{label}",
    operation_id = "readInvoice",
    tag = "Invoices",
    security(("token" = ["invoices:read"])),
    params(LabelPath),
    responses(
        (status = 200, description = "The invoice, with an ETag.", body = ShopInvoiceJson),
        (status = 304, description = "The invoice has not changed since the response whose ETag was sent in `If-None-Match`."),
    ),
)]
pub(crate) async fn read(
    _: Caller<Read>,
    State(invoicing): State<Arc<Invoicing>>,
    State(cache): State<Arc<RenderCache>>,
    origin: Origin,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let found = find(&invoicing, &label).await?;
    Ok(ShopInvoiceJson::answer(&cache, &found, origin)?.respond(&headers))
}

/// Wait until an invoice is paid or expired
///
/// Responds as soon as the invoice is no longer `unpaid`, and immediately if it already is not. If the buyer renews an expired
/// invoice, `renewed_by` is the label of the one to wait for. With `follow=true` the wait continues with it automatically: the
/// response is the newest invoice of the order, once it is paid, or is expired and can no longer be renewed.
#[utoipa::path(
    get,
    path = "/invoices/{label}/wait",
    operation_id = "waitForInvoice",
    tag = "Invoices",
    security(("token" = ["invoices:read"])),
    params(LabelPath, WaitParameters),
    responses(
        (status = 200, description = "The invoice, paid or expired; with `follow=true` possibly a newer one of the same order.",
            body = ShopInvoiceJson),
        (status = 204, description = "The timeout has passed, and the invoice is still unpaid."),
    ),
)]
pub(crate) async fn wait(
    _: Caller<Read>,
    State(poll): State<LongPoll>,
    _slot: StreamSlot,
    origin: Origin,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
    Query(parameters): Query<WaitParameters>,
) -> Result<Response, Problem> {
    match poll.wait(&parameters, &label).await? {
        Some(found) => Ok(ShopInvoiceJson::answer(&poll.cache, &found, origin)?.respond(&headers)),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// Cancel an invoice
///
/// The invoice can no longer be paid: it is `expired`, with `cancelled_at`. An invoice is either paid or cancelled, never
/// both. Cancelling it again has no effect.
#[utoipa::path(
    post,
    path = "/invoices/{label}/cancel",
    operation_id = "cancelInvoice",
    tag = "Invoices",
    security(("token" = ["invoices:create"])),
    params(LabelPath),
    responses(
        (status = 200, description = "The invoice, which can no longer be paid.", body = ShopInvoiceJson),
        (status = 409, body = ErrorJson,
            description = "`invoice_paid`: the buyer has already paid. `invoice_expired`: it has already expired."),
    ),
)]
pub(crate) async fn cancel(
    _: Caller<Create>,
    State(invoicing): State<Arc<Invoicing>>,
    origin: Origin,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let cancelled = invoicing.cancel(&label).await?;
    match cancelled.ok_or(Problem::InvoiceNotFound)? {
        Cancelled::Done(invoice) => {
            Ok(Json(ShopInvoiceJson::new(&invoice, &origin)).into_response())
        }
        Cancelled::Paid => Err(Problem::InvoicePaid),
        Cancelled::Expired => Err(Problem::InvoiceExpired),
    }
}

/// Like Stripe: up to 255 visible characters.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text)
            if (1..=255).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_graphic()) =>
        {
            Ok(Some(text.to_owned()))
        }
        _ => Err(invalid(
            "Idempotency-Key",
            "idempotency_key_invalid",
            "The Idempotency-Key must be 1 to 255 visible ASCII characters.".to_owned(),
        )),
    }
}
