//! Forgetting what visitors made and nobody paid: the invoice, its events and their deliveries. A payment
//! that the node reports later is taken in all the same.

use jiff::Timestamp;

use crate::{
    error::Error,
    event_rows::of_invoice,
    keys::RENEWALS,
    sequence,
    sql::{Params, Row, Statements, all},
    store::Store,
    tombstones,
    unit::UnitOfWork,
};
use facture_domain::{EventKind, Label};

/// Which invoices may be forgotten, of those that strangers asked for and that expired unpaid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgettable {
    /// All.
    Any,
    /// Those that were deleted from the node.
    Pruned,
}

/// A place among the invoices that may be forgotten, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForgetPosition {
    expires_at: i64,
    rowid: i64,
}

/// The result of one pass over some invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many were forgotten.
    pub count: u64,
    /// Where to continue; `None` at the end.
    pub next: Option<ForgetPosition>,
}

/// An invoice that may be forgotten.
struct Candidate {
    rowid: i64,
    label: String,
    created_index: i64,
    expires_at: i64,
    renewal_of: Option<String>,
    is_pruned: bool,
}

/// The oldest first, by their index: the planner would rather go through all that are expired, and sort them.
const SELECT_CANDIDATES: &str = "SELECT rowid, label, created_index, expires_at, renewal_of, pruned_at IS NOT NULL \
     FROM invoices INDEXED BY invoices_to_forget \
     WHERE status = 'expired' AND channel IN ('form', 'lnurl', 'reveal', 'paywall', 'link') AND expires_at < ?1 \
     AND (expires_at, rowid) > (?2, ?3) \
     ORDER BY expires_at, rowid LIMIT ?4";

/// By the endpoints, which are few: of deliveries only those of an endpoint have an index.
const SELECT_PENDING: &str = concat!(
    "SELECT 1 FROM events CROSS JOIN endpoints CROSS JOIN deliveries WHERE ",
    of_invoice!(),
    " AND deliveries.endpoint = endpoints.id AND deliveries.sequence = events.sequence \
     AND endpoints.label IS NULL AND deliveries.state = 'pending'"
);

const DELETE_DELIVERIES: &str = concat!(
    "DELETE FROM deliveries WHERE endpoint IN (SELECT id FROM endpoints WHERE label IS NULL) \
     AND sequence IN (SELECT sequence FROM events WHERE ",
    of_invoice!(),
    ")"
);

impl Store {
    /// Looks at up to `limit` invoices that strangers made, expired unpaid before `before` and come after `position`, and
    /// forgets those that nothing refers to: no endpoint of their own, no renewal that is kept,
    /// no pending delivery. All of it is one unit of work.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written: then nothing is forgotten.
    pub async fn forget(
        &self,
        which: Forgettable,
        before: Timestamp,
        position: Option<ForgetPosition>,
        limit: u32,
    ) -> Result<Forgotten, Error> {
        self.write(move |unit| {
            let candidates = candidates(unit, before, position, limit)?;
            let is_full = u32::try_from(candidates.len()).is_ok_and(|count| count >= limit);
            let next = candidates
                .last()
                .filter(|_| is_full)
                .map(|last| ForgetPosition {
                    expires_at: last.expires_at,
                    rowid: last.rowid,
                });
            let mut count = 0;
            for candidate in candidates {
                let may_go = which == Forgettable::Any || candidate.is_pruned;
                if may_go && is_unreferenced(unit, &candidate)? {
                    if count == 0 {
                        sequence::retire(unit)?;
                    }
                    forget(unit, candidate)?;
                    count += 1;
                }
            }
            Ok(Forgotten { count, next })
        })
        .await
    }
}

