//! An invoice of the ledger as LND writes it (`lnrpc.Invoice`).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    bolt11,
    ledger::invoice::{Held, Invoice, State},
    node::{FIRST_HEIGHT, Node},
};

/// LND's words for the states.
pub(super) const OPEN: &str = "OPEN";
pub(super) const SETTLED: &str = "SETTLED";
pub(super) const CANCELED: &str = "CANCELED";
pub(super) const ACCEPTED: &str = "ACCEPTED";

/// LND has one word for what is cancelled and what is over.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Unpaid => OPEN,
        State::Paid(_) => SETTLED,
        State::Expired | State::Cancelled(_) => CANCELED,
        State::Accepted(_) => ACCEPTED,
    }
}

/// The height when LND's exchanges were recorded; the sandbox counts from another one.
const RECORDED_HEIGHT: u32 = 260;

/// The height of the last block.
pub(super) fn height(node: &Node) -> u32 {
    RECORDED_HEIGHT + node.height().saturating_sub(FIRST_HEIGHT)
}

/// The height of the block with which a payment of this invoice expires, if it arrived at the start: wallets add three
/// blocks.
pub(super) fn expiry_height(invoice: &Invoice) -> u32 {
    let raw = bolt11::read(invoice.bolt11()).ok();
    let cltv = raw.and_then(|signed| {
        let cltv = signed.raw_invoice().min_final_cltv_expiry_delta();
        cltv.and_then(|cltv| u32::try_from(cltv.0).ok())
    });
    RECORDED_HEIGHT + 3 + cltv.unwrap_or_default()
}

/// As it is now.
pub(super) fn to_json(invoice: &Invoice) -> Value {
    in_state(invoice, invoice.state())
}

/// As it was when it was made.
pub(super) fn as_made(invoice: &Invoice) -> Value {
    in_state(invoice, State::Unpaid)
}

fn in_state(invoice: &Invoice, now: State) -> Value {
    let raw = bolt11::read(invoice.bolt11()).ok();
    let raw = raw.as_ref().map(|signed| signed.raw_invoice());
    // A payment without an invoice is over as soon as it is there.
    let created_at = raw.map_or(invoice.expires_at(), |raw| {
        raw.data.timestamp.as_unix_timestamp()
    });
    let secret = raw.and_then(|raw| raw.payment_secret());
    let secret = secret.map_or([0; 32], |secret| secret.0);
    let hash = raw.and_then(|raw| raw.description_hash());
    let cltv = raw.and_then(|raw| raw.min_final_cltv_expiry_delta());
    let asked = invoice.amount_msat().unwrap_or_default();
    let (received, settle_index, settled_at, htlc) = match now {
        State::Unpaid | State::Expired | State::Cancelled(None) => (0, 0, 0, None),
        State::Paid(paid) => (
            paid.received_msat,
            paid.pay_index,
            paid.paid_at,
            Some(("SETTLED", paid.paid_at, paid.paid_at)),
        ),
        State::Accepted(held) => (
            held.received_msat,
            0,
            0,
            Some(("ACCEPTED", held.accepted_at, 0)),
        ),
        // It goes on to say how much was held.
        State::Cancelled(Some(Held {
            received_msat,
            accepted_at,
        })) => (
            received_msat,
            0,
            0,
            Some(("CANCELED", accepted_at, accepted_at)),
        ),
    };
    let htlcs: Vec<_> = htlc
        .map(|(state, accepted_at, resolved_at)| {
            json!({
                "chan_id": "280375465148416",
                "htlc_index": "0",
                "amt_msat": received.to_string(),
                "accept_height": 260,
                "accept_time": accepted_at.to_string(),
                "resolve_time": resolved_at.to_string(),
                "expiry_height": expiry_height(invoice),
                "state": state,
                "custom_records": {},
                "mpp_total_amt_msat": received.to_string(),
                "amp": null,
                "custom_channel_data": "",
            })
        })
        .into_iter()
        .collect();
    // What is held is not told before it is taken.
    let preimage = invoice.preimage().map(|preimage| STANDARD.encode(preimage));
    json!({
        "memo": invoice.description(),
        "r_preimage": preimage.unwrap_or_default(),
        "r_hash": STANDARD.encode(invoice.payment_hash()),
        "value": (asked / 1000).to_string(),
        "value_msat": asked.to_string(),
        "settled": matches!(now, State::Paid(_)),
        "creation_date": created_at.to_string(),
        "settle_date": settled_at.to_string(),
        "payment_request": invoice.bolt11(),
        "description_hash": hash.map(|hash| STANDARD.encode(hash.0)).unwrap_or_default(),
        "expiry": invoice.expires_at().saturating_sub(created_at).to_string(),
        "fallback_addr": "",
        "cltv_expiry": cltv.map_or(0, |cltv| cltv.0).to_string(),
        "route_hints": [],
        "private": false,
        "add_index": invoice.created_index().to_string(),
        "settle_index": settle_index.to_string(),
        "amt_paid": received.to_string(),
        "amt_paid_sat": (received / 1000).to_string(),
        "amt_paid_msat": received.to_string(),
        "state": state(now),
        "htlcs": htlcs,
        "features": {},
        "is_keysend": invoice.bolt11().is_empty(),
        "payment_addr": STANDARD.encode(secret),
        "is_amp": false,
        "amp_invoice_state": {},
        "is_blinded": false,
        "blinded_path_config": null,
    })
}
