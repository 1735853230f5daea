//! Sales: what they come to, and their invoice.

use std::sync::Arc;

use facture_domain::{
    Amount, Channel, Description, Invoice, NewInvoice, Order, Price, Quote,
    counter::{CounterSale, CounterSaleError, SoldLines},
    desk::UserName,
    idempotency::{IdempotentRequest, KeyRetention},
};
use sha2::{Digest, Sha256};

use super::{error::Error, service::Counter};
use crate::{
    invoices::Error as InvoicingError,
    pricing::{NoRate, Quorum},
};

/// What a cashier sells, who may press the button twice.
#[derive(Clone, Debug)]
pub struct Selling {
    /// What distinguishes this sale from others of the same.
    pub key: String,
    /// What is sold.
    pub sale: CounterSale,
    /// Who sells it.
    pub cashier: UserName,
}

impl Counter {
    /// Makes the invoice of a sale: one for each key, however often it is asked for. A price in another currency becomes
    /// bitcoin at the rate of now.
    ///
    /// # Errors
    /// [`Error`]; then there is nothing to pay, and the same may be tried again.
    pub async fn sell(&self, selling: &Selling) -> Result<Arc<Invoice>, Error> {
        let total = selling.sale.total()?;
        let sold = SoldLines::of(&selling.sale);
        let request = selling.request(&total.price);
        let new = NewInvoice {
            // Of a price in another currency it is not known yet.
            amount: Amount::Any,
            description: self.description(&sold),
            lnurl_metadata: None,
            expiry: self.rules.expiry,
            order: Order {
                metadata: sold.metadata(),
                quote: Some(self.quote(&total.price)),
                breakdown: (!total.breakdown.is_empty()).then_some(total.breakdown),
                channel: Some(Channel::Pos),
                cashier: Some(selling.cashier.to_string()),
                ..Order::default()
            },
            webhooks: Vec::new(),
            hold: None,
        };
        let new = match total.price.in_bitcoin() {
            Ok(amount) => NewInvoice {
                amount: Amount::Exact(amount.ok_or(CounterSaleError::TooMuch)?),
                ..new
            },
            Err(price) => {
                let quorum = Quorum::Configured;
                let priced = self.invoicing.priced(new, price, Some(&request), quorum);
                priced.await.map_err(|error| match error {
                    InvoicingError::NoRate(NoRate::TooHigh) => CounterSaleError::TooMuch.into(),
                    error => Error::from(error),
                })?
            }
        };
        Ok(self.invoicing.create_once(request, new).await?)
    }

    /// The price as the invoice has it.
    fn quote(&self, price: &Price) -> Quote {
        let mut amount = price.amount();
        amount.rescale(self.rules.unit.decimals());
        Quote {
            currency: self.rules.unit.code().to_owned(),
            amount: amount.to_string(),
        }
    }

    /// What the buyer's wallet shows: what is sold, as far as there is room.
    fn description(&self, sold: &SoldLines) -> Description {
        let mut text = sold.summary();
        if text.len() > Description::MAX_BYTES {
            let end = text.floor_char_boundary(Description::MAX_BYTES - "…".len());
            text.truncate(end);
            text.push('…');
        }
        let described = Description::parse(&text).ok();
        let described = described.filter(|described| !described.as_str().is_empty());
        described.unwrap_or_else(|| self.rules.title.clone())
    }
}

impl Selling {
    /// Somebody who goes back and changes something wants a different invoice.
    fn request(&self, price: &Price) -> IdempotentRequest {
        let said = format!("{:?} {}", self.sale, self.cashier);
        let said = hex::encode(Sha256::digest(said));
        IdempotentRequest {
            scope: "counter".to_owned(),
            key: format!("{} {price} {said}", self.key),
            fingerprint: Vec::new(),
            retention: KeyRetention::Short,
        }
    }
}
