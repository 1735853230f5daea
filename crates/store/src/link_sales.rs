//! What is ordered by payment links. A sale is written down before its invoice exists, and with that its pieces are reserved: in
//! one unit of work with the counting, so no more can be open or paid than the shop sells.

use jiff::Timestamp;

use crate::{
    error::Error,
    payment_links,
    rows::timestamp,
    sql::{self, OptionalExtension, all},
    stock_counts::Sold,
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{Buyer, Label, LinkSale, LinkState, LinkText, Slug};

/// An order that is to be written down.
#[derive(Clone, Debug)]
pub struct NewLinkSale {
    /// The label that its invoice will have.
    pub label: Label,
    /// The link.
    pub slug: Slug,
    /// How many pieces.
    pub pieces: u32,
    /// Who ordered it.
    pub buyer: Buyer,
    /// Until when its invoice can be paid, at the latest.
    pub until: Timestamp,
}

/// What became of an order that was to be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkReserved {
    /// It is, or was before: its invoice can be made.
    Done,
    /// Nothing can be ordered, or not so much.
    Closed(LinkState),
    /// There is no such link.
    Unknown,
}

/// The columns of a sale, with whether it is paid.
const SELECT: &str = "SELECT s.label, s.pieces, s.name, s.mail, s.note, s.ordered_at, \
     coalesce(i.status, '') = 'paid' OR i.payment_proven_at IS NOT NULL \
     FROM link_sales s JOIN invoices i ON i.label = s.label WHERE s.slug = ?1 ORDER BY s.ordered_at DESC LIMIT ?2";

impl Store {
    /// Writes an order down, once for each label, if so much is left to sell.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn reserve_link_sale(&self, new: NewLinkSale) -> Result<LinkReserved, Error> {
        self.write(move |unit| reserve(unit, &new)).await
    }

    /// Gives back what an order reserved whose invoice was not made.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn release_link_sale(&self, label: &Label) -> Result<(), Error> {
        let label = label.clone();
        self.write(move |unit| {
            unit.execute(
                "DELETE FROM link_sales WHERE label = ?1 AND NOT EXISTS (SELECT 1 FROM invoices WHERE label = ?1)",
                [label.as_str()],
            )?;
            Ok(())
        })
        .await
    }

    /// What was ordered by a link, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn link_sales(&self, slug: &Slug, limit: u32) -> Result<Vec<LinkSale>, Error> {
        let slug = slug.clone();
        self.query(move |connection| {
            let parameters = (slug.as_str(), limit);
            all(connection, SELECT, parameters, Row::from_row, Row::read)
        })
        .await
    }

    /// The link by which an invoice was ordered, and what its page says once it is paid; `None` when it was ordered otherwise.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn link_of(&self, label: &Label) -> Result<Option<(Slug, Option<LinkText>)>, Error> {
        let corrupt = || Error::Corrupt("payment link");
        let sql = "SELECT l.slug, l.thanks FROM link_sales s JOIN payment_links l ON l.slug = s.slug WHERE s.label = ?1";
        let found: Option<(String, Option<String>)> = self.lookup(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let row = |row: &sql::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            Ok(statement.query_row([label.as_str()], row).optional()?)
        })?;
        let Some((slug, thanks)) = found else {
            return Ok(None);
        };
        let thanks = thanks.as_deref().map(LinkText::parse).transpose();
        Ok(Some((
            Slug::parse(&slug).map_err(|_| corrupt())?,
            thanks.map_err(|_| corrupt())?,
        )))
    }
}

fn reserve(unit: &mut UnitOfWork<'_>, new: &NewLinkSale) -> Result<LinkReserved, Error> {
    let known = "SELECT 1 FROM link_sales WHERE label = ?1 AND slug = ?2 AND state <> 'released'";
    let parameters = [new.label.as_str(), new.slug.as_str()];
    if unit.prepare(known)?.exists(parameters)? {
        return Ok(LinkReserved::Done);
    }
    Sold::Link(&new.slug).close_ended(unit)?;
    forget_released(unit, &new.slug)?;
    let Some(link) = payment_links::find(unit, &new.slug)? else {
        return Ok(LinkReserved::Unknown);
    };
    match link.state(new.pieces, unit.now()) {
        LinkState::Open => {}
        closed => return Ok(LinkReserved::Closed(closed)),
    }
    unit.execute(
        "INSERT INTO link_sales (label, slug, pieces, name, mail, note, state, ordered_at, reserved_until) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', ?7, ?8) \
         ON CONFLICT (label) DO NOTHING",
        (
            new.label.as_str(),
            new.slug.as_str(),
            new.pieces,
            &new.buyer.name,
            &new.buyer.mail,
            &new.buyer.note,
            unit.now().as_second(),
            new.until.as_second(),
        ),
    )?;
    Ok(LinkReserved::Done)
}

/// What a buyer said about themselves goes where no invoice was made.
fn forget_released(unit: &UnitOfWork<'_>, slug: &Slug) -> Result<(), Error> {
    unit.execute(
        "DELETE FROM link_sales WHERE slug = ?1 AND state = 'released' \
         AND NOT EXISTS (SELECT 1 FROM invoices WHERE invoices.label = link_sales.label)",
        [slug.as_str()],
    )?;
    Ok(())
}

/// A row of [`SELECT`].
struct Row {
    label: String,
    pieces: u32,
    buyer: Buyer,
    ordered_at: i64,
    is_paid: bool,
}

impl Row {
    fn from_row(row: &sql::Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            label: row.get(0)?,
            pieces: row.get(1)?,
            buyer: Buyer {
                name: row.get(2)?,
                mail: row.get(3)?,
                note: row.get(4)?,
            },
            ordered_at: row.get(5)?,
            is_paid: row.get(6)?,
        })
    }

    fn read(self) -> Result<LinkSale, Error> {
        Ok(LinkSale {
            label: Label::stored(self.label),
            pieces: self.pieces,
            buyer: self.buyer,
            ordered_at: timestamp(self.ordered_at)?,
            is_paid: self.is_paid,
        })
    }
}
