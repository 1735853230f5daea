//! Notices on their way: written from the event log by the cursor of their rule, or by what else happens, and sent from here.
//! Each is a row from then on until it arrived or was given up, so that none is lost and none is written twice.

use jiff::Timestamp;

use crate::{
    error::Error,
    event_rows::EventRow,
    notice_rules,
    rows::{from_sql, to_sql},
    sql::{self, Row, Statements, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    Payload,
    notice::{Condition, NoticeContent, NoticeFailure, Turn, WaitingNotice},
};

/// As many sales at most become notices in one unit of work: no payment waits for long.
const MAX_COLLECTED: u32 = 500;

/// What came of an attempt to send some notices of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeAttempt {
    /// The rule.
    pub rule: u64,
    /// The notices.
    pub numbers: Vec<u64>,
    /// What came of it.
    pub result: NoticeResult,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeResult {
    /// They arrived.
    Sent,
    /// They did not; those that were written before `give_up_before` are given up, the others wait.
    Failed {
        /// Why.
        failure: NoticeFailure,
        /// What the server answered.
        answer: String,
        /// What is older is not tried again.
        give_up_before: Timestamp,
    },
}

/// The sales of which no notice is written yet, up to the `?1`th of them. The words about `kind` are those of the index.
const UNREAD: &str = "SELECT sequence FROM events WHERE kind = 'invoice.paid' AND kind <> 'invoice.created' \
     AND sequence > (SELECT min(read_up_to) FROM notice_rules WHERE event = 'sale_paid') ORDER BY sequence LIMIT ?1";

impl Store {
    /// Writes a notice of each sale that was paid since the last time, for each rule that tells of sales; the rules' cursors
    /// move in the same unit of work. Whether there may be more.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn collect_sale_notices(&self) -> Result<bool, Error> {
        let unread = self.lookup(|connection| {
            let mut statement = connection.prepare_cached(UNREAD)?;
            Ok(statement.exists([1])?)
        })?;
        if !unread {
            return Ok(false);
        }
        self.write(|unit| {
            let sequences = all(unit, UNREAD, [MAX_COLLECTED], |row| row.get::<i64>(0), Ok)?;
            let Some(last) = sequences.last() else {
                return Ok(false);
            };
            unit.execute(
                "INSERT INTO notices (rule, sequence, detail, state, created_at) \
                 SELECT number, sequence, '', 'waiting', ?2 FROM notice_rules JOIN events \
                 ON sequence > read_up_to AND sequence <= ?1 AND kind = 'invoice.paid' AND kind <> 'invoice.created' \
                 WHERE event = 'sale_paid' ORDER BY sequence, number",
                (last, unit.now().as_second()),
            )?;
            unit.execute(
                "UPDATE notice_rules SET read_up_to = ?1 WHERE event = 'sale_paid' AND read_up_to < ?1",
                [last],
            )?;
            Ok(sequences.len() >= usize::try_from(MAX_COLLECTED).unwrap_or(usize::MAX))
        })
        .await
    }

    /// Writes that a condition began, for each rule that did not tell it yet, or that it is over, for each that did.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn write_condition(&self, turn: Turn, condition: Condition) -> Result<(), Error> {
        self.write(move |unit| {
            let is_due = match turn {
                Turn::Began => "told_since IS NULL",
                Turn::Over => "told_since IS NOT NULL",
            };
            let (event, now) = (condition.event().as_str(), unit.now().as_second());
            unit.execute(
                &format!(
                    "INSERT INTO notices (rule, turn, detail, state, created_at) \
                     SELECT number, ?2, ?3, 'waiting', ?4 FROM notice_rules WHERE event = ?1 AND {is_due}"
                ),
                (event, turn.as_str(), condition.detail(), now),
            )?;
            let since = match turn {
                Turn::Began => Some(now),
                Turn::Over => None,
            };
            unit.execute(
                &format!("UPDATE notice_rules SET told_since = ?2 WHERE event = ?1 AND {is_due}"),
                (event, since),
            )?;
            unit.notices_written();
            Ok(())
        })
        .await
    }

    /// The rules of which some notice waits.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn rules_with_waiting_notices(&self) -> Result<Vec<u64>, Error> {
        self.query(|connection| {
            let sql = "SELECT number FROM notice_rules WHERE EXISTS ( \
                       SELECT 1 FROM notices WHERE rule = notice_rules.number AND state = 'waiting') ORDER BY number";
            all(connection, sql, (), |row| row.get(0), from_sql)
        })
        .await
    }

    /// The first notices of a rule that wait, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn waiting_notices(
        &self,
        rule: u64,
        limit: u32,
    ) -> Result<Vec<WaitingNotice>, Error> {
        let rule = to_sql(rule)?;
        self.query(move |connection| {
            let sql = "SELECT notices.number, event, sequence, turn, detail FROM notices \
                       JOIN notice_rules ON notice_rules.number = rule \
                       WHERE rule = ?1 AND state = 'waiting' ORDER BY notices.number LIMIT ?2";
            let rows = all(connection, sql, (rule, limit), WaitingRow::from_row, Ok)?;
            let notices = rows.into_iter().map(|row| row.read(connection));
            notices.collect()
        })
        .await
    }

    /// Records what came of an attempt.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written: then nothing is, and what arrived would be sent again.
    pub async fn record_notices(&self, attempt: NoticeAttempt) -> Result<(), Error> {
        self.write(move |unit| record(unit, &attempt)).await
    }

    /// How many notices wait.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn notices_waiting(&self) -> Result<u64, Error> {
        self.query(|connection| {
            let sql = "SELECT count(*) FROM notice_rules JOIN notices \
                       ON rule = notice_rules.number AND state = 'waiting'";
            let waiting = connection
                .prepare_cached(sql)?
                .query_row((), |row| row.get(0))?;
            from_sql(waiting)
        })
        .await
    }

    /// Forgets notices that were written before `before` and wait no more, at most `limit`: how many.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn forget_notices(&self, before: Timestamp, limit: u32) -> Result<usize, Error> {
        self.write(move |unit| {
            unit.execute(
                "DELETE FROM notices WHERE number IN ( \
                     SELECT number FROM notices WHERE state <> 'waiting' AND created_at < ?1 \
                     ORDER BY created_at LIMIT ?2)",
                (before.as_second(), limit),
            )
        })
        .await
    }
}

