//! What a shop asks for in `POST …/invoices`.

use std::{borrow::Cow, sync::Arc};

use axum::extract::{FromRef, FromRequest, Request};

use super::{access::Key, method, refusal::Refusal};
use crate::{
    config::{InvoiceConfig, PricingConfig},
    invoices::Invoicing,
    pricing::Quorum,
    web::{
        error::Problem,
        extract::body::receive,
        json_fields::JsonFields,
        limits::bodies::{BodyLimits, Sender},
    },
};
use facture_domain::{
    Amount, Channel, Description, Expiry, Metadata, NewInvoice, Order, OrderId, ParsePriceError,
    Price, Quote, RedirectUrl,
};

/// The fields of a body, which is JSON whatever its type is called.
pub(crate) struct Sent(pub(crate) JsonFields);

/// Dependencies for creating an invoice.
#[derive(Clone)]
pub(crate) struct CreateState {
    pub(crate) invoicing: Arc<Invoicing>,
    defaults: Arc<InvoiceConfig>,
    pricing: Arc<PricingConfig>,
}

impl<S> FromRequest<S> for Sent
where
    BodyLimits: FromRef<S>,
    S: Sync,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = receive(request, &BodyLimits::from_ref(state), Sender::Caller).await?;
        let fields = JsonFields::parse(&bytes);
        Ok(Self(fields.ok_or(Problem::MalformedJson)?))
    }
}

impl<S> FromRef<S> for CreateState
where
    Arc<Invoicing>: FromRef<S>,
    Arc<InvoiceConfig>: FromRef<S>,
    Arc<PricingConfig>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            defaults: FromRef::from_ref(state),
            pricing: FromRef::from_ref(state),
        }
    }
}

impl CreateState {
    /// The invoice that is asked for. Nothing is asked of the node before all of it is sound.
    pub(crate) async fn new_invoice(
        &self,
        key: &Key,
        sent: &JsonFields,
    ) -> Result<NewInvoice, Refusal> {
        let checkout = sent.object("checkout")?.unwrap_or_default();
        check_methods(&checkout)?;
        let details = Details::read(sent)?;
        let price = price(sent)?;
        let description = match &details.description {
            Some(text) => shortened(text),
            None => self.defaults.default_description.clone(),
        };
        let new = NewInvoice {
            amount: Amount::Any,
            description,
            lnurl_metadata: None,
            expiry: self.expiry(&checkout, price.as_ref())?,
            order: Order {
                order_id: details.order_id,
                metadata: details.metadata,
                redirect_url: redirect_url(&checkout)?,
                quote: price.as_ref().map(|(_, quote)| quote.clone()),
                channel: Some(Channel::Greenfield),
                shop: Some(key.shop.clone()),
                ..Order::default()
            },
            webhooks: Vec::new(),
            hold: None,
        };
        let Some((price, _)) = price else {
            return Ok(new);
        };
        let quorum = Quorum::of(new.order.channel);
        Ok(self.invoicing.priced(new, &price, None, quorum).await?)
    }

    fn expiry(
        &self,
        checkout: &JsonFields,
        price: Option<&(Price, Quote)>,
    ) -> Result<Expiry, Refusal> {
        let field = "checkout.expirationMinutes";
        let sent = checkout.whole("expirationMinutes");
        let minutes = sent.map_err(|_| Refusal::invalid(field, "must be a whole number"))?;
        match minutes {
            Some(minutes) => {
                let seconds = minutes.saturating_mul(60);
                Expiry::from_seconds(u32::try_from(seconds).unwrap_or(u32::MAX))
                    .map_err(|_| Refusal::invalid(field, "must be from 1 minute to 1 year"))
            }
            None => {
                let quote = price.map(|(_, quote)| quote);
                Ok(self.pricing.expiry_of(quote, self.defaults.expiry()))
            }
        }
    }
}

/// What the shop says about the order.
pub(crate) struct Details {
    pub(crate) order_id: Option<OrderId>,
    pub(crate) metadata: Option<Metadata>,
    description: Option<String>,
}

impl Details {
    /// Reads `metadata`, which is kept whole.
    pub(crate) fn read(sent: &JsonFields) -> Result<Self, Refusal> {
        let fields = sent.object("metadata")?.unwrap_or_default();
        let metadata = sent.raw("metadata").map(Metadata::new).transpose();
        // These are for the shop: whatever their type, they are not refused.
        let text = |name| fields.decimal(name).ok().flatten();
        Ok(Self {
            order_id: text("orderId").and_then(|id| OrderId::parse(id).ok()),
            metadata: metadata.map_err(|error| Refusal::invalid("metadata", error))?,
            description: text("itemDesc").filter(|text| !text.trim().is_empty()),
        })
    }
}

/// `amount` and `currency`; `None`: the payer chooses.
fn price(sent: &JsonFields) -> Result<Option<(Price, Quote)>, Refusal> {
    let currency = sent
        .text("currency")?
        .map(|currency| currency.to_uppercase());
    let Some(amount) = sent.decimal("amount")? else {
        return Ok(None);
    };
    let Some(currency) = currency else {
        return Err(Refusal::invalid("currency", "is missing"));
    };
    let price = Price::parse(&amount, &currency).map_err(|error| {
        let field = match error {
            ParsePriceError::Currency => "currency",
            ParsePriceError::Amount | ParsePriceError::Digits => "amount",
        };
        Refusal::invalid(field, error)
    })?;
    Ok(Some((price, Quote { currency, amount })))
}

/// At least one of the ways to pay that are asked for must be one that there is.
fn check_methods(checkout: &JsonFields) -> Result<(), Refusal> {
    let field = "checkout.paymentMethods";
    let sent = checkout.texts("paymentMethods");
    let names =
        sent.map_err(|error| Refusal::invalid(field, format_args!("must be {}", error.expected)))?;
    let names = names.unwrap_or_default();
    method::check_available(&names, field)
}

fn redirect_url(checkout: &JsonFields) -> Result<Option<RedirectUrl>, Refusal> {
    let field = "checkout.redirectURL";
    let sent = checkout.text("redirectURL");
    let url = sent.map_err(|_| Refusal::invalid(field, "must be a string"))?;
    let url = url.filter(|url| !url.is_empty());
    url.map(|url| RedirectUrl::parse(&url))
        .transpose()
        .map_err(|error| Refusal::invalid(field, error))
}

/// As much of a text as fits, in one line.
fn shortened(text: &str) -> Description {
    let line: Cow<'_, str> = match text.chars().any(char::is_control) {
        true => text.replace(char::is_control, " ").into(),
        false => text.into(),
    };
    let end = line.floor_char_boundary(Description::MAX_BYTES);
    Description::parse(&line[..end]).unwrap_or_default()
}
