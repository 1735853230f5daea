//! What deliveries are signed with.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    error::Error,
    hook_rows::SecretsRow,
    sql::{OptionalExtension, Statements},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::hook::{HookSecret, SecretOwner, Secrets};

/// How long the secret before is valid after a rotation.
const PREVIOUS_SECRET_VALIDITY: Duration = Duration::from_secs(24 * 60 * 60);

/// The owner of the secret of all endpoints of one invoice.
const INVOICES: &str = "invoices";

impl Store {
    /// What is signed with at `now`; `None` when there is no such endpoint. That of the invoices is made when it is first
    /// asked for.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be used.
    pub async fn secrets(
        &self,
        owner: &SecretOwner,
        now: Timestamp,
    ) -> Result<Option<Secrets>, Error> {
        let found = self.lookup(|connection| read(connection, owner, now))?;
        if found.is_some() || *owner != SecretOwner::Invoices {
            return Ok(found);
        }
        let owner = owner.clone();
        self.write(move |unit| {
            ensure(unit, &owner)?;
            read(unit, &owner, now)
        })
        .await
    }

    /// Makes a new secret. The one before stays valid for a day: until then deliveries carry both signatures. `None` when
    /// there is no such endpoint.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn rotate_secret(
        &self,
        owner: &SecretOwner,
        now: Timestamp,
    ) -> Result<Option<Secrets>, Error> {
        let until = now
            .checked_add(PREVIOUS_SECRET_VALIDITY)
            .unwrap_or(Timestamp::MAX);
        let owner = owner.clone();
        self.write(move |unit| {
            if owner == SecretOwner::Invoices {
                ensure(unit, &owner)?;
            }
            unit.execute(
                "UPDATE secrets SET current = ?1, previous = current, previous_until = ?2 WHERE owner = ?3",
                (
                    HookSecret::random().reveal(),
                    until.as_second(),
                    name(&owner),
                ),
            )?;
            read(unit, &owner, now)
        })
        .await
    }
}

/// Makes a secret if there is none.
pub(super) fn ensure(unit: &UnitOfWork<'_>, owner: &SecretOwner) -> Result<(), Error> {
    unit.execute(
        "INSERT INTO secrets (owner, current) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        (name(owner), HookSecret::random().reveal()),
    )?;
    Ok(())
}

pub(super) fn read(
    database: &impl Statements,
    owner: &SecretOwner,
    now: Timestamp,
) -> Result<Option<Secrets>, Error> {
    let row = database
        .prepare_cached(&format!("{} WHERE owner = ?1", SecretsRow::SELECT))?
        .query_row([name(owner)], SecretsRow::from_row)
        .optional()?;
    row.map(|row| row.read(now)).transpose()
}

fn name(owner: &SecretOwner) -> &str {
    match owner {
        SecretOwner::Endpoint(id) => id.as_str(),
        SecretOwner::Invoices => INVOICES,
    }
}
