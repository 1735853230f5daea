//! `/invoice` and `/invoices`: creating, listing, reading, deleting.

use std::sync::Arc;

use axum::{
    Json,
    body::Body as Sent,
    extract::{FromRef, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;

use super::{
    access::{Caller, InvoiceInPath},
    body::Body,
    hook,
    refusal::Refusal,
    wire::{CreatedJson, InvoiceJson},
};
use crate::{
    config::{InvoiceConfig, PricingConfig},
    invoices::{Deletion, Found, Invoicing},
    pricing::Quorum,
    web::{
        error::Problem,
        extract::bearer::{Create, Read},
    },
    webhooks::Webhooks,
};
use facture_domain::{
    Amount, Channel, Description, Expiry, Invoice, Metadata, Msat, NewInvoice, Order, Price, Quote,
    RedirectUrl, token::TokenId,
};

/// The default lifetime of an invoice: lightningd's own default, which Lightning Charge relied on.
const DEFAULT_SECONDS: u32 = WEEK;

/// A week, in seconds.
const WEEK: u32 = 7 * 24 * 3600;

/// How many invoices of the list are in memory at once.
const PAGE_SIZE: u32 = 500;

/// `POST /invoice`
pub(crate) async fn create(
    caller: Caller<Create>,
    State(state): State<CreateState>,
    body: Body,
) -> Result<Response, Refusal> {
    let new = state.new_invoice(&caller.token, &body).await?;
    let invoice = state.invoicing.create(new).await?;
    let made = CreatedJson::new(&invoice, body.raw("currency"), body.raw("amount"));
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// `GET /invoice/{id}`
pub(crate) async fn read(
    _: Caller<Read>,
    InvoiceInPath(found): InvoiceInPath,
) -> Result<Response, Refusal> {
    Ok(Json(InvoiceJson::new(&found.invoice)).into_response())
}

/// `DELETE /invoice/{id}`: the body names the `status` that it must have.
pub(crate) async fn delete(
    _: Caller<Create>,
    State(invoicing): State<Arc<Invoicing>>,
    InvoiceInPath(Found { invoice, .. }): InvoiceInPath,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let Some(wanted) = body.scalar("status")? else {
        return Err(Refusal::Lightning(
            "missing required parameter: status".to_owned(),
        ));
    };
    let deletion = invoicing.delete(invoice, wanted.text.clone()).await?;
    match deletion {
        Deletion::Done => Ok(StatusCode::NO_CONTENT),
        Deletion::Refused { status } => Err(Refusal::Lightning(format!(
            "Invoice status is {status} not {}",
            wanted.text
        ))),
    }
}

/// `GET /invoices`: all of them in one array, streamed one page at a time.
pub(crate) async fn list(
    _: Caller<Read>,
    State(invoicing): State<Arc<Invoicing>>,
) -> Result<Response, Refusal> {
    // Read the first page before the response starts: errors can still be reported now.
    let first = invoicing.created_after(None, PAGE_SIZE).await?;
    let chunks = stream::try_unfold(Some((first, "[")), move |page| {
        let invoicing = Arc::clone(&invoicing);
        async move {
            let Some((page, separator)) = page else {
                return Ok::<_, axum::BoxError>(None);
            };
            let Some(last) = page.last().cloned() else {
                let end = if separator == "[" { "[]" } else { "]" };
                return Ok(Some((end.to_owned(), None)));
            };
            let chunk = array(page, separator)?;
            let next = invoicing.created_after(Some(&last), PAGE_SIZE).await?;
            Ok(Some((chunk, Some((next, ",")))))
        }
    });
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json)], Sent::from_stream(chunks)).into_response())
}

/// Items of an array, each preceded by its separator.
fn array(page: Vec<Invoice>, mut separator: &str) -> Result<String, axum::BoxError> {
    let mut chunk = String::new();
    for invoice in page {
        let json = InvoiceJson::new(&invoice);
        chunk.push_str(separator);
        chunk.push_str(&serde_json::to_string(&json)?);
        separator = ",";
    }
    Ok(chunk)
}

/// Dependencies for creating an invoice.
#[derive(Clone)]
pub(crate) struct CreateState {
    invoicing: Arc<Invoicing>,
    webhooks: Webhooks,
    defaults: Arc<InvoiceConfig>,
    pricing: Arc<PricingConfig>,
}

impl<S> FromRef<S> for CreateState
where
    Arc<Invoicing>: FromRef<S>,
    Webhooks: FromRef<S>,
    Arc<InvoiceConfig>: FromRef<S>,
    Arc<PricingConfig>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            webhooks: FromRef::from_ref(state),
            defaults: FromRef::from_ref(state),
            pricing: FromRef::from_ref(state),
        }
    }
}

