//! What happens to the node without a client's call.

use bitcoin::hex::DisplayHex;
use serde_json::json;

use super::{
    adding,
    info::FIRST_HEIGHT,
    invoice::{self, CANCELED},
    refusal::Refusal,
};
use crate::{
    bolt11,
    journal::Unwritten,
    ledger::invoice::{Draft, Invoice, Overpayment, Takes},
    node::Node,
    payment::{self, PayError, Payment},
};

/// Blocks are mined; what is held too long by then is sent back.
pub(super) fn mine(node: &Node, blocks: u32) -> Result<(), Unwritten> {
    let mut books = node.books()?;
    books.mine(blocks)?;
    let height = FIRST_HEIGHT.saturating_add(books.ledger().blocks());
    let held = books.ledger().created_from(0);
    let over: Vec<_> = held
        .filter(|held| invoice::sent_back_at(held).is_some_and(|at| at <= height))
        .map(|held| *held.payment_hash())
        .collect();
    for payment_hash in over {
        // What is held can be cancelled.
        let _ = books.cancel(&payment_hash)?;
    }
    Ok(())
}

/// An invoice is deleted, whatever its state is.
pub(super) fn delete(node: &Node, payment_hash: &[u8; 32]) -> Result<(), Unwritten> {
    let mut books = node.books()?;
    let found = books.ledger().by_hash(payment_hash);
    let created_index = found.map_or(0, Invoice::created_index);
    books.delete(created_index)
}

/// All that is cancelled or over is deleted.
pub(super) fn forget_cancelled(node: &Node) -> Result<(), Unwritten> {
    let mut books = node.books()?;
    let over: Vec<_> = books
        .ledger()
        .created_from(0)
        .filter(|invoice| invoice::state(invoice.state()) == CANCELED)
        .map(Invoice::created_index)
        .collect();
    for created_index in over {
        books.delete(created_index)?;
    }
    Ok(())
}

/// Settle indexes begin again at 1.
pub(super) fn count_payments_again(node: &Node) -> Result<(), Unwritten> {
    node.books()?.count_payments_again()
}

/// Another program makes an AMP invoice; its BOLT 11 string.
pub(super) fn add_amp(node: &Node, amount_msat: u64, memo: &str) -> Result<String, Refusal> {
    let body = json!({
        "is_amp": true,
        "value_msat": amount_msat.to_string(),
        "memo": memo,
    });
    let made = adding::add_invoice(node, body.to_string().as_bytes())?;
    let payment_request = made["payment_request"].as_str();
    Ok(payment_request.unwrap_or_default().to_owned())
}

/// A payment without an invoice arrives.
pub(super) fn keysend(node: &Node, amount_msat: u64) -> Result<Payment, PayError> {
    if !node.is_running() {
        return Err(PayError::NoPath);
    }
    let now = node.clock.now().as_secs();
    let preimage = rand::random();
    let payment_hash = bolt11::payment_hash(&preimage);
    let draft = Draft {
        label: payment_hash.to_lower_hex_string(),
        bolt11: String::new(),
        payment_hash,
        preimage: Some(preimage),
        amount_msat: Some(amount_msat),
        description: String::new(),
        expires_at: now,
        overpayment: Overpayment::default(),
        takes: Takes::Keysend,
        offer_id: None,
        payer_note: None,
    };
    let mut books = node.books()?;
    books.create(draft)?.map_err(|_| PayError::Refused)?;
    let paid = books.pay(&payment_hash, amount_msat, now)?;
    paid.ok()
        .and_then(payment::payment_of)
        .ok_or(PayError::Refused)
}
