//! Payment links: making, changing, stopping and finding them.

use jiff::Timestamp;

use crate::{
    audit,
    columns::row,
    error::Error,
    rows::timestamp,
    sql::{Statements, all},
    stock_counts::{Sold, StockCounts, counts_of_links},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    Ask, Description, LinkAmount, LinkTerms, LinkText, LinkUnit, PaymentLink, Price, Slug,
    desk::NewAudit,
};

/// The most links that can be there at the same time.
pub const MAX_LINKS: u32 = 1000;

/// What became of a link that was to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAdded {
    /// It is there.
    Done,
    /// There was one with this name.
    Taken,
    /// There are as many as may be.
    TooMany,
}

row! {
    /// A link.
    Row of "payment_links" {
        slug: String,
        title: String,
        text: Option<String>,
        currency: String,
        least: Option<String>,
        most: Option<String>,
        most_pieces: u32,
        ask_name: String,
        ask_mail: String,
        ask_note: String,
        sale_limit: Option<u32>,
        ends_at: Option<i64>,
        thanks: Option<String>,
        stopped_at: Option<i64>,
    }
}

impl Store {
    /// Makes a link. With its entry in the audit log, if it has one.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_link(
        &self,
        slug: Slug,
        terms: LinkTerms,
        entry: Option<NewAudit>,
    ) -> Result<LinkAdded, Error> {
        self.write(move |unit| {
            if find(unit, &slug)?.is_some() {
                return Ok(LinkAdded::Taken);
            }
            if count(unit)? >= MAX_LINKS {
                return Ok(LinkAdded::TooMany);
            }
            put(unit, &slug, &terms)?;
            write_entry(unit, entry.as_ref())?;
            Ok(LinkAdded::Done)
        })
        .await
    }

    /// Changes what a link says and asks for. What was ordered before stays, and counts. `false`: there is no such link.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn change_link(
        &self,
        slug: Slug,
        terms: LinkTerms,
        entry: Option<NewAudit>,
    ) -> Result<bool, Error> {
        self.write(move |unit| {
            if find(unit, &slug)?.is_none() {
                return Ok(false);
            }
            put(unit, &slug, &terms)?;
            write_entry(unit, entry.as_ref())?;
            Ok(true)
        })
        .await
    }

    /// Stops a link. Invoices that can still be paid are. `false`: there is none, or it was stopped before.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn stop_link(&self, slug: Slug, entry: Option<NewAudit>) -> Result<bool, Error> {
        let sql = "UPDATE payment_links SET stopped_at = ?2, changed_at = ?2 WHERE slug = ?1 AND stopped_at IS NULL";
        self.set_link(sql, slug, entry).await
    }

    /// Opens a link that was stopped. `false`: there is none, or it was not stopped.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn reopen_link(&self, slug: Slug, entry: Option<NewAudit>) -> Result<bool, Error> {
        let sql = "UPDATE payment_links SET stopped_at = NULL, changed_at = ?2 WHERE slug = ?1 AND stopped_at IS NOT NULL";
        self.set_link(sql, slug, entry).await
    }

    /// A link, stopped ones too.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn link(&self, slug: &Slug) -> Result<Option<PaymentLink>, Error> {
        let slug = slug.clone();
        self.query(move |connection| find(connection, &slug)).await
    }

    /// All links, in the order in which they were made.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn links(&self) -> Result<Vec<PaymentLink>, Error> {
        self.query(|connection| {
            let sql = format!("{} ORDER BY number", Row::SELECT);
            let links = all(connection, &sql, (), Row::from_row, Row::read)?;
            let mut counts = counts_of_links(connection, Timestamp::now())?;
            let links = links.into_iter().map(|link| {
                let counts = counts.remove(link.slug.as_str()).unwrap_or_default();
                counted(link, counts)
            });
            Ok(links.collect())
        })
        .await
    }

    async fn set_link(
        &self,
        sql: &'static str,
        slug: Slug,
        entry: Option<NewAudit>,
    ) -> Result<bool, Error> {
        self.write(move |unit| {
            let changed = unit.execute(sql, (slug.as_str(), unit.now().as_second()))? > 0;
            if changed {
                write_entry(unit, entry.as_ref())?;
            }
            Ok(changed)
        })
        .await
    }
}