fn candidates(
    database: &impl Statements,
    before: Timestamp,
    position: Option<ForgetPosition>,
    limit: u32,
) -> Result<Vec<Candidate>, Error> {
    let after = position.unwrap_or(ForgetPosition {
        expires_at: i64::MIN,
        rowid: i64::MIN,
    });
    let parameters = (before.as_second(), after.expires_at, after.rowid, limit);
    let row = |row: &Row<'_>| {
        Ok(Candidate {
            rowid: row.get(0)?,
            label: row.get(1)?,
            created_index: row.get(2)?,
            expires_at: row.get(3)?,
            renewal_of: row.get(4)?,
            is_pruned: row.get(5)?,
        })
    };
    all(database, SELECT_CANDIDATES, parameters, row, Ok)
}

fn is_unreferenced(database: &impl Statements, candidate: &Candidate) -> Result<bool, Error> {
    let label = &*candidate.label;
    let has_endpoint = "SELECT 1 FROM endpoints WHERE label = ?1";
    // The buyer's old link leads on to the one that counts.
    let has_renewal = "SELECT 1 FROM idempotency_keys JOIN invoices ON invoices.label = idempotency_keys.label \
         WHERE idempotency_keys.scope = ?2 AND idempotency_keys.key = ?1";
    Ok(!exists(database, has_endpoint, [label])?
        && !exists(database, has_renewal, [label, RENEWALS])?
        && !exists(database, SELECT_PENDING, [label])?
        && has_usual_events(database, label)?)
}

/// Whether it has only the events of every invoice that nobody pays.
fn has_usual_events(database: &impl Statements, label: &str) -> Result<bool, Error> {
    let sql = concat!("SELECT kind FROM events WHERE ", of_invoice!());
    let kinds: Vec<String> = all(database, sql, [label], |row| row.get(0), Ok)?;
    let usual = [
        EventKind::Created,
        EventKind::Expired,
        EventKind::Cancelled,
        EventKind::Renewed,
    ];
    let is_usual = |kind: &String| usual.iter().any(|usual| usual.as_str() == kind);
    Ok(kinds.iter().all(is_usual))
}

fn forget(unit: &mut UnitOfWork<'_>, candidate: Candidate) -> Result<(), Error> {
    let label = [&*candidate.label];
    // With their attempts.
    unit.execute(DELETE_DELIVERIES, label)?;
    unit.execute(concat!("DELETE FROM events WHERE ", of_invoice!()), label)?;
    unit.execute("DELETE FROM charge_deleted WHERE label = ?1", label)?;
    unit.execute("DELETE FROM sales WHERE label = ?1", label)?;
    unit.execute("DELETE FROM link_sales WHERE label = ?1", label)?;
    // The key of a renewal that failed, and the one that this is the renewal for. The form's keys go by themselves, soon.
    let of_key = "DELETE FROM idempotency_keys WHERE scope = ?1 AND key = ?2";
    unit.execute(of_key, [RENEWALS, label[0]])?;
    if let Some(renewed) = &candidate.renewal_of {
        let of_label = "DELETE FROM idempotency_keys WHERE scope = ?1 AND key = ?2 AND label = ?3";
        unit.execute(of_label, [RENEWALS, renewed, label[0]])?;
    }
    tombstones::bury(unit, candidate.created_index, candidate.expires_at)?;
    unit.remove(&Label::stored(candidate.label))
}

