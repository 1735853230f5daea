//! Lists of invoices: what they are chosen by, and where a page ends.

use std::ops::Range;

use sqlx::{QueryBuilder, Sqlite};

use super::{Error, Store, rows::InvoiceRow};
use crate::invoice::{Invoice, OrderId, PaymentHash, StatusName};

/// Which invoices. All that is named must fit.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this state.
    pub status: Option<StatusName>,
    /// Of this order.
    pub order_id: Option<OrderId>,
    /// With this payment hash.
    pub payment_hash: Option<PaymentHash>,
    /// Made in this time.
    pub created: Period,
    /// Paid in this time.
    pub paid: Period,
    /// With this text in the description, the order number or the metadata; the case of ASCII letters does not matter.
    pub text: Option<String>,
}

/// A time, in seconds since 1970: from the first one on, before the second one. Either may be open.
pub type Period = Range<Option<i64>>;

/// The place of an invoice among all, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
    /// Which one of those of the same second.
    pub label: String,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The invoices, the newest first.
    pub invoices: Vec<Invoice>,
    /// After which one the rest begins; `None` when there is no rest.
    pub next: Option<Place>,
}

impl Store {
    /// Invoices, the newest first, those after `after`, at most `limit`. Whatever is made meanwhile, going on from place to
    /// place shows each of the others once.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Page, Error> {
        let mut query = select(filter, after);
        // One more than asked for shows whether there is a rest.
        query.push(" LIMIT ").push_bind(i64::from(limit) + 1);
        let mut rows: Vec<InvoiceRow> = query.build_query_as().fetch_all(&self.readers).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let invoices: Vec<_> = rows
            .into_iter()
            .map(InvoiceRow::read)
            .collect::<Result<_, _>>()?;
        let next = invoices.last().filter(|_| more).map(|last| Place {
            created_at: last.created_at.as_second(),
            label: last.label.to_string(),
        });
        Ok(Page { invoices, next })
    }
}

fn select(filter: &Filter, after: Option<&Place>) -> QueryBuilder<Sqlite> {
    let paid = filter.paid != (None..None);
    // The planner would rather go through all that are paid, in order.
    let index = if paid {
        " INDEXED BY invoices_paid"
    } else {
        ""
    };
    let mut query = QueryBuilder::new("SELECT * FROM invoices");
    query.push(index).push(" WHERE true");
    if let Some(status) = filter.status {
        query.push(" AND status = ").push_bind(status.as_str());
    }
    if let Some(order) = &filter.order_id {
        query
            .push(" AND order_id = ")
            .push_bind(order.as_str().to_owned());
    }
    if let Some(hash) = &filter.payment_hash {
        query
            .push(" AND payment_hash = ")
            .push_bind(hash.to_string());
    }
    within(&mut query, "created_at", &filter.created);
    if paid {
        // In these words, for the index of the paid ones.
        query.push(" AND status = 'paid'");
        within(&mut query, "paid_at", &filter.paid);
    }
    if let Some(text) = &filter.text {
        let pattern = format!("%{}%", escape(text));
        for (start, column) in [
            (" AND (", "description"),
            (" OR ", "order_id"),
            (" OR ", "metadata"),
        ] {
            query.push(start).push(column).push(" LIKE ");
            query.push_bind(pattern.clone()).push(" ESCAPE '\\'");
        }
        query.push(")");
    }
    if let Some(after) = after {
        query
            .push(" AND (created_at, label) < (")
            .push_bind(after.created_at);
        query.push(", ").push_bind(after.label.clone()).push(")");
    }
    query.push(" ORDER BY created_at DESC, label DESC");
    query
}

fn within(query: &mut QueryBuilder<Sqlite>, column: &'static str, period: &Period) {
    for (relation, bound) in [(" >= ", period.start), (" < ", period.end)] {
        if let Some(bound) = bound {
            query
                .push(" AND ")
                .push(column)
                .push(relation)
                .push_bind(bound);
        }
    }
}

/// A text as it is in a pattern of `LIKE`.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::*;

    async fn plan(filter: &Filter, after: Option<&Place>) -> String {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let query = select(filter, after);
        let sql = format!("EXPLAIN QUERY PLAN {}", query.sql().as_str());
        let mut explain = sqlx::query(sqlx::AssertSqlSafe(sql));
        // What is bound does not matter to the plan; its number does.
        for _ in 0..query.sql().as_str().matches('?').count() {
            explain = explain.bind(0);
        }
        let rows = explain.fetch_all(&store.readers).await.unwrap();
        let lines: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        lines.join("; ")
    }

    #[tokio::test]
    async fn common_lists_use_an_index() {
        let place = Place {
            created_at: 0,
            label: "facture_0".to_owned(),
        };
        let all = Filter::default;
        for (filter, index) in [
            (all(), "invoices_created"),
            (
                Filter {
                    created: Some(1)..None,
                    ..all()
                },
                "invoices_created (created_at>?",
            ),
            (
                Filter {
                    status: Some(StatusName::Unpaid),
                    ..all()
                },
                "invoices_status (status=?",
            ),
            (
                Filter {
                    status: Some(StatusName::Paid),
                    created: Some(1)..Some(2),
                    ..all()
                },
                "invoices_status (status=? AND created_at>? AND created_at<?",
            ),
            (
                Filter {
                    order_id: OrderId::parse("7".to_owned()).ok(),
                    ..all()
                },
                "invoices_order",
            ),
            (
                Filter {
                    payment_hash: "00".repeat(32).parse().ok(),
                    ..all()
                },
                "invoices_hash",
            ),
            (
                Filter {
                    paid: Some(1)..Some(2),
                    ..all()
                },
                "invoices_paid",
            ),
        ] {
            for after in [None, Some(&place)] {
                let plan = plan(&filter, after).await;
                assert!(plan.contains(index), "{filter:?} {after:?}: {plan}");
            }
        }
    }
}
