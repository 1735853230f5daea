//! The calls that are answered at once.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitcoin::hashes::{Hash, sha256};
use bitcoin::hex::{DisplayHex, FromHex};
use lightning_invoice::{Bolt11InvoiceDescription, Sha256};
use serde_json::{Value, json};

use super::{
    body::{Body, query_number, query_switch},
    invoice,
    refusal::Refusal,
};
use crate::{
    bolt11::{self, Terms},
    ledger::{
        hold::{CancelRefusal, CaptureRefusal},
        invoice::{Draft, Invoice, Overpayment, State},
    },
    node::Node,
};

type Answer = Result<Value, Refusal>;

/// How many invoices a page has unless it is said.
const PAGE: u64 = 100;

/// Limits of LND: bytes of a memo, bytes of BOLT 11's description, seconds, blocks, satoshis.
const MAX_MEMO: usize = 1024;
const MAX_DESCRIPTION: usize = 639;
const MAX_EXPIRY: i64 = 365 * 24 * 3600;
const DEFAULT_EXPIRY: i64 = 24 * 3600;
const MIN_CLTV: i64 = 24;
const DEFAULT_CLTV: i64 = 80;
const MAX_SAT: i64 = 100_000 * SAT_OF_BTC;
const SAT_OF_BTC: i64 = 100_000_000;

/// The members of an invoice that is to be made.
const MEMBERS: [&str; 12] = [
    "memo",
    "r_preimage",
    "hash",
    "value",
    "value_msat",
    "description_hash",
    "expiry",
    "fallback_addr",
    "cltv_expiry",
    "route_hints",
    "private",
    "is_amp",
];

/// What is known of the secret when an invoice is made.
enum Secret {
    Preimage([u8; 32]),
    Hash([u8; 32]),
}

pub(super) fn get_info(node: &Node) -> Value {
    let behind = node.liquidity().syncing.is_some();
    json!({
        "version": "0.21.2-beta commit=v0.21.2-beta",
        "commit_hash": "",
        "identity_pubkey": node.id(),
        "alias": "sandbox",
        "color": "#3399ff",
        "num_pending_channels": 0,
        "num_active_channels": 1,
        "num_inactive_channels": 0,
        "num_peers": 1,
        "block_height": invoice::height(node),
        "block_hash": "29ca92192f6eaa851202b14159d0c5bf5329146c116540df2ec4933ee975e341",
        "best_header_timestamp": node.clock.now().as_secs().to_string(),
        "synced_to_chain": !behind,
        "synced_to_graph": true,
        "testnet": false,
        "chains": [{ "chain": "bitcoin", "network": "regtest" }],
        "uris": [],
        "features": {},
        "require_htlc_interceptor": false,
        "store_final_htlc_resolutions": false,
        "wallet_synced": true,
        "graph_cache_status": "GRAPH_CACHE_STATUS_LOADED",
    })
}

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

pub(super) fn add_invoice(node: &Node, body: &[u8]) -> Answer {
    let body = Body::read(body, &MEMBERS)?;
    if body.switch("is_amp")? {
        return Err(Refusal::unknown("no AMP in the sandbox"));
    }
    let preimage = body.bytes32("r_preimage", "preimage")?;
    let preimage = preimage.unwrap_or_else(rand::random);
    let (hash, mut answer) = add(node, &body, &Secret::Preimage(preimage))?;
    answer["r_hash"] = STANDARD.encode(hash).into();
    Ok(answer)
}

pub(super) fn add_hold_invoice(node: &Node, body: &[u8]) -> Answer {
    let body = Body::read(body, &MEMBERS)?;
    let hash = body.bytes32("hash", "hash")?;
    let hash = hash.ok_or_else(|| Refusal::unknown("invalid hash length of 0, want 32"))?;
    add(node, &body, &Secret::Hash(hash)).map(|(_, answer)| answer)
}

fn add(node: &Node, body: &Body, secret: &Secret) -> Result<([u8; 32], Value), Refusal> {
    let memo = body.text("memo")?;
    if memo.len() > MAX_MEMO {
        let bytes = memo.len();
        let text = format!("memo too large: {bytes} bytes (maxsize={MAX_MEMO})");
        return Err(Refusal::unknown(text));
    }
    let description = description(&memo, &body.bytes("description_hash")?)?;
    let amount_msat = amount(body.integer("value")?, body.integer("value_msat")?)?;
    let expiry = match body.integer("expiry")? {
        ..=0 => DEFAULT_EXPIRY,
        long if long > MAX_EXPIRY => {
            let text = format!(
                "expiry of {} seconds greater than max expiry of 3.1536e+07 seconds",
                scientific(long)
            );
            return Err(Refusal::unknown(text));
        }
        expiry => expiry,
    };
    let cltv = match body.integer("cltv_expiry")? {
        0 => DEFAULT_CLTV,
        short if short < MIN_CLTV => {
            let text = format!("CLTV delta of {short} must be greater than minimum of {MIN_CLTV}");
            return Err(Refusal::unknown(text));
        }
        cltv => cltv,
    };
    let (payment_hash, preimage) = match secret {
        Secret::Preimage(preimage) => (bolt11::payment_hash(preimage), Some(*preimage)),
        Secret::Hash(hash) => (*hash, None),
    };
    let payment_secret: [u8; 32] = rand::random();
    let created_at = node.clock.now().as_secs();
    let expiry = expiry.unsigned_abs();
    let terms = Terms {
        amount_msat,
        payment_hash,
        payment_secret,
        description,
        created_at,
        expiry,
        min_final_cltv_expiry: u32::try_from(cltv).unwrap_or(u32::MAX),
        fallbacks: Vec::new(),
    };
    let signed = node.key.sign(terms);
    let payment_request = signed.map_err(|error| Refusal::unknown(error.to_string()))?;
    let draft = Draft {
        // The ledger has labels, LND has none.
        label: payment_hash.to_lower_hex_string(),
        bolt11: payment_request.clone(),
        payment_hash,
        preimage,
        amount_msat,
        description: memo,
        expires_at: created_at.saturating_add(expiry),
        overpayment: Overpayment::Unlimited,
    };
    let made = node.books()?.create(draft)?.map(Invoice::created_index);
    node.expiry_moved();
    let add_index =
        made.map_err(|_| Refusal::unknown("invoice with payment hash already exists"))?;
    let answer = json!({
        "payment_request": payment_request,
        "add_index": add_index.to_string(),
        "payment_addr": STANDARD.encode(payment_secret),
    });
    Ok((payment_hash, answer))
}

