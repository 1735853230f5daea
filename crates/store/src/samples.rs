//! Sales of a sandbox that never were, so that there is something to see. They are rows and nothing else: no event, delivery or notice
//! tells of them, they take no number of the shop's receipts, and lists for programs leave them out.

use crate::{
    error::Error,
    payout_rows::PayoutRow,
    rows::{INSERT_INVOICE, InvoiceRow},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{Invoice, payout::Payout};

impl Store {
    /// Puts sales that never were and their refunds into records that have no invoices and belong to no node: a server that has run for a
    /// shop has bound them to one. All are of [`facture_domain::ShopId::sample`]. Whether there
    /// are such sales now.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_samples(
        &self,
        sales: Vec<Invoice>,
        refunds: Vec<Payout>,
    ) -> Result<bool, Error> {
        self.write(move |unit| {
            let is_bound = unit.prepare("SELECT 1 FROM nodes")?.exists([])?;
            if is_bound || has(unit, "true")? {
                return has(unit, SAMPLES);
            }
            for sale in &sales {
                let row = InvoiceRow::of(sale)?;
                unit.execute(INSERT_INVOICE, row.to_insert().as_ref())?;
            }
            for refund in &refunds {
                let row = PayoutRow::of(refund)?;
                unit.execute(PayoutRow::INSERT, row.to_insert().as_ref())?;
            }
            Ok(!sales.is_empty())
        })
        .await
    }
}

/// In these words of [`facture_domain::ShopId::sample`].
pub(super) const SAMPLES: &str = "shop_id = '(sample)'";

/// All others.
pub(super) const NO_SAMPLES: &str = "coalesce(shop_id, '') <> '(sample)'";

fn has(unit: &UnitOfWork<'_>, condition: &str) -> Result<bool, Error> {
    let sql = format!("SELECT 1 FROM invoices WHERE {condition} LIMIT 1");
    Ok(unit.prepare(&sql)?.exists([])?)
}

#[cfg(test)]
mod tests {
    use facture_domain::{EventKind, Msat, Order, Settlement, ShopId, Status, listing::Filter};
    use jiff::Timestamp;

    use super::*;
    use crate::tests::{at, invoice, opened};

    fn sample(number: u64) -> Invoice {
        let paid = Status::Paid(Settlement {
            amount_received: Msat::from_msat(1000).unwrap(),
            paid_at: Timestamp::from_second(1_795_195_160).unwrap(),
            pay_index: 0,
        });
        Invoice {
            order: Order {
                shop: Some(ShopId::sample()),
                ..Order::default()
            },
            ..invoice(number, String::new(), paid)
        }
    }

    #[tokio::test]
    async fn samples_are_rows_that_nothing_tells_of() {
        assert_eq!(SAMPLES, format!("shop_id = '{}'", ShopId::sample()));
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let node = facture_domain::NodeId::new("02".repeat(33));
        assert!(
            store
                .add_samples(vec![sample(1)], Vec::new())
                .await
                .unwrap()
        );
        // Once.
        assert!(
            store
                .add_samples(vec![sample(2)], Vec::new())
                .await
                .unwrap()
        );
        let sales = store.paid_sales(0..i64::MAX, None, 9).await.unwrap();
        assert_eq!(sales.len(), 1);
        assert_eq!(sales[0].order.shop, Some(ShopId::sample()));
        let events = store.events(0, &EventKind::ALL, 9).await.unwrap();
        assert!(events.is_empty());
        let real = invoice(7, String::new(), Status::Unpaid);
        store.apply(&node, &[real], &at(1)).await.unwrap();
        let listed = store.list(&Filter::default(), None, 9).await.unwrap();
        let numbers: Vec<_> = listed.invoices.iter().map(|one| one.number).collect();
        assert_eq!(numbers, [7]);
    }

    #[tokio::test]
    async fn records_of_a_node_get_none() {
        let (_directory, store, _) = opened().await;
        assert!(
            !store
                .add_samples(vec![sample(1)], Vec::new())
                .await
                .unwrap()
        );
        let sales = store.paid_sales(0..i64::MAX, None, 9).await.unwrap();
        assert!(sales.is_empty());
    }

    #[tokio::test]
    async fn records_with_an_invoice_get_none() {
        let (_directory, store, node) = opened().await;
        let real = invoice(7, String::new(), Status::Unpaid);
        store.apply(&node, &[real], &at(1)).await.unwrap();
        assert!(
            !store
                .add_samples(vec![sample(1)], Vec::new())
                .await
                .unwrap()
        );
        assert!(
            store
                .paid_sales(0..i64::MAX, None, 9)
                .await
                .unwrap()
                .is_empty()
        );
    }
}
