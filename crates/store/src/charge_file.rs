//! The database of Lightning Charge 0.4.26 (SQLite): what it knows of its invoices. Nothing in it is certain: each text may
//! be of any type, length and encoding, and what makes no sense is reported, not dropped.

use std::{collections::HashMap, path::Path};

use rusqlite::{Connection, OpenFlags};
use serde_json::value::RawValue;
use tokio::task::spawn_blocking;

use crate::{
    charge_invoice::{ChargeInvoice, ChargePayment, SkippedItem, SkippedPart},
    connection,
    error::Error,
    rows::{from_sql, timestamp},
    sql::{self, all},
};
use facture_domain::{
    Hook, HookFormat, Label, Metadata, Msat, Price, Quote,
    hook::{HookUrl, HookUrlError},
};

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

/// All invoices in the file, in the order of making; each that makes no sense as the reason why.
///
/// # Errors
/// [`Error`] when the file is no such database.
pub async fn read(file: &Path) -> Result<Vec<Result<ChargeInvoice, SkippedItem>>, Error> {
    let file = file.to_owned();
    let read = spawn_blocking(move || read_blocking(&file));
    read.await.unwrap_or(Err(Error::Closed))
}

fn read_blocking(file: &Path) -> Result<Vec<Result<ChargeInvoice, SkippedItem>>, Error> {
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
    let mut unsent = unsent(&connection)?;
    let mut invoices = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.id.clone().unwrap_or_default();
        let addresses = unsent.remove(&id).unwrap_or_default();
        invoices.push(row.read(&addresses));
    }
    // Webhooks without an invoice.
    let mut orphans: Vec<_> = unsent.into_iter().collect();
    orphans.sort();
    for (id, addresses) in orphans {
        for _ in addresses {
            invoices.push(Err(SkippedItem::new(
                &id,
                SkippedPart::Webhook,
                "there is no invoice with this id",
            )));
        }
    }
    Ok(invoices)
}

/// The webhooks that were not sent, by the invoice's id: that table has no index.
fn unsent(connection: &Connection) -> Result<HashMap<Vec<u8>, Vec<Vec<u8>>>, Error> {
    let rows = all(
        connection,
        "SELECT CAST(invoice_id AS BLOB), CAST(url AS BLOB) FROM invoice_webhook WHERE requested_at IS NULL \
         ORDER BY id",
        [],
        |row| Ok((bytes(row, 0)?, bytes(row, 1)?)),
        Ok,
    )?;
    let mut unsent: HashMap<Vec<u8>, Vec<Vec<u8>>> = HashMap::new();
    for (id, url) in rows {
        let addresses = unsent.entry(id).or_default();
        addresses.push(url);
    }
    Ok(unsent)
}

impl Row {
    fn from_row(row: &sql::Row<'_>) -> sql::Result<Self> {
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

    fn read(self, addresses: &[Vec<u8>]) -> Result<ChargeInvoice, SkippedItem> {
        let id = self.id.unwrap_or_default();
        let refused = |reason: &str| SkippedItem::new(&id, SkippedPart::Invoice, reason);
        let label = std::str::from_utf8(&id).ok().and_then(Label::imported);
        let label = label.ok_or_else(|| refused("its id is not one of Lightning Charge's"))?;
        let mut left_out = Vec::new();
        let mut leave_out =
            |what, reason: String| left_out.push(SkippedItem::new(&id, what, &reason));
        let unsent = addresses
            .iter()
            .filter_map(|url| {
                address(url)
                    .map_err(|error| leave_out(SkippedPart::Webhook, webhook_reason(url, error)))
                    .ok()
            })
            .collect();
        let metadata = text(self.metadata).filter(|json| json != "null");
        let metadata = metadata.and_then(|json| {
            read_metadata(json)
                .map_err(|reason| leave_out(SkippedPart::Metadata, reason))
                .ok()
        });
        let quote = read_quote(self.quoted_currency, self.quoted_amount)
            .map_err(|reason| leave_out(SkippedPart::Price, reason))
            .ok()
            .flatten();
        let payment = read_payment(self.pay_index, self.paid_at, self.msatoshi_received)
            .map_err(|reason| leave_out(SkippedPart::Payment, reason))
            .ok()
            .flatten();
        let time = |seconds: Option<i64>| seconds.and_then(|seconds| timestamp(seconds).ok());
        Ok(ChargeInvoice {
            label,
            bolt11: text(self.payreq).unwrap_or_default(),
            description: text(self.description),
            times: time(self.created_at).zip(time(self.expires_at)),
            metadata,
            quote,
            payment,
            untold: unsent,
            left_out,
        })
    }
}

/// A column as bytes; NULL is none.
fn bytes(row: &sql::Row<'_>, column: usize) -> sql::Result<Vec<u8>> {
    let bytes: Option<Vec<u8>> = row.get(column)?;
    Ok(bytes.unwrap_or_default())
}

/// What a browser shows for bytes that are no text.
fn text(bytes: Option<Vec<u8>>) -> Option<String> {
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The price that the shop asked for, if it asked for one; an error is the reason to leave it out.
fn read_quote(currency: Option<Vec<u8>>, amount: Option<Vec<u8>>) -> Result<Option<Quote>, String> {
    let (Some(currency), Some(amount)) = (text(currency), text(amount)) else {
        return Ok(None);
    };
    match Price::parse(&amount, &currency) {
        Ok(_) => Ok(Some(Quote { currency, amount })),
        Err(error) => Err(format!("it {error}")),
    }
}

/// The payment, if there was one; an error is the reason to leave it out.
fn read_payment(
    pay_index: Option<i64>,
    paid_at: Option<i64>,
    received: Option<Vec<u8>>,
) -> Result<Option<ChargePayment>, String> {
    let (Some(pay_index), Some(paid_at)) = (pay_index, paid_at) else {
        return Ok(None);
    };
    let (Ok(pay_index), Ok(paid_at)) = (from_sql(pay_index), timestamp(paid_at)) else {
        return Err("its numbers are invalid".to_owned());
    };
    Ok(Some(ChargePayment {
        pay_index,
        paid_at,
        // Older ones wrote a unit.
        received: text(received).and_then(|text| {
            let digits = text.trim_end_matches("msat");
            digits.parse().ok().and_then(Msat::from_msat)
        }),
    }))
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
