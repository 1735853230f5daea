//! What is sold at the counter. Sales have copies of what they need, so an item that is removed leaves no trace but in the audit log.

use crate::{
    audit,
    columns::row,
    error::Error,
    sql::{Statements, all},
    store::Store,
};
use facture_domain::{
    Price,
    counter::{CounterItem, ItemName, ItemTerms, TaxRate},
    desk::NewAudit,
};

/// The most items that can be there at the same time.
pub const MAX_COUNTER_ITEMS: u32 = 500;

/// What became of an item that was to be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CounterItemSaved {
    /// It is there, with this number.
    Done(u32),
    /// The item that was to be changed is not there.
    Unknown,
    /// There are as many as may be.
    TooMany,
}

row! {
    /// An item.
    Row of "counter_items" {
        number: u32,
        name: String,
        category: String,
        currency: String,
        price: String,
        tax_rate: Option<String>,
    }
}

impl Store {
    /// Adds an item, or changes the one with this number. With its entry in the audit log, if it has one.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn save_counter_item(
        &self,
        number: Option<u32>,
        terms: ItemTerms,
        entry: Option<NewAudit>,
    ) -> Result<CounterItemSaved, Error> {
        self.write(move |unit| {
            let now = unit.now().as_second();
            let (price, currency) = (terms.price.amount().to_string(), terms.price.currency());
            let category = terms.category.as_ref().map_or("", ItemName::as_str);
            let tax = terms.tax.map(|tax| tax.to_string());
            let name = terms.name.as_str();
            let number = match number {
                Some(number) => {
                    let changed = unit.execute(
                        "UPDATE counter_items SET name = ?2, category = ?3, currency = ?4, price = ?5, tax_rate = ?6, \
                         changed_at = ?7 WHERE number = ?1",
                        (number, name, category, currency, price, tax, now),
                    )?;
                    if changed == 0 {
                        return Ok(CounterItemSaved::Unknown);
                    }
                    number
                }
                None if count(unit)? >= MAX_COUNTER_ITEMS => return Ok(CounterItemSaved::TooMany),
                None => unit
                    .prepare(
                        "INSERT INTO counter_items (name, category, currency, price, tax_rate, created_at, changed_at) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) RETURNING number",
                    )?
                    .query_row((name, category, currency, price, tax, now), |row| row.get(0))?,
            };
            if let Some(entry) = &entry {
                audit::write(unit, entry)?;
            }
            Ok(CounterItemSaved::Done(number))
        })
        .await
    }

    /// Removes an item. `false`: there is none with this number.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn remove_counter_item(&self, number: u32, entry: NewAudit) -> Result<bool, Error> {
        self.write(move |unit| {
            let removed =
                unit.execute("DELETE FROM counter_items WHERE number = ?1", [number])? > 0;
            if removed {
                audit::write(unit, &entry)?;
            }
            Ok(removed)
        })
        .await
    }

    /// All items, by category and name.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn counter_items(&self) -> Result<Vec<CounterItem>, Error> {
        self.query(|connection| {
            let sql = format!(
                "{} ORDER BY category = '', category, name, number",
                Row::SELECT
            );
            all(connection, &sql, (), Row::from_row, Row::read)
        })
        .await
    }
}

fn count(database: &impl Statements) -> Result<u32, Error> {
    let count = database
        .prepare_cached("SELECT count(*) FROM counter_items")?
        .query_row((), |row| row.get(0))?;
    Ok(count)
}

impl Row {
    fn read(self) -> Result<CounterItem, Error> {
        let corrupt = || Error::Corrupt("item of the counter");
        let name = |text: &str| ItemName::parse(text).map_err(|_| corrupt());
        Ok(CounterItem {
            number: self.number,
            terms: ItemTerms {
                name: name(&self.name)?,
                category: match self.category.as_str() {
                    "" => None,
                    category => Some(name(category)?),
                },
                price: Price::parse(&self.price, &self.currency).map_err(|_| corrupt())?,
                tax: match &self.tax_rate {
                    None => None,
                    Some(rate) => Some(TaxRate::parse(rate).map_err(|_| corrupt())?),
                },
            },
        })
    }
}