/// Writes that an endpoint of the shop was disabled, in the unit of work that does so.
pub(super) fn write_endpoint_gone(unit: &mut UnitOfWork<'_>, receiver: &str) -> Result<(), Error> {
    unit.execute(
        "INSERT INTO notices (rule, detail, state, created_at) \
         SELECT number, ?1, 'waiting', ?2 FROM notice_rules WHERE event = 'endpoint_gone'",
        (receiver, unit.now().as_second()),
    )?;
    unit.notices_written();
    Ok(())
}

fn record(unit: &UnitOfWork<'_>, attempt: &NoticeAttempt) -> Result<(), Error> {
    let rule = to_sql(attempt.rule)?;
    match &attempt.result {
        NoticeResult::Sent => {
            for number in &attempt.numbers {
                let sql =
                    "UPDATE notices SET state = 'sent' WHERE number = ?1 AND state = 'waiting'";
                unit.execute(sql, [to_sql(*number)?])?;
            }
            unit.execute(
                "UPDATE notice_rules SET failure = NULL, answer = NULL, failed_at = NULL WHERE number = ?1",
                [rule],
            )?;
        }
        NoticeResult::Failed {
            failure,
            answer,
            give_up_before,
        } => {
            for number in &attempt.numbers {
                unit.execute(
                    "UPDATE notices SET state = 'failed', answer = ?2 \
                     WHERE number = ?1 AND state = 'waiting' AND created_at < ?3",
                    (to_sql(*number)?, answer, give_up_before.as_second()),
                )?;
            }
            unit.execute(
                "UPDATE notice_rules SET failure = ?2, answer = ?3, failed_at = ?4 WHERE number = ?1",
                (rule, failure.as_str(), answer, unit.now().as_second()),
            )?;
        }
    }
    Ok(())
}

struct WaitingRow {
    number: i64,
    event: String,
    sequence: Option<i64>,
    turn: Option<String>,
    detail: String,
}

