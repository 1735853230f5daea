//! Orders by payment links. An order is written down before its invoice is made: no more is sold than there is.

use std::sync::Arc;

use facture_domain::{
    Amount, Buyer, Channel, Currency, Description, FixedPrice, Invoice, LinkAmount, LinkUnit,
    LnurlMetadata, Metadata, NewInvoice, Order, PaymentLink, Price, Quote,
    idempotency::{IdempotentRequest, KeyRetention},
};
use facture_store::{LinkReserved, NewLinkSale};
use jiff::{SignedDuration, Timestamp};
use serde_json::{json, value::to_raw_value};
use sha2::{Digest, Sha256};
use tracing::Instrument;

use super::{error::Error, service::Links};
use crate::{
    invoices::Error as InvoicingError,
    pricing::{NoRate, Quorum},
};

/// What a buyer asks for, who may ask twice.
#[derive(Clone, Debug)]
pub struct LinkOrder {
    /// What distinguishes this order from others that say the same.
    pub key: String,
    /// What one piece costs.
    pub price: Price,
    /// How many pieces.
    pub pieces: u32,
    /// Who asks.
    pub buyer: Buyer,
    /// By what.
    pub way: OrderWay,
}

/// By what somebody orders.
#[derive(Clone, Debug)]
pub enum OrderWay {
    /// The link's page.
    Page,
    /// A wallet that asks the link itself.
    Wallet {
        /// What it was shown, and what it told.
        shown: LnurlMetadata,
        /// What it was told that a price in another currency is.
        fixed: Option<FixedPrice>,
    },
}

/// After this, an invoice that the node made without our knowing is not payable any more.
const RESERVATION_MARGIN: SignedDuration = SignedDuration::from_mins(10);

impl Links {
    /// Makes the invoice of an order: one for each key, however often it is asked for. To the end, whoever asked.
    ///
    /// # Errors
    /// [`Error`]; then nothing was reserved, or the same may be tried again.
    pub async fn order(&self, link: PaymentLink, order: LinkOrder) -> Result<Arc<Invoice>, Error> {
        let this = self.clone();
        let made = async move { this.order_once(&link, order).await };
        let made = tokio::spawn(made.in_current_span()).await;
        made.map_err(InvoicingError::from)?
    }

    async fn order_once(
        &self,
        link: &PaymentLink,
        order: LinkOrder,
    ) -> Result<Arc<Invoice>, Error> {
        let request = order.request(link);
        let new = self.priced(link, &order, &request).await?;
        let identity = self
            .labels
            .identity_of_request(&request.scope, &request.key);
        let until = Timestamp::now() + SignedDuration::from_secs(new.expiry.seconds().into());
        let sale = NewLinkSale {
            label: identity.label().clone(),
            slug: link.slug.clone(),
            pieces: order.pieces,
            buyer: order.buyer,
            until: until + RESERVATION_MARGIN,
        };
        match self.store.reserve_link_sale(sale).await? {
            LinkReserved::Done => {}
            LinkReserved::Closed(state) => return Err(Error::Closed(state)),
            LinkReserved::Unknown => return Err(Error::NotFound),
        }
        let made = self.invoicing.create_once(request, new).await;
        if let Err(error) = &made
            && error.was_not_made()
        {
            self.store.release_link_sale(identity.label()).await?;
        }
        Ok(made?)
    }

    /// The invoice with its amount, at the rate of now.
    async fn priced(
        &self,
        link: &PaymentLink,
        order: &LinkOrder,
        request: &IdempotentRequest,
    ) -> Result<NewInvoice, Error> {
        let price = order.price.times(order.pieces);
        let price = price.ok_or(Error::AmountTooLarge)?;
        let new = self.new_invoice(link, order, &price)?;
        let told = match &order.way {
            OrderWay::Wallet { fixed, .. } => fixed.clone(),
            OrderWay::Page => None,
        };
        let new = match (price.in_bitcoin(), told) {
            (Ok(amount), _) => NewInvoice {
                amount: Amount::Exact(amount.ok_or(Error::AmountTooLarge)?),
                ..new
            },
            (Err(_), Some(fixed)) => new.with_price(fixed),
            (Err(price), None) => {
                let quorum = Quorum::Configured;
                let priced = self.invoicing.priced(new, price, Some(request), quorum);
                priced.await.map_err(no_amount)?
            }
        };
        match (&link.terms.amount, new.amount) {
            (LinkAmount::Free(_), Amount::Exact(amount)) if !self.rules.takes(amount) => {
                Err(Error::AmountOutside)
            }
            _ => Ok(new),
        }
    }

    fn new_invoice(
        &self,
        link: &PaymentLink,
        order: &LinkOrder,
        price: &Price,
    ) -> Result<NewInvoice, Error> {
        let metadata = json!({ "link": link.slug.as_str(), "pieces": order.pieces });
        let metadata = to_raw_value(&metadata).map_err(|_| InvoicingError::Mismatch)?;
        let (quote, expiry) = match link.terms.amount.unit() {
            LinkUnit::Sat => (None, self.rules.expiry),
            LinkUnit::Currency(currency) => (Some(quote(price, currency)), self.rules.price_expiry),
        };
        Ok(NewInvoice {
            // Of a price in another currency it is not known yet.
            amount: Amount::Any,
            description: description(link, order.pieces),
            lnurl_metadata: match &order.way {
                OrderWay::Page => None,
                OrderWay::Wallet { shown, .. } => Some(shown.clone()),
            },
            expiry,
            order: Order {
                metadata: Metadata::new(&metadata).ok(),
                quote,
                channel: Some(Channel::Link),
                ..Order::default()
            },
            webhooks: Vec::new(),
            hold: None,
        })
    }
}

impl LinkOrder {
    /// Somebody who goes back and changes something wants a different invoice. What they say about themselves is hashed: it must
    /// not stand among the keys.
    fn request(&self, link: &PaymentLink) -> IdempotentRequest {
        let Buyer { name, mail, note } = &self.buyer;
        let mut said = format!("{name:?} {mail:?} {note:?}");
        if let OrderWay::Wallet { shown, .. } = &self.way {
            // Each byte counts: the hash in the invoice is of it.
            said.push_str(shown.as_str());
        }
        let said = hex::encode(Sha256::digest(said));
        IdempotentRequest {
            scope: "link".to_owned(),
            key: format!(
                "{} {} {} {} {said}",
                self.key, link.slug, self.price, self.pieces
            ),
            fingerprint: Vec::new(),
            retention: KeyRetention::Short,
        }
    }
}

/// Why there is no amount.
pub(super) fn no_amount(error: InvoicingError) -> Error {
    match error {
        InvoicingError::NoRate(NoRate::TooHigh) => Error::AmountTooLarge,
        error => error.into(),
    }
}

/// The price as the invoice has it.
fn quote(price: &Price, currency: Currency) -> Quote {
    let mut amount = price.amount();
    amount.rescale(currency.decimals());
    Quote {
        currency: currency.code().to_owned(),
        amount: amount.to_string(),
    }
}

/// What the buyer's wallet shows.
fn description(link: &PaymentLink, pieces: u32) -> Description {
    let title = &link.terms.title;
    let counted = match pieces {
        1 => return title.clone(),
        pieces => format!("{} × {pieces}", title.as_str()),
    };
    Description::parse(&counted).unwrap_or_else(|_| title.clone())
}
