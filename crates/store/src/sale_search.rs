//! Searching sales. Every search goes by an index: that of order numbers, of payment hashes, of what was received, or the one
//! in the order of the list. What no index knows (a text, a channel) is compared with at most [`BUDGET`] sales in that
//! order; the answer says how far it went, and where it goes on. So no search takes longer the more sales there are.

use std::ops::RangeInclusive;

use crate::{
    error::Error,
    like::containing,
    rows::{InvoiceRow, SELECT_INVOICES, from_sql, timestamp},
    sql::{Connection, OptionalExtension, Params, ToSql, all},
    store::Store,
    worth::coins,
};
use facture_domain::{
    Msat, OrderId, StatusName,
    desk::{Reach, SalePage, SaleSearch, Sought, WorthRange},
    listing::ListPosition,
};

/// As many sales are compared with what no index knows.
const BUDGET: u32 = 10_000;

/// With at most so many sales of the amount or the order, all of them are sorted. More are common enough to be met on the way.
const FEW: u32 = 2_000;

impl Store {
    /// Sales that fit, the newest first, those after `after`, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn search_sales(
        &self,
        search: &SaleSearch,
        after: Option<&ListPosition>,
        limit: u32,
    ) -> Result<SalePage, Error> {
        let (search, after) = (search.clone(), after.cloned());
        self.query(move |connection| {
            // Of one moment: what it found and how far it went.
            let reading = connection.snapshot()?;
            find(&reading, &search, after.as_ref(), limit)
        })
        .await
    }
}

fn find(
    connection: &Connection,
    search: &SaleSearch,
    after: Option<&ListPosition>,
    limit: u32,
) -> Result<SalePage, Error> {
    let way = Way::of(connection, search)?;
    let end = match way.bound {
        Bound::Budget => way.end(connection, search, after)?,
        Bound::None => None,
    };
    let part = way.page(search, after, end.as_ref(), limit);
    let parameters = part.parameters;
    let row = InvoiceRow::from_row;
    let mut invoices = all(connection, &part.sql, parameters, row, InvoiceRow::read)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = invoices.len() > limit;
    invoices.truncate(limit);
    let last = invoices.last().filter(|_| more).map(|last| ListPosition {
        created_at: last.created_at.as_second(),
        number: last.number,
        label: last.label.to_string(),
    });
    let stopped = end.filter(|_| last.is_none());
    Ok(SalePage {
        invoices,
        reach: match &stopped {
            Some(end) => Reach::BackTo(timestamp(end.created_at)?),
            None => Reach::Whole,
        },
        next: last.or(stopped),
    })
}

/// The way to the sales.
#[derive(Debug)]
pub(super) struct Way {
    index: &'static str,
    pub(super) order: IndexOrder,
    bound: Bound,
}

/// In which order an index has the sales.
#[derive(Debug, PartialEq)]
pub(super) enum IndexOrder {
    /// In that of the list.
    OfList,
    /// By what is looked for.
    BySought,
}

/// How many sales are looked at.
#[derive(Debug)]
enum Bound {
    /// As many as a page needs: the index knows what they are chosen by.
    None,
    /// At most [`BUDGET`].
    Budget,
}

/// A statement that is put together, with its parameters.
#[derive(Default)]
pub(super) struct Part {
    pub(super) sql: String,
    pub(super) parameters: Vec<Box<dyn ToSql>>,
}

impl Way {
    pub(super) fn of(connection: &Connection, search: &SaleSearch) -> Result<Self, Error> {
        let found = |index| Self {
            index,
            order: IndexOrder::BySought,
            bound: Bound::None,
        };
        Ok(match &search.sought {
            Sought::Hash(_) => found("invoices_hash"),
            Sought::Order(order) if few_of_order(connection, order)? => found("invoices_order"),
            Sought::Amount(range) if is_of_paid(search) && few_received(connection, range)? => {
                found("invoices_received")
            }
            Sought::Worth(range) if is_of_paid(search) && few_worth(connection, range)? => {
                found("invoices_worth")
            }
            _ => Self::walk(search),
        })
    }

