//! Sales of items. A sale is written down before its invoice exists, and with that its part of the stock is reserved: in one
//! unit of work with the counting, so no more invoices can be open or paid than there are.

use jiff::Timestamp;

use crate::{
    error::Error,
    items,
    sql::{OptionalExtension, Row, Statements, all},
    stock_counts::Sold,
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{ContentId, Item, ItemId, Label, Sale, SaleKey};

/// A sale that is to be made.
#[derive(Clone, Debug)]
pub struct NewSale {
    /// The label that its invoice will have.
    pub label: Label,
    /// What distinguishes it.
    pub key: SaleKey,
    /// What is to be sold.
    pub item: ItemId,
    /// Until when its invoice can be paid, at the latest.
    pub until: Timestamp,
}

/// What became of a sale that was to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaleReserved {
    /// It is written down: its invoice can be made, for the item as it is now.
    Done(Item),
    /// It was written down before: its invoice may exist.
    Known(Item),
    /// As many were sold or are reserved as there are.
    SoldOut,
    /// There is no such item.
    Unknown,
    /// The key belongs to a sale of another item.
    OtherItem,
}

/// What becomes of the held payment of a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaleClaimed {
    /// There is one for it.
    Done,
    /// There is none left.
    SoldOut,
}

/// By the held payments, which are few.
const SELECT_HELD: &str = "SELECT i.label FROM invoices i INDEXED BY invoices_held JOIN sales s ON s.label = i.label \
     WHERE i.accepted_at IS NOT NULL AND i.status = 'unpaid' LIMIT ?1";

impl Store {
    /// Writes a sale down, once for each label, if there is something left to sell.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn reserve_sale(&self, new: NewSale) -> Result<SaleReserved, Error> {
        self.write(move |unit| reserve(unit, &new)).await
    }

    /// Gives back what a sale reserved whose invoice was not made.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn release_sale(&self, label: &Label) -> Result<(), Error> {
        let label = label.clone();
        self.write(move |unit| {
            unit.execute(
                "DELETE FROM sales WHERE label = ?1 AND NOT EXISTS (SELECT 1 FROM invoices WHERE label = ?1)",
                [label.as_str()],
            )?;
            Ok(())
        })
        .await
    }

    /// Claims what the held payment of a sale is for, once: of many at the same time, as many as there are.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn claim_sale(&self, label: &Label) -> Result<SaleClaimed, Error> {
        let label = label.clone();
        self.write(move |unit| claim(unit, &label)).await
    }

    /// The labels of sales whose payments are held, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn held_sales(&self, limit: u32) -> Result<Vec<Label>, Error> {
        self.query(move |connection| {
            let row = |row: &Row<'_>| row.get(0);
            all(connection, SELECT_HELD, [limit], row, |label| {
                Ok(Label::stored(label))
            })
        })
        .await
    }

    /// The sale that an invoice is for; `None` when it is for something else.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn sale(&self, label: &Label) -> Result<Option<Sale>, Error> {
        self.lookup(|connection| find(connection, label))
    }
}

fn reserve(unit: &mut UnitOfWork<'_>, new: &NewSale) -> Result<SaleReserved, Error> {
    if let Some(known) = find(unit, &new.label)? {
        if known.item != new.item {
            return Ok(SaleReserved::OtherItem);
        }
        let item = items::find(unit, &new.item)?;
        return Ok(item.map_or(SaleReserved::Unknown, SaleReserved::Known));
    }
    let now = unit.now();
    Sold::Item(&new.item).close_ended(unit)?;
    let Some(item) = items::find(unit, &new.item)? else {
        return Ok(SaleReserved::Unknown);
    };
    if item.available() == Some(0) {
        return Ok(SaleReserved::SoldOut);
    }
    unit.execute(
        "INSERT INTO sales (label, key, item, content, state, reserved_at, reserved_until) \
         SELECT ?1, ?2, id, content, CASE stock_rule WHEN 'hold' THEN 'unclaimed' ELSE 'open' END, ?3, ?4 \
         FROM items WHERE id = ?5",
        (
            new.label.as_str(),
            new.key.expose(),
            now.as_second(),
            new.until.as_second(),
            new.item.as_str(),
        ),
    )?;
    Ok(SaleReserved::Done(item))
}

fn claim(unit: &mut UnitOfWork<'_>, label: &Label) -> Result<SaleClaimed, Error> {
    let sql = "SELECT s.state, s.item, i.stock FROM sales s JOIN items i ON i.id = s.item WHERE s.label = ?1";
    let (state, item, stock): (String, String, Option<u32>) =
        unit.prepare(sql)?.query_row([label.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    match state.as_str() {
        "open" | "sold" => return Ok(SaleClaimed::Done),
        "unclaimed" => {}
        _ => return Ok(SaleClaimed::SoldOut),
    }
    let item = ItemId::parse(&item).map_err(|_| Error::Corrupt("sale"))?;
    let of_item = Sold::Item(&item);
    of_item.close_ended(unit)?;
    let counts = of_item.counts(unit, unit.now())?;
    if stock.is_some_and(|stock| counts.sold.saturating_add(counts.open) >= stock) {
        return Ok(SaleClaimed::SoldOut);
    }
    unit.execute(
        "UPDATE sales SET state = 'open' WHERE label = ?1",
        [label.as_str()],
    )?;
    Ok(SaleClaimed::Done)
}

fn find(database: &impl Statements, label: &Label) -> Result<Option<Sale>, Error> {
    let corrupt = || Error::Corrupt("sale");
    let sql = "SELECT key, item, content FROM sales WHERE label = ?1";
    let found: Option<(String, String, String)> = database
        .prepare_cached(sql)?
        .query_row([label.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((key, item, content)) = found else {
        return Ok(None);
    };
    Ok(Some(Sale {
        label: label.clone(),
        key: SaleKey::parse(&key).ok_or_else(corrupt)?,
        item: ItemId::parse(&item).map_err(|_| corrupt())?,
        content: ContentId::stored(content),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{opened, plan};

    #[tokio::test]
    async fn held_sales_are_found_by_the_held_payments() {
        let (_directory, store, _) = opened().await;
        let plan = plan(&store, SELECT_HELD);
        assert!(plan.contains("INDEX invoices_held"), "{plan}");
        assert!(plan.contains("SEARCH s USING PRIMARY KEY"), "{plan}");
    }
}
