//! What payments were worth in another currency when they arrived: written once, some time after the payment, which waits for
//! no rate.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    error::Error,
    rows::{InvoiceRow, SELECT_INVOICES},
    sql::all,
    store::Store,
};
use facture_domain::{Currency, Invoice, Label, Valuation};

impl Store {
    /// Payments since then with a price in another currency whose worth is not known yet, the oldest first, at most `limit`;
    /// none in the currencies `except`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn to_value(
        &self,
        since: Timestamp,
        except: &[Currency],
        limit: u32,
    ) -> Result<Vec<Invoice>, Error> {
        let except: Vec<_> = except.iter().map(Currency::to_string).collect();
        let except = serde_json::Value::from(except).to_string();
        self.query(move |connection| {
            let sql = format!("{SELECT_INVOICES} {TO_VALUE}");
            all(
                connection,
                &sql,
                (since.as_second(), limit, except),
                InvoiceRow::from_row,
                InvoiceRow::read,
            )
        })
        .await
    }

    /// Writes what a payment was worth. What was written before stays.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn value(&self, label: &Label, valuation: Valuation) -> Result<(), Error> {
        let label = label.clone();
        self.write(move |unit| {
            let Some(known) = unit.invoice(&label)? else {
                return Ok(());
            };
            if known.valuation.is_some() {
                return Ok(());
            }
            unit.set_valuation(Arc::new(Invoice {
                valuation: Some(valuation.clone()),
                ..Invoice::clone(&known)
            }))
        })
        .await
    }
}

const TO_VALUE: &str = "INDEXED BY invoices_to_value WHERE status = 'paid' AND rate IS NOT NULL AND paid_rate IS NULL AND paid_at >= ?1 \
     AND quote_currency NOT IN (SELECT value FROM json_each(?3)) ORDER BY paid_at LIMIT ?2";

#[cfg(test)]
mod tests {
    use facture_domain::{Msat, Order, Quote, Rate, RatePrice, Settlement, Status};

    use super::*;
    use crate::tests::{at, invoice, opened, plan};

    fn sale(number: u64, currency: &str) -> Invoice {
        let time = Timestamp::from_second(1_795_195_160).unwrap();
        let paid = Status::Paid(Settlement {
            amount_received: Msat::from_msat(1_234).unwrap(),
            paid_at: time,
            pay_index: number,
        });
        Invoice {
            order: Order {
                quote: Some(Quote {
                    amount: "1".to_owned(),
                    currency: currency.to_owned(),
                }),
                rate: Some(Rate {
                    currency: Currency::parse(currency).unwrap(),
                    price: RatePrice::parse("100000").unwrap(),
                    source: "a".to_owned(),
                    at: time,
                }),
                ..Order::default()
            },
            ..invoice(number, String::new(), paid)
        }
    }

    #[tokio::test]
    async fn those_in_a_currency_without_a_rate_do_not_stand_before_others() {
        let (_directory, store, node) = opened().await;
        let sales = [sale(1, "USD"), sale(2, "USD"), sale(3, "EUR")];
        store.apply(&node, &sales, &at(0)).await.unwrap();
        let numbers = async |except: &[&str], limit| {
            let except = except.iter().map(|code| Currency::parse(code).unwrap());
            let except: Vec<_> = except.collect();
            let found = store.to_value(Timestamp::UNIX_EPOCH, &except, limit).await;
            let numbers = found.unwrap().into_iter().map(|invoice| invoice.number);
            numbers.collect::<Vec<_>>()
        };
        assert_eq!(numbers(&[], 2).await.len(), 2);
        assert_eq!(numbers(&["USD"], 2).await, [3]);
        assert!(numbers(&["USD", "EUR"], 2).await.is_empty());
    }

    #[tokio::test]
    async fn they_are_found_by_an_index() {
        let (_directory, store, _) = opened().await;
        let plan = plan(&store, &format!("{SELECT_INVOICES} {TO_VALUE}"));
        assert!(plan.contains("INDEX invoices_to_value"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
