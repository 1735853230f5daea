//! What may happen to a ledger, at random: for the tests of the ledger and of its books.

use proptest::prelude::*;

use super::invoice::{Draft, Overpayment, Takes};

/// Something that happens. Invoices are named by small numbers.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// An invoice is made that lasts so many seconds.
    Create(u64, u64),
    /// It is paid with so many millisatoshi.
    Pay(u64, u64),
    /// So many seconds pass.
    Pass(u64),
    /// It is deleted.
    Delete(u64),
    /// It loses its description.
    Forget(u64),
    /// It is cancelled.
    Cancel(u64),
    /// Its held payment is taken.
    Capture(u64),
    /// So many blocks are mined.
    Mine(u32),
}

/// A step about one of so many invoices.
pub(crate) fn step(invoices: u64) -> impl Strategy<Value = Step> {
    let number = 0..invoices;
    prop_oneof![
        8 => (number.clone(), 0..30u64).prop_map(|(number, expiry)| Step::Create(number, expiry)),
        6 => (number.clone(), 500..2500u64).prop_map(|(number, msat)| Step::Pay(number, msat)),
        3 => (0..10u64).prop_map(Step::Pass),
        2 => number.clone().prop_map(Step::Delete),
        2 => number.clone().prop_map(Step::Forget),
        1 => number.clone().prop_map(Step::Cancel),
        2 => number.prop_map(Step::Capture),
        1 => (0..3u32).prop_map(Step::Mine),
    ]
}

/// The invoice of a number. Number 3 takes any amount, 4 is held when it is paid, 5 can be paid repeatedly.
pub(crate) fn draft(number: u64, expires_at: u64) -> Draft {
    Draft {
        label: format!("l\\u00e9\\\"{number}"),
        bolt11: format!("lnbcrt{number}"),
        payment_hash: hash(number),
        preimage: (number != HELD).then(|| preimage(number)),
        amount_msat: (number != ANY_AMOUNT).then_some(1000),
        description: "two\nlines \u{1} \"é\"".to_owned(),
        expires_at,
        overpayment: Overpayment::default(),
        takes: match number {
            REPEATED => Takes::Repeated,
            _ => Takes::One,
        },
        offer_id: None,
        payer_note: None,
    }
}

pub(crate) const ANY_AMOUNT: u64 = 3;
pub(crate) const HELD: u64 = 4;
pub(crate) const REPEATED: u64 = 5;

pub(crate) fn preimage(number: u64) -> [u8; 32] {
    let mut preimage = [0xab; 32];
    preimage[..8].copy_from_slice(&number.to_be_bytes());
    preimage
}

pub(crate) fn hash(number: u64) -> [u8; 32] {
    crate::bolt11::payment_hash(&preimage(number))
}
