//! Whom to tell what happens, and the units of work that change that.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{
    Error, Store,
    deliveries::{self, BATCH},
    hook_rows::{EndpointRow, write_kinds},
    rows::timestamp,
    secrets,
};
use crate::invoice::{
    Hook, Label,
    hook::{
        Disabled, Endpoint, EndpointChange, EndpointId, EndpointState, Kinds, NewEndpoint,
        SecretOwner,
    },
};

/// The most endpoints for all invoices, and the most for one. Every event makes a row for each.
const MOST: u32 = 100;
const MOST_OF_ONE: u32 = 20;

impl Store {
    /// Makes an endpoint for all invoices, with a secret of its own. It is told what happens from now on.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written; [`Error::TooManyEndpoints`].
    pub async fn create_endpoint(&self, new: NewEndpoint) -> Result<Endpoint, Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let known = sqlx::query_scalar("SELECT count(*) FROM endpoints WHERE label IS NULL");
        below(MOST, known.fetch_one(&mut *work).await?)?;
        let endpoint = insert(&mut work, None, new.hook, new.kinds).await?;
        let owner = SecretOwner::Endpoint(endpoint.id.clone());
        secrets::ensure(&mut work, &owner).await?;
        work.commit().await?;
        Ok(endpoint)
    }

    /// All endpoints for all invoices, the oldest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn endpoints(&self) -> Result<Vec<Endpoint>, Error> {
        let rows: Vec<EndpointRow> =
            sqlx::query_as("SELECT * FROM endpoints WHERE label IS NULL ORDER BY created_at, id")
                .fetch_all(&self.readers)
                .await?;
        rows.into_iter().map(EndpointRow::read).collect()
    }

    /// The endpoints of one invoice alone, the oldest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn endpoints_of(&self, label: &Label) -> Result<Vec<Endpoint>, Error> {
        let rows: Vec<EndpointRow> =
            sqlx::query_as("SELECT * FROM endpoints WHERE label = $1 ORDER BY created_at, id")
                .bind(label.as_str())
                .fetch_all(&self.readers)
                .await?;
        rows.into_iter().map(EndpointRow::read).collect()
    }

    /// Adds an address that is told what happens to one invoice, and what happened to it so far. Harmless when it is
    /// there already.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written; [`Error::TooManyEndpoints`].
    pub async fn add_endpoint(&self, label: &Label, hook: &Hook) -> Result<Endpoint, Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let endpoint = add_hook(&mut work, label, hook).await?;
        let known = sqlx::query_scalar("SELECT count(*) FROM endpoints WHERE label = $1");
        let known: i64 = known.bind(label.as_str()).fetch_one(&mut *work).await?;
        below(MOST_OF_ONE, known - 1)?;
        work.commit().await?;
        Ok(endpoint)
    }

    /// Finds an endpoint, of whichever kind.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn endpoint(&self, id: &EndpointId) -> Result<Option<Endpoint>, Error> {
        let mut reader = self.readers.acquire().await?;
        find(&mut reader, id).await
    }

    /// Changes an endpoint; what it is then, `None` when there is none. What waits for one that is disabled is dropped, in
    /// pieces.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn change_endpoint(
        &self,
        id: &EndpointId,
        change: EndpointChange,
    ) -> Result<Option<Endpoint>, Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let Some(mut endpoint) = find(&mut work, id).await? else {
            return Ok(None);
        };
        endpoint.hook.url = change.url.unwrap_or(endpoint.hook.url);
        endpoint.kinds = change.kinds.unwrap_or(endpoint.kinds);
        endpoint.state = change.state.unwrap_or(endpoint.state);
        sqlx::query(
            "UPDATE endpoints SET url = $1, receiver = $2, kinds = $3, state = $4 WHERE id = $5",
        )
        .bind(endpoint.hook.url.as_str())
        .bind(endpoint.hook.url.receiver())
        .bind(write_kinds(&endpoint.kinds)?)
        .bind(endpoint.state.as_str())
        .bind(id.as_str())
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        self.drop_waiting(id).await?;
        self.move_waiting(id).await?;
        Ok(Some(endpoint))
    }

    /// Deletes an endpoint and its secret; what waits for it is dropped. What it was, `None` when there was none. It is done
    /// in pieces; should it break off, the endpoint is disabled.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn delete_endpoint(&self, id: &EndpointId) -> Result<Option<Endpoint>, Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let Some(endpoint) = find(&mut work, id).await? else {
            return Ok(None);
        };
        sqlx::query("UPDATE endpoints SET state = $1 WHERE id = $2 AND state = 'enabled'")
            .bind(EndpointState::Disabled(Disabled::ByOwner).as_str())
            .bind(id.as_str())
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        self.drop_waiting(id).await?;
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        for sql in [
            "DELETE FROM secrets WHERE owner = $1",
            "DELETE FROM endpoints WHERE id = $1",
        ] {
            sqlx::query(sql)
                .bind(id.as_str())
                .execute(&mut *work)
                .await?;
        }
        work.commit().await?;
        Ok(Some(endpoint))
    }

    /// Drops what waits for an endpoint that is told nothing any more.
    pub(super) async fn drop_waiting(&self, id: &EndpointId) -> Result<(), Error> {
        self.in_pieces(
            "UPDATE deliveries SET state = 'dropped' WHERE place IN ( \
                 SELECT place FROM deliveries WHERE endpoint = $1 AND state = 'pending' LIMIT $2) \
             AND NOT EXISTS (SELECT 1 FROM endpoints WHERE id = $1 AND state = 'enabled')",
            id,
        )
        .await
    }

    /// What waits counts for whom it goes to now. Until it does, it goes there all the same.
    async fn move_waiting(&self, id: &EndpointId) -> Result<(), Error> {
        self.in_pieces(
            "UPDATE deliveries SET receiver = (SELECT receiver FROM endpoints WHERE id = $1) WHERE place IN ( \
                 SELECT place FROM deliveries WHERE endpoint = $1 AND state = 'pending' \
                 AND receiver <> (SELECT receiver FROM endpoints WHERE id = $1) LIMIT $2)",
            id,
        )
        .await
    }

    async fn in_pieces(&self, sql: &'static str, id: &EndpointId) -> Result<(), Error> {
        loop {
            let piece = sqlx::query(sql)
                .bind(id.as_str())
                .bind(i64::from(BATCH))
                .execute(&self.writer)
                .await?;
            if piece.rows_affected() < u64::from(BATCH) {
                return Ok(());
            }
        }
    }
}

