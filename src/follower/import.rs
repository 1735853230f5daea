//! Taking over the invoices of Lightning Charge: their labels become ours, so they are found and followed like those we
//! make. Every other label of another program stays "not found".

use std::{fmt, path::Path};

use super::{Error, Follower};
use crate::{
    invoice::{Invoice, NodeId, Status},
    store::{ChargeInvoice, read_charge_file},
};

/// What came of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many invoices are ours now.
    pub taken: u64,
    /// How many were ours before.
    pub known: u64,
    /// How many of those taken the node has no more.
    pub gone: u64,
    /// How many make no sense.
    pub refused: u64,
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            taken,
            known,
            gone,
            refused,
        } = self;
        write!(
            f,
            "{taken} invoices taken over, {gone} of them no longer on the node; {known} were known, {refused} refused"
        )
    }
}

impl Follower {
    /// Takes over all invoices in a database of Lightning Charge that was on this node. Those that were paid since it
    /// looked last are settled, and their webhooks sent. A second time changes nothing.
    ///
    /// # Errors
    /// [`Error`]; what was taken until then stays taken.
    pub async fn import_charge(&self, file: &Path) -> Result<Imported, Error> {
        let node = self.node.getinfo().await?.id;
        self.store.bind(&node).await?;
        let mut imported = Imported::default();
        for invoice in read_charge_file(file).await? {
            match invoice {
                Ok(invoice) => self.take(&node, invoice, &mut imported).await?,
                Err(reason) => {
                    tracing::warn!(reason, "an invoice is not taken over");
                    imported.refused += 1;
                }
            }
        }
        Ok(imported)
    }

    async fn take(
        &self,
        node: &NodeId,
        mut left: ChargeInvoice,
        imported: &mut Imported,
    ) -> Result<(), Error> {
        let label = &left.invoice.label;
        if self.store.is_charge_label(label).await? {
            imported.known += 1;
            return Ok(());
        }
        let now = match self.node.invoice_by_label(label).await? {
            Some(Invoice {
                status,
                created_index,
                ..
            }) => {
                left.invoice.created_index = created_index;
                status
            }
            // Nobody can pay it any more.
            None => {
                imported.gone += 1;
                match &left.invoice.status {
                    Status::Unpaid => Status::Expired,
                    status => status.clone(),
                }
            }
        };
        self.store.import_charge(node, &left, &now).await?;
        imported.taken += 1;
        Ok(())
    }
}
