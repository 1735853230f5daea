//! Rules for notices: who is told what.

use crate::{
    audit,
    columns::row,
    error::Error,
    rows::{from_sql, timestamp, to_sql},
    sequence,
    sql::{self, Statements, all},
    store::Store,
};
use facture_domain::{
    desk::NewAudit,
    notice::{
        NewNoticeRule, NoticeChannel, NoticeEvent, NoticeFailure, NoticeRule, NoticeTarget,
        NoticeTrouble, UndeliveredNotice,
    },
};

/// The most rules. Every sale makes a row for each that tells of sales.
pub const MAX_NOTICE_RULES: u32 = 50;

/// What became of a rule that was to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeRuleAdded {
    /// It is there.
    Done,
    /// There are as many as may be.
    TooMany,
}

row! {
    /// A rule.
    Row of "notice_rules" {
        number: i64,
        event: String,
        channel: String,
        address: String,
        token: Option<String>,
        told_since: Option<i64>,
        failure: Option<String>,
        answer: Option<String>,
        failed_at: Option<i64>,
    }
}

impl Store {
    /// Makes a rule. It tells what happens from now on.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_notice_rule(
        &self,
        new: NewNoticeRule,
        entry: Option<NewAudit>,
    ) -> Result<NoticeRuleAdded, Error> {
        self.write(move |unit| {
            let sql = "SELECT count(*) FROM notice_rules";
            let known: u32 = unit.prepare(sql)?.query_row((), |row| row.get(0))?;
            if known >= MAX_NOTICE_RULES {
                return Ok(NoticeRuleAdded::TooMany);
            }
            unit.execute(
                "INSERT INTO notice_rules (event, channel, address, token, read_up_to, created_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (
                    new.event.as_str(),
                    new.target.channel().as_str(),
                    new.target.address(),
                    new.target.token(),
                    to_sql(sequence::last(unit)?)?,
                    unit.now().as_second(),
                ),
            )?;
            if let Some(entry) = &entry {
                audit::write(unit, entry)?;
            }
            Ok(NoticeRuleAdded::Done)
        })
        .await
    }

    /// Removes a rule with all its notices, also those that wait. `false`: there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn remove_notice_rule(
        &self,
        number: u64,
        entry: Option<NewAudit>,
    ) -> Result<bool, Error> {
        let number = to_sql(number)?;
        self.write(move |unit| {
            unit.execute("DELETE FROM notices WHERE rule = ?1", [number])?;
            let removed = unit.execute("DELETE FROM notice_rules WHERE number = ?1", [number])? > 0;
            if removed && let Some(entry) = &entry {
                audit::write(unit, entry)?;
            }
            Ok(removed)
        })
        .await
    }

    /// All rules, the oldest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn notice_rules(&self) -> Result<Vec<NoticeRule>, Error> {
        self.query(|connection| {
            let sql = format!("{} ORDER BY number", Row::SELECT);
            let rows = all(connection, &sql, (), Row::from_row, Ok)?;
            let rules = rows.into_iter().map(|row| row.read(connection));
            rules.collect()
        })
        .await
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn notice_rule(&self, number: u64) -> Result<Option<NoticeRule>, Error> {
        let Ok(number) = to_sql(number) else {
            return Ok(None);
        };
        self.lookup(|connection| {
            let sql = format!("{} WHERE number = ?1", Row::SELECT);
            let rows = all(connection, &sql, [number], Row::from_row, Ok)?;
            let rule = rows.into_iter().next();
            rule.map(|row| row.read(connection)).transpose()
        })
    }

    /// Notices that were given up, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn undelivered_notices(&self, limit: u32) -> Result<Vec<UndeliveredNotice>, Error> {
        self.query(move |connection| {
            let sql = "SELECT event, channel, address, notices.created_at, notices.answer FROM notice_rules \
                       JOIN notices ON rule = notice_rules.number AND state = 'failed' \
                       ORDER BY notices.number DESC LIMIT ?1";
            let row = |row: &sql::Row<'_>| {
                Ok((
                    row.get::<String>(0)?,
                    row.get::<String>(1)?,
                    row.get::<String>(2)?,
                    row.get::<i64>(3)?,
                    row.get::<Option<String>>(4)?,
                ))
            };
            all(connection, sql, [limit], row, |(of, channel, address, at, answer)| {
                Ok(UndeliveredNotice {
                    event: event(&of)?,
                    target: target(&channel, &address, None)?,
                    created_at: timestamp(at)?,
                    answer: answer.unwrap_or_default(),
                })
            })
        })
        .await
    }
}

/// An event, by its column.
pub(super) fn event(name: &str) -> Result<NoticeEvent, Error> {
    NoticeEvent::parse(name).ok_or(Error::Corrupt("event of a notice"))
}

fn target(channel: &str, address: &str, token: Option<&str>) -> Result<NoticeTarget, Error> {
    let corrupt = || Error::Corrupt("address of a notice");
    let channel = NoticeChannel::parse(channel).ok_or_else(corrupt)?;
    NoticeTarget::parse(channel, address, token.unwrap_or_default()).map_err(|_| corrupt())
}

impl Row {
    fn read(self, database: &impl Statements) -> Result<NoticeRule, Error> {
        let waiting: i64 = database
            .prepare_cached("SELECT count(*) FROM notices WHERE rule = ?1 AND state = 'waiting'")?
            .query_row([self.number], |row| row.get(0))?;
        let trouble = match (&self.failure, self.failed_at) {
            (Some(failure), Some(at)) => Some(NoticeTrouble {
                failure: NoticeFailure::parse(failure).ok_or(Error::Corrupt("failure"))?,
                answer: self.answer.unwrap_or_default(),
                at: timestamp(at)?,
            }),
            _ => None,
        };
        Ok(NoticeRule {
            number: from_sql(self.number)?,
            event: event(&self.event)?,
            target: target(&self.channel, &self.address, self.token.as_deref())?,
            told_since: self.told_since.map(timestamp).transpose()?,
            trouble,
            waiting: from_sql(waiting)?,
        })
    }
}
