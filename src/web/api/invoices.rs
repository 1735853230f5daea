//! `/api/v1/invoices/…`: create an invoice, read it, wait for its payment, cancel it.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{body::JsonBody, parameters::LabelPath};
use crate::{
    config::InvoiceConfig,
    invoices::{Cancelled, Invoicing, Memory, Repeatable},
    web::{
        amount_json::{AmountJson, Any, MsatJson},
        error::{Invalid, Problem},
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
        whole_number::WholeNumber,
    },
    webhooks::Webhooks,
};
use facture_domain::{
    Amount, Channel, Description, Expiry, Hook, HookFormat, Metadata, Msat, NewInvoice, Order,
    OrderId, RedirectUrl,
};

/// The invoice to create, with exactly one of the two amounts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvoice, example = json!({
    "amount_sat": 2500,
    "description": "Two bags of tea",
    "order_id": "2026-7",
    "redirect_url": "https://shop.example/thanks",
}))]
pub(crate) struct NewInvoiceJson {
    /// The amount in millisatoshis, or `"any"` to let the payer choose.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    amount_msat: Option<AmountJson>,
    /// The amount in satoshis.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, value_type = Option<u64>, minimum = 1, maximum = 1_000_000_000_000_000_u64)]
    amount_sat: Option<WholeNumber>,
    /// The purpose of the payment, shown in the buyer's wallet: at most 639 bytes, without control characters. If empty, the
    /// configured default is used.
    #[serde(default)]
    #[schema(max_length = 639, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    description: String,
    /// How long the invoice can be paid, in seconds. Defaults to the configured value.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 31_536_000)]
    expiry: Option<WholeNumber>,
    /// Any JSON of at most 16 KiB, stored and returned byte for byte.
    #[serde(default)]
    #[schema(value_type = Value)]
    metadata: Option<Box<RawValue>>,
    /// The shop's order number: one line of at most 255 bytes. Several invoices may have the same.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    order_id: Option<String>,
    /// Where the buyer returns to after the payment: an `http` or `https` URL of at most 2048 bytes, without a password.
    #[schema(format = "uri", max_length = 2048)]
    redirect_url: Option<String>,
    /// Where to send this invoice's events: an `http` or `https` URL of at most 2048 bytes. Deliveries are signed with the
    /// secret of the webhook `invoices`.
    #[schema(format = "uri", max_length = 2048)]
    webhook: Option<String>,
}

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
            let request = Repeatable {
                scope: caller.grant.id.as_str().to_owned(),
                key,
                fingerprint: body.fingerprint,
                memory: Memory::Short,
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

impl NewInvoiceJson {
    fn parse(self, limits: &InvoiceConfig, webhooks: &Webhooks) -> Result<NewInvoice, Problem> {
        let description = Description::parse(&self.description).map_err(|error| {
            invalid(
                "description",
                "description_invalid",
                format!("The description {error}."),
            )
        })?;
        Ok(NewInvoice {
            amount: amount(self.amount_msat, self.amount_sat)?,
            description: if description.as_str().is_empty() {
                limits.default_description.clone()
            } else {
                description
            },
            expiry: match self.expiry {
                None => limits.expiry(),
                Some(WholeNumber(seconds)) => {
                    Expiry::from_seconds(u32::try_from(seconds).unwrap_or(u32::MAX)).map_err(
                        |error| invalid("expiry", "expiry_invalid", format!("The expiry {error}.")),
                    )?
                }
            },
            order: Order {
                order_id: self
                    .order_id
                    .map(OrderId::parse)
                    .transpose()
                    .map_err(|error| {
                        invalid(
                            "order_id",
                            "order_id_invalid",
                            format!("The order_id {error}."),
                        )
                    })?,
                metadata: self
                    .metadata
                    .map(|json| Metadata::new(&json))
                    .transpose()
                    .map_err(|error| {
                        invalid(
                            "metadata",
                            "metadata_too_large",
                            format!("The metadata {error}."),
                        )
                    })?,
                redirect_url: self
                    .redirect_url
                    .map(|text| RedirectUrl::parse(&text))
                    .transpose()
                    .map_err(|error| {
                        invalid(
                            "redirect_url",
                            "redirect_url_invalid",
                            format!("The redirect_url {error}."),
                        )
                    })?,
                channel: Some(Channel::Api),
                ..Order::default()
            },
            webhooks: match self.webhook {
                None => Vec::new(),
                Some(text) => vec![Hook {
                    url: webhook_url::parse(webhooks, "webhook", &text)?,
                    format: HookFormat::Standard,
                    token: None,
                }],
            },
        })
    }
}

/// Exactly one of the two. The configured limits are for the public form; callers with a token can request any amount that
/// BOLT 11 can express.
fn amount(msat: Option<AmountJson>, sat: Option<WholeNumber>) -> Result<Amount, Problem> {
    let (field, amount) = match (msat, sat) {
        (Some(AmountJson::Word(Any::Any)), None) => return Ok(Amount::Any),
        (Some(AmountJson::Exact(MsatJson(msat))), None) => ("amount_msat", Msat::from_msat(msat)),
        (None, Some(WholeNumber(sat))) => ("amount_sat", Msat::from_sat(sat)),
        (Some(_), Some(_)) => {
            let message = "Send either amount_msat or amount_sat, not both.".to_owned();
            return Err(invalid("amount_sat", "amount_ambiguous", message));
        }
        (None, None) => {
            let message =
                "Send amount_msat or amount_sat. With amount_msat \"any\" the payer chooses."
                    .to_owned();
            return Err(invalid("amount_msat", "amount_missing", message));
        }
    };
    match amount {
        Some(amount) if amount > Msat::PAYABLE => Err(too_large(field)),
        None => Err(too_large(field)),
        Some(amount) if amount.msat() == 0 => Err(invalid(
            field,
            "amount_too_small",
            format!("The {field} must be at least 1."),
        )),
        Some(amount) => Ok(Amount::Exact(amount)),
    }
}

fn too_large(field: &str) -> Problem {
    let most = match field {
        "amount_sat" => Msat::PAYABLE.msat() / 1000,
        _ => Msat::PAYABLE.msat(),
    };
    let message = format!("The {field} must be at most {most}.");
    invalid(field, "amount_too_large", message)
}

fn invalid(field: &str, code: &'static str, message: String) -> Problem {
    Problem::Invalid(Invalid {
        field: field.to_owned(),
        code,
        message,
    })
}

/// As Stripe has it: up to 255 visible characters.
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

/// A field that may be absent, but not `null`.
fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