/// A link, stopped ones too.
pub(super) fn find(database: &impl Statements, slug: &Slug) -> Result<Option<PaymentLink>, Error> {
    let sql = format!("{} WHERE slug = ?1", Row::SELECT);
    let found = all(database, &sql, [slug.as_str()], Row::from_row, Row::read)?;
    let link = found.into_iter().next();
    link.map(|link| with_counts(database, link)).transpose()
}

fn with_counts(database: &impl Statements, link: PaymentLink) -> Result<PaymentLink, Error> {
    let counts = Sold::Link(&link.slug).counts(database, Timestamp::now())?;
    Ok(counted(link, counts))
}

fn counted(link: PaymentLink, counts: StockCounts) -> PaymentLink {
    PaymentLink {
        sold: counts.sold,
        reserved: counts.open,
        ..link
    }
}

fn count(database: &impl Statements) -> Result<u32, Error> {
    let count: i64 = database
        .prepare_cached("SELECT count(*) FROM payment_links")?
        .query_row((), |row| row.get(0))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

fn write_entry(unit: &UnitOfWork<'_>, entry: Option<&NewAudit>) -> Result<(), Error> {
    entry.map_or(Ok(()), |entry| audit::write(unit, entry))
}

fn put(unit: &UnitOfWork<'_>, slug: &Slug, terms: &LinkTerms) -> Result<(), Error> {
    let [least, most] = match &terms.amount {
        LinkAmount::Fixed(price) => [Some(price), Some(price)],
        LinkAmount::Between(least, most) => [Some(least), Some(most)],
        LinkAmount::Free(_) => [None, None],
    }
    .map(|price| price.map(|price| price.amount().to_string()));
    let text = |text: &Option<LinkText>| text.as_ref().map(|text| text.as_str().to_owned());
    unit.execute(
        "INSERT INTO payment_links (slug, title, text, currency, least, most, most_pieces, ask_name, ask_mail, ask_note, \
         sale_limit, ends_at, thanks, created_at, changed_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14) \
         ON CONFLICT (slug) DO UPDATE SET title = ?2, text = ?3, currency = ?4, least = ?5, most = ?6, most_pieces = ?7, \
         ask_name = ?8, ask_mail = ?9, ask_note = ?10, sale_limit = ?11, ends_at = ?12, thanks = ?13, changed_at = ?14",
        (
            slug.as_str(),
            terms.title.as_str(),
            text(&terms.text),
            terms.amount.unit().code(),
            least,
            most,
            terms.most_pieces,
            terms.name.as_str(),
            terms.mail.as_str(),
            terms.note.as_str(),
            terms.limit,
            terms.ends_at.map(Timestamp::as_second),
            text(&terms.thanks),
            unit.now().as_second(),
        ),
    )?;
    Ok(())
}

impl Row {
    /// The link, whose sales are not counted yet.
    fn read(self) -> Result<PaymentLink, Error> {
        let corrupt = || Error::Corrupt("payment link");
        let text = |text: Option<String>| {
            let text = text.as_deref().map(LinkText::parse).transpose();
            text.map_err(|_| corrupt())
        };
        let ask = |name: &str| Ask::parse(name).ok_or_else(corrupt);
        Ok(PaymentLink {
            terms: LinkTerms {
                amount: self.amount().ok_or_else(corrupt)?,
                title: Description::parse(&self.title).map_err(|_| corrupt())?,
                text: text(self.text)?,
                most_pieces: self.most_pieces,
                name: ask(&self.ask_name)?,
                mail: ask(&self.ask_mail)?,
                note: ask(&self.ask_note)?,
                limit: self.sale_limit,
                ends_at: self.ends_at.map(timestamp).transpose()?,
                thanks: text(self.thanks)?,
            },
            slug: Slug::parse(&self.slug).map_err(|_| corrupt())?,
            sold: 0,
            reserved: 0,
            stopped_at: self.stopped_at.map(timestamp).transpose()?,
        })
    }

    fn amount(&self) -> Option<LinkAmount> {
        let price = |amount: &str| Price::parse(amount, &self.currency).ok();
        match (&self.least, &self.most) {
            (Some(least), Some(most)) => LinkAmount::between(price(least)?, price(most)?),
            _ => LinkUnit::parse(&self.currency).map(LinkAmount::Free),
        }
    }
}
