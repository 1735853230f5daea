//! All that was paid in a time, in order, page by page: what exports are made of.

use std::ops::Range;

use crate::{
    error::Error,
    payout_rows::PayoutRow,
    rows::{InvoiceRow, SELECT_INVOICES},
    sql::all,
    store::Store,
};
use facture_domain::{
    Invoice, Label,
    payout::{Payout, PayoutId},
};

impl Store {
    /// Sales that were paid in this time, in seconds since 1970, the oldest first, at most `limit`: those after `after`, which is
    /// when the last one was paid, and its label.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn paid_sales(
        &self,
        time: Range<i64>,
        after: Option<(i64, Label)>,
        limit: u32,
    ) -> Result<Vec<Invoice>, Error> {
        self.query(move |connection| {
            let (at, label) = match &after {
                Some((at, label)) => (*at, label.as_str()),
                None => (time.start, ""),
            };
            let sql = format!("{SELECT_INVOICES} {PAID}");
            let parameters = (at, label, time.end, limit);
            let row = InvoiceRow::from_row;
            all(connection, &sql, parameters, row, InvoiceRow::read)
        })
        .await
    }

    /// Refunds that were paid in this time, in the order in which they were ordered, at most `limit`: those after `after`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn paid_refunds(
        &self,
        time: Range<i64>,
        after: Option<PayoutId>,
        limit: u32,
    ) -> Result<Vec<Payout>, Error> {
        self.query(move |connection| {
            let sql = format!("{} {REFUNDED}", PayoutRow::SELECT);
            let after = after.as_ref().map(PayoutId::as_str);
            let parameters = (after, time.start, time.end, limit);
            let row = PayoutRow::from_row;
            all(connection, &sql, parameters, row, PayoutRow::read)
        })
        .await
    }
}

const PAID: &str = "INDEXED BY invoices_paid WHERE status = 'paid' AND (paid_at, label) > (?1, ?2) AND paid_at < ?3 \
     ORDER BY paid_at, label LIMIT ?4";

/// Refunds are few: those that are paid are looked at one after the other.
const REFUNDED: &str = "WHERE state = 'paid' \
     AND number > coalesce((SELECT number FROM payouts WHERE id = ?1), 0) AND invoice IS NOT NULL AND paid_at >= ?2 AND paid_at < ?3 \
     ORDER BY number LIMIT ?4";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{at, invoice, opened, plan};
    use facture_domain::{Msat, Settlement, Status};
    use jiff::Timestamp;

    #[tokio::test]
    async fn pages_of_sales_follow_each_other_by_an_index() {
        let (_directory, store, node) = opened().await;
        let plan_of = plan(&store, &format!("{SELECT_INVOICES} {PAID}"));
        assert!(
            plan_of.contains("invoices_paid ((paid_at,label)>(?,?) AND paid_at<?"),
            "{plan_of}"
        );
        assert!(!plan_of.contains("TEMP B-TREE"), "{plan_of}");
        let plan_of = plan(&store, &format!("{} {REFUNDED}", PayoutRow::SELECT));
        assert!(
            plan_of.contains("payouts_state (state=? AND number>?)"),
            "{plan_of}"
        );
        let sale = |number: u64, paid_at: i64| {
            let status = Status::Paid(Settlement {
                amount_received: Msat::from_msat(1).unwrap(),
                paid_at: Timestamp::from_second(paid_at).unwrap(),
                pay_index: number,
            });
            invoice(number, String::new(), status)
        };
        let page = [
            sale(1, 99),
            sale(3, 100),
            sale(2, 100),
            sale(4, 150),
            sale(5, 200),
        ];
        store.apply(&node, &page, &at(1)).await.unwrap();
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = store.paid_sales(100..200, after, 2).await.unwrap();
            let Some(last) = page.last() else {
                break;
            };
            let Status::Paid(paid) = &last.status else {
                panic!("{last:?}");
            };
            after = Some((paid.paid_at.as_second(), last.label.clone()));
            found.extend(page.iter().map(|sale| sale.number));
        }
        assert_eq!(found, [2, 3, 4]);
        assert!(
            store
                .paid_refunds(0..i64::MAX, None, 9)
                .await
                .unwrap()
                .is_empty()
        );
    }
}
