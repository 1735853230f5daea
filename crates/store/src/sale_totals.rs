//! What the paid sales of a search come to: all that the search may look at, without the pages.

use crate::{
    error::Error,
    rows::timestamp,
    sale_search::{IndexOrder, Way},
    sql::Connection,
    store::Store,
    worth::{added, worth_columns},
};
use facture_domain::desk::{Reach, SaleSearch, SaleTotals};

const ROWS: &str = "SELECT status, quote_currency, amount_received_msat, paid_fiat FROM invoices";

impl Store {
    /// What the paid ones of the sales come to that fit: of the newest 10,000 that are looked at, if there are more.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn sale_totals(&self, search: &SaleSearch) -> Result<SaleTotals, Error> {
        let search = search.clone();
        self.query(move |connection| {
            // Of one moment: how far it goes and what it finds.
            let reading = connection.snapshot()?;
            totals(&reading, &search)
        })
        .await
    }
}

fn totals(connection: &Connection, search: &SaleSearch) -> Result<SaleTotals, Error> {
    let way = Way::of(connection, search)?;
    let end = match way.order {
        IndexOrder::OfList => way.end(connection, search, None)?,
        IndexOrder::BySought => None,
    };
    let rows = way.rows(ROWS, search, None, end.as_ref());
    let sql = format!(
        "SELECT {} FROM ({}) AS found WHERE status = 'paid' GROUP BY quote_currency",
        worth_columns!(),
        rows.sql
    );
    let added = added(connection, &sql, rows.parameters)?;
    Ok(SaleTotals {
        count: added.count,
        msat: added.msat,
        worth: added.worth,
        reach: match end {
            Some(end) => Reach::BackTo(timestamp(end.created_at)?),
            None => Reach::Whole,
        },
    })
}

#[cfg(test)]
mod tests {
    use facture_domain::{
        Currency, Invoice, Msat, Order, Quote, Rate, RatePrice, Settlement, Status, StatusName,
        Valuation,
        desk::{Sought, WorthSum},
    };
    use jiff::Timestamp;

    use super::*;
    use crate::tests::{at, invoice, opened, plan};

    const START: i64 = 1_795_195_153;

    /// A sale of so many cents, whose worth is known, in this currency.
    async fn add(
        store: &Store,
        node: &facture_domain::NodeId,
        number: u64,
        price: Option<(&str, u64)>,
    ) {
        let paid_at = Timestamp::from_second(START + 10).unwrap();
        let settlement = Settlement {
            amount_received: Msat::from_msat(price.map_or(5000, |(_, cents)| cents * 10_000))
                .unwrap(),
            paid_at,
            pay_index: number,
        };
        let currency = price.and_then(|(code, _)| Currency::parse(code).ok());
        let rate = currency.map(|currency| Rate {
            currency,
            price: RatePrice::parse("100000").unwrap(),
            source: "a".to_owned(),
            at: paid_at,
        });
        let sale = Invoice {
            order: Order {
                quote: price.map(|(code, _)| Quote {
                    amount: "1".to_owned(),
                    currency: code.to_owned(),
                }),
                rate: rate.clone(),
                ..Order::default()
            },
            created_at: Timestamp::from_second(START + i64::try_from(number).unwrap()).unwrap(),
            ..invoice(
                number,
                format!("cup {number}"),
                Status::Paid(settlement.clone()),
            )
        };
        store
            .apply(node, std::slice::from_ref(&sale), &at(1))
            .await
            .unwrap();
        if let Some(rate) = rate {
            let worth = Valuation::new(&settlement, rate, paid_at).unwrap();
            store.value(&sale.label, worth).await.unwrap();
        }
    }

    fn sum(code: &str, count: u64, coins: i128) -> WorthSum {
        WorthSum::of_coins(Currency::parse(code).unwrap(), count, coins).unwrap()
    }

    #[tokio::test]
    async fn totals_are_exact_in_each_currency_and_say_what_they_lack() {
        let (_directory, store, node) = opened().await;
        for (number, price) in [
            (1, Some(("EUR", 10))),
            (2, Some(("EUR", 20))),
            (3, Some(("USD", 1250))),
            (4, None),
        ] {
            add(&store, &node, number, price).await;
        }
        let expired = [invoice(5, String::new(), Status::Expired)];
        store.apply(&node, &expired, &at(1)).await.unwrap();
        let found = store.sale_totals(&SaleSearch::default()).await.unwrap();
        assert_eq!((found.count, found.msat), (4, 12_805_000));
        assert_eq!(found.worth.sums, [sum("EUR", 2, 30), sum("USD", 1, 1250)]);
        assert_eq!((found.worth.unknown, found.reach), (1, Reach::Whole));
        let day = store.day_sales(START..START + 3600).await.unwrap();
        assert_eq!(day.worth, found.worth);
        let some = SaleSearch {
            sought: Sought::Text("CUP 2".to_owned()),
            ..SaleSearch::default()
        };
        let found = store.sale_totals(&some).await.unwrap();
        assert_eq!(
            (found.count, found.worth.sums),
            (1, vec![sum("EUR", 1, 20)])
        );
    }

    #[tokio::test]
    async fn an_amount_in_a_currency_is_found_by_an_index() {
        let (_directory, store, node) = opened().await;
        for (number, cents) in [(1, 990), (2, 1000), (3, 1010), (4, 1011)] {
            add(&store, &node, number, Some(("EUR", cents))).await;
        }
        add(&store, &node, 5, Some(("USD", 1000))).await;
        let search = |state, typed: &str| {
            let worth = |sought: &Sought| matches!(sought, Sought::Worth(_));
            let sought = Sought::readings(typed).into_iter().find(worth).unwrap();
            SaleSearch {
                state,
                sought,
                ..SaleSearch::default()
            }
        };
        let numbers = async |state, typed: &str| {
            let page = store.search_sales(&search(state, typed), None, 50).await;
            let page = page.unwrap().invoices.into_iter();
            page.map(|sale| sale.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(None, "10 EUR").await, [3, 2, 1]);
        assert_eq!(numbers(Some(StatusName::Paid), "$10.00").await, [5]);
        assert!(
            numbers(Some(StatusName::Expired), "10 EUR")
                .await
                .is_empty()
        );
        let found = store.sale_totals(&search(None, "10 EUR")).await.unwrap();
        assert_eq!(found.worth.sums, [sum("EUR", 3, 3000)]);
        let plan = store.lookup(|connection| {
            let way = Way::of(connection, &search(None, "10 EUR"))?;
            Ok(way.rows(ROWS, &search(None, "10 EUR"), None, None).sql)
        });
        assert!(plan.unwrap().contains("INDEXED BY invoices_worth"));
    }

    #[tokio::test]
    async fn a_day_is_added_up_from_the_index_alone() {
        let (_directory, store, _) = opened().await;
        let plan = plan(&store, crate::day_sales::WORTH);
        assert!(
            plan.contains("USING COVERING INDEX invoices_paid (paid_at>? AND paid_at<?)"),
            "{plan}"
        );
    }
}
