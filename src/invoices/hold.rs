//! Hold invoices: making one, and taking the payment that is held or sending it back.

use std::sync::Arc;

use crate::{
    invoices::{
        error::Error,
        found::Found,
        invoicing::{Invoicing, check_amount, is_same},
    },
    sync::{Error as SyncError, HoldResult},
};
use facture_domain::{
    Decision, Hold, HoldIdentity, HoldSecret, Invoice, InvoiceRef, Label, LabelScheme, NewHold,
    NewInvoice, Preimage, StatusName,
    desk::{Actor, AuditAction, NewAudit},
};
use facture_node::{CreatedInvoice, HoldKey, NodeError, NodeErrorKind};

/// What came of settling a hold invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The payment is ours. It may have been before.
    Done(Arc<Invoice>),
    /// No payment is held: nobody has paid yet, or it is no hold invoice.
    NotHeld,
    /// The payment was sent back, or is being sent back.
    Cancelled,
    /// Its time ran out before anybody paid.
    Expired,
    /// The preimage is the shop's, and it was not given.
    PreimageMissing,
    /// The preimage that was given is another invoice's.
    PreimageWrong,
}

impl Invoicing {
    /// Takes the payment that is held for an invoice. `preimage`: of an invoice with a payment hash of the shop's own.
    /// `None` when there is no such invoice. In a task of its own. Once is enough, but twice does no harm: the decision is
    /// written first, and whatever ends us in between, the follower goes on.
    ///
    /// # Errors
    /// [`Error`]; then the same may be tried again.
    pub async fn settle(
        &self,
        label: &Label,
        preimage: Option<Preimage>,
    ) -> Result<Option<Settled>, Error> {
        self.settle_with(label, preimage, None).await
    }

    /// The same for somebody at the desk, whose entry in the audit log is written with the decision.
    ///
    /// # Errors
    /// As [`Invoicing::settle`].
    pub async fn settle_by(&self, label: &Label, actor: &Actor) -> Result<Option<Settled>, Error> {
        let entry = actor.did(AuditAction::SaleCaptured, label.as_str());
        self.settle_with(label, None, Some(entry)).await
    }

    async fn settle_with(
        &self,
        label: &Label,
        preimage: Option<Preimage>,
        entry: Option<NewAudit>,
    ) -> Result<Option<Settled>, Error> {
        let this = self.clone();
        let label = label.clone();
        self.run_to_completion(async move { this.settle_once(&label, preimage, entry).await })
            .await
    }

    async fn settle_once(
        &self,
        label: &Label,
        preimage: Option<Preimage>,
        entry: Option<NewAudit>,
    ) -> Result<Option<Settled>, Error> {
        let Some(Found { mut invoice, .. }) = self.find(label).await? else {
            return Ok(None);
        };
        let Some(hold) = invoice.hold else {
            return Ok(Some(Settled::NotHeld));
        };
        if let Some(preimage) = &preimage
            && preimage.payment_hash() != invoice.payment_hash
        {
            return Ok(Some(Settled::PreimageWrong));
        }
        if invoice.state() == StatusName::Unpaid {
            // It may have been paid just now.
            let refreshed = self.holds.refresh(label, invoice.payment_hash).await;
            refreshed.map_err(undone)?;
            invoice = self.store.find(label).await?.ok_or(Error::Mismatch)?;
        }
        if let Some(over) = settled(&invoice) {
            return Ok(Some(over));
        }
        match (hold.secret, &preimage) {
            (HoldSecret::OfShop, None) => return Ok(Some(Settled::PreimageMissing)),
            (HoldSecret::Ours(_), None) if self.holds.own_preimage(&invoice).is_none() => {
                tracing::error!("label.key is not the one that this hold invoice was made with");
                return Err(Error::Mismatch);
            }
            _ => {}
        }
        let decided = self
            .holds
            .decide(label, Decision::Settle, preimage.as_ref(), entry)
            .await
            .map_err(undone)?;
        Ok(Some(match decided {
            None => return Ok(None),
            Some(HoldResult::Otherwise(_)) => Settled::Cancelled,
            Some(HoldResult::PreimageMissing) => Settled::PreimageMissing,
            Some(HoldResult::Over(invoice)) => settled(&invoice).ok_or(Error::Mismatch)?,
        }))
    }

