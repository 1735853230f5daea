//! What becomes of an invoice that can still be paid in our records and is gone from the node.

use jiff::Timestamp;

use crate::sync::error::Error;
use facture_domain::{Invoice, InvoiceRef, NodeId, Status};
use facture_node::Node;
use facture_store::{Merged, Store};

/// How often the node must confirm an absence.
const CONFIRMATIONS: u32 = 2;

/// What was found of an invoice, and is stored now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// The node has it, or had it until it expired.
    Merged(Merged),
    /// The node does not have it: it is cancelled now.
    Cancelled,
    /// The node does not have it, and it was not open any more.
    Unchanged,
}

/// Looks up an invoice that may be gone, and stores what comes of it.
///
/// # Errors
/// When the node does not answer, or the store fails.
pub(super) async fn resolve(
    node: &Node,
    store: &Store,
    id: &NodeId,
    invoice: &InvoiceRef,
) -> Result<Resolved, Error> {
    if let Some(found) = confirm_absent(node, invoice).await? {
        return Ok(Resolved::Merged(store.merge(id, &[found]).await?));
    }
    let known = store.find(&invoice.label).await?;
    if let Some(known) = known
        && known.status == Status::Unpaid
        && known.expires_at <= Timestamp::now()
        && node.may_delete_expired()
    {
        let expired = Invoice {
            status: Status::Expired,
            ..Invoice::clone(&known)
        };
        return Ok(Resolved::Merged(store.merge(id, &[expired]).await?));
    }
    Ok(match store.cancel(id, &invoice.label, None).await? {
        true => Resolved::Cancelled,
        false => Resolved::Unchanged,
    })
}

/// The node's invoice. An absence counts only once it is confirmed.
///
/// # Errors
/// When the node does not answer.
pub(super) async fn confirm_absent(
    node: &Node,
    invoice: &InvoiceRef,
) -> Result<Option<Invoice>, Error> {
    for _ in 0..CONFIRMATIONS {
        if let Some(found) = node.lookup(invoice).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
