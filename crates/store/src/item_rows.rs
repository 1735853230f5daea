//! Items as rows, each with what is known of its content.

use crate::{
    error::Error,
    rows::{amount, from_sql},
    sql::{self, Row},
};
use facture_domain::{ContentKind, Description, FileName, Item, ItemId, ItemOrigin, StockRule};

/// The columns of an item, in the order of [`ItemRow::from_row`].
pub(super) const SELECT: &str = "SELECT i.id, i.title, i.price_msat, i.stock, i.stock_rule, i.origin, c.kind, c.file_name, c.size \
     FROM items i JOIN contents c ON c.id = i.content";

/// A row of [`SELECT`].
pub(super) struct ItemRow {
    id: String,
    title: String,
    price_msat: i64,
    stock: Option<u32>,
    stock_rule: String,
    origin: String,
    kind: String,
    file_name: Option<String>,
    size: i64,
}

impl ItemRow {
    pub(super) fn from_row(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            title: row.get(1)?,
            price_msat: row.get(2)?,
            stock: row.get(3)?,
            stock_rule: row.get(4)?,
            origin: row.get(5)?,
            kind: row.get(6)?,
            file_name: row.get(7)?,
            size: row.get(8)?,
        })
    }

    /// The item, whose sales are not counted yet.
    pub(super) fn read(self) -> Result<Item, Error> {
        let corrupt = || Error::Corrupt("item");
        let name = self.file_name.as_deref().map(FileName::parse).transpose();
        Ok(Item {
            id: ItemId::parse(&self.id).map_err(|_| corrupt())?,
            title: Description::parse(&self.title).map_err(|_| corrupt())?,
            price: amount(self.price_msat)?,
            kind: ContentKind::parse(&self.kind).ok_or_else(corrupt)?,
            file_name: name.map_err(|_| corrupt())?,
            bytes: from_sql(self.size)?,
            stock: self.stock,
            stock_rule: StockRule::parse(&self.stock_rule).ok_or_else(corrupt)?,
            sold: 0,
            reserved: 0,
            origin: ItemOrigin::parse(&self.origin).ok_or_else(corrupt)?,
        })
    }
}
