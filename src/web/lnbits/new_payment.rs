//! What a caller asks for in `POST /api/v1/payments`.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequest, Request};
use bitcoin::hex::FromHex;

use super::{access::InvoiceKey, hook, refusal::Refusal};
use crate::{
    config::{InvoiceConfig, PricingConfig},
    invoices::Invoicing,
    pricing::Quorum,
    web::{
        extract::body::receive,
        json_fields::JsonFields,
        limits::bodies::{BodyLimits, Sender},
    },
    webhooks::Webhooks,
};
use facture_domain::{
    Amount, Channel, Description, Expiry, LnurlMetadata, Metadata, Msat, NewInvoice, Order, Price,
    Quote,
};

/// The fields of the body, which is JSON whatever its type is called.
pub(crate) struct Sent(pub(crate) JsonFields);

/// Dependencies for creating an invoice.
#[derive(Clone)]
pub(crate) struct CreateState {
    pub(crate) invoicing: Arc<Invoicing>,
    webhooks: Webhooks,
    defaults: Arc<InvoiceConfig>,
    pricing: Arc<PricingConfig>,
}

/// How much is asked for.
enum Asked {
    Sats(Msat),
    Price(Price, Quote),
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
        let fields = fields.ok_or_else(|| Refusal::invalid("The body must be a JSON object."))?;
        Ok(Self(fields))
    }
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
    /// The invoice that is asked for. Nothing is asked of the node before all of it is sound.
    pub(crate) async fn new_invoice(
        &self,
        key: &InvoiceKey,
        sent: &JsonFields,
    ) -> Result<NewInvoice, Refusal> {
        if sent.flag("out")? {
            return Err(Refusal::ReceivesOnly);
        }
        let asked = asked(sent)?;
        let lnurl_metadata = metadata_to_hash(sent)?;
        let description = match (sent.text("memo")?, &lnurl_metadata) {
            (_, Some(metadata)) => metadata.text().clone(),
            (None, None) => self.defaults.default_description.clone(),
            (Some(memo), None) => Description::parse_lines(&memo)
                .map_err(|error| Refusal::invalid(format_args!("memo: {error}")))?,
        };
        let expiry = self.expiry(sent, &asked)?;
        let metadata = extra(sent)?;
        let webhooks = match sent.text("webhook")?.filter(|url| !url.is_empty()) {
            None => Vec::new(),
            Some(url) => vec![hook::new(&self.webhooks, &key.token, &url).await?],
        };
        let (amount, quote, price) = match asked {
            Asked::Sats(amount) => (Amount::Exact(amount), None, None),
            Asked::Price(price, quote) => (Amount::Any, Some(quote), Some(price)),
        };
        let new = NewInvoice {
            amount,
            description,
            lnurl_metadata,
            expiry,
            order: Order {
                metadata,
                quote,
                channel: Some(Channel::Lnbits),
                shop: Some(key.shop.clone()),
                ..Order::default()
            },
            webhooks,
            hold: None,
        };
        let Some(price) = price else {
            return Ok(new);
        };
        let quorum = Quorum::of(new.order.channel);
        Ok(self.invoicing.priced(new, &price, None, quorum).await?)
    }

    fn expiry(&self, sent: &JsonFields, asked: &Asked) -> Result<Expiry, Refusal> {
        let Some(seconds) = sent.whole("expiry")? else {
            let quote = match asked {
                Asked::Sats(_) => None,
                Asked::Price(_, quote) => Some(quote),
            };
            return Ok(self.pricing.expiry_of(quote, self.defaults.expiry()));
        };
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        Expiry::from_seconds(seconds)
            .map_err(|error| Refusal::invalid(format_args!("expiry: {error}")))
    }
}

/// `amount` in `unit`: whole satoshis when there is none.
fn asked(sent: &JsonFields) -> Result<Asked, Refusal> {
    let unit = sent.text("unit")?.unwrap_or_else(|| "sat".to_owned());
    let unit = unit.to_uppercase();
    let Some(amount) = sent.decimal("amount")? else {
        return Err(Refusal::invalid("amount: is missing"));
    };
    if matches!(unit.as_str(), "SAT" | "SATS") {
        let refused = || Refusal::invalid("amount: must be a whole number of satoshis, at least 1");
        let sats = sent.whole("amount").map_err(|_| refused())?;
        let amount = sats.and_then(Msat::from_sat).and_then(payable);
        return amount.map(Asked::Sats).ok_or_else(refused);
    }
    let price = Price::parse(&amount, &unit).map_err(|error| {
        let field = match error {
            facture_domain::ParsePriceError::Currency => "unit",
            _ => "amount",
        };
        Refusal::invalid(format_args!("{field}: {error}"))
    })?;
    let quote = Quote {
        currency: unit,
        amount,
    };
    Ok(Asked::Price(price, quote))
}

fn payable(amount: Msat) -> Option<Msat> {
    (amount.msat() > 0 && amount <= Msat::PAYABLE).then_some(amount)
}

/// What is hashed in the place of a description: the metadata of an LNURL, in `unhashed_description`. A node hashes what
/// it is given, so a hash alone cannot be used.
fn metadata_to_hash(sent: &JsonFields) -> Result<Option<LnurlMetadata>, Refusal> {
    let text = |name| Ok::<_, Refusal>(sent.text(name)?.filter(|text| !text.is_empty()));
    let hash = text("description_hash")?;
    let Some(unhashed) = text("unhashed_description")? else {
        return match hash {
            None => Ok(None),
            Some(_) => Err(Refusal::invalid(
                "description_hash: send what is hashed, as unhashed_description",
            )),
        };
    };
    let bytes = Vec::from_hex(&unhashed).ok();
    let json = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let metadata = json.and_then(LnurlMetadata::parse).ok_or_else(|| {
        Refusal::invalid("unhashed_description: must be the metadata of an LNURL, in hexadecimal")
    })?;
    let expected = hash.map(|hash| <[u8; 32]>::from_hex(&hash).ok());
    match expected {
        Some(hash) if hash != Some(metadata.sha256()) => Err(Refusal::invalid(
            "description_hash: is not the SHA-256 of unhashed_description",
        )),
        _ => Ok(Some(metadata)),
    }
}

/// What the caller wants to find again.
fn extra(sent: &JsonFields) -> Result<Option<Metadata>, Refusal> {
    sent.object("extra")?;
    let metadata = sent.raw("extra").map(Metadata::new).transpose();
    metadata.map_err(|error| Refusal::invalid(format_args!("extra: {error}")))
}
