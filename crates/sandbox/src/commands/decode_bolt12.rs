//! What `decode` says about BOLT 12 strings.

use bitcoin::hex::DisplayHex;

use crate::bolt12::{self, Bolt12, Kind};
use crate::reply::{Object, Value};

/// The members that we know, in lightningd's order.
pub(super) fn describe(string: &Bolt12) -> Object {
    let kind = match string.kind {
        Kind::Offer => "bolt12 offer",
        Kind::InvoiceRequest => "bolt12 invoice_request",
        Kind::Invoice => "bolt12 invoice",
    };
    let hex = |number| string.bytes(number).map(DisplayHex::to_lower_hex_string);
    let chains = string.bytes(2).map(|hashes| {
        let each = hashes.chunks(32).map(DisplayHex::to_lower_hex_string);
        each.map(Value::from).collect::<Vec<_>>()
    });
    let currency = string.text(6);
    let amount = string.number(8);
    let (fiat, msat) = match currency {
        Some(_) => (amount, None),
        None => (None, amount),
    };
    let minor = currency.as_deref().map(|currency| match currency {
        "JPY" => 0u64,
        _ => 2,
    });
    let warning = warning(string);
    let valid = warning.is_none();
    let described = Object::new()
        .with("type", kind)
        .with_some("offer_id", offer_id(string))
        .with_some("offer_chains", chains)
        .with_some("offer_metadata", hex(4))
        .with_some("offer_currency", currency)
        .with_some("offer_amount", fiat)
        .with_some("currency_minor_unit", minor)
        .with_some("offer_amount_msat", msat)
        .with_some("offer_description", string.text(10))
        .with_some("offer_issuer", string.text(18))
        .with_some("offer_absolute_expiry", string.number(14))
        .with_some("offer_quantity_max", string.number(20))
        .with_some("offer_issuer_id", hex(22))
        .with_some("invreq_chain", hex(80))
        .with_some("invreq_amount_msat", string.number(82))
        .with_some("invreq_payer_id", hex(88))
        .with_some("invoice_created_at", string.number(164))
        .with_some("invoice_relative_expiry", string.number(166))
        .with_some("invoice_payment_hash", hex(168))
        .with_some("invoice_amount_msat", string.number(170))
        .with_some("invoice_node_id", hex(176));
    let described = match warning {
        Some((name, text)) => described.with(name, text),
        None => described,
    };
    described.with("valid", valid)
}

/// Of an offer, and of what was made from one.
fn offer_id(string: &Bolt12) -> Option<String> {
    let id = bolt12::offer_id(&string.fields)?;
    Some(id.to_lower_hex_string())
}

/// What lightningd finds wrong with a string that it can read.
fn warning(string: &Bolt12) -> Option<(&'static str, &'static str)> {
    let lacks = |number| string.bytes(number).is_none();
    match string.kind {
        Kind::Offer if !lacks(8) && lacks(10) => Some((
            "warning_missing_offer_description",
            "description is required if offer_amount is set (for the user to know what it was they paid for)",
        )),
        Kind::Offer if lacks(16) && lacks(22) => Some((
            "warning_missing_offer_issuer_id",
            "offers without an issuer_id or paths are invalid",
        )),
        Kind::InvoiceRequest if lacks(88) => Some((
            "warning_missing_invreq_payer_id",
            "invreq_payer_id required",
        )),
        Kind::Invoice if lacks(168) => Some((
            "warning_missing_invoice_payment_hash",
            "invoices without a payment_hash are invalid",
        )),
        _ => None,
    }
}
