//! The calls that are answered at once, but for those that make invoices.

use bitcoin::hex::FromHex;
use serde_json::{Value, json};

use super::{
    body::{Body, query_number, query_switch},
    invoice::{self, created_at},
    refusal::Refusal,
};
use crate::{
    ledger::{
        hold::{CancelRefusal, CaptureRefusal},
        invoice::{Invoice, State, Takes},
    },
    node::Node,
};

pub(super) type Answer = Result<Value, Refusal>;

/// How many invoices a page has unless it is said.
const PAGE: u64 = 100;

pub(super) fn channel_balance(node: &Node) -> Value {
    let msat = node.liquidity().receivable_msat;
    let amount = |msat: u64| json!({ "sat": (msat / 1000).to_string(), "msat": msat.to_string() });
    json!({
        "balance": "0",
        "pending_open_balance": "0",
        "local_balance": amount(0),
        "remote_balance": amount(msat),
        "unsettled_local_balance": amount(0),
        "unsettled_remote_balance": amount(0),
        "pending_open_local_balance": amount(0),
        "pending_open_remote_balance": amount(0),
        "custom_channel_data": "AQAA",
    })
}

/// The hash is in hexadecimal, here alone.
pub(super) fn lookup_invoice(node: &Node, hash: &str) -> Answer {
    let unknown = || Refusal::not_found("unable to locate invoice");
    if hash.is_empty() {
        return Err(unknown());
    }
    let bytes = Vec::<u8>::from_hex(hash).map_err(|_| {
        let odd = hash.chars().find(|digit| !digit.is_ascii_hexdigit());
        Refusal::unknown(match odd {
            Some(odd) => format!(
                "encoding/hex: invalid byte: U+{:04X} '{odd}'",
                u32::from(odd)
            ),
            None => "encoding/hex: odd length hex string".to_owned(),
        })
    })?;
    let length = bytes.len();
    let hash: [u8; 32] = bytes.try_into().map_err(|_| {
        let text = format!("payment hash must be exactly 32 bytes, is instead {length}");
        Refusal::unknown(text)
    })?;
    let books = node.books()?;
    let ledger = books.ledger();
    match ledger.by_hash(&hash) {
        Some(found) => Ok(invoice::to_json(found)),
        // LND has other words while its table does not exist.
        None if ledger.created_from(0).next().is_none() => {
            Err(Refusal::not_found("there are no existing invoices"))
        }
        None => Err(unknown()),
    }
}

pub(super) fn cancel_invoice(node: &Node, body: &[u8]) -> Answer {
    let body = Body::read(body, &["payment_hash"])?;
    let hash = body.exactly_32("payment_hash", "hash")?;
    let mut books = node.books()?;
    let takes = books.ledger().by_hash(&hash).map(Invoice::takes);
    match books.cancel(&hash)? {
        Ok(()) => Ok(json!({})),
        Err(CancelRefusal::Unknown) => Err(Refusal::unknown("unable to locate invoice")),
        Err(CancelRefusal::Paid) => Err(Refusal::unknown(match takes {
            Some(Takes::Repeated) => "htlc already settled",
            _ => "invoice already settled",
        })),
    }
}

pub(super) fn settle_invoice(node: &Node, body: &[u8]) -> Answer {
    let body = Body::read(body, &["preimage"])?;
    let preimage = body.exactly_32("preimage", "preimage")?;
    let now = node.clock.now().as_secs();
    match node.books()?.capture(&preimage, now)? {
        Ok(()) => Ok(json!({})),
        Err(CaptureRefusal::Unknown) => Err(Refusal::unknown("unable to locate invoice")),
        Err(CaptureRefusal::Unpaid) => Err(Refusal::unknown("invoice still open")),
        Err(CaptureRefusal::Cancelled) => Err(Refusal::unknown("invoice already canceled")),
    }
}

pub(super) fn list_invoices(node: &Node, query: &str) -> Answer {
    let offset = query_number(query, "index_offset")?;
    let limit = match query_number(query, "num_max_invoices")? {
        0 => PAGE,
        limit => limit,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let reversed = query_switch(query, "reversed")?;
    let pending_only = query_switch(query, "pending_only")?;
    let start = query_number(query, "creation_date_start")?;
    let end = match query_number(query, "creation_date_end")? {
        0 => u64::MAX,
        end if start > end => {
            let text = format!("start date({start}) must be before end date({end})");
            return Err(Refusal::unknown(text));
        }
        end => end,
    };
    let wanted = |found: &&Invoice| {
        (!pending_only || is_pending(found)) && (start..=end).contains(&created_at(found))
    };
    let books = node.books()?;
    let ledger = books.ledger();
    let page: Vec<&Invoice> = if reversed {
        let end = if offset == 0 { u64::MAX } else { offset };
        let mut page: Vec<_> = ledger
            .created_before(end)
            .filter(wanted)
            .take(limit)
            .collect();
        page.reverse();
        page
    } else {
        let start = offset.saturating_add(1);
        ledger
            .created_from(start)
            .filter(wanted)
            .take(limit)
            .collect()
    };
    let index = |end: Option<&&Invoice>| end.map_or(0, |end| end.created_index()).to_string();
    let (first, last) = (index(page.first()), index(page.last()));
    let invoices: Vec<_> = page.into_iter().map(invoice::to_json).collect();
    Ok(json!({
        "invoices": invoices,
        "last_index_offset": last,
        "first_index_offset": first,
    }))
}

/// AMP invoices can always be paid once more, so they stay pending, although they are shown as settled.
fn is_pending(invoice: &Invoice) -> bool {
    match invoice.state() {
        State::Unpaid | State::Accepted(_) => true,
        State::Paid(_) => invoice.takes() == Takes::Repeated,
        State::Expired | State::Cancelled(_) => false,
    }
}
