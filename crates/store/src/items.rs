//! Items that are sold by pay to reveal: offering, finding and withdrawing them. What is sold is content, which never
//! changes: an item that is changed gets other content, and what was sold before is still there.

use jiff::Timestamp;

use crate::{
    audit,
    error::Error,
    item_rows::{ItemRow, SELECT},
    rows::{from_sql, to_sql},
    sql::{Connection, OptionalExtension, Row, Statements, all},
    stock_counts::Sold,
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    Content, ContentId, ContentKind, FileName, Item, ItemId, ItemOrigin, NewItem, Word,
    desk::{Actor, AuditAction, NewAudit},
};

/// The most items that can be offered at the same time.
pub const MAX_ITEMS: u32 = 1000;

/// What became of an item that was to be offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offered {
    /// It was not offered before.
    New(Item),
    /// It was, and is now as asked for.
    Changed(Item),
    /// The configuration manages it.
    OfConfiguration,
    /// As many are offered as may be.
    TooMany,
}

/// What became of an item that was to be withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// It is not offered any more.
    Done,
    /// The configuration manages it.
    OfConfiguration,
    /// There is no such item.
    Unknown,
}

impl Store {
    /// Offers an item of the API, or changes it, with an entry in the audit log, if somebody at the desk does. Sales that were made
    /// before keep what was sold.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn offer(&self, new: NewItem, by: Option<Actor>) -> Result<Offered, Error> {
        self.write(move |unit| {
            let known = find(unit, &new.id)?;
            match &known {
                Some(known) if known.origin == ItemOrigin::Configuration => {
                    return Ok(Offered::OfConfiguration);
                }
                None if count(unit)? >= MAX_ITEMS => return Ok(Offered::TooMany),
                _ => {}
            }
            put(unit, &new, ItemOrigin::Api)?;
            if let Some(by) = &by {
                let action = match known {
                    None => AuditAction::ItemOffered,
                    Some(_) => AuditAction::ItemChanged,
                };
                let entry = by.did(action, new.id.as_str());
                let price = format!("{} msat", new.price.msat());
                audit::write(unit, &entry.with(price))?;
            }
            let item = find(unit, &new.id)?.ok_or(Error::Corrupt("item"))?;
            Ok(match known {
                None => Offered::New(item),
                Some(_) => Offered::Changed(item),
            })
        })
        .await
    }

    /// Offers the items of the configuration, and no others of it. One of the API with the same name is the configuration's
    /// from now on.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn offer_configured(&self, items: Vec<NewItem>) -> Result<(), Error> {
        // A start writes nothing that is there: the disk may be full.
        let mut wanted: Vec<_> = items.iter().map(configured).collect();
        wanted.sort_unstable();
        if self.query(offered_configured).await? == wanted {
            return Ok(());
        }
        self.write(move |unit| {
            unit.execute(
                "UPDATE items SET withdrawn_at = ?1 WHERE origin = 'configuration' AND withdrawn_at IS NULL",
                [unit.now().as_second()],
            )?;
            for item in &items {
                put(unit, item, ItemOrigin::Configuration)?;
            }
            Ok(())
        })
        .await
    }

    /// Withdraws an item of the API, with its entry in the audit log, if it has one. What was sold stays.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn withdraw(&self, id: &ItemId, entry: Option<NewAudit>) -> Result<Withdrawn, Error> {
        let id = id.clone();
        self.write(move |unit| {
            match find(unit, &id)? {
                None => return Ok(Withdrawn::Unknown),
                Some(item) if item.origin == ItemOrigin::Configuration => {
                    return Ok(Withdrawn::OfConfiguration);
                }
                Some(_) => {}
            }
            unit.execute(
                "UPDATE items SET withdrawn_at = ?1 WHERE id = ?2",
                (unit.now().as_second(), id.as_str()),
            )?;
            audit::write_if(unit, entry.as_ref())?;
            Ok(Withdrawn::Done)
        })
        .await
    }

    /// An item that is offered; `None` when there is none with this name.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn item(&self, id: &ItemId) -> Result<Option<Item>, Error> {
        let id = id.clone();
        self.query(move |connection| find(connection, &id)).await
    }

    /// All items that are offered, in the order in which they first were.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn items(&self) -> Result<Vec<Item>, Error> {
        self.query(|connection| {
            let sql = format!("{SELECT} WHERE i.withdrawn_at IS NULL ORDER BY i.number");
            let items = all(connection, &sql, (), ItemRow::from_row, ItemRow::read)?;
            let counted = items.into_iter().map(|item| with_counts(connection, item));
            counted.collect()
        })
        .await
    }

    /// What is sold; `None` when there is no such content.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn content(&self, id: &ContentId) -> Result<Option<Content>, Error> {
        let id = id.clone();
        self.query(move |connection| content(connection, &id)).await
    }
}

