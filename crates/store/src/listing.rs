//! Lists of invoices: what they are chosen by, and where a page ends.

use crate::{
    error::Error,
    like::containing,
    rows::{InvoiceRow, SELECT_INVOICES},
    samples::NO_SAMPLES,
    sql::{ToSql, all},
    store::Store,
};
use facture_domain::StatusName;
use facture_domain::listing::{Filter, ListPosition, Page, Period};

impl Store {
    /// Invoices, the newest first, those after `after`, at most `limit`. Whatever is made meanwhile, going on from place to
    /// place shows each of the others once.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<&ListPosition>,
        limit: u32,
    ) -> Result<Page, Error> {
        let mut query = select(filter, after);
        // One more than asked for shows whether there is a rest.
        query.push(" LIMIT ").bind(i64::from(limit) + 1);
        let invoices = self.query(move |connection| {
            let Query { sql, parameters } = query;
            all(
                connection,
                &sql,
                parameters,
                InvoiceRow::from_row,
                InvoiceRow::read,
            )
        });
        let mut invoices = invoices.await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = invoices.len() > limit;
        invoices.truncate(limit);
        let next = invoices.last().filter(|_| more).map(|last| ListPosition {
            created_at: last.created_at.as_second(),
            number: last.number,
            label: last.label.to_string(),
        });
        Ok(Page { invoices, next })
    }
}

/// A statement that is put together, with its parameters.
#[derive(Default)]
struct Query {
    sql: String,
    parameters: Vec<Box<dyn ToSql + Send>>,
}

impl Query {
    fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    fn bind(&mut self, parameter: impl ToSql + Send + 'static) -> &mut Self {
        self.parameters.push(Box::new(parameter));
        self.push("?")
    }
}

fn select(filter: &Filter, after: Option<&ListPosition>) -> Query {
    let paid = filter.paid != (None..None);
    let mut query = Query::default();
    query.push(SELECT_INVOICES);
    // The planner would rather go through all that are paid, unpaid or expired, in order.
    let index = match (filter.status, is_broad(filter)) {
        _ if filter.offer.is_some() => " INDEXED BY invoices_of_offer",
        _ if paid => " INDEXED BY invoices_paid",
        (Some(StatusName::Accepted), true) => " INDEXED BY invoices_held",
        (Some(StatusName::Cancelled), true) => " INDEXED BY invoices_cancelled",
        _ => "",
    };
    query.push(index);
    query.push(" WHERE true");
    if let Some(status) = filter.status {
        let (stored, more) = match status {
            StatusName::Unpaid => (status, " AND accepted_at IS NULL"),
            StatusName::Accepted => (StatusName::Unpaid, " AND accepted_at IS NOT NULL"),
            StatusName::Paid => (status, ""),
            StatusName::Expired => (
                status,
                " AND (cancelled_at IS NULL OR payment_proven_at IS NOT NULL)",
            ),
            StatusName::Cancelled => (
                StatusName::Expired,
                " AND cancelled_at IS NOT NULL AND payment_proven_at IS NULL",
            ),
        };
        query
            .push(" AND status = ")
            .bind(stored.as_str())
            .push(more);
    }
    if let Some(order) = &filter.order_id {
        query
            .push(" AND order_id = ")
            .bind(order.as_str().to_owned());
    }
    if let Some(channel) = filter.channel {
        query.push(" AND channel = ").bind(channel.as_str());
    }
    match &filter.shop {
        Some(shop) => query.push(" AND shop_id = ").bind(shop.as_str().to_owned()),
        None => query.push(" AND ").push(NO_SAMPLES),
    };
    if let Some(hash) = &filter.payment_hash {
        let hash = hash.to_string();
        query.push(" AND substr(payment_hash, 1, 16) = substr(");
        query.bind(hash.clone()).push(", 1, 16)");
        query.push(" AND payment_hash = ").bind(hash);
    }
    if let Some(offer) = &filter.offer {
        query.push(" AND offer_id = ").bind(offer.to_string());
    }
    within(&mut query, "created_at", &filter.created);
    if paid {
        // In these words, for the index of the paid ones.
        query.push(" AND status = 'paid'");
        within(&mut query, "paid_at", &filter.paid);
    }
    if let Some(text) = &filter.text {
        let pattern = containing(text);
        for (start, column) in [
            (" AND (", "description"),
            (" OR ", "order_id"),
            (" OR ", "metadata"),
        ] {
            query.push(start).push(column).push(" LIKE ");
            query.bind(pattern.clone()).push(" ESCAPE '\\'");
        }
        query.push(")");
    }
    if let Some(after) = after {
        query
            .push(" AND (created_at, created_index, rowid) < (")
            .bind(after.created_at);
        // Of numbers that no invoice can have, the highest stands for all.
        let number = i64::try_from(after.number).unwrap_or(i64::MAX);
        query.push(", ").bind(number);
        // Two of the same second and number are in the order in which they were written.
        query
            .push(", coalesce((SELECT rowid FROM invoices WHERE label = ")
            .bind(after.label.clone());
        query.push("), 0))");
    }
    query.push(" ORDER BY created_at DESC, created_index DESC, rowid DESC");
    query
}

/// Whether nothing but status and time chooses them.
fn is_broad(filter: &Filter) -> bool {
    filter.order_id.is_none() && filter.payment_hash.is_none()
}

fn within(query: &mut Query, column: &'static str, period: &Period) {
    for (relation, bound) in [(" >= ", period.start), (" < ", period.end)] {
        if let Some(bound) = bound {
            query.push(" AND ").push(column).push(relation).bind(bound);
        }
    }
}

#[cfg(test)]
mod tests {
    use facture_domain::OrderId;

    use super::*;

    async fn plan(filter: &Filter, after: Option<&ListPosition>) -> String {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let query = select(filter, after);
        let lines = store.lookup(|connection| {
            let sql = format!("EXPLAIN QUERY PLAN {}", query.sql);
            let parameters = query.parameters;
            all(connection, &sql, parameters, |row| row.get(3), Ok)
        });
        let lines: Vec<String> = lines.unwrap();
        lines.join("; ")
    }

    #[tokio::test]
    async fn common_lists_use_an_index() {
        let place = ListPosition {
            created_at: 0,
            number: 0,
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
                    status: Some(StatusName::Accepted),
                    ..all()
                },
                "invoices_held",
            ),
            (
                Filter {
                    status: Some(StatusName::Cancelled),
                    ..all()
                },
                "invoices_cancelled",
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
