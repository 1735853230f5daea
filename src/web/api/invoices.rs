//! `/api/v1/invoices/…`: create an invoice, read it, wait for its payment, settle or cancel it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{FromRef, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    body::JsonBody,
    idempotency,
    new_invoice::{NewInvoiceJson, Requested},
    parameters::LabelPath,
};
use crate::{
    config::{HoldConfig, InvoiceConfig, PricingConfig},
    invoices::{Cancelled, Invoicing, Settled},
    pricing::Quorum,
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

use facture_domain::{
    Preimage,
    idempotency::{IdempotentRequest, KeyRetention},
};

/// Create an invoice
///
/// With an `Idempotency-Key`, the same request creates one invoice no matter how often and when it is sent, even at the same
/// time or after a crash: each request gets the same response, the invoice as it was created. A different request with the same
/// key is refused for 48 hours, and later if its amount, description or order differs.
///
/// With a `currency` and an `amount`, the amount in bitcoin follows from the exchange rate of this moment, which the response
/// names. If there is no rate that can be relied on, nothing is created.
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
            invoices are waiting. `too_many_holds`: as many payments are held as `hold.max_open` allows. `rate_limited`: too \
            many requests in a short time.",
            headers(("Retry-After" = u64, description = "When to retry, in seconds."))),
        (status = 501, body = ErrorJson, description = "`hold_unavailable`: the Lightning node cannot hold payments. \
            `rates_unavailable`: there are no exchange rates."),
    ),
)]
pub(crate) async fn create(
    caller: Caller<Create>,
    State(state): State<CreateState>,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody<NewInvoiceJson>,
) -> Result<Response, Problem> {
    let key = idempotency::key(&headers)?;
    let CreateState {
        invoicing,
        webhooks,
        defaults,
        holds,
        pricing,
    } = state;
    let Requested { mut new, price } =
        body.content.parse(&defaults, &holds, &pricing, &webhooks)?;
    if new.hold.is_some() {
        admit_hold(&invoicing, &holds).await?;
    }
    let token = &caller.grant.id;
    if !new.webhooks.is_empty() {
        webhook_url::admit(&webhooks, token).await?;
    }
    for hook in &mut new.webhooks {
        hook.token = Some(token.as_str().to_owned());
    }
    let request = key.map(|key| IdempotentRequest {
        scope: caller.grant.id.as_str().to_owned(),
        key,
        fingerprint: body.fingerprint,
        retention: KeyRetention::Short,
    });
    if let Some(price) = price {
        let quorum = Quorum::Configured;
        new = invoicing
            .priced(new, &price, request.as_ref(), quorum)
            .await?;
    }
    let invoice = match request {
        None => invoicing.create(new).await?,
        Some(request) => invoicing.create_once(request, new).await?,
    };
    let path = format!("{API_PREFIX}/invoices/{}", invoice.label);
    let location = HeaderValue::from_str(&path).map_err(|_| Problem::Internal)?;
    let answer = Json(ShopInvoiceJson::new(&invoice, &origin));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
}

/// Dependencies for creating an invoice.
#[derive(Clone)]
pub(crate) struct CreateState {
    invoicing: Arc<Invoicing>,
    webhooks: Webhooks,
    defaults: Arc<InvoiceConfig>,
    holds: Arc<HoldConfig>,
    pricing: Arc<PricingConfig>,
}

impl<S> FromRef<S> for CreateState
where
    Arc<Invoicing>: FromRef<S>,
    Webhooks: FromRef<S>,
    Arc<InvoiceConfig>: FromRef<S>,
    Arc<HoldConfig>: FromRef<S>,
    Arc<PricingConfig>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            webhooks: FromRef::from_ref(state),
            defaults: FromRef::from_ref(state),
            holds: FromRef::from_ref(state),
            pricing: FromRef::from_ref(state),
        }
    }
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

/// Wait until an invoice is paid, held, expired or cancelled
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
        (status = 200, description = "The invoice, no longer unpaid; with `follow=true` possibly a newer one of the same order.",
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
/// The invoice can no longer be paid: it is `cancelled`. A payment that is held is returned to the buyer in full (LND calls
/// this `cancel_invoice`). An invoice is either paid or cancelled, never both. Cancelling it again has no effect.
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
            description = "`invoice_paid`: the buyer has already paid. `invoice_expired`: it has already expired. \
                `invoice_settling`: the held payment is being settled."),
        (status = 501, body = ErrorJson, description = "`hold_unavailable`: the Lightning node can no longer hold payments."),
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
        Cancelled::Settling => Err(Problem::InvoiceSettling),
    }
}

/// Settle a hold invoice
///
/// Takes the payment that is held: the invoice is then `paid`. Settling it again has no effect. If the node does not respond
/// (503), the decision stands and facture carries it out as soon as it can; the same request is safe to repeat. With a
/// `payment_hash` of the shop's own, the body has the `preimage` (LND calls this `settle_invoice`).
#[utoipa::path(
    post,
    path = "/invoices/{label}/settle",
    operation_id = "settleInvoice",
    tag = "Invoices",
    security(("token" = ["invoices:create"])),
    params(LabelPath),
    request_body = SettleJson,
    responses(
        (status = 200, description = "The invoice, which is paid.", body = ShopInvoiceJson),
        (status = 409, body = ErrorJson,
            description = "`invoice_not_held`: no payment is held for it. `invoice_cancelled`: the payment was returned. \
                `invoice_expired`: nobody paid in time."),
        (status = 501, body = ErrorJson, description = "`hold_unavailable`: the Lightning node can no longer hold payments."),
    ),
)]
pub(crate) async fn settle(
    _: Caller<Create>,
    State(invoicing): State<Arc<Invoicing>>,
    origin: Origin,
    OurLabel(label): OurLabel,
    body: JsonBody<SettleJson>,
) -> Result<Response, Problem> {
    let preimage = body.content.preimage()?;
    let refused = |code, message: &str| Err(Problem::invalid("preimage", code, message.to_owned()));
    match invoicing
        .settle(&label, preimage)
        .await?
        .ok_or(Problem::InvoiceNotFound)?
    {
        Settled::Done(invoice) => Ok(Json(ShopInvoiceJson::new(&invoice, &origin)).into_response()),
        Settled::NotHeld => Err(Problem::InvoiceNotHeld),
        Settled::Cancelled => Err(Problem::InvoiceCancelled),
        Settled::Expired => Err(Problem::InvoiceExpired),
        Settled::PreimageMissing => refused(
            "preimage_required",
            "The preimage is needed: the invoice was created with the shop's own payment_hash.",
        ),
        Settled::PreimageWrong => refused(
            "preimage_invalid",
            "The preimage does not belong to this invoice's payment_hash.",
        ),
    }
}

/// What is needed to settle.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Settle, example = json!({}))]
pub(crate) struct SettleJson {
    /// The preimage of the shop's own `payment_hash`: 64 hexadecimal digits. Not needed if facture chose it.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    preimage: Option<String>,
}

impl SettleJson {
    fn preimage(&self) -> Result<Option<Preimage>, Problem> {
        let parsed = self.preimage.as_deref().map(Preimage::parse).transpose();
        parsed.map_err(|error| {
            let message = format!("The preimage {error}.");
            Problem::invalid("preimage", "preimage_invalid", message)
        })
    }
}

/// Refuses when as many payments are held as may be.
async fn admit_hold(invoicing: &Invoicing, holds: &HoldConfig) -> Result<(), Problem> {
    let most = holds.max_open.value();
    match most > 0 && invoicing.count_held(most).await? >= most {
        true => Err(Problem::TooManyHolds),
        false => Ok(()),
    }
}