/// An item that is offered.
pub(super) fn find(database: &impl Statements, id: &ItemId) -> Result<Option<Item>, Error> {
    let sql = format!("{SELECT} WHERE i.id = ?1 AND i.withdrawn_at IS NULL");
    let found = all(
        database,
        &sql,
        [id.as_str()],
        ItemRow::from_row,
        ItemRow::read,
    )?;
    let item = found.into_iter().next();
    item.map(|item| with_counts(database, item)).transpose()
}

/// All that makes an item of the configuration: its name, title, price, content, stock and how that is kept.
type Configured = (String, String, u64, String, Option<u32>, String);

fn configured(item: &NewItem) -> Configured {
    (
        item.id.to_string(),
        item.title.as_str().to_owned(),
        item.price.msat(),
        item.content.id().as_str().to_owned(),
        item.stock,
        item.stock_rule.as_str().to_owned(),
    )
}

/// Those that are offered, in the order of their names.
fn offered_configured(connection: &Connection) -> Result<Vec<Configured>, Error> {
    let sql = "SELECT id, title, price_msat, content, stock, stock_rule FROM items \
         WHERE origin = 'configuration' AND withdrawn_at IS NULL ORDER BY id";
    let row = |row: &Row<'_>| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get::<i64>(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
        ))
    };
    all(
        connection,
        sql,
        (),
        row,
        |(id, title, price, content, stock, rule)| {
            Ok((id, title, from_sql(price)?, content, stock, rule))
        },
    )
}

fn with_counts(database: &impl Statements, item: Item) -> Result<Item, Error> {
    let counts = Sold::Item(&item.id).counts(database, Timestamp::now())?;
    Ok(Item {
        sold: counts.sold,
        reserved: counts.open,
        ..item
    })
}

fn count(database: &impl Statements) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM items WHERE withdrawn_at IS NULL";
    let count: i64 = database
        .prepare_cached(sql)?
        .query_row((), |row| row.get(0))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

fn put(unit: &UnitOfWork<'_>, new: &NewItem, origin: ItemOrigin) -> Result<(), Error> {
    let content = put_content(unit, &new.content)?;
    unit.execute(
        "INSERT INTO items (id, title, price_msat, content, stock, stock_rule, origin, created_at, changed_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) \
         ON CONFLICT (id) DO UPDATE SET title = ?2, price_msat = ?3, content = ?4, stock = ?5, stock_rule = ?6, origin = ?7, \
         changed_at = ?8, withdrawn_at = NULL",
        (
            new.id.as_str(),
            new.title.as_str(),
            to_sql(new.price.msat())?,
            content.as_str(),
            new.stock,
            new.stock_rule.as_str(),
            origin.as_str(),
            unit.now().as_second(),
        ),
    )?;
    // What nobody offers and nobody bought.
    unit.execute(
        "DELETE FROM contents WHERE NOT EXISTS (SELECT 1 FROM items WHERE items.content = contents.id) \
         AND NOT EXISTS (SELECT 1 FROM sales WHERE sales.content = contents.id)",
        (),
    )?;
    Ok(())
}

fn put_content(unit: &UnitOfWork<'_>, content: &Content) -> Result<ContentId, Error> {
    let id = content.id();
    let bytes = content.bytes();
    unit.execute(
        "INSERT INTO contents (id, kind, file_name, size, bytes) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING",
        (
            id.as_str(),
            content.kind().as_str(),
            content.file_name().map(FileName::as_str),
            i64::try_from(bytes.len()).map_err(|_| Error::Corrupt("size"))?,
            bytes,
        ),
    )?;
    Ok(id)
}

fn content(database: &impl Statements, id: &ContentId) -> Result<Option<Content>, Error> {
    let corrupt = || Error::Corrupt("content");
    let sql = "SELECT kind, file_name, bytes FROM contents WHERE id = ?1";
    let found: Option<(String, Option<String>, Vec<u8>)> = database
        .prepare_cached(sql)?
        .query_row([id.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((kind, name, bytes)) = found else {
        return Ok(None);
    };
    let text = |bytes| String::from_utf8(bytes).map_err(|_| corrupt());
    let content = match ContentKind::parse(&kind).ok_or_else(corrupt)? {
        ContentKind::Word => Content::Word(Word::parse(&text(bytes)?).map_err(|_| corrupt())?),
        ContentKind::Text => Content::Text(text(bytes)?),
        ContentKind::File => {
            let name = FileName::parse(&name.ok_or_else(corrupt)?).map_err(|_| corrupt())?;
            Content::File { name, bytes }
        }
    };
    Ok(Some(content))
}