    /// In the order of the list.
    fn walk(search: &SaleSearch) -> Self {
        let everything = search.sought == Sought::Everything && search.channel.is_none();
        let (index, knows_state) = match search.state {
            None if is_of_paid(search) => ("invoices_status", true),
            None => ("invoices_created", true),
            Some(StatusName::Accepted) => ("invoices_held", true),
            Some(StatusName::Cancelled) => ("invoices_cancelled", false),
            Some(StatusName::Paid) => ("invoices_status", true),
            Some(StatusName::Unpaid | StatusName::Expired) => ("invoices_status", false),
        };
        Self {
            index,
            order: IndexOrder::OfList,
            bound: match everything && knows_state {
                true => Bound::None,
                false => Bound::Budget,
            },
        }
    }

    /// Where the search has to stop; `None`: it comes to the end before.
    pub(super) fn end(
        &self,
        connection: &Connection,
        search: &SaleSearch,
        after: Option<&ListPosition>,
    ) -> Result<Option<ListPosition>, Error> {
        let mut rows = Part::default();
        rows.push("SELECT rowid FROM invoices INDEXED BY ")
            .push(self.index);
        rows.push(" WHERE ").push(indexed_state(search));
        within(&mut rows, search);
        later(&mut rows, after);
        rows.push(ORDER).push(" LIMIT 1 OFFSET ").bind(BUDGET - 1);
        let sql = format!(
            "SELECT created_at, created_index, label FROM invoices WHERE rowid = ({})",
            rows.sql
        );
        let row = connection
            .prepare_cached(&sql)?
            .query_row(rows.parameters, |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        row.map(|(created_at, number, label)| {
            Ok(ListPosition {
                created_at,
                number: from_sql(number)?,
                label,
            })
        })
        .transpose()
    }

    /// The statement for a page, and one row more, which shows whether there is a rest.
    fn page(
        &self,
        search: &SaleSearch,
        after: Option<&ListPosition>,
        end: Option<&ListPosition>,
        limit: u32,
    ) -> Part {
        let mut part = self.rows(SELECT_INVOICES, search, after, end);
        part.push(ORDER).push(" LIMIT ").bind(i64::from(limit) + 1);
        part
    }

    /// All rows between two places, with what `select` selects of them.
    pub(super) fn rows(
        &self,
        select: &str,
        search: &SaleSearch,
        after: Option<&ListPosition>,
        end: Option<&ListPosition>,
    ) -> Part {
        let mut part = Part::default();
        part.push(select).push(" INDEXED BY ").push(self.index);
        part.push(" WHERE ").push(match self.order {
            IndexOrder::OfList => indexed_state(search),
            // In these words, for the index of the paid ones.
            IndexOrder::BySought if is_of_paid(search) => "status = 'paid'",
            IndexOrder::BySought => "true",
        });
        within(&mut part, search);
        later(&mut part, after);
        if let Some(end) = end {
            part.push(" AND created_at >= ").bind(end.created_at);
            beyond(&mut part, ">=", end);
        }
        compared(&mut part, search);
        part
    }
}

impl Part {
    fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    fn bind(&mut self, parameter: impl ToSql + 'static) -> &mut Self {
        self.parameters.push(Box::new(parameter));
        self.push("?")
    }
}

const ORDER: &str = " ORDER BY created_at DESC, created_index DESC, rowid DESC";

/// Whether it is looked for among what was received.
fn is_of_paid(search: &SaleSearch) -> bool {
    let of_amount = matches!(search.sought, Sought::Amount(_) | Sought::Worth(_));
    search.state == Some(StatusName::Paid) || of_amount && search.state.is_none()
}

fn few_received(connection: &Connection, range: &RangeInclusive<Msat>) -> Result<bool, Error> {
    let parameters = (in_sql(range.start()), in_sql(range.end()), FEW + 1);
    are_few(connection, COUNT_RECEIVED, parameters)
}

fn few_worth(connection: &Connection, range: &WorthRange) -> Result<bool, Error> {
    let parameters = (range.currency.code(), range.from, range.to, FEW + 1);
    are_few(connection, COUNT_WORTH, parameters)
}

fn few_of_order(connection: &Connection, order: &OrderId) -> Result<bool, Error> {
    are_few(connection, COUNT_ORDER, (order.as_str(), FEW + 1))
}

fn are_few(connection: &Connection, sql: &str, parameters: impl Params) -> Result<bool, Error> {
    let count: u32 = connection
        .prepare_cached(sql)?
        .query_row(parameters, |row| row.get(0))?;
    Ok(count <= FEW)
}

const COUNT_RECEIVED: &str = "SELECT count(*) FROM (SELECT 1 FROM invoices INDEXED BY invoices_received \
     WHERE status = 'paid' AND amount_received_msat BETWEEN ?1 AND ?2 LIMIT ?3) AS few";

const COUNT_WORTH: &str = concat!(
    "SELECT count(*) FROM (SELECT 1 FROM invoices INDEXED BY invoices_worth \
     WHERE status = 'paid' AND paid_fiat IS NOT NULL AND quote_currency = ?1 AND ",
    coins!(),
    " BETWEEN ?2 AND ?3 LIMIT ?4) AS few"
);

const COUNT_ORDER: &str = "SELECT count(*) FROM (SELECT 1 FROM invoices INDEXED BY invoices_order WHERE order_id = ?1 LIMIT ?2) AS few";

/// What of the state the index knows.
fn indexed_state(search: &SaleSearch) -> &'static str {
    match search.state {
        None if is_of_paid(search) => "status = 'paid'",
        None => "true",
        Some(StatusName::Unpaid) => "status = 'unpaid'",
        Some(StatusName::Accepted) => "accepted_at IS NOT NULL",
        Some(StatusName::Paid) => "status = 'paid'",
        Some(StatusName::Expired) => "status = 'expired'",
        Some(StatusName::Cancelled) => "cancelled_at IS NOT NULL",
    }
}

