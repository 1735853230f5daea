//! A new invoice that replaces an expired one.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    invoices::{error::Error, found::Found, invoicing::Invoicing},
    pricing::Quorum,
};
use facture_domain::idempotency::{IdempotentRequest, KeyRetention};
use facture_domain::{
    Description, Expiry, Invoice, Label, NewInvoice, Order, Price, Quote, Status,
};
use facture_store::RENEWALS;

/// What follows an invoice.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub enum Succession {
    /// It can be renewed.
    Open,
    /// It was renewed as this invoice.
    Renewed(Label),
    /// Nothing: it did not expire, the shop took it back, its price is not valid any more, or it expired too long ago.
    Over,
}

/// The result of a renewal request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// This invoice counts now: the newest of the order; or the one that was named, when it can still be paid, was paid or
    /// is proven to have been.
    To(Label),
    /// It cannot be paid or renewed any more.
    Refused,
}

impl Invoicing {
    /// Makes an invoice for the same order and for as long in the place of an expired one, at the rate of now if its price is
    /// in another currency: once, however often and by however many this is asked for. `None` when there is no such invoice.
    ///
    /// # Errors
    /// As [`Invoicing::create`]; [`Error::NoRate`].
    pub async fn renew(&self, label: &Label) -> Result<Option<Renewal>, Error> {
        let mut label = label.clone();
        loop {
            let Some(Found { invoice: old, .. }) = self.find(&label).await? else {
                return Ok(None);
            };
            if old.payment_proven_at.is_some() {
                // It must not be paid twice.
                return Ok(Some(Renewal::To(label)));
            }
            label = match (&old.status, self.succession(&old).await?) {
                (Status::Unpaid | Status::Accepted(_) | Status::Paid(_), _) => {
                    return Ok(Some(Renewal::To(label)));
                }
                (Status::Expired, Succession::Over) => return Ok(Some(Renewal::Refused)),
                (Status::Expired, Succession::Renewed(next)) => next,
                (Status::Expired, Succession::Open) => {
                    let made = self.renew_once(old).await?;
                    return Ok(Some(Renewal::To(made.label.clone())));
                }
            };
        }
    }

    async fn renew_once(&self, old: Arc<Invoice>) -> Result<Arc<Invoice>, Error> {
        // The label alone identifies the request.
        let request = IdempotentRequest {
            scope: RENEWALS.to_owned(),
            key: old.label.to_string(),
            fingerprint: Vec::new(),
            retention: KeyRetention::Forever,
        };
        let told = self.store.endpoints_of(&old.label).await?;
        let webhooks = told.into_iter().map(|endpoint| endpoint.hook).collect();
        let lasted = old.expires_at.duration_since(old.created_at).as_secs();
        let new = NewInvoice {
            amount: old.amount,
            // What is on the node is a description that it takes.
            description: Description::parse_lines(&old.description).map_err(|_| Error::Mismatch)?,
            expiry: u32::try_from(lasted)
                .ok()
                .and_then(|seconds| Expiry::from_seconds(seconds).ok())
                .ok_or(Error::Mismatch)?,
            order: Order {
                renewal_of: Some(old.label.clone()),
                first_expired_at: old.order.first_expired_at.or(Some(old.expires_at)),
                warnings: Vec::new(),
                ..old.order.clone()
            },
            lnurl_metadata: None,
            webhooks,
            // Hold invoices cannot be renewed.
            hold: None,
        };
        let new = match quote(&new) {
            None => new,
            // The rate of then was for then.
            Some(quoted) => {
                let price = Price::parse(&quoted.amount, &quoted.currency);
                let price = price.map_err(|_| Error::Mismatch)?;
                let quorum = Quorum::of(new.order.channel);
                self.priced(new, &price, Some(&request), quorum).await?
            }
        };
        self.create_once(request, new).await
    }

    /// What comes after an invoice; nothing as long as it can be paid, and when it was.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn succession(&self, invoice: &Invoice) -> Result<Succession, Error> {
        Ok(match (&invoice.status, &invoice.renewed_by) {
            (Status::Expired, Some(next)) => Succession::Renewed(next.clone()),
            _ if !invoice.is_renewable(self.renewable, Timestamp::now()) => Succession::Over,
            // Taken back by its shop, after it had expired.
            _ if self.is_deleted(&invoice.label).await? => Succession::Over,
            _ => Succession::Open,
        })
    }
}

/// The price in another currency from which the amount was made.
fn quote(new: &NewInvoice) -> Option<Quote> {
    let order = &new.order;
    order.quote.clone().filter(|_| order.rate.is_some())
}
