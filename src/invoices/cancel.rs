//! Taking an invoice back.

use std::sync::Arc;

use crate::invoices::{error::Error, found::Found, invoicing::Invoicing};
use facture_domain::{
    Invoice, InvoiceRef, Label, Status, StatusName,
    desk::{Actor, AuditAction, NewAudit},
};
use facture_node::{DeleteOutcome, Node, NodeErrorKind};

/// The result of cancelling an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// Nobody can pay it any more. It may have been cancelled before.
    Done(Arc<Invoice>),
    /// The buyer was first.
    Paid,
    /// Its time had run out.
    Expired,
    /// Its held payment is being settled.
    Settling,
}

impl Invoicing {
    /// Takes an invoice back, so that nobody can pay it any more; a payment that is held is sent back. `None` when there is none of that label. The node deletes
    /// it only if it is unpaid, and then nobody can pay it: either the buyer is first or we are. Once is enough, but twice
    /// does no harm. In a task of its own, like making one. Should we end in between, the follower finds that the node has
    /// it no more.
    ///
    /// # Errors
    /// [`Error`]; then the same may be tried again.
    pub async fn cancel(&self, label: &Label) -> Result<Option<Cancelled>, Error> {
        self.cancel_with(label, None).await
    }

    /// The same for somebody at the desk, whose entry in the audit log is written with it.
    ///
    /// # Errors
    /// As [`Invoicing::cancel`].
    pub async fn cancel_by(
        &self,
        label: &Label,
        actor: &Actor,
    ) -> Result<Option<Cancelled>, Error> {
        let entry = actor.did(AuditAction::SaleCancelled, label.as_str());
        self.cancel_with(label, Some(entry)).await
    }

    async fn cancel_with(
        &self,
        label: &Label,
        entry: Option<NewAudit>,
    ) -> Result<Option<Cancelled>, Error> {
        let this = self.clone();
        let label = label.clone();
        self.run_to_completion(async move { this.cancel_once(&label, entry).await })
            .await
    }

    async fn cancel_once(
        &self,
        label: &Label,
        entry: Option<NewAudit>,
    ) -> Result<Option<Cancelled>, Error> {
        let Some(Found { invoice, .. }) = self.find(label).await? else {
            return Ok(None);
        };
        match invoice.state() {
            StatusName::Paid => return Ok(Some(Cancelled::Paid)),
            StatusName::Cancelled => return Ok(Some(Cancelled::Done(invoice))),
            StatusName::Expired => return Ok(Some(Cancelled::Expired)),
            StatusName::Unpaid | StatusName::Accepted => {}
        }
        match self.cancel_on_node(&invoice, entry).await? {
            None | Some(StatusName::Cancelled) => {}
            Some(StatusName::Paid) => return Ok(Some(Cancelled::Paid)),
            Some(StatusName::Expired) => return Ok(Some(Cancelled::Expired)),
            Some(StatusName::Accepted) => return Ok(Some(Cancelled::Settling)),
            Some(StatusName::Unpaid) => return Err(Error::Mismatch),
        }
        let gone = self.store.find(label).await?.ok_or(Error::Mismatch)?;
        Ok(Some(match gone.status {
            // The payment of an invoice that was paid and then deleted by somebody else came to us first.
            Status::Paid(_) => Cancelled::Paid,
            Status::Unpaid | Status::Accepted(_) | Status::Expired => Cancelled::Done(gone),
        }))
    }

    /// Takes an unpaid invoice from the node, so that nobody can pay it, and writes that down; of a hold invoice the
    /// payment is sent back. In what state it is instead, if that cannot be: then nothing has changed.
    pub(super) async fn cancel_on_node(
        &self,
        invoice: &Invoice,
        entry: Option<NewAudit>,
    ) -> Result<Option<StatusName>, Error> {
        if invoice.hold.is_some() {
            return self.cancel_hold(&invoice.label, entry).await;
        }
        match delete_unpaid(&self.node, &invoice.into()).await? {
            // Gone before: an earlier answer was lost.
            DeleteOutcome::Deleted | DeleteOutcome::NotFound => {}
            DeleteOutcome::WrongStatus(state) => return Ok(Some(state)),
        }
        let node = self.node.id().ok_or(Error::Mismatch)?;
        self.store.cancel(node, &invoice.label, entry).await?;
        Ok(None)
    }
}

/// Deletes an unpaid invoice from the node. After a lost answer asks again: when the node does not have it then, it is
/// deleted. That it has none must be true of its list too.
pub(super) async fn delete_unpaid(
    node: &Node,
    invoice: &InvoiceRef,
) -> Result<DeleteOutcome, Error> {
    for _ in 0..2 {
        let deleted = match node.delete(invoice, StatusName::Unpaid).await {
            Err(error) if error.kind() == NodeErrorKind::AnswerLost => {
                tracing::warn!(%error, "the answer of the node was lost, asking again");
                node.delete(invoice, StatusName::Unpaid).await?
            }
            answer => answer?,
        };
        if deleted != DeleteOutcome::NotFound || node.lookup(invoice).await?.is_none() {
            return Ok(deleted);
        }
        tracing::warn!("the node contradicts itself about an invoice, asking again");
    }
    Err(Error::Mismatch)
}