/// What is compared with each row.
fn compared(part: &mut Part, search: &SaleSearch) {
    part.push(match search.state {
        None => "",
        Some(StatusName::Unpaid) => " AND status = 'unpaid' AND accepted_at IS NULL",
        Some(StatusName::Accepted) => " AND status = 'unpaid' AND accepted_at IS NOT NULL",
        Some(StatusName::Paid) => " AND status = 'paid'",
        Some(StatusName::Expired) => {
            " AND status = 'expired' AND (cancelled_at IS NULL OR payment_proven_at IS NOT NULL)"
        }
        Some(StatusName::Cancelled) => {
            " AND status = 'expired' AND cancelled_at IS NOT NULL AND payment_proven_at IS NULL"
        }
    });
    if let Some(channel) = search.channel {
        part.push(" AND channel = ").bind(channel.as_str());
    }
    match &search.sought {
        Sought::Everything => {}
        Sought::Order(order) => {
            part.push(" AND order_id = ")
                .bind(order.as_str().to_owned());
        }
        Sought::Hash(hash) => {
            part.push(" AND substr(payment_hash, 1, 16) = substr(");
            part.bind(hash.to_string()).push(", 1, 16)");
            part.push(" AND payment_hash = ").bind(hash.to_string());
        }
        Sought::Amount(range) => {
            let asked = "amount_msat BETWEEN ";
            let received = "amount_received_msat BETWEEN ";
            let column = if is_of_paid(search) { received } else { asked };
            part.push(" AND ").push(column).bind(in_sql(range.start()));
            part.push(" AND ").bind(in_sql(range.end()));
        }
        Sought::Worth(range) => {
            part.push(" AND paid_fiat IS NOT NULL AND quote_currency = ");
            part.bind(range.currency.code()).push(" AND ");
            part.push(coins!()).push(" BETWEEN ").bind(range.from);
            part.push(" AND ").bind(range.to);
        }
        Sought::Text(text) => of_text(part, text),
    }
}