/// Inside a unit of work: an address that is told what happens to one invoice, and what happened to it so far. Harmless
/// when it is there already.
pub(super) async fn add_hook(
    work: &mut SqliteConnection,
    label: &Label,
    hook: &Hook,
) -> Result<Endpoint, Error> {
    let known: Option<EndpointRow> =
        sqlx::query_as("SELECT * FROM endpoints WHERE label = $1 AND url = $2 AND format = $3")
            .bind(label.as_str())
            .bind(hook.url.as_str())
            .bind(hook.format.as_str())
            .fetch_optional(&mut *work)
            .await?;
    if let Some(known) = known {
        return known.read();
    }
    secrets::ensure(work, &SecretOwner::Invoices).await?;
    let kinds = hook.format.kinds();
    let endpoint = insert(work, Some(label), hook.clone(), kinds).await?;
    deliveries::catch_up(work, &endpoint).await?;
    Ok(endpoint)
}

/// Inside a unit of work: `None` when there is none.
pub(super) async fn find(
    work: &mut SqliteConnection,
    id: &EndpointId,
) -> Result<Option<Endpoint>, Error> {
    let row: Option<EndpointRow> = sqlx::query_as("SELECT * FROM endpoints WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(work)
        .await?;
    row.map(EndpointRow::read).transpose()
}

fn below(most: u32, known: i64) -> Result<(), Error> {
    match known < i64::from(most) {
        true => Ok(()),
        false => Err(Error::TooManyEndpoints(most)),
    }
}

async fn insert(
    work: &mut SqliteConnection,
    label: Option<&Label>,
    hook: Hook,
    kinds: Kinds,
) -> Result<Endpoint, Error> {
    // Whole seconds, so that what we hand out now is what is read later.
    let created_at = timestamp(Timestamp::now().as_second())?;
    let endpoint = Endpoint {
        id: EndpointId::random(),
        label: label.cloned(),
        hook,
        kinds,
        state: EndpointState::Enabled,
        created_at,
    };
    sqlx::query(
        "INSERT INTO endpoints (id, label, url, receiver, format, kinds, state, created_at, token) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(endpoint.id.as_str())
    .bind(label.map(Label::as_str))
    .bind(endpoint.hook.url.as_str())
    .bind(endpoint.hook.url.receiver())
    .bind(endpoint.hook.format.as_str())
    .bind(write_kinds(&endpoint.kinds)?)
    .bind(endpoint.state.as_str())
    .bind(created_at.as_second())
    .bind(endpoint.hook.token.as_deref())
    .execute(work)
    .await?;
    Ok(endpoint)
}