    /// Sends a held payment back, or makes sure that an unpaid hold invoice is never paid. In what state it is instead, if
    /// it cannot be cancelled.
    pub(super) async fn cancel_hold(
        &self,
        label: &Label,
        entry: Option<NewAudit>,
    ) -> Result<Option<StatusName>, Error> {
        let decided = self
            .holds
            .decide(label, Decision::Cancel, None, entry)
            .await;
        match decided.map_err(undone)? {
            None => Err(Error::Mismatch),
            // What is being settled is not cancelled any more.
            Some(HoldResult::Otherwise(_)) => Ok(Some(StatusName::Accepted)),
            Some(HoldResult::PreimageMissing) => Err(Error::Mismatch),
            Some(HoldResult::Over(invoice)) => Ok(match invoice.state() {
                StatusName::Cancelled => None,
                state => Some(state),
            }),
        }
    }

    /// How many payments are held, at most `limit`, from our records.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn count_held(&self, limit: u32) -> Result<u32, Error> {
        Ok(self.store.count_held(limit).await?)
    }

    /// Makes a hold invoice.
    pub(super) async fn create_hold(
        &self,
        terms: NewHold,
        new: NewInvoice,
    ) -> Result<Arc<Invoice>, Error> {
        if let Some(hash) = terms.payment_hash {
            let identity = self.labels.hold_identity_of_hash(hash);
            let identity = identity.ok_or(Error::HashUnavailable)?;
            return self
                .create_hold_as(identity, terms, new, Duplicate::Refuse)
                .await;
        }
        for _ in 0..MAX_COUNTERS {
            let identity = self.labels.hold_identity(self.next_counter().await?);
            let made = self
                .create_hold_as(identity, terms, new.clone(), Duplicate::Refuse)
                .await;
            match made {
                // By records that were lost.
                Err(Error::HashUsed) => {}
                made => return made,
            }
        }
        Err(Error::HashUsed)
    }

    /// Makes the hold invoice with this identity, however often it is asked for, as [`Invoicing::create_identified`] does.
    ///
    /// # Errors
    /// As [`Invoicing::create`].
    pub async fn create_identified_hold(
        &self,
        identity: HoldIdentity,
        terms: NewHold,
        new: NewInvoice,
    ) -> Result<Arc<Invoice>, Error> {
        check_amount(&self.node, new.amount)?;
        match self.store.find(&identity.label).await? {
            Some(known) if known.order.channel.is_some() => Ok(known),
            // As far as it is known already, it stays as it is.
            _ => {
                self.create_hold_as(identity, terms, new, Duplicate::Adopt)
                    .await
            }
        }
    }

    /// The identity of the hold invoice of a request that may be repeated.
    pub(super) fn hold_identity_of_request(
        &self,
        terms: NewHold,
        scope: &str,
        key: &str,
    ) -> Result<HoldIdentity, Error> {
        match terms.payment_hash {
            None => Ok(self.labels.hold_identity_of_request(scope, key)),
            Some(hash) => {
                let identity = self.labels.hold_identity_of_hash(hash);
                identity.ok_or(Error::HashUnavailable)
            }
        }
    }

    async fn next_counter(&self) -> Result<u64, Error> {
        match (self.labels.scheme(), self.node.id()) {
            (LabelScheme::OfPaymentHash, Some(node)) => {
                Ok(self.store.next_hold_counter(node).await?)
            }
            // Labels are chosen at random there; and before the node was ever reached, nothing is made.
            (LabelScheme::Chosen, _) | (_, None) => Ok(0),
        }
    }

    /// Makes it in a task of its own, as [`Invoicing::create`] does.
    pub(super) async fn create_hold_as(
        &self,
        identity: HoldIdentity,
        terms: NewHold,
        new: NewInvoice,
        duplicate: Duplicate,
    ) -> Result<Arc<Invoice>, Error> {
        let this = self.clone();
        self.run_to_completion(async move {
            let created = this.create_hold_on_node(&identity, &new, terms, duplicate);
            let CreatedInvoice { invoice, warnings } = created.await?;
            let invoice = Invoice {
                hold: Some(Hold::new(identity.secret, terms.deadline)),
                ..invoice
            };
            this.record_created(CreatedInvoice { invoice, warnings }, new)
                .await
        })
        .await
    }

    /// The identity was chosen before, so a lost answer can be repaired: when the node has it already, the invoice is there.
    async fn create_hold_on_node(
        &self,
        identity: &HoldIdentity,
        new: &NewInvoice,
        terms: NewHold,
        duplicate: Duplicate,
    ) -> Result<CreatedInvoice, Error> {
        let preimage = match identity.secret {
            HoldSecret::Ours(nonce) => Some(self.labels.hold_preimage(&nonce)),
            HoldSecret::OfShop => None,
        };
        let key = match &preimage {
            Some(preimage) => HoldKey::Preimage(preimage),
            None => HoldKey::Hash(identity.payment_hash),
        };
        let mut lost = None;
        for _attempt in 0..2 {
            let made = self.node.create_hold(identity, new, key, terms.cltv_blocks);
            match made.await {
                Ok(made) => return Ok(made),
                Err(error) if error.is_duplicate() => {
                    if lost.is_none() && duplicate == Duplicate::Refuse {
                        return Err(Error::HashUsed);
                    }
                    return self.adopt_hold(identity, new).await;
                }
                Err(error) if error.kind() == NodeErrorKind::AnswerLost => {
                    tracing::warn!(%error, "the answer of the node was lost, asking again");
                    lost = Some(error);
                }
                // After a lost answer, "not sent" would be untrue.
                Err(error) => return Err(unavailable(lost.unwrap_or(error))),
            }
        }
        Err(lost.map_or(Error::Mismatch, Error::Node))
    }

    /// The node's warnings are lost with its answer.
    async fn adopt_hold(
        &self,
        identity: &HoldIdentity,
        new: &NewInvoice,
    ) -> Result<CreatedInvoice, Error> {
        let reference = InvoiceRef {
            label: identity.label.clone(),
            payment_hash: Some(identity.payment_hash),
            node_label: None,
        };
        let found = self.node.lookup_hold(&reference).await?;
        let invoice = found.ok_or(Error::Mismatch)?;
        let made = CreatedInvoice {
            invoice,
            warnings: Vec::new(),
        };
        is_same(&made.invoice, new)
            .then_some(made)
            .ok_or(Error::Mismatch)
    }
}

/// What it means that the node has the invoice already, and no answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Duplicate {
    /// The request came before: it is the invoice of that.
    Adopt,
    /// Somebody else used the payment hash.
    Refuse,
}

/// So many counters are tried one after the other: those up to the last one were used by records that were lost.
const MAX_COUNTERS: u32 = 1000;

/// What a state means to somebody who wants to settle; `None` while the payment is held.
fn settled(invoice: &Arc<Invoice>) -> Option<Settled> {
    Some(match invoice.state() {
        StatusName::Accepted => return None,
        StatusName::Paid => Settled::Done(Arc::clone(invoice)),
        StatusName::Unpaid => Settled::NotHeld,
        StatusName::Cancelled => Settled::Cancelled,
        StatusName::Expired => Settled::Expired,
    })
}

/// Why a decision is not carried out yet.
fn undone(error: SyncError) -> Error {
    match error.into() {
        Error::Node(error) => unavailable(error),
        error => error,
    }
}

/// A node that cannot hold payments says so by having no such call, or by not letting us.
fn unavailable(error: NodeError) -> Error {
    match error.kind() {
        NodeErrorKind::Unsupported | NodeErrorKind::Forbidden => Error::HoldUnavailable(error),
        _ => error.into(),
    }
}
