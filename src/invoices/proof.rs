//! A preimage of an invoice that is not paid, as far as we know: its holder has paid, so something is wrong.

use crate::invoices::{cancel::delete_unpaid, error::Error, invoicing::Invoicing};
use facture_domain::{Invoice, InvoiceRef, Status, StatusName};
use facture_node::DeleteOutcome;

impl Invoicing {
    /// Sees to an invoice whose preimage was shown although it is not paid in our records. The node is asked at once. If
    /// it has the payment, that is taken in. Otherwise the invoice is marked
    /// ([`payment_proven_at`](Invoice::payment_proven_at)): nobody is to pay it a second time, and the shop is told.
    /// An unpaid one is taken from the node: a node that forwards a payment could keep it, as its preimage is known.
    ///
    /// # Errors
    /// [`Error::Store`]; then the same may be tried again.
    pub async fn payment_proven(&self, invoice: &Invoice) -> Result<(), Error> {
        let this = self.clone();
        let (reference, hash) = (InvoiceRef::from(invoice), invoice.payment_hash);
        let is_hold = invoice.hold.is_some();
        self.run_to_completion(async move {
            tracing::error!(
                %hash,
                "somebody showed the preimage of an invoice that is not paid in the records, asking the node"
            );
            if is_hold {
                // Of a held payment its preimage proves nothing yet: it is for the shop to settle.
                return Ok(this.holds.refresh(&reference.label, hash).await?);
            }
            match this.settled_on_node(&reference).await {
                Ok(Some(paid)) => {
                    let node = this.node.id().ok_or(Error::Mismatch)?;
                    let (node, hooks) = (node.clone(), Vec::new());
                    this.store.create(node, paid.into(), hooks).await?;
                    tracing::error!(%hash, "the node has its payment, which was missed");
                }
                missing => {
                    if let Err(error) = missing {
                        tracing::error!(%hash, %error, "the node could not be asked for its payment");
                    }
                    let node = this.store.node().await?.ok_or(Error::Mismatch)?;
                    if this.store.payment_proven(&node, &reference.label).await? {
                        tracing::error!(
                            %hash,
                            "the node does not have its payment: what arrived, and when, is to be found out by hand"
                        );
                    }
                }
            }
            Ok(())
        })
        .await
    }

    /// The invoice, if the node has it as paid. Otherwise the node does not take a payment for it any more.
    async fn settled_on_node(&self, reference: &InvoiceRef) -> Result<Option<Invoice>, Error> {
        let is_paid = |invoice: &Invoice| matches!(invoice.status, Status::Paid(_));
        let found = self.node.lookup(reference).await?;
        match found {
            Some(invoice) if is_paid(&invoice) => return Ok(Some(invoice)),
            Some(invoice) if invoice.status == Status::Unpaid => {}
            Some(_) | None => return Ok(None),
        }
        match delete_unpaid(&self.node, reference).await? {
            DeleteOutcome::WrongStatus(StatusName::Paid) => {
                let found = self.node.lookup(reference).await?;
                Ok(found.filter(is_paid))
            }
            DeleteOutcome::Deleted | DeleteOutcome::NotFound | DeleteOutcome::WrongStatus(_) => {
                Ok(None)
            }
        }
    }
}
