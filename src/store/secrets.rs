//! What deliveries are signed with.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{Error, Store, hook_rows::SecretsRow};
use crate::invoice::hook::{HookSecret, SecretOwner, Secrets};

/// How long the secret before is valid after a rotation.
const GRACE: Duration = Duration::from_secs(24 * 60 * 60);

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
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        if *owner == SecretOwner::Invoices {
            ensure(&mut work, owner).await?;
        }
        let secrets = read(&mut work, owner, now).await?;
        work.commit().await?;
        Ok(secrets)
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
        let until = now.checked_add(GRACE).unwrap_or(Timestamp::MAX);
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        if *owner == SecretOwner::Invoices {
            ensure(&mut work, owner).await?;
        }
        sqlx::query(
            "UPDATE secrets SET current = $1, previous = current, previous_until = $2 WHERE owner = $3",
        )
        .bind(HookSecret::random().reveal())
        .bind(until.as_second())
        .bind(name(owner))
        .execute(&mut *work)
        .await?;
        let secrets = read(&mut work, owner, now).await?;
        work.commit().await?;
        Ok(secrets)
    }
}

/// Inside a unit of work: makes a secret if there is none.
pub(super) async fn ensure(work: &mut SqliteConnection, owner: &SecretOwner) -> Result<(), Error> {
    sqlx::query("INSERT INTO secrets (owner, current) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(name(owner))
        .bind(HookSecret::random().reveal())
        .execute(work)
        .await?;
    Ok(())
}

pub(super) async fn read(
    work: &mut SqliteConnection,
    owner: &SecretOwner,
    now: Timestamp,
) -> Result<Option<Secrets>, Error> {
    let row: Option<SecretsRow> =
        sqlx::query_as("SELECT current, previous, previous_until FROM secrets WHERE owner = $1")
            .bind(name(owner))
            .fetch_optional(work)
            .await?;
    row.map(|row| row.read(now)).transpose()
}

fn name(owner: &SecretOwner) -> &str {
    match owner {
        SecretOwner::Endpoint(id) => id.as_str(),
        SecretOwner::Invoices => INVOICES,
    }
}
