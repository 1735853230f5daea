//! Endpoints of webhooks, and the units of work that change them.

use jiff::Timestamp;

use crate::{
    error::Error,
    hook_rows::{EndpointRow, write_kinds},
    replay,
    rows::timestamp,
    secrets,
    sql::{OptionalExtension, Statements, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    Hook, Label,
    hook::{
        Disabled, Endpoint, EndpointChange, EndpointId, EndpointState, Kinds, NewEndpoint,
        SecretOwner,
    },
};

/// The most endpoints for all invoices, and the most for one. Every event makes a row for each.
const MAX_SHOP_ENDPOINTS: u32 = 100;
const MAX_INVOICE_ENDPOINTS: u32 = 20;

impl Store {
    /// Makes an endpoint for all invoices, with a secret of its own. It gets the events from now on.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written; [`Error::TooManyEndpoints`].
    pub async fn create_endpoint(&self, new: NewEndpoint) -> Result<Endpoint, Error> {
        self.write(move |unit| create(unit, new.clone())).await
    }

    /// All endpoints for all invoices, the oldest first, without those that are told in BTCPay's words.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn endpoints(&self) -> Result<Vec<Endpoint>, Error> {
        self.query(|connection| {
            let sql = select("WHERE label IS NULL AND format <> 'btcpay' ORDER BY created_at, id");
            all(
                connection,
                &sql,
                [],
                EndpointRow::from_row,
                EndpointRow::read,
            )
        })
        .await
    }

    /// The endpoints of one invoice alone, the oldest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn endpoints_of(&self, label: &Label) -> Result<Vec<Endpoint>, Error> {
        self.lookup(|connection| {
            let sql = select("WHERE label = ?1 ORDER BY created_at, id");
            let label = [label.as_str()];
            all(
                connection,
                &sql,
                label,
                EndpointRow::from_row,
                EndpointRow::read,
            )
        })
    }

    /// Adds a webhook for one invoice. It receives all events about it, those so far included. Harmless when it is
    /// there already.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written; [`Error::TooManyEndpoints`].
    pub async fn add_endpoint(&self, label: &Label, hook: &Hook) -> Result<Endpoint, Error> {
        let (label, hook) = (label.clone(), hook.clone());
        self.write(move |unit| {
            let endpoint = add_hook(unit, &label, &hook)?;
            let sql = "SELECT count(*) FROM endpoints WHERE label = ?1";
            let known: i64 = unit
                .prepare(sql)?
                .query_row([label.as_str()], |row| row.get(0))?;
            below(MAX_INVOICE_ENDPOINTS, known - 1)?;
            Ok(endpoint)
        })
        .await
    }

    /// Finds an endpoint, of whichever kind.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn endpoint(&self, id: &EndpointId) -> Result<Option<Endpoint>, Error> {
        self.lookup(|connection| find(connection, id))
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
        let key = id.clone();
        let changed = self
            .write(move |unit| update_endpoint(unit, &key, change.clone()))
            .await?;
        if changed.is_some() {
            self.drop_waiting(id).await?;
            self.move_waiting(id).await?;
        }
        Ok(changed)
    }

    /// Deletes an endpoint and its secret; what waits for it is dropped. What it was, `None` when there was none. It is done
    /// in pieces; should it break off, the endpoint is disabled.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn delete_endpoint(&self, id: &EndpointId) -> Result<Option<Endpoint>, Error> {
        let key = id.clone();
        let endpoint = self.query(move |connection| find(connection, &key)).await?;
        let Some(endpoint) = endpoint else {
            return Ok(None);
        };
        loop {
            let key = id.clone();
            self.write(move |unit| disable(unit, &key, Disabled::ByOwner))
                .await?;
            self.drop_waiting(id).await?;
            let key = id.clone();
            let deleted = self.write(move |unit| {
                let deleted = unit.execute(DELETE_IDLE, [key.as_str()])? > 0;
                if deleted {
                    unit.execute("DELETE FROM secrets WHERE owner = ?1", [key.as_str()])?;
                    let sql = "DELETE FROM btcpay_endpoints WHERE endpoint = ?1";
                    unit.execute(sql, [key.as_str()])?;
                }
                // Another request may have been first.
                Ok(deleted || find(unit, &key)?.is_none())
            });
            // It was enabled again meanwhile, and was given something to send.
            if deleted.await? {
                return Ok(Some(endpoint));
            }
        }
    }
}

