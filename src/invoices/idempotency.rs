//! Idempotency: one request makes one invoice, however often it comes.

use std::sync::Arc;

use crate::invoices::{
    error::Error,
    hold::Duplicate,
    invoicing::{Invoicing, check_amount},
    price::fixed_price,
};
use facture_domain::idempotency::IdempotentRequest;
use facture_domain::{
    Hold, HoldIdentity, Identity, Invoice, Label, NewHold, NewInvoice, Order, Status,
};
use facture_store::Reserved;

impl Invoicing {
    /// Makes the one invoice of a request that may come twice, at the same time, later, or after a crash. All get the
    /// invoice as it was made, whatever has happened to it since. Its label follows from the request's scope and key, so
    /// that the node refuses to make a second one, whatever became of our records.
    ///
    /// # Errors
    /// As [`Invoicing::create`]; then the same request may be tried again. [`Error::OtherRequest`].
    pub async fn create_once(
        &self,
        request: IdempotentRequest,
        mut new: NewInvoice,
    ) -> Result<Arc<Invoice>, Error> {
        check_amount(&self.node, new.amount)?;
        let (scope, key) = (request.scope.clone(), request.key.clone());
        let identity = match new.hold {
            None => Choice::Plain(self.labels.identity_of_request(&scope, &key)),
            Some(terms) => {
                let identity = self.hold_identity_of_request(terms, &scope, &key)?;
                Choice::Hold(identity, terms)
            }
        };
        let own = identity.label().clone();
        let known = self.store.find(&own).await?;
        if let Some(known) = &known
            && !could_result_from(known, &new)
            && self.store.reserved(&scope, &key).await?.is_none()
        {
            // What the key was used for is not remembered any more, but that was something else.
            return Err(Error::OtherRequest);
        }
        let fixed = fixed_price(new.amount, &new.order);
        let (reserved, fixed) = self.store.reserve(request, own.clone(), fixed).await?;
        let label = match reserved {
            Reserved::For(label) => label,
            Reserved::OtherRequest => return Err(Error::OtherRequest),
        };
        if let Some(fixed) = fixed {
            // Of two that came at the same time, with two rates, the first counts.
            new = new.with_price(fixed);
        }
        let is_new = known.is_none();
        let made = match known {
            Some(known) if label == own => Some(known),
            // The key is from before labels were derived, or was used at the same time; or the follower has just taken in
            // what the node has of this identity, which may be something else.
            _ => self.store.find(&label).await?,
        };
        if let Some(made) = &made
            && is_new
            && label == own
            && !could_result_from(made, &new)
        {
            self.store.release(&scope, &key, label).await?;
            return Err(Error::OtherRequest);
        }
        let Some(made) = made else {
            let reserved = label.clone();
            let identity = match label == own {
                true => Some(identity),
                false => match new.hold {
                    None => self.labels.identity_of_label(label).map(Choice::Plain),
                    Some(terms) => {
                        let identity = self.labels.hold_identity_of_label(label);
                        identity.map(|identity| Choice::Hold(identity, terms))
                    }
                },
            };
            let made = match identity.ok_or(Error::OtherRequest)? {
                Choice::Plain(identity) => self.create_as(identity, new).await,
                Choice::Hold(identity, terms) => {
                    self.create_hold_as(identity, terms, new, Duplicate::Adopt)
                        .await
                }
            };
            return match made {
                // The node has it from a request that was forgotten in a power cut. Remembered for this one, the key would
                // get what the follower takes in of it.
                Err(Error::Mismatch) => {
                    self.store.release(&scope, &key, reserved).await?;
                    Err(Error::OtherRequest)
                }
                made => made,
            };
        };
        let as_made = Arc::new(Invoice {
            status: Status::Unpaid,
            cancelled_at: None,
            payment_proven_at: None,
            renewed_by: None,
            refunded: None,
            valuation: None,
            receipt: None,
            hold: made.hold.map(|hold| Hold::new(hold.secret, hold.deadline)),
            order: Order {
                warnings: made.order.warnings.clone(),
                ..new.order
            },
            ..Invoice::clone(&made)
        });
        // After a crash it was adopted from the node, which does not know the shop's side of it.
        if made.order != as_made.order || !new.webhooks.is_empty() {
            let node = self.store.node().await?.ok_or(Error::Mismatch)?;
            self.store
                .create(node, Arc::clone(&as_made), new.webhooks)
                .await?;
        }
        Ok(as_made)
    }
}

/// How the invoice of a request is identified.
enum Choice {
    Plain(Identity),
    Hold(HoldIdentity, NewHold),
}

impl Choice {
    fn label(&self) -> &Label {
        match self {
            Self::Plain(identity) => identity.label(),
            Self::Hold(identity, _) => &identity.label,
        }
    }
}

/// Whether an invoice is what a request asks for, as far as can be told: of one that was taken in from the node, the
/// shop's side is not known.
fn could_result_from(known: &Invoice, new: &NewInvoice) -> bool {
    let plain = Order {
        warnings: known.order.warnings.clone(),
        ..Order::default()
    };
    let asked = Order {
        warnings: known.order.warnings.clone(),
        ..new.order.clone()
    };
    let same_hold = match (known.hold, new.hold) {
        (None, None) => true,
        (Some(_), Some(terms)) => {
            let asked = terms.payment_hash;
            asked.is_none_or(|asked| asked == known.payment_hash)
        }
        _ => false,
    };
    same_hold
        && known.amount == new.amount
        && known.description == new.description.as_str()
        && (known.order == plain || known.order == asked)
}
