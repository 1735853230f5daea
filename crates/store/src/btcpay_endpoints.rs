//! Endpoints that are told in BTCPay's words. Each belongs to a shop and is told of its invoices.

use crate::{
    endpoints,
    error::Error,
    hook_rows::endpoint_id,
    rows::json,
    sql::{OptionalExtension, Row, Statements, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    ShopId,
    hook::{BtcpayEndpoint, Endpoint, EndpointChange, EndpointId, NewEndpoint, Redelivery},
};

impl Store {
    /// Makes an endpoint of a shop. It gets the events from now on.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written; [`Error::TooManyEndpoints`].
    pub async fn create_btcpay_endpoint(
        &self,
        shop: &ShopId,
        new: NewEndpoint,
        settings: &BtcpayEndpoint,
    ) -> Result<Endpoint, Error> {
        let (shop, settings) = (shop.clone(), settings.clone());
        self.write(move |unit| {
            let endpoint = endpoints::create(unit, new.clone())?;
            unit.execute(
                "UPDATE endpoints SET shop_id = ?1 WHERE id = ?2",
                [shop.as_str(), endpoint.id.as_str()],
            )?;
            write(unit, &endpoint.id, &settings)?;
            Ok(endpoint)
        })
        .await
    }

    /// The endpoints of a shop, the oldest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn btcpay_endpoints(
        &self,
        shop: &ShopId,
    ) -> Result<Vec<(Endpoint, BtcpayEndpoint)>, Error> {
        let shop = shop.clone();
        self.query(move |connection| {
            let sql = "SELECT id FROM endpoints JOIN btcpay_endpoints ON endpoint = id \
                       WHERE label IS NULL AND shop_id = ?1 ORDER BY created_at, id";
            let row = |row: &Row<'_>| row.get::<String>(0);
            let ids = all(connection, sql, [shop.as_str()], row, |id: String| {
                endpoint_id(&id)
            })?;
            let found = ids.iter().map(|id| find(connection, &shop, id));
            found.filter_map(Result::transpose).collect()
        })
        .await
    }

    /// Finds an endpoint of a shop.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn btcpay_endpoint(
        &self,
        shop: &ShopId,
        id: &EndpointId,
    ) -> Result<Option<(Endpoint, BtcpayEndpoint)>, Error> {
        self.lookup(|connection| find(connection, shop, id))
    }

    /// Changes an endpoint, all of whose settings are replaced; what it is then, `None` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn change_btcpay_endpoint(
        &self,
        id: &EndpointId,
        change: EndpointChange,
        settings: &BtcpayEndpoint,
    ) -> Result<Option<Endpoint>, Error> {
        let changed = self.change_endpoint(id, change).await?;
        if changed.is_some() {
            let (id, settings) = (id.clone(), settings.clone());
            self.write(move |unit| write(unit, &id, &settings)).await?;
        }
        Ok(changed)
    }
}

/// The settings of an endpoint; `None`: it is told in other words.
pub(super) fn settings(
    database: &impl Statements,
    id: &str,
) -> Result<Option<BtcpayEndpoint>, Error> {
    let row: Option<(String, Option<String>, String)> = database
        .prepare_cached(
            "SELECT secret, events, redelivery FROM btcpay_endpoints WHERE endpoint = ?1",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((secret, events, redelivery)) = row else {
        return Ok(None);
    };
    let events = events.map(|names| serde_json::from_str(&names)).transpose();
    Ok(Some(BtcpayEndpoint {
        secret: secret.parse().map_err(|_| Error::Corrupt("secret"))?,
        events: events.map_err(|_| Error::Corrupt("kinds of events"))?,
        redelivery: Redelivery::parse(&redelivery).ok_or(Error::Corrupt("endpoint"))?,
    }))
}

fn find(
    database: &impl Statements,
    shop: &ShopId,
    id: &EndpointId,
) -> Result<Option<(Endpoint, BtcpayEndpoint)>, Error> {
    let of_shop = database
        .prepare_cached("SELECT 1 FROM endpoints WHERE id = ?1 AND label IS NULL AND shop_id = ?2")?
        .exists([id.as_str(), shop.as_str()])?;
    if !of_shop {
        return Ok(None);
    }
    let endpoint = endpoints::find(database, id)?;
    Ok(endpoint.zip(settings(database, id.as_str())?))
}

fn write(unit: &UnitOfWork<'_>, id: &EndpointId, settings: &BtcpayEndpoint) -> Result<(), Error> {
    unit.execute(
        "INSERT INTO btcpay_endpoints (endpoint, secret, events, redelivery) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (endpoint) DO UPDATE SET secret = ?2, events = ?3, redelivery = ?4",
        (
            id.as_str(),
            settings.secret.expose(),
            settings.events.as_ref().map(json).transpose()?,
            settings.redelivery.as_str(),
        ),
    )?;
    Ok(())
}
