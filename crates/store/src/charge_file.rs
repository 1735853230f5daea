//! The database of Lightning Charge 0.4.26 (SQLite): what it knows of its invoices. Nothing in it is certain: each text may
//! be of any type, length and encoding, and what makes no sense is told, not dropped.

use std::{collections::HashMap, fmt, path::Path};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use serde_json::value::RawValue;
use tokio::task::spawn_blocking;

use crate::{
    connection::{self, all},
    error::Error,
    rows::{from_sql, timestamp},
};
use facture_domain::{
    Hook, HookFormat, Label, Metadata, Msat, Price, Quote,
    hook::{HookUrl, HookUrlError},
};

/// An invoice as Lightning Charge left it, as far as that makes sense.
#[derive(Clone, Debug)]
pub struct ChargeInvoice {
    /// Its id, which is its label on the node.
    pub label: Label,
    /// The BOLT 11 string that it showed.
    pub bolt11: String,
    /// What it was for.
    pub description: Option<String>,
    /// When it was made, and stopped being payable.
    pub times: Option<(Timestamp, Timestamp)>,
    /// What the shop said of it.
    pub metadata: Option<Metadata>,
    /// The price that the shop asked for.
    pub quote: Option<Quote>,
    /// The payment, if it knew of one.
    pub payment: Option<ChargePayment>,
    /// Addresses that were not told of the payment.
    pub untold: Vec<Hook>,
    /// What of it is left out.
    pub left_out: Vec<LeftOut>,
}

/// A payment that Lightning Charge knew of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargePayment {
    /// Its place among all payments of the node.
    pub pay_index: u64,
    /// When it came.
    pub paid_at: Timestamp,
    /// How much it brought; older versions did not write that down.
    pub received: Option<Msat>,
}

/// Something that is not taken over, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The invoice's id, safe to print.
    pub id: String,
    /// What of it.
    pub what: What,
    /// Why.
    pub reason: String,
}

/// What of an invoice is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// All of it.
    Invoice,
    /// An address that was to be told.
    Webhook,
    /// The shop's metadata.
    Metadata,
    /// What it was for.
    Description,
    /// The price that the shop asked for.
    Price,
    /// The BOLT 11 string.
    Bolt11,
    /// The payment.
    Payment,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invoice => "invoice",
            Self::Webhook => "webhook",
            Self::Metadata => "metadata",
            Self::Description => "description",
            Self::Price => "price",
            Self::Bolt11 => "BOLT 11 string",
            Self::Payment => "payment",
        })
    }
}

/// A row of a table of another program, texts as bytes.
struct Row {
    id: Option<Vec<u8>>,
    payreq: Option<Vec<u8>>,
    quoted_currency: Option<Vec<u8>>,
    quoted_amount: Option<Vec<u8>>,
    description: Option<Vec<u8>>,
    metadata: Option<Vec<u8>>,
    created_at: Option<i64>,
    expires_at: Option<i64>,
    pay_index: Option<i64>,
    paid_at: Option<i64>,
    msatoshi_received: Option<Vec<u8>>,
}

/// All invoices in the file, in the order of making; each that makes no sense is told with the reason.
///
/// # Errors
/// [`Error`] when the file is no such database.
pub async fn read(file: &Path) -> Result<Vec<Result<ChargeInvoice, LeftOut>>, Error> {
    let file = file.to_owned();
    let read = spawn_blocking(move || read_blocking(&file));
    read.await.unwrap_or(Err(Error::Closed))
}

fn read_blocking(file: &Path) -> Result<Vec<Result<ChargeInvoice, LeftOut>>, Error> {
    let connection = connection::open(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let rows = all(
        &connection,
        "SELECT CAST(id AS BLOB), CAST(payreq AS BLOB), CAST(quoted_currency AS BLOB), CAST(quoted_amount AS BLOB), \
         CAST(description AS BLOB), CAST(metadata AS BLOB), CAST(created_at AS INTEGER), CAST(expires_at AS INTEGER), \
         CAST(pay_index AS INTEGER), CAST(paid_at AS INTEGER), CAST(msatoshi_received AS BLOB) \
         FROM invoice ORDER BY rowid",
        [],
        Row::from_row,
        Ok,
    )?;
    let mut untold = untold(&connection)?;
    let mut invoices = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.id.clone().unwrap_or_default();
        let addresses = untold.remove(&id).unwrap_or_default();
        invoices.push(row.read(&addresses));
    }
    // What nobody has an invoice for was to be told of nothing that we know.
    let mut orphans: Vec<_> = untold.into_iter().collect();
    orphans.sort();
    for (id, addresses) in orphans {
        for _ in addresses {
            invoices.push(Err(LeftOut::new(
                &id,
                What::Webhook,
                "there is no invoice with this id",
            )));
        }
    }
    Ok(invoices)
}

