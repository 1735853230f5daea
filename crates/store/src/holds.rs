//! Hold invoices that are not decided yet, and what is decided about them.

use std::sync::Arc;

use crate::{
    audit,
    error::Error,
    rows::{InvoiceRow, SELECT_INVOICES, from_sql, timestamp},
    sql::{OptionalExtension, all},
    store::Store,
};
use facture_domain::{Decision, EventKind, Hold, Invoice, Label, NodeId, Status, desk::NewAudit};

/// What came of deciding about a hold invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is decided so, by this call or by an earlier one.
    So(Arc<Invoice>),
    /// It was decided otherwise before.
    Otherwise(Arc<Invoice>),
    /// There is nothing to decide: it is over, or it is no hold invoice.
    Over(Arc<Invoice>),
}

/// By the index that has nothing else.
const SELECT_OPEN: &str = " INDEXED BY invoices_holds WHERE hold IS NOT NULL AND status = 'unpaid' \
     AND label > ?1 ORDER BY label LIMIT ?2";
const COUNT_HELD: &str = "SELECT count(*) FROM (SELECT 1 FROM invoices INDEXED BY invoices_held \
     WHERE accepted_at IS NOT NULL LIMIT ?1) AS held";

impl Store {
    /// Hold invoices that are unpaid or whose payment is held, in the order of their labels, after this one, at most
    /// `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn open_holds(
        &self,
        after: Option<&Label>,
        limit: u32,
    ) -> Result<Vec<Invoice>, Error> {
        let after = after.map_or_else(String::new, Label::to_string);
        self.query(move |connection| {
            let sql = format!("{SELECT_INVOICES}{SELECT_OPEN}");
            all(
                connection,
                &sql,
                (after, limit),
                InvoiceRow::from_row,
                InvoiceRow::read,
            )
        })
        .await
    }

    /// How many payments are held, at most `limit`: no more are looked at.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn count_held(&self, limit: u32) -> Result<u32, Error> {
        self.query(move |connection| {
            let count: i64 = connection
                .prepare_cached(COUNT_HELD)?
                .query_row([limit], |row| row.get(0))?;
            Ok(u32::try_from(count).unwrap_or(u32::MAX))
        })
        .await
    }

    /// A number for the preimage of a hold invoice that was never given before, as far as the records know.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn next_hold_counter(&self, node: &NodeId) -> Result<u64, Error> {
        self.write_for(node, move |unit| {
            let counter = unit
                .prepare("UPDATE nodes SET hold_counter = hold_counter + 1 RETURNING hold_counter")?
                .query_row([], |row| row.get(0))?;
            from_sql(counter)
        })
        .await
    }

    /// The last number that [`Store::next_hold_counter`] gave; 0 before the first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn last_hold_counter(&self) -> Result<u64, Error> {
        self.lookup(|connection| {
            let counter = connection
                .prepare_cached("SELECT hold_counter FROM nodes")?
                .query_row([], |row| row.get(0))
                .optional()?;
            from_sql(counter.unwrap_or_default())
        })
    }

    /// Writes down what is decided about a hold invoice, before the node is asked to do it. The first decision counts; only
    /// a held payment can be settled. The entry in the audit log, if there is one, is the first decision's. `None` when there is no such
    /// invoice.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written: then nothing is decided.
    pub async fn decide(
        &self,
        node: &NodeId,
        label: &Label,
        decision: Decision,
        entry: Option<NewAudit>,
    ) -> Result<Option<Decided>, Error> {
        let label = label.clone();
        self.write_for(node, move |unit| {
            let Some(invoice) = unit.invoice(&label)? else {
                return Ok(None);
            };
            let can_be = match (&invoice.status, decision) {
                (Status::Accepted(_), _) | (Status::Unpaid, Decision::Cancel) => true,
                (Status::Unpaid | Status::Paid(_) | Status::Expired, _) => false,
            };
            let hold = match invoice.hold {
                Some(hold) if can_be => hold,
                _ => return Ok(Some(Decided::Over(invoice))),
            };
            match hold.decision {
                Some(known) if known == decision => Ok(Some(Decided::So(invoice))),
                Some(_) => Ok(Some(Decided::Otherwise(invoice))),
                None => {
                    let decided = Arc::new(Invoice {
                        hold: Some(Hold {
                            decision: Some(decision),
                            ..hold
                        }),
                        ..Invoice::clone(&invoice)
                    });
                    unit.update(&decided)?;
                    audit::write_if(unit, entry.as_ref())?;
                    Ok(Some(Decided::So(decided)))
                }
            }
        })
        .await
    }

    /// Writes down that the shop is told that a held payment is soon to be decided. Whether that is news.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn warn_of_deadline(&self, node: &NodeId, label: &Label) -> Result<bool, Error> {
        let label = label.clone();
        self.write_for(node, move |unit| {
            let Some(invoice) = unit.invoice(&label)? else {
                return Ok(false);
            };
            match (&invoice.status, invoice.hold) {
                (Status::Accepted(_), Some(hold)) if hold.warned_at.is_none() => {
                    let warned = Invoice {
                        hold: Some(Hold {
                            // As it is read back.
                            warned_at: Some(timestamp(unit.now().as_second())?),
                            ..hold
                        }),
                        ..Invoice::clone(&invoice)
                    };
                    unit.change(EventKind::HoldExpiring, warned)?;
                    Ok(true)
                }
                _ => Ok(false),
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{opened, plan};

    #[tokio::test]
    async fn they_are_found_by_an_index() {
        let (_directory, store, _) = opened().await;
        let open = format!("{SELECT_INVOICES}{SELECT_OPEN}");
        for (sql, index) in [
            (&*open, "INDEX invoices_holds"),
            (COUNT_HELD, "INDEX invoices_held"),
        ] {
            let plan = plan(&store, sql);
            assert!(plan.contains(index), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