impl CreateState {
    async fn new_invoice(&self, token: &TokenId, body: &Body) -> Result<NewInvoice, Refusal> {
        let description = match body.scalar("description")? {
            None => self.defaults.default_description.clone(),
            // Its node accepts line breaks and tabs.
            Some(sent) => Description::parse_lines(&sent.text)
                .map_err(|error| invalid(format_args!("The description {error}.")))?,
        };
        let metadata = body
            .raw("metadata")
            .filter(|json| json.get() != "null")
            .map(Metadata::new)
            .transpose()
            .map_err(|error| invalid(format_args!("The metadata {error}.")))?;
        let webhook = match body.scalar("webhook")? {
            None => None,
            Some(sent) => Some(hook::new(&self.webhooks, token, sent).await?),
        };
        let quote = quote(body)?;
        let (amount, price) = amount(body)?;
        let new = NewInvoice {
            amount,
            description,
            expiry: expiry(body, quote.as_ref(), &self.pricing)?,
            order: Order {
                redirect_url: metadata.as_ref().and_then(redirect_url),
                metadata,
                quote,
                channel: Some(Channel::Charge),
                ..Order::default()
            },
            lnurl_metadata: None,
            webhooks: webhook.into_iter().collect(),
            hold: None,
        };
        match price {
            None => Ok(new),
            Some(price) => {
                let priced = self.invoicing.priced(new, &price, None, Quorum::One);
                Ok(priced.await?)
            }
        }
    }
}

/// `msatoshi`, or else a price, whose amount is not known yet, or else any amount the payer chooses.
fn amount(body: &Body) -> Result<(Amount, Option<Price>), Refusal> {
    if let Some(msatoshi) = body.scalar("msatoshi")? {
        let msat = msatoshi.digits().parse().ok().and_then(Msat::from_msat);
        let amount = msat
            .filter(|amount| (1..=Msat::PAYABLE.msat()).contains(&amount.msat()))
            .ok_or_else(|| {
                Refusal::Lightning(format!(
                    "amount_msat: should be positive msat or 'any': invalid token '{}'",
                    msatoshi.json
                ))
            })?;
        return Ok((Amount::Exact(amount), None));
    }
    let Some(currency) = body.scalar("currency")? else {
        return Ok((Amount::Any, None));
    };
    let Some(amount) = body.scalar("amount")? else {
        return Err(invalid("The amount is missing."));
    };
    let price = Price::parse(&amount.text, &currency.text)
        .map_err(|error| invalid(format_args!("The price {error}.")))?;
    Ok((Amount::Any, Some(price)))
}

fn quote(body: &Body) -> Result<Option<Quote>, Refusal> {
    Ok(match (body.scalar("currency")?, body.scalar("amount")?) {
        (Some(currency), Some(amount)) => Some(Quote {
            currency: currency.text,
            amount: amount.text,
        }),
        _ => None,
    })
}

/// Seconds, or a number with `s`, `m`, `h`, `d` or `w`, as lightningd accepted them until v23.02.
fn expiry(body: &Body, quote: Option<&Quote>, pricing: &PricingConfig) -> Result<Expiry, Refusal> {
    let Some(sent) = body.scalar("expiry")? else {
        let usual = Expiry::from_seconds(DEFAULT_SECONDS).map_err(|_| Problem::Internal)?;
        return Ok(pricing.expiry_of(quote, usual));
    };
    let text = sent.digits();
    let (digits, unit) = match text.split_at_checked(text.len().saturating_sub(1)) {
        Some((digits, "s")) => (digits, 1),
        Some((digits, "m")) => (digits, 60),
        Some((digits, "h")) => (digits, 3600),
        Some((digits, "d")) => (digits, 24 * 3600),
        Some((digits, "w")) => (digits, WEEK),
        _ => (&*text, 1),
    };
    let seconds = digits
        .parse::<u32>()
        .ok()
        .and_then(|number| number.checked_mul(unit));
    seconds
        .and_then(|seconds| Expiry::from_seconds(seconds).ok())
        .ok_or_else(|| {
            invalid("The expiry must be from 1 second to 1 year, such as 600, \"600s\" or \"2h\".")
        })
}

/// Where the buyer continues. Addresses that browsers cannot open are ignored.
fn redirect_url(metadata: &Metadata) -> Option<RedirectUrl> {
    metadata
        .checkout_redirect()
        .and_then(|url| RedirectUrl::parse(&url).ok())
}

fn invalid(message: impl std::fmt::Display) -> Refusal {
    Refusal::Lightning(message.to_string())
}
