//! The mirror of our invoices on the node, and the units of work that change it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    audit, endpoints,
    error::Error,
    mirror::Merged,
    rows::timestamp,
    sql::all,
    store::Store,
    unit::{self, NodeUnit},
};
use facture_domain::{
    EventKind, Hook, Invoice, InvoiceRef, Label, Metadata, NodeId, Order, OrderId, Status,
    StoredCursor, desk::NewAudit,
};

/// By its index: the planner would rather go through all that are unpaid, or expired, and sort them.
const SELECT_UNPAID: &str = "SELECT label, payment_hash FROM invoices INDEXED BY invoices_open \
     WHERE status = 'unpaid' AND hold IS NULL AND expires_at < ?1 ORDER BY expires_at LIMIT ?2";
const SELECT_EXPIRED: &str = "SELECT label, payment_hash FROM invoices INDEXED BY invoices_to_prune \
     WHERE status = 'expired' AND pruned_at IS NULL AND expires_at < ?1 ORDER BY expires_at LIMIT ?2";

impl Store {
    /// Finds an invoice.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn find(&self, label: &Label) -> Result<Option<Arc<Invoice>>, Error> {
        if let Some(invoice) = self.cached(label) {
            return Ok(Some(invoice));
        }
        let generation = self.shared.cache.generation();
        let found = self.lookup(|connection| unit::find(connection, label))?;
        let found = found.map(Arc::new);
        if let Some(invoice) = &found {
            self.shared.cache.keep(generation, invoice);
        }
        Ok(found)
    }

    /// An invoice that was read or written lately, if it is in the cache.
    pub fn cached(&self, label: &Label) -> Option<Arc<Invoice>> {
        self.shared.cache.get(label)
    }

    /// Stores an invoice that the node has just created, with its order and its webhooks. Harmless when the mirror has it
    /// already: the follower may have seen it first.
    ///
    /// # Errors
    /// [`Error`]: then nothing is stored, and the invoice must not be shown.
    pub async fn create(
        &self,
        node: NodeId,
        invoice: Arc<Invoice>,
        hooks: Vec<Hook>,
    ) -> Result<Merged, Error> {
        self.write_grouped(move |unit| {
            let unit = &mut unit.of_node(&node)?;
            let merged = unit.insert_reported(&invoice)?;
            unit.link_renewal(&invoice)?;
            for hook in &hooks {
                endpoints::add_hook(unit, &invoice.label, hook)?;
            }
            Ok(merged)
        })
        .await
    }

    /// Replaces what a shop says about an order; the invoice as it is then, `None` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn set_metadata(
        &self,
        label: &Label,
        metadata: Option<Metadata>,
        order_id: Option<OrderId>,
    ) -> Result<Option<Arc<Invoice>>, Error> {
        let label = label.clone();
        self.write(move |unit| {
            let Some(known) = unit.invoice(&label)? else {
                return Ok(None);
            };
            let order = Order {
                metadata: metadata.clone(),
                order_id: order_id.clone(),
                ..known.order.clone()
            };
            let changed = Arc::new(Invoice {
                order,
                ..Invoice::clone(&known)
            });
            unit.set_metadata(Arc::clone(&changed))?;
            Ok(Some(changed))
        })
        .await
    }

    /// Applies a page of the node's invoices and moves the cursor, in one unit of work. Applying a page twice changes
    /// nothing.
    ///
    /// # Errors
    /// [`Error`]: then nothing is changed, and the page is to be asked for again.
    pub async fn apply(
        &self,
        node: &NodeId,
        page: &[Invoice],
        cursor: &StoredCursor,
    ) -> Result<Merged, Error> {
        let (page, cursor) = (page.to_vec(), cursor.clone());
        self.write_for(node, move |unit| {
            let mut merged = Merged::default();
            for invoice in &page {
                merged += unit.apply_reported(invoice)?;
            }
            unit.move_cursor(&cursor)?;
            Ok(merged)
        })
        .await
    }

    /// Applies invoices of the node without moving the cursor, in one unit of work. Applying them twice changes nothing.
    ///
    /// # Errors
    /// [`Error`]: then nothing is changed.
    pub async fn merge(&self, node: &NodeId, invoices: &[Invoice]) -> Result<Merged, Error> {
        let invoices = invoices.to_vec();
        self.write_for(node, move |unit| {
            let mut merged = Merged::default();
            for invoice in &invoices {
                merged += unit.apply_reported(invoice)?;
            }
            Ok(merged)
        })
        .await
    }

    /// Invoices, hold invoices aside, that are still unpaid although their time ended before `before`, the oldest first, at
    /// most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn unpaid_since(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<InvoiceRef>, Error> {
        self.refs_before(SELECT_UNPAID, before, limit).await
    }

    /// Expired invoices whose time ended before `before` and that were not pruned yet, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn expired_before(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<InvoiceRef>, Error> {
        self.refs_before(SELECT_EXPIRED, before, limit).await
    }

    /// Records that an expired invoice was deleted from the node. Its row stays.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn pruned(&self, node: &NodeId, label: &Label) -> Result<(), Error> {
        let label = label.clone();
        self.write_for(node, move |unit| {
            unit.execute(
                "UPDATE invoices SET pruned_at = ?1 WHERE label = ?2",
                (unit.now().as_second(), label.as_str()),
            )?;
            Ok(())
        })
        .await
    }

    /// Writes down that the node has an unpaid invoice no more, so that nobody can pay it, or has sent a held payment back.
    /// Whether that is news. The entry in the audit log, if there is one, is written unless it was paid: who has told the node to is
    /// not always the first who writes down what came of it.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn cancel(
        &self,
        node: &NodeId,
        label: &Label,
        entry: Option<NewAudit>,
    ) -> Result<bool, Error> {
        let label = label.clone();
        self.write_for(node, move |unit| {
            let known = unit.invoice(&label)?;
            let status = known.as_ref().map(|invoice| &invoice.status);
            if !matches!(status, Some(Status::Paid(_))) {
                audit::write_if(unit, entry.as_ref())?;
            }
            known.map_or(Ok(false), |known| cancel(unit, &known))
        })
        .await
    }

    async fn refs_before(
        &self,
        sql: &'static str,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<InvoiceRef>, Error> {
        self.query(move |connection| {
            let parameters = (before.as_second(), limit);
            all(
                connection,
                sql,
                parameters,
                |row| Ok((row.get(0)?, row.get::<String>(1)?)),
                |(label, hash)| {
                    let hash = hash.parse().map_err(|_| Error::Corrupt("payment_hash"))?;
                    Ok(InvoiceRef {
                        label: Label::stored(label),
                        payment_hash: Some(hash),
                        node_label: None,
                    })
                },
            )
        })
        .await
    }
}

fn cancel(unit: &mut NodeUnit<'_, '_>, invoice: &Invoice) -> Result<bool, Error> {
    match invoice.status {
        Status::Unpaid | Status::Accepted(_) => {}
        Status::Paid(_) | Status::Expired => return Ok(false),
    }
    let cancelled = Invoice {
        status: Status::Expired,
        cancelled_at: Some(timestamp(unit.now().as_second())?),
        ..invoice.clone()
    };
    unit.change(EventKind::Cancelled, cancelled)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{opened, plan};

    #[tokio::test]
    async fn what_is_looked_for_now_and_then_is_found_by_an_index_in_its_order() {
        let (_directory, store, _) = opened().await;
        for (sql, index) in [
            (SELECT_UNPAID, "invoices_open (expires_at<?)"),
            (SELECT_EXPIRED, "invoices_to_prune (expires_at<?)"),
        ] {
            let plan = plan(&store, sql);
            assert!(plan.contains(index), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
