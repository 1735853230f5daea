//! An invoice of the ledger as LND writes it (`lnrpc.Invoice`).

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitcoin::hashes::{Hash, HashEngine, sha256};
use bitcoin::hex::DisplayHex;
use serde_json::{Value, json};

use super::{
    hints::{self, CHANNEL},
    info::FIRST_HEIGHT,
};
use crate::{
    bolt11,
    ledger::invoice::{Held, Invoice, Settlement, State, Takes},
};

/// LND's words for the states.
pub(super) const OPEN: &str = "OPEN";
pub(super) const SETTLED: &str = "SETTLED";
pub(super) const CANCELED: &str = "CANCELED";
pub(super) const ACCEPTED: &str = "ACCEPTED";

/// How many blocks payers leave beyond what the invoice asks for.
const SPARE_BLOCKS: u32 = 3;

/// So many blocks before a held payment would end by itself, LND sends it back (`invoices.holdexpirydelta`).
const HOLD_EXPIRY_DELTA: u32 = 18;

/// LND has one word for what is cancelled and what is over.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Unpaid => OPEN,
        State::Paid(_) => SETTLED,
        State::Expired | State::Cancelled(_) => CANCELED,
        State::Accepted(_) => ACCEPTED,
    }
}

/// As it is now.
pub(super) fn to_json(invoice: &Invoice) -> Value {
    in_state(invoice, invoice.state(), invoice.payments())
}

/// As it was when it was made.
pub(super) fn as_made(invoice: &Invoice) -> Value {
    in_state(invoice, State::Unpaid, &[])
}

/// As it is told when a payment arrives: with what arrived so far, and of the payments that one only.
pub(super) fn as_paid(invoice: &Invoice, settle_index: u64) -> Value {
    let payments: Vec<_> = invoice
        .payments()
        .iter()
        .copied()
        .filter(|payment| payment.pay_index == settle_index)
        .collect();
    in_state(invoice, invoice.state(), &payments)
}

/// When it was made, in seconds since 1970.
pub(super) fn created_at(invoice: &Invoice) -> u64 {
    let signed = bolt11::read(invoice.bolt11()).ok();
    // A payment without an invoice is over as soon as it is there.
    signed.map_or(invoice.expires_at(), |signed| {
        let data = &signed.raw_invoice().data;
        data.timestamp.as_unix_timestamp()
    })
}

/// The height at which LND sends a held payment back.
pub(super) fn sent_back_at(invoice: &Invoice) -> Option<u32> {
    match invoice.state() {
        State::Accepted(held) => {
            Some(expiry_height(invoice, held).saturating_sub(HOLD_EXPIRY_DELTA))
        }
        _ => None,
    }
}

fn expiry_height(invoice: &Invoice, held: Held) -> u32 {
    let signed = bolt11::read(invoice.bolt11()).ok();
    let cltv = signed.as_ref().and_then(|signed| {
        let cltv = signed.raw_invoice().min_final_cltv_expiry_delta();
        cltv.and_then(|cltv| u32::try_from(cltv.0).ok())
    });
    height(held)
        .saturating_add(cltv.unwrap_or_default())
        .saturating_add(SPARE_BLOCKS)
}

fn height(held: Held) -> u32 {
    FIRST_HEIGHT.saturating_add(held.accepted_block)
}

