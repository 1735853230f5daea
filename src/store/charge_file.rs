//! The database of Lightning Charge 0.4.26 (SQLite): what it knows of its invoices.

use std::{collections::HashMap, path::Path};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use tokio::task::spawn_blocking;

use super::{
    Error, all, connection,
    rows::{from_sql, timestamp},
};
use crate::invoice::{
    Bolt11, Hook, HookFormat, Invoice, Label, Metadata, Msat, Order, Quote, RedirectUrl,
    Settlement, Status, hook::HookUrl,
};

/// An invoice as Lightning Charge left it.
#[derive(Clone, Debug)]
pub struct ChargeInvoice {
    /// The invoice. Its place on the node is not known there: 0.
    pub invoice: Invoice,
    /// Addresses that were not told of the payment.
    pub untold: Vec<Hook>,
}

/// A row of a table of another program: nothing about it is certain.
struct Row {
    id: String,
    payreq: String,
    quoted_currency: Option<String>,
    quoted_amount: Option<String>,
    description: Option<String>,
    metadata: Option<String>,
    created_at: i64,
    expires_at: i64,
    pay_index: Option<i64>,
    paid_at: Option<i64>,
    msatoshi_received: Option<String>,
}

/// All invoices in the file, in the order of making; each that makes no sense is an error.
///
/// # Errors
/// [`Error`] when the file is no such database.
pub async fn read(file: &Path) -> Result<Vec<Result<ChargeInvoice, String>>, Error> {
    let file = file.to_owned();
    let read = spawn_blocking(move || read_blocking(&file));
    read.await.unwrap_or(Err(Error::Closed))
}

fn read_blocking(file: &Path) -> Result<Vec<Result<ChargeInvoice, String>>, Error> {
    let connection = connection::open(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let rows = all(
        &connection,
        "SELECT id, payreq, quoted_currency, CAST(quoted_amount AS TEXT), description, metadata, \
         created_at, expires_at, pay_index, paid_at, CAST(msatoshi_received AS TEXT) FROM invoice ORDER BY rowid",
        [],
        Row::from_row,
        Ok,
    )?;
    let mut untold = untold(&connection)?;
    let mut invoices = Vec::with_capacity(rows.len());
    for row in rows {
        let untold = untold.remove(&row.id).unwrap_or_default();
        let id = row.id.clone();
        let invoice = row.read().map_err(|reason| format!("{id}: {reason}"));
        invoices.push(invoice.map(|invoice| ChargeInvoice { invoice, untold }));
    }
    Ok(invoices)
}

/// Whom to tell, by the invoice's id: that table has no index. An address that cannot be one was never told anything
/// either.
fn untold(connection: &Connection) -> Result<HashMap<String, Vec<Hook>>, Error> {
    let rows: Vec<(String, String)> = all(
        connection,
        "SELECT invoice_id, url FROM invoice_webhook WHERE requested_at IS NULL AND invoice_id IS NOT NULL \
         ORDER BY id",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
        Ok,
    )?;
    let mut untold: HashMap<String, Vec<Hook>> = HashMap::new();
    for (id, url) in rows {
        if let Ok(url) = HookUrl::parse(&url) {
            let format = HookFormat::Charge;
            untold.entry(id).or_default().push(Hook {
                url,
                format,
                token: None,
            });
        }
    }
    Ok(untold)
}

impl Row {
    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            payreq: row.get(1)?,
            quoted_currency: row.get(2)?,
            quoted_amount: row.get(3)?,
            description: row.get(4)?,
            metadata: row.get(5)?,
            created_at: row.get(6)?,
            expires_at: row.get(7)?,
            pay_index: row.get(8)?,
            paid_at: row.get(9)?,
            msatoshi_received: row.get(10)?,
        })
    }

    fn read(self) -> Result<Invoice, String> {
        let label = Label::imported(&self.id).ok_or("its id is none of Lightning Charge's")?;
        let decoded = Bolt11::decode(&self.payreq).map_err(|error| error.to_string())?;
        let amount = decoded.amount;
        let time = |seconds| timestamp(seconds).map_err(|error| error.to_string());
        let expires_at = time(self.expires_at)?;
        let status = match (self.pay_index, self.paid_at) {
            (Some(pay_index), Some(paid_at)) => {
                // Older ones wrote a unit.
                let received = self.msatoshi_received.as_deref().unwrap_or_default();
                let received = received.trim_end_matches("msat").parse().ok();
                Status::Paid(Settlement {
                    amount_received: received
                        .and_then(Msat::from_msat)
                        .ok_or("the amount that was paid makes no sense")?,
                    paid_at: time(paid_at)?,
                    pay_index: from_sql(pay_index).map_err(|error| error.to_string())?,
                })
            }
            _ if expires_at <= Timestamp::now() => Status::Expired,
            _ => Status::Unpaid,
        };
        let metadata = self
            .metadata
            .filter(|json| json != "null")
            .map(Metadata::stored);
        Ok(Invoice {
            label,
            amount,
            description: self.description.unwrap_or_default(),
            bolt11: decoded.bolt11,
            payment_hash: decoded.payment_hash,
            created_index: 0,
            created_at: time(self.created_at)?,
            expires_at,
            status,
            cancelled_at: None,
            payment_proven_at: None,
            renewed_by: None,
            order: Order {
                redirect_url: metadata
                    .as_ref()
                    .and_then(Metadata::checkout_redirect)
                    .and_then(|url| RedirectUrl::parse(&url).ok()),
                metadata,
                quote: match (self.quoted_currency, self.quoted_amount) {
                    (Some(currency), Some(amount)) => Some(Quote { currency, amount }),
                    _ => None,
                },
                ..Order::default()
            },
        })
    }
}
