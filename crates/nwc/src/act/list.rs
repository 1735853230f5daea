//! `list_transactions`

use facture_sidecar::Server;

use super::page::Page;
use crate::{
    connection::{Connection, Reach},
    wire::{Failure, ListParams, Transaction, TransactionList},
};

/// How many there are where the client does not say, and at most: an answer has to fit into an event that every relay takes.
const LIMIT: (u64, u64) = (10, 20);

/// How many bytes of transactions an answer may have; the first one always fits. NIP-44 encrypts 65,535 bytes.
const MAX_BYTES: usize = 40 * 1024;

/// How many pages of the API are read at most.
const MAX_PAGES: usize = 50;

/// The last second of the year 9999, beyond which the API knows no time.
const LAST_SECOND: u64 = 253_402_207_200;

/// Lists those that a connection sees, the newest first.
pub(super) async fn list(
    server: &Server,
    connection: &Connection,
    params: &ListParams,
) -> Result<TransactionList, Failure> {
    let mut list = TransactionList::default();
    let wants_incoming = params.direction.as_deref().unwrap_or("incoming") == "incoming";
    if !wants_incoming {
        return Ok(list);
    }
    let most = params.limit.unwrap_or(LIMIT.0).min(LIMIT.1);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut skip = params.offset.unwrap_or(0);
    let (query, mut cursor, mut bytes) = (query(connection, params), String::new(), 0);
    for _ in 0..MAX_PAGES {
        let page = Page::read(server, &format!("limit=100{query}{cursor}")).await?;
        let seen = page.invoices.into_iter();
        for invoice in seen.filter(|invoice| invoice.is_seen_by(connection)) {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let transaction = Transaction::of(invoice);
            bytes += serde_json::to_vec(&transaction).map_or(0, |json| json.len());
            let is_full = bytes > MAX_BYTES && !list.transactions.is_empty();
            if list.transactions.len() >= most || is_full {
                return Ok(list);
            }
            list.transactions.push(transaction);
        }
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    Ok(list)
}

/// What the API can choose by.
fn query(connection: &Connection, params: &ListParams) -> String {
    let mut query = String::new();
    if !params.unpaid.unwrap_or(false) {
        query += "&status=paid";
    }
    if let Some(from) = params.from {
        query += &format!("&created_after={}", from.min(LAST_SECOND));
    }
    // The last second belongs to it.
    if let Some(until) = params.until.filter(|until| *until < LAST_SECOND) {
        query += &format!("&created_before={}", until + 1);
    }
    if connection.reach == Reach::Own {
        // It is in the metadata of each.
        query += &format!("&text={}", connection.client.to_hex());
    }
    query
}