fn of_text(part: &mut Part, text: &str) {
    let pattern = containing(text);
    let mut start = " AND (";
    for column in ["description", "order_id", "metadata", "payer_note"] {
        part.push(start).push(column).push(" LIKE ");
        part.bind(pattern.clone()).push(" ESCAPE '\\'");
        start = " OR ";
    }
    part.push(
        " OR EXISTS (SELECT 1 FROM notes WHERE notes.label = invoices.label AND notes.text LIKE ",
    );
    part.bind(pattern).push(" ESCAPE '\\'))");
}

fn within(part: &mut Part, search: &SaleSearch) {
    let period = &search.created;
    for (relation, bound) in [(" >= ", period.start), (" < ", period.end)] {
        if let Some(bound) = bound {
            part.push(" AND created_at").push(relation).bind(bound);
        }
    }
}

/// Those after a place in the list.
fn later(part: &mut Part, after: Option<&ListPosition>) {
    if let Some(after) = after {
        beyond(part, "<", after);
    }
}

fn beyond(part: &mut Part, relation: &str, place: &ListPosition) {
    part.push(" AND (created_at, created_index, rowid) ")
        .push(relation);
    part.push(" (").bind(place.created_at);
    // Of numbers that no invoice can have, the highest stands for all.
    let number = i64::try_from(place.number).unwrap_or(i64::MAX);
    part.push(", ").bind(number);
    // Two of the same second and number are in the order in which they were written.
    part.push(", coalesce((SELECT rowid FROM invoices WHERE label = ")
        .bind(place.label.clone());
    part.push("), 0))");
}

