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

/// The same, if there is one: what programs do has none.
pub(super) fn write_if(unit: &UnitOfWork<'_>, entry: Option<&NewAudit>) -> Result<(), Error> {
    entry.map_or(Ok(()), |entry| write(unit, entry))
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

#[cfg(test)]
mod tests {
    use facture_domain::{
        ItemId, NodeId, Status,
        desk::{Actor, AuditAction},
        token::TokenId,
    };

    use crate::{
        Withdrawn,
        tests::{at, invoice, opened},
    };

    #[tokio::test]
    async fn an_entry_is_there_exactly_when_what_it_is_about_was_done() {
        let (_directory, store, node) = opened().await;
        let sale = invoice(1, String::new(), Status::Unpaid);
        store
            .apply(&node, std::slice::from_ref(&sale), &at(1))
            .await
            .unwrap();
        let entry = |action| Some(Actor::Console.did(action, "it"));

        let token = TokenId::random();
        let revoked = store.revoke_token(&token, entry(AuditAction::TokenRevoked));
        assert!(!revoked.await.unwrap());
        let item = ItemId::parse("nothing").unwrap();
        let withdrawn = store.withdraw(&item, entry(AuditAction::ItemWithdrawn));
        assert_eq!(withdrawn.await.unwrap(), Withdrawn::Unknown);
        // The unit of work fails as a whole.
        let other = NodeId::new("03".repeat(33));
        let cancelled = store.cancel(&other, &sale.label, entry(AuditAction::SaleCancelled));
        cancelled.await.unwrap_err();
        assert_eq!(store.audit(None, 9).await.unwrap(), []);

        let cancelled = store.cancel(&node, &sale.label, entry(AuditAction::SaleCancelled));
        assert!(cancelled.await.unwrap());
        let entries = store.audit(None, 9).await.unwrap();
        let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["sale.cancelled"]);
    }
}
