//! Offers of ours on the node: which there are, and whether they can be paid.

use std::collections::HashSet;

use crate::{
    columns::row,
    error::Error,
    rows::timestamp,
    sql::{OptionalExtension, Statements, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    Label, Offer, OfferId, OfferState,
    payment_string::{Bolt12, Bolt12Kind},
};

/// The most offers that there can be. A node never forgets one.
pub const MAX_OFFERS: u32 = 1000;

/// What became of an offer that was to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferAdded {
    /// It was not known.
    New(Offer),
    /// It was, and is now as the node says.
    Known(Offer),
}

row! {
    /// An offer as SQL has it.
    OfferRow of "offers" {
        id: String,
        label: String,
        bolt12: String,
        state: String,
        created_at: i64,
    }
}

impl Store {
    /// Writes an offer of ours down as the node has it. One that is known keeps its label and its time.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn put_offer(&self, offer: Offer) -> Result<OfferAdded, Error> {
        // Most are known and as they were: that costs no write.
        let id = offer.id;
        if let Some(known) = self.find_offer(&id).await?
            && known.state == offer.state
        {
            return Ok(OfferAdded::Known(known));
        }
        self.write(move |unit| put(unit, &offer)).await
    }

    /// The offer with this id; `None` when it is not ours.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn find_offer(&self, id: &OfferId) -> Result<Option<Offer>, Error> {
        let id = *id;
        self.query(move |connection| find(connection, &id)).await
    }

    /// The offer with this label; `None` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn offer_by_label(&self, label: &Label) -> Result<Option<Offer>, Error> {
        let label = label.clone();
        self.query(move |connection| {
            let sql = format!("{} WHERE label = ?1", OfferRow::SELECT);
            one(connection, &sql, label.as_str())
        })
        .await
    }

    /// Those of these offers that are ours.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn our_offers(&self, ids: &[OfferId]) -> Result<HashSet<OfferId>, Error> {
        let ids = ids.to_vec();
        self.query(move |connection| {
            let mut select = connection.prepare_cached("SELECT 1 FROM offers WHERE id = ?1")?;
            let mut ours = HashSet::new();
            for id in ids {
                if select.exists([id.to_string()])? {
                    ours.insert(id);
                }
            }
            Ok(ours)
        })
        .await
    }

    /// All offers, the newest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn offers(&self) -> Result<Vec<Offer>, Error> {
        self.query(|connection| {
            let sql = format!("{} ORDER BY number DESC", OfferRow::SELECT);
            all(connection, &sql, (), OfferRow::from_row, OfferRow::read)
        })
        .await
    }

    /// How many offers there are.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn count_offers(&self) -> Result<u32, Error> {
        self.query(|connection| {
            let sql = "SELECT count(*) FROM offers";
            let count: i64 = connection
                .prepare_cached(sql)?
                .query_row((), |row| row.get(0))?;
            Ok(u32::try_from(count).unwrap_or(u32::MAX))
        })
        .await
    }
}

fn put(unit: &UnitOfWork<'_>, offer: &Offer) -> Result<OfferAdded, Error> {
    let known = find(unit, &offer.id)?;
    unit.execute(
        "INSERT INTO offers (id, label, bolt12, state, created_at) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (id) DO UPDATE SET state = ?4",
        (
            offer.id.to_string(),
            offer.label.as_str(),
            offer.bolt12.as_str(),
            offer.state.as_str(),
            offer.created_at.as_second(),
        ),
    )?;
    let now = find(unit, &offer.id)?.ok_or(Error::Corrupt("offer"))?;
    Ok(match known {
        None => OfferAdded::New(now),
        Some(_) => OfferAdded::Known(now),
    })
}

fn find(database: &impl Statements, id: &OfferId) -> Result<Option<Offer>, Error> {
    let sql = format!("{} WHERE id = ?1", OfferRow::SELECT);
    one(database, &sql, &id.to_string())
}

fn one(database: &impl Statements, sql: &str, key: &str) -> Result<Option<Offer>, Error> {
    let row = database
        .prepare_cached(sql)?
        .query_row([key], OfferRow::from_row)
        .optional()?;
    row.map(OfferRow::read).transpose()
}

impl OfferRow {
    fn read(self) -> Result<Offer, Error> {
        let corrupt = || Error::Corrupt("offer");
        Ok(Offer {
            id: self.id.parse().map_err(|_| corrupt())?,
            label: Label::stored(self.label),
            bolt12: Bolt12::stored(Bolt12Kind::Offer, self.bolt12),
            state: OfferState::parse(&self.state).ok_or_else(corrupt)?,
            created_at: timestamp(self.created_at)?,
        })
    }
}