/// Whom to tell, by the invoice's id: that table has no index.
fn untold(connection: &Connection) -> Result<HashMap<Vec<u8>, Vec<Vec<u8>>>, Error> {
    let rows = all(
        connection,
        "SELECT CAST(invoice_id AS BLOB), CAST(url AS BLOB) FROM invoice_webhook WHERE requested_at IS NULL \
         ORDER BY id",
        [],
        |row| Ok((bytes(row, 0)?, bytes(row, 1)?)),
        Ok,
    )?;
    let mut untold: HashMap<Vec<u8>, Vec<Vec<u8>>> = HashMap::new();
    for (id, url) in rows {
        let addresses = untold.entry(id).or_default();
        addresses.push(url);
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

    fn read(self, addresses: &[Vec<u8>]) -> Result<ChargeInvoice, LeftOut> {
        let id = self.id.unwrap_or_default();
        let refused = |reason: &str| LeftOut::new(&id, What::Invoice, reason);
        let label = std::str::from_utf8(&id).ok().and_then(Label::imported);
        let label = label.ok_or_else(|| refused("its id is not one of Lightning Charge's"))?;
        let mut left_out = Vec::new();
        let mut leave_out = |what, reason: String| left_out.push(LeftOut::new(&id, what, &reason));
        let untold = addresses
            .iter()
            .filter_map(|url| {
                address(url)
                    .map_err(|error| leave_out(What::Webhook, webhook_reason(url, error)))
                    .ok()
            })
            .collect();
        let metadata = text(self.metadata).filter(|json| json != "null");
        let metadata = metadata.and_then(|json| {
            read_metadata(json)
                .map_err(|reason| leave_out(What::Metadata, reason))
                .ok()
        });
        let quote = match (text(self.quoted_currency), text(self.quoted_amount)) {
            (Some(currency), Some(amount)) => match Price::parse(&amount, &currency) {
                Ok(_) => Some(Quote { currency, amount }),
                Err(error) => {
                    leave_out(What::Price, format!("it {error}"));
                    None
                }
            },
            _ => None,
        };
        let payment = match (self.pay_index, self.paid_at) {
            (Some(pay_index), Some(paid_at)) => {
                match (from_sql(pay_index), timestamp(paid_at)) {
                    (Ok(pay_index), Ok(paid_at)) => Some(ChargePayment {
                        pay_index,
                        paid_at,
                        // Older ones wrote a unit.
                        received: text(self.msatoshi_received).and_then(|text| {
                            let digits = text.trim_end_matches("msat");
                            digits.parse().ok().and_then(Msat::from_msat)
                        }),
                    }),
                    _ => {
                        leave_out(What::Payment, "its numbers are invalid".to_owned());
                        None
                    }
                }
            }
            _ => None,
        };
        let time = |seconds: Option<i64>| seconds.and_then(|seconds| timestamp(seconds).ok());
        Ok(ChargeInvoice {
            label,
            bolt11: text(self.payreq).unwrap_or_default(),
            description: text(self.description),
            times: time(self.created_at).zip(time(self.expires_at)),
            metadata,
            quote,
            payment,
            untold,
            left_out,
        })
    }
}

/// A column as bytes; NULL is none.
fn bytes(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Vec<u8>> {
    let bytes: Option<Vec<u8>> = row.get(column)?;
    Ok(bytes.unwrap_or_default())
}

/// What a browser shows for bytes that are no text.
fn text(bytes: Option<Vec<u8>>) -> Option<String> {
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn read_metadata(json: String) -> Result<Metadata, String> {
    let json = RawValue::from_string(json).map_err(|_| "it is not JSON".to_owned())?;
    Metadata::new(&json).map_err(|error| format!("it {error}"))
}

/// A fragment was never sent; without it the address is the same.
fn address(bytes: &[u8]) -> Result<Hook, HookUrlError> {
    let text = String::from_utf8_lossy(bytes);
    let (sent, _) = text.split_once('#').unwrap_or((&text, ""));
    let format = HookFormat::Charge;
    HookUrl::parse(sent).map(|url| Hook {
        url,
        format,
        token: None,
    })
}

/// Which address it is, without what may be a secret in it.
fn webhook_reason(url: &[u8], error: HookUrlError) -> String {
    let text = String::from_utf8_lossy(url);
    let host = url::Url::parse(&text).ok();
    match host.as_ref().and_then(url::Url::host_str) {
        Some(host) => format!("the address on {host} {error}"),
        None => format!("the address {error}"),
    }
}

impl LeftOut {
    /// The longest id that is shown.
    const SHOWN: usize = 64;

    /// What of this id is left out, and why.
    pub fn new(id: &[u8], what: What, reason: &str) -> Self {
        let id = String::from_utf8_lossy(id);
        let id: String = id.chars().take(Self::SHOWN).collect();
        Self {
            id: id.escape_debug().to_string(),
            what,
            reason: reason.to_owned(),
        }
    }
}