fn description(memo: &str, hash: &[u8]) -> Result<Bolt11InvoiceDescription, Refusal> {
    if hash.is_empty() {
        if memo.len() > MAX_DESCRIPTION {
            // In groups of five bits.
            let groups = (memo.len() * 8).div_ceil(5);
            let text = format!("data length too big to fit within 10 bits: {groups}");
            return Err(Refusal::unknown(text));
        }
        return bolt11::described(memo.to_owned())
            .map_err(|error| Refusal::unknown(error.to_string()));
    }
    let bytes: [u8; 32] = hash.try_into().map_err(|_| {
        let bytes = hash.len();
        Refusal::unknown(format!("description hash is {bytes} bytes, must be 32"))
    })?;
    let hash = sha256::Hash::from_byte_array(bytes);
    Ok(Bolt11InvoiceDescription::Hash(Sha256(hash)))
}

/// `None` leaves it to the payer.
fn amount(value: i64, value_msat: i64) -> Result<Option<u64>, Refusal> {
    if value != 0 && value_msat != 0 {
        let text = "sat and msat arguments are mutually exclusive";
        return Err(Refusal::unknown(text));
    }
    if value < 0 || value_msat < 0 {
        return Err(Refusal::unknown("amount cannot be negative"));
    }
    let msat = value.saturating_mul(1000).saturating_add(value_msat);
    let sat = msat / 1000;
    if sat > MAX_SAT {
        let btc = sat / SAT_OF_BTC;
        let text = format!("invoice amount {btc} BTC is too large, max is 100000 BTC");
        return Err(Refusal::unknown(text));
    }
    Ok((msat > 0).then_some(msat.unsigned_abs()))
}

/// As Go writes a large number: `3.1536001e+07`.
fn scientific(number: i64) -> String {
    let digits = number.to_string();
    let (first, rest) = digits.split_at(1);
    let (rest, exponent) = (rest.trim_end_matches('0'), rest.len());
    let point = if rest.is_empty() { "" } else { "." };
    format!("{first}{point}{rest}e+{exponent:02}")
}

/// The hash is in hexadecimal, here alone.
pub(super) fn lookup_invoice(node: &Node, hash: &str) -> Answer {
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
    let found = books.ledger().by_hash(&hash);
    found
        .map(invoice::to_json)
        .ok_or_else(|| Refusal::not_found("unable to locate invoice"))
}

pub(super) fn cancel_invoice(node: &Node, body: &[u8]) -> Answer {
    let body = Body::read(body, &["payment_hash"])?;
    let hash = body.bytes32("payment_hash", "hash")?;
    let hash = hash.ok_or_else(|| Refusal::unknown("invalid hash length of 0, want 32"))?;
    match node.books()?.cancel(&hash)? {
        Ok(()) => Ok(json!({})),
        Err(CancelRefusal::Unknown) => Err(Refusal::unknown("unable to locate invoice")),
        Err(CancelRefusal::Paid) => Err(Refusal::unknown("invoice already settled")),
    }
}

pub(super) fn settle_invoice(node: &Node, body: &[u8]) -> Answer {
    let body = Body::read(body, &["preimage"])?;
    let preimage = body.bytes32("preimage", "preimage")?;
    let preimage =
        preimage.ok_or_else(|| Refusal::unknown("invalid preimage length of 0, want 32"))?;
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
    let pending_only = query_switch(query, "pending_only");
    let wanted = |found: &&Invoice| {
        !pending_only || matches!(found.state(), State::Unpaid | State::Accepted(_))
    };
    let books = node.books()?;
    let ledger = books.ledger();
    let page: Vec<&Invoice> = if query_switch(query, "reversed") {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_does() {
        assert_eq!(scientific(31_536_001), "3.1536001e+07");
        assert_eq!(scientific(31_536_000), "3.1536e+07");
        assert_eq!(scientific(100_000_000), "1e+08");
    }
}