fn in_state(invoice: &Invoice, now: State, payments: &[Settlement]) -> Value {
    let signed = bolt11::read(invoice.bolt11()).ok();
    let raw = signed.as_ref().map(|signed| signed.raw_invoice());
    let created_at = created_at(invoice);
    let secret = raw.and_then(|raw| raw.payment_secret());
    let secret = secret.map_or([0; 32], |secret| secret.0);
    let hash = raw.and_then(|raw| raw.description_hash());
    let cltv = raw.and_then(|raw| raw.min_final_cltv_expiry_delta());
    let hints = raw.map_or_else(Vec::new, |raw| raw.private_routes());
    let hints: Vec<_> = hints.into_iter().map(|hint| hints::to_json(hint)).collect();
    let asked = invoice.amount_msat().unwrap_or_default();
    let takes = invoice.takes();
    // An AMP invoice has neither preimage nor index of its own.
    let repeated = takes == Takes::Repeated;
    let (received, settle_index, settled_at) = match now {
        State::Unpaid | State::Expired | State::Cancelled(None) => (0, 0, 0),
        State::Paid(_) if repeated => {
            let received = invoice.payments().iter().map(|paid| paid.received_msat);
            (received.sum(), 0, 0)
        }
        State::Paid(paid) => (paid.received_msat, paid.pay_index, paid.paid_at),
        // What was sent back goes on to be told.
        State::Accepted(held) | State::Cancelled(Some(held)) => (held.received_msat, 0, 0),
    };
    // What is held is not told before it is taken.
    let preimage = invoice.preimage().filter(|_| !repeated);
    let features = match takes {
        Takes::One => features(&[PARTS, BLINDED_PATHS]),
        Takes::Keysend => features(&[]),
        Takes::Repeated => features(&[AMP]),
    };
    json!({
        "memo": invoice.description(),
        "r_preimage": preimage.map(|preimage| STANDARD.encode(preimage)).unwrap_or_default(),
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
        "private": !hints.is_empty(),
        "route_hints": hints,
        "add_index": invoice.created_index().to_string(),
        "settle_index": settle_index.to_string(),
        "amt_paid": received.to_string(),
        "amt_paid_sat": (received / 1000).to_string(),
        "amt_paid_msat": received.to_string(),
        "state": state(now),
        "htlcs": htlcs(invoice, now, payments),
        "features": features,
        "is_keysend": takes == Takes::Keysend,
        "payment_addr": STANDARD.encode(secret),
        "is_amp": repeated,
        "amp_invoice_state": if repeated { amp_payments(invoice, payments) } else { BTreeMap::new() },
        "is_blinded": false,
        "blinded_path_config": null,
    })
}

fn htlcs(invoice: &Invoice, now: State, payments: &[Settlement]) -> Vec<Value> {
    let htlc = |index: usize, state: &str, msat: u64, at: u64, resolved_at: u64, heights| {
        let (accept_height, expiry_height) = heights;
        json!({
            "chan_id": CHANNEL.to_string(),
            "htlc_index": index.to_string(),
            "amt_msat": msat.to_string(),
            "accept_height": accept_height,
            "accept_time": at.to_string(),
            "resolve_time": resolved_at.to_string(),
            "expiry_height": expiry_height,
            "state": state,
            "custom_records": {},
            "mpp_total_amt_msat": msat.to_string(),
            "amp": null,
            "custom_channel_data": "",
        })
    };
    let of_held = |state, held: Held, resolved_at| {
        let heights = (height(held), expiry_height(invoice, held));
        let (msat, at) = (held.received_msat, held.accepted_at);
        vec![htlc(0, state, msat, at, resolved_at, heights)]
    };
    match now {
        State::Accepted(held) => of_held("ACCEPTED", held, 0),
        State::Cancelled(Some(held)) => of_held("CANCELED", held, held.accepted_at),
        State::Paid(_) => {
            let heights = (FIRST_HEIGHT, FIRST_HEIGHT + 83);
            let paid = payments.iter().enumerate().map(|(index, paid)| {
                let (msat, at) = (paid.received_msat, paid.paid_at);
                htlc(index, SETTLED, msat, at, at, heights)
            });
            paid.collect()
        }
        State::Unpaid | State::Expired | State::Cancelled(None) => Vec::new(),
    }
}

/// The payments of an AMP invoice, by the ids of their sets.
fn amp_payments(invoice: &Invoice, payments: &[Settlement]) -> BTreeMap<String, Value> {
    let payments = payments.iter().map(|paid| {
        let mut engine = sha256::Hash::engine();
        engine.input(invoice.payment_hash());
        engine.input(&paid.pay_index.to_be_bytes());
        let set_id = sha256::Hash::from_engine(engine).to_byte_array();
        let payment = json!({
            "state": SETTLED,
            "settle_index": paid.pay_index.to_string(),
            "settle_time": paid.paid_at.to_string(),
            "amt_paid_msat": paid.received_msat.to_string(),
        });
        (set_id.to_lower_hex_string(), payment)
    });
    payments.collect()
}

/// A feature's bit and name; even bits are required.
type Feature = (u8, &'static str);

const ONION: Feature = (8, "tlv-onion");
const PAYMENT_ADDRESS: Feature = (14, "payment-addr");
const PARTS: Feature = (17, "multi-path-payments");
const BLINDED_PATHS: Feature = (25, "route-blinding");
const AMP: Feature = (30, "amp");

/// What all invoices have, and these.
fn features(more: &[Feature]) -> BTreeMap<String, Value> {
    let all: &[Feature] = match more {
        [] => &[ONION],
        _ => &[ONION, PAYMENT_ADDRESS],
    };
    let features = all.iter().chain(more).map(|(bit, name)| {
        let feature = json!({ "name": name, "is_required": bit % 2 == 0, "is_known": true });
        (bit.to_string(), feature)
    });
    features.collect()
}