impl WaitingRow {
    fn from_row(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            event: row.get(1)?,
            sequence: row.get(2)?,
            turn: row.get(3)?,
            detail: row.get(4)?,
        })
    }

    fn read(self, database: &impl Statements) -> Result<WaitingNotice, Error> {
        let corrupt = || Error::Corrupt("notice");
        let content = match (self.sequence, &self.turn) {
            (Some(sequence), _) => {
                let event = database
                    .prepare_cached(&format!("{} WHERE sequence = ?1", EventRow::SELECT))?
                    .query_row([sequence], EventRow::from_row)?
                    .read()?;
                match event.payload {
                    Payload::Invoice(invoice) => NoticeContent::Sale(invoice),
                    Payload::Payout(_) => return Err(corrupt()),
                }
            }
            (None, Some(turn)) => {
                let event = notice_rules::event(&self.event)?;
                let condition = Condition::stored(event, &self.detail).ok_or_else(corrupt)?;
                NoticeContent::Condition(Turn::parse(turn).ok_or_else(corrupt)?, condition)
            }
            (None, None) => NoticeContent::EndpointGone(self.detail),
        };
        Ok(WaitingNotice {
            number: from_sql(self.number)?,
            content,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        NoticeRuleAdded,
        tests::{at, invoice, opened, plan},
    };
    use facture_domain::{
        Msat, NodeId, Settlement, Status,
        notice::{NewNoticeRule, NoticeChannel, NoticeEvent, NoticeTarget},
    };
    use facture_runtime::clock::{after, before};

    async fn rule(store: &Store, event: NoticeEvent) {
        let target = NoticeTarget::parse(NoticeChannel::Mail, "ada@shop.example", "");
        let new = NewNoticeRule {
            event,
            target: target.unwrap(),
        };
        let added = store.add_notice_rule(new, None).await.unwrap();
        assert_eq!(added, NoticeRuleAdded::Done);
    }

    async fn sell(store: &Store, node: &NodeId, number: u64) {
        let status = Status::Paid(Settlement {
            amount_received: Msat::from_msat(1_000).unwrap(),
            paid_at: Timestamp::now(),
            pay_index: number,
        });
        let page = [invoice(number, format!("sale {number}"), status)];
        store.apply(node, &page, &at(number)).await.unwrap();
    }

    async fn waiting(store: &Store, rule: u64) -> Vec<String> {
        let notices = store.waiting_notices(rule, 100).await.unwrap();
        let words = notices.into_iter().map(|notice| match notice.content {
            NoticeContent::Sale(invoice) => invoice.description,
            NoticeContent::EndpointGone(receiver) => receiver,
            NoticeContent::Condition(turn, condition) => {
                format!("{} {}", turn.as_str(), condition.detail())
            }
        });
        words.collect()
    }

    #[tokio::test]
    async fn each_sale_becomes_one_notice_of_each_rule_that_was_there() {
        let (_directory, store, node) = opened().await;
        sell(&store, &node, 1).await;
        rule(&store, NoticeEvent::SalePaid).await;
        rule(&store, NoticeEvent::NodeAway).await;
        sell(&store, &node, 2).await;
        assert!(!store.collect_sale_notices().await.unwrap());
        rule(&store, NoticeEvent::SalePaid).await;
        sell(&store, &node, 3).await;
        for _ in 0..2 {
            store.collect_sale_notices().await.unwrap();
            assert_eq!(waiting(&store, 1).await, ["sale 2", "sale 3"]);
            assert_eq!(waiting(&store, 2).await, [""; 0]);
            assert_eq!(waiting(&store, 3).await, ["sale 3"]);
        }
        assert_eq!(store.notices_waiting().await.unwrap(), 3);
        assert_eq!(store.rules_with_waiting_notices().await.unwrap(), [1, 3]);
    }

    #[tokio::test]
    async fn a_condition_is_written_once_when_it_begins_and_once_when_it_is_over() {
        let (_directory, store, _) = opened().await;
        rule(&store, NoticeEvent::NoRate).await;
        let write = async |turn| {
            let condition = Condition::NoRate("EUR".to_owned());
            store.write_condition(turn, condition).await.unwrap();
        };
        write(Turn::Over).await;
        write(Turn::Began).await;
        write(Turn::Began).await;
        assert_eq!(waiting(&store, 1).await, ["began EUR"]);
        // One that is made meanwhile learns of it, too.
        rule(&store, NoticeEvent::NoRate).await;
        write(Turn::Began).await;
        write(Turn::Over).await;
        write(Turn::Over).await;
        for rule in [1, 2] {
            assert_eq!(waiting(&store, rule).await, ["began EUR", "over EUR"]);
        }
    }

    #[tokio::test]
    async fn what_fails_waits_until_it_is_given_up_and_is_forgotten_later() {
        let (_directory, store, node) = opened().await;
        rule(&store, NoticeEvent::SalePaid).await;
        sell(&store, &node, 1).await;
        store.collect_sale_notices().await.unwrap();
        let now = Timestamp::now();
        let hour = Duration::from_secs(3600);
        let failed = |give_up_before| NoticeAttempt {
            rule: 1,
            numbers: vec![1],
            result: NoticeResult::Failed {
                failure: NoticeFailure::Refused,
                answer: "no such box".to_owned(),
                give_up_before,
            },
        };
        store
            .record_notices(failed(before(now, hour)))
            .await
            .unwrap();
        assert_eq!(waiting(&store, 1).await, ["sale 1"]);
        let shown = store.notice_rule(1).await.unwrap().unwrap();
        let trouble = shown.trouble.unwrap();
        assert_eq!(trouble.failure, NoticeFailure::Refused);
        assert_eq!(trouble.answer, "no such box");
        store
            .record_notices(failed(after(now, hour)))
            .await
            .unwrap();
        assert_eq!(waiting(&store, 1).await, [""; 0]);
        let undelivered = store.undelivered_notices(10).await.unwrap();
        assert_eq!(undelivered[0].answer, "no such box");
        sell(&store, &node, 2).await;
        store.collect_sale_notices().await.unwrap();
        let sent = NoticeAttempt {
            rule: 1,
            numbers: vec![2],
            result: NoticeResult::Sent,
        };
        store.record_notices(sent).await.unwrap();
        let shown = store.notice_rule(1).await.unwrap().unwrap();
        assert_eq!((shown.trouble, shown.waiting), (None, 0));
        assert_eq!(
            store.forget_notices(before(now, hour), 10).await.unwrap(),
            0
        );
        assert_eq!(store.forget_notices(after(now, hour), 10).await.unwrap(), 2);
        assert!(store.remove_notice_rule(1, None).await.unwrap());
        assert!(!store.remove_notice_rule(1, None).await.unwrap());
    }

    #[tokio::test]
    async fn unread_sales_are_found_by_an_index() {
        let (_directory, store, _) = opened().await;
        let plan = plan(&store, UNREAD);
        assert!(
            plan.contains("events_kind (kind=? AND sequence>?"),
            "{plan}"
        );
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