/// Makes an endpoint for all invoices, with a secret of its own.
pub(super) fn create(unit: &UnitOfWork<'_>, new: NewEndpoint) -> Result<Endpoint, Error> {
    let sql = "SELECT count(*) FROM endpoints WHERE label IS NULL";
    let known = unit.prepare(sql)?.query_row([], |row| row.get(0))?;
    below(MAX_SHOP_ENDPOINTS, known)?;
    let endpoint = insert(unit, None, new.hook, new.kinds)?;
    secrets::ensure(unit, &SecretOwner::Endpoint(endpoint.id.clone()))?;
    Ok(endpoint)
}

/// Deletes an endpoint to which nothing is to be sent.
const DELETE_IDLE: &str = "DELETE FROM endpoints WHERE id = ?1 AND state <> 'enabled' \
     AND NOT EXISTS (SELECT 1 FROM deliveries WHERE endpoint = ?1 AND state = 'pending')";

/// Disables an endpoint: nothing is sent there any more. `false`: it was disabled already.
pub(super) fn disable(
    unit: &UnitOfWork<'_>,
    id: &EndpointId,
    why: Disabled,
) -> Result<bool, Error> {
    let disabled = unit.execute(
        "UPDATE endpoints SET state = ?1 WHERE id = ?2 AND state = 'enabled'",
        [EndpointState::Disabled(why).as_str(), id.as_str()],
    )?;
    Ok(disabled > 0)
}

/// Adds a webhook for one invoice. It receives all events about it, those so far included. Harmless when it is there
/// already.
pub(super) fn add_hook(
    unit: &mut UnitOfWork<'_>,
    label: &Label,
    hook: &Hook,
) -> Result<Endpoint, Error> {
    let known = unit
        .prepare(&select("WHERE label = ?1 AND url = ?2 AND format = ?3"))?
        .query_row(
            [label.as_str(), hook.url.as_str(), hook.format.as_str()],
            EndpointRow::from_row,
        )
        .optional()?;
    if let Some(known) = known {
        return known.read();
    }
    secrets::ensure(unit, &SecretOwner::Invoices)?;
    let kinds = hook.format.kinds();
    let endpoint = insert(unit, Some(label), hook.clone(), kinds)?;
    replay::catch_up(unit, &endpoint)?;
    Ok(endpoint)
}

/// `None` when there is none.
pub(super) fn find(database: &impl Statements, id: &EndpointId) -> Result<Option<Endpoint>, Error> {
    let row = database
        .prepare_cached(&select("WHERE id = ?1"))?
        .query_row([id.as_str()], EndpointRow::from_row)
        .optional()?;
    row.map(EndpointRow::read).transpose()
}

fn select(which: &str) -> String {
    format!("{} {which}", EndpointRow::SELECT)
}

fn below(max: u32, known: i64) -> Result<(), Error> {
    match known < i64::from(max) {
        true => Ok(()),
        false => Err(Error::TooManyEndpoints(max)),
    }
}

fn update_endpoint(
    unit: &UnitOfWork<'_>,
    id: &EndpointId,
    change: EndpointChange,
) -> Result<Option<Endpoint>, Error> {
    let Some(mut endpoint) = find(unit, id)? else {
        return Ok(None);
    };
    endpoint.hook.url = change.url.unwrap_or(endpoint.hook.url);
    endpoint.kinds = change.kinds.unwrap_or(endpoint.kinds);
    endpoint.state = change.state.unwrap_or(endpoint.state);
    unit.execute(
        "UPDATE endpoints SET url = ?1, receiver = ?2, kinds = ?3, state = ?4 WHERE id = ?5",
        (
            endpoint.hook.url.as_str(),
            endpoint.hook.url.receiver(),
            write_kinds(&endpoint.kinds)?,
            endpoint.state.as_str(),
            id.as_str(),
        ),
    )?;
    Ok(Some(endpoint))
}

fn insert(
    unit: &UnitOfWork<'_>,
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
    let row = EndpointRow::of(&endpoint)?;
    unit.execute(EndpointRow::INSERT, row.to_insert().as_ref())?;
    Ok(endpoint)
}