fn exists(database: &impl Statements, sql: &str, parameters: impl Params) -> Result<bool, Error> {
    Ok(database.prepare_cached(sql)?.exists(parameters)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{at, invoice, opened, plan};
    use facture_domain::{
        Channel, Description, Hook, HookFormat, HookUrl, Invoice, Status,
        hook::{Kinds, NewEndpoint},
    };

    /// Asked for by the form and expired in 1970.
    fn strangers(number: u64) -> Invoice {
        let text = "x".repeat(Description::MAX_BYTES);
        let mut made = invoice(number, text, Status::Expired);
        made.expires_at = Timestamp::from_second(i64::try_from(number).unwrap()).unwrap();
        made.order.channel = Some(Channel::Form);
        made
    }

    async fn forget_all(store: &Store) -> u64 {
        let (mut count, mut position) = (0, None);
        loop {
            let now = Timestamp::now();
            let forgotten = store.forget(Forgettable::Any, now, position, 100).await;
            let forgotten = forgotten.unwrap();
            (count, position) = (count + forgotten.count, forgotten.next);
            if position.is_none() {
                return count;
            }
        }
    }

    fn number(store: &Store, sql: &str) -> i64 {
        store
            .lookup(|connection| {
                Ok(connection
                    .prepare_cached(sql)?
                    .query_row([], |row| row.get(0))?)
            })
            .unwrap()
    }

    #[tokio::test]
    async fn the_numbers_of_forgotten_events_are_not_given_again() {
        let (_directory, store, node) = opened().await;
        store.apply(&node, &[strangers(1)], &at(0)).await.unwrap();
        let last = store.last_event().await.unwrap();
        assert_eq!(forget_all(&store).await, 1);
        assert_eq!(number(&store, "SELECT count(*) FROM events"), 0);
        assert_eq!(store.last_event().await.unwrap(), last);
        store.apply(&node, &[strangers(2)], &at(0)).await.unwrap();
        let next = number(&store, "SELECT min(sequence) FROM events");
        assert_eq!(u64::try_from(next).unwrap(), last + 1);
    }

    #[tokio::test]
    async fn the_space_of_what_was_forgotten_is_used_again() {
        let (_directory, store, node) = opened().await;
        let empty = number(&store, "PRAGMA page_count");
        let mut pages = Vec::new();
        for round in 0..6_u64 {
            let page: Vec<Invoice> = (1..=1000)
                .map(|number| strangers(round * 1000 + number))
                .collect();
            store.apply(&node, &page, &at(0)).await.unwrap();
            assert_eq!(number(&store, "SELECT count(*) FROM invoices"), 1000);
            pages.push(number(&store, "PRAGMA page_count"));
            assert_eq!(forget_all(&store).await, 1000);
            let free = number(&store, "PRAGMA freelist_count");
            let all = number(&store, "PRAGMA page_count");
            assert!(all - free < empty + 20, "{free} of {all} pages are free");
        }
        let (first, last) = (pages[0], pages[5]);
        assert!(last <= first + first / 20, "{pages:?}");
        for table in ["invoices", "events", "deliveries", "idempotency_keys"] {
            let sql = format!("SELECT count(*) FROM {table}");
            assert_eq!(number(&store, &sql), 0, "{table}");
        }
        // All of them in one row.
        assert_eq!(number(&store, "SELECT count(*) FROM tombstones"), 1);
    }

    #[tokio::test]
    async fn what_is_looked_for_has_an_index() {
        let (_directory, store, _) = opened().await;
        let candidates = plan(&store, SELECT_CANDIDATES);
        assert!(
            candidates.contains("(expires_at>? AND expires_at<?)"),
            "{candidates}"
        );
        for sql in [SELECT_CANDIDATES, SELECT_PENDING, DELETE_DELIVERIES] {
            let plan = plan(&store, sql);
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
            assert!(!plan.contains("SCAN invoices"), "{plan}");
            assert!(!plan.contains("SCAN events"), "{plan}");
            assert!(!plan.contains("SCAN deliveries"), "{plan}");
        }
    }

    #[tokio::test]
    async fn of_those_that_stay_none_is_looked_at_twice_in_one_round() {
        let (_directory, store, node) = opened().await;
        let page: Vec<Invoice> = (1..=250).map(strangers).collect();
        let new = NewEndpoint {
            hook: Hook {
                url: HookUrl::parse("https://shop.example/").unwrap(),
                format: HookFormat::Standard,
                token: None,
            },
            kinds: Kinds::All,
        };
        store.create_endpoint(new).await.unwrap();
        store.apply(&node, &page, &at(0)).await.unwrap();
        // Nobody took the deliveries yet.
        assert_eq!(forget_all(&store).await, 0);
        assert_eq!(number(&store, "SELECT count(*) FROM invoices"), 250);
    }
}
