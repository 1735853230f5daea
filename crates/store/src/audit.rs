//! The audit log of the desk. A change is written together with its entry, in one unit of work.

use crate::{
    columns::row,
    error::Error,
    rows::{from_sql, timestamp},
    sql::all,
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::desk::{AuditEntry, NewAudit};

row! {
    /// An entry.
    Row of "audit" {
        number: i64,
        at: i64,
        actor: Option<String>,
        address: String,
        action: String,
        subject: String,
        detail: String,
    }
}

/// Writes an entry, in the unit of work of what it is about.
pub(super) fn write(unit: &UnitOfWork<'_>, entry: &NewAudit) -> Result<(), Error> {
    unit.execute(
        "INSERT INTO audit (at, user_id, actor, address, action, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            unit.now().as_second(),
            entry.actor.id().map(|id| id.as_str()),
            entry.actor.name(),
            entry.actor.address(),
            entry.action.as_str(),
            &entry.subject,
            &entry.detail,
        ),
    )?;
    Ok(())
}

impl Store {
    /// Writes an entry about something that is not in the store.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_audit(&self, entry: NewAudit) -> Result<(), Error> {
        self.write(move |unit| write(unit, &entry)).await
    }

    /// Entries, the newest first, at most `limit`: those before the number `before`, if it is given.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn audit(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditEntry>, Error> {
        let before = before.map_or(i64::MAX, |number| i64::try_from(number).unwrap_or(i64::MAX));
        self.query(move |connection| {
            let sql = format!(
                "{} WHERE number < ?1 ORDER BY number DESC LIMIT ?2",
                Row::SELECT
            );
            let parameters = (before, i64::from(limit));
            all(connection, &sql, parameters, Row::from_row, Row::read)
        })
        .await
    }
}

impl Row {
    fn read(self) -> Result<AuditEntry, Error> {
        Ok(AuditEntry {
            number: from_sql(self.number)?,
            at: timestamp(self.at)?,
            actor: self.actor,
            address: self.address,
            action: self.action,
            subject: self.subject,
            detail: self.detail,
        })
    }
}
