//! BOLT 11 strings of others: checked as far as a payer would, signature included.

use bitcoin::secp256k1::PublicKey;
use jiff::{SignedDuration, Timestamp};
use lightning_invoice::{Bolt11Invoice, SignedRawBolt11Invoice};

use crate::{
    bolt11::{Bolt11, Bolt11Error, Decoded},
    network::Network,
};

/// A payment request of anybody, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequest {
    /// The string in small letters, its payment hash and its amount.
    pub decoded: Decoded,
    /// The chain that it is to be paid on.
    pub network: Network,
    /// What it is for.
    pub memo: PaymentMemo,
    /// From when on it must not be paid.
    pub expires_at: Timestamp,
    /// How many blocks the last hop must have left (`min_final_cltv_expiry_delta` of BOLT 11).
    pub min_final_cltv: u64,
    /// The node that asks for the payment, by its signature.
    pub payee: PublicKey,
}

/// What a payment request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentMemo {
    /// This text, which may be empty. Written by whoever asks for the money.
    Text(String),
    /// A text that has this SHA-256, in hexadecimal: the payer has it from elsewhere.
    Hash(String),
}

impl PaymentRequest {
    /// Reads a BOLT 11 string in small or capital letters.
    pub(super) fn parse(text: &str) -> Result<Self, Bolt11Error> {
        let small = text.to_ascii_lowercase();
        if text != small && text != text.to_ascii_uppercase() {
            return Err(Bolt11Error::new("it mixes small and capital letters"));
        }
        if small.contains(char::is_whitespace) {
            return Err(Bolt11Error::new("it has spaces in it"));
        }
        let signed: SignedRawBolt11Invoice = small
            .parse()
            .map_err(|error| Bolt11Error::new(&format!("{error}")))?;
        let decoded = Bolt11::describe(signed.raw_invoice(), small)?;
        // What a payer insists on: signature, payment secret, one payment hash, one description.
        let invoice = Bolt11Invoice::from_signed(signed)
            .map_err(|error| Bolt11Error::new(&format!("it cannot be paid: {error}")))?;
        Ok(Self {
            network: Network::from(&invoice.currency()),
            memo: memo(&invoice),
            expires_at: expires_at(&invoice, decoded.created_at),
            payee: invoice.get_payee_pub_key(),
            min_final_cltv: invoice.min_final_cltv_expiry_delta(),
            decoded,
        })
    }
}

fn memo(invoice: &Bolt11Invoice) -> PaymentMemo {
    use lightning_invoice::Bolt11InvoiceDescriptionRef;
    match invoice.description() {
        Bolt11InvoiceDescriptionRef::Direct(text) => PaymentMemo::Text(text.to_string()),
        Bolt11InvoiceDescriptionRef::Hash(hash) => PaymentMemo::Hash(hash.0.to_string()),
    }
}

fn expires_at(invoice: &Bolt11Invoice, created_at: Timestamp) -> Timestamp {
    let expiry = i64::try_from(invoice.expiry_time().as_secs()).unwrap_or(i64::MAX);
    created_at
        .checked_add(SignedDuration::from_secs(expiry))
        .unwrap_or(Timestamp::MAX)
}