/// All amounts that there are fit.
fn in_sql(amount: &Msat) -> i64 {
    i64::try_from(amount.msat()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{at, invoice, opened};
    use facture_domain::{Channel, Invoice, Settlement, Status};
    use jiff::Timestamp;

    const START: i64 = 1_795_195_153;

    fn msat(msat: u64) -> Msat {
        Msat::from_msat(msat).unwrap()
    }

    fn about(from: u64, to: u64) -> Sought {
        Sought::Amount(msat(from)..=msat(to))
    }

    fn order(text: &str) -> Sought {
        Sought::Order(OrderId::parse(text.to_owned()).unwrap())
    }

    fn sale(number: u64, paid: Option<u64>) -> Invoice {
        let status = paid.map_or(Status::Expired, |received| {
            Status::Paid(Settlement {
                amount_received: msat(received),
                paid_at: Timestamp::from_second(START + 10).unwrap(),
                pay_index: number,
            })
        });
        let mut sale = invoice(number, format!("cup {number}"), status);
        sale.created_at = Timestamp::from_second(START + i64::try_from(number).unwrap()).unwrap();
        sale
    }

    /// The statements of a search, as SQLite would carry them out.
    fn plan(store: &Store, search: &SaleSearch) -> String {
        let place = ListPosition {
            created_at: START,
            number: 1,
            label: "facture_0".to_owned(),
        };
        store
            .lookup(|connection| {
                let way = Way::of(connection, search)?;
                let part = way.page(search, Some(&place), Some(&place), 50);
                let sql = format!("EXPLAIN QUERY PLAN {}", part.sql);
                let parameters = part.parameters;
                let lines: Vec<String> = all(connection, &sql, parameters, |row| row.get(3), Ok)?;
                Ok(lines.join("; "))
            })
            .unwrap()
    }

    #[tokio::test]
    async fn every_search_goes_by_an_index_and_none_but_a_few_are_sorted() {
        let (_directory, store, _) = opened().await;
        let all = SaleSearch::default;
        let sought = |sought| SaleSearch { sought, ..all() };
        let state = |state| SaleSearch {
            state: Some(state),
            ..all()
        };
        let hash = Sought::Hash("00".repeat(32).parse().unwrap());
        for (search, index, sorted) in [
            (all(), "invoices_created (created_at>?", false),
            (
                state(StatusName::Paid),
                "invoices_status (status=? AND created_at>?",
                false,
            ),
            (
                state(StatusName::Unpaid),
                "invoices_status (status=? AND created_at>?",
                false,
            ),
            (
                state(StatusName::Expired),
                "invoices_status (status=? AND created_at>?",
                false,
            ),
            (
                state(StatusName::Accepted),
                "invoices_held (created_at>?",
                false,
            ),
            (
                state(StatusName::Cancelled),
                "invoices_cancelled (created_at>?",
                false,
            ),
            (
                sought(Sought::Text("x".to_owned())),
                "invoices_created (created_at>?",
                false,
            ),
            (
                SaleSearch {
                    channel: Some(Channel::Api),
                    ..all()
                },
                "invoices_created (created_at>?",
                false,
            ),
            (sought(order("7")), "invoices_order (order_id=?", true),
            (sought(hash), "invoices_hash (<expr>=?", true),
            (
                sought(about(1, 2)),
                "invoices_received (amount_received_msat>? AND",
                true,
            ),
        ] {
            let plan = plan(&store, &search);
            assert!(plan.contains(index), "{search:?}: {plan}");
            assert_eq!(plan.contains("TEMP B-TREE"), sorted, "{search:?}: {plan}");
        }
    }

    #[tokio::test]
    async fn what_is_common_is_met_on_the_way_and_the_way_has_an_end() {
        let (_directory, store, node) = opened().await;
        let count = u64::from(BUDGET) + 500;
        let mut all: Vec<Invoice> = (1..=count).map(|number| sale(number, Some(1000))).collect();
        for sale in &mut all {
            sale.order.order_id = OrderId::parse("the same".to_owned()).ok();
        }
        all[0].description = "the first one".to_owned();
        for page in all.chunks(2000) {
            store.apply(&node, page, &at(1)).await.unwrap();
        }
        let search = |sought| SaleSearch {
            sought,
            ..SaleSearch::default()
        };
        // More than can be sorted: the newest at once, and each once.
        for sought in [about(990, 1010), order("the same")] {
            let search = search(sought);
            let page = store.search_sales(&search, None, 50).await.unwrap();
            assert_eq!(page.reach, Reach::Whole);
            assert_eq!(page.invoices[0].number, count);
            let second = store.search_sales(&search, page.next.as_ref(), 50).await;
            assert_eq!(second.unwrap().invoices[0].number, count - 50);
        }
        // What no index knows: the search says how far it came, and goes on there.
        let search = search(Sought::Text("FIRST one".to_owned()));
        let page = store.search_sales(&search, None, 50).await.unwrap();
        assert!(page.invoices.is_empty());
        let Reach::BackTo(end) = page.reach else {
            panic!("{page:?}");
        };
        assert_eq!(end.as_second(), START + 501);
        let page = store.search_sales(&search, page.next.as_ref(), 50).await;
        let page = page.unwrap();
        assert_eq!((page.reach, page.next), (Reach::Whole, None));
        assert_eq!(page.invoices[0].number, 1);
    }

    #[tokio::test]
    async fn amounts_are_what_was_received_or_asked_for() {
        let (_directory, store, node) = opened().await;
        let asked = Invoice {
            amount: facture_domain::Amount::Exact(msat(5000)),
            ..sale(3, None)
        };
        let page = [sale(1, Some(5000)), sale(2, Some(6000)), asked];
        store.apply(&node, &page, &at(1)).await.unwrap();
        let find = async |state, sought| {
            let search = SaleSearch {
                state,
                sought,
                ..SaleSearch::default()
            };
            let page = store.search_sales(&search, None, 50).await.unwrap();
            let numbers: Vec<u64> = page.invoices.iter().map(|one| one.number).collect();
            numbers
        };
        assert_eq!(find(None, about(4950, 5050)).await, [1]);
        assert_eq!(
            find(Some(StatusName::Expired), about(4950, 5050)).await,
            [3]
        );
        assert_eq!(find(None, about(1, 10_000)).await, [2, 1]);
        assert_eq!(find(None, Sought::Text("%".to_owned())).await, [0_u64; 0]);
    }
}
