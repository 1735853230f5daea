//! Hold invoices: a payment that arrives is held until the shop takes it (settles) or sends it back (cancels).
//!
//! The preimage of a hold invoice stays with facture until it is settled: the node does not know it. It follows from the
//! key file and a nonce, so it needs no place in the records:
//!
//! - preimage = chosen ‖ the first 16 bytes of HMAC-SHA256(key, "preimage" ‖ 0 ‖ chosen), as all of ours (`label_of_hash.rs`)
//! - chosen = the first 16 bytes of HMAC-SHA256(key, "hold preimage" ‖ 0 ‖ nonce)
//! - nonce = 16 bytes: the first 16 of SHA-256(label) where the node has labels; where it has none, 8 zero bytes ‖ a counter
//!   (big endian), or, for a request that may be repeated, the first 16 bytes of HMAC-SHA256(key, "hold of a request" ‖ 0 ‖
//!   length of the scope ‖ scope ‖ key of the request)
//!
//! So lost records can be rebuilt: the label gives the nonce, or counters are tried until the payment hash fits. Once it is
//! settled, the preimage shows whose key made it.

use std::fmt;

use bitcoin::{
    hashes::{Hash, sha256},
    hex::{DisplayHex, FromHex},
};
use jiff::Timestamp;

use crate::{
    amount::Msat,
    bolt11::PaymentHash,
    label::{Label, LabelKey},
    preimage::Preimage,
};

/// What distinguishes the preimage of one hold invoice from all others of the same key. Not a secret: without the key it
/// says nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HoldNonce([u8; 16]);

/// What is asked of a hold invoice that does not exist yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewHold {
    /// The shop's own payment hash; `None`: facture chooses the preimage.
    pub payment_hash: Option<PaymentHash>,
    /// For how many blocks the payer has to lock the payment up, at least (BOLT 11's `min_final_cltv_expiry_delta`).
    pub cltv_blocks: u32,
    /// When it is decided at the latest.
    pub deadline: HoldDeadline,
}

/// When a held payment is decided at the latest, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldDeadline {
    /// So many blocks before the held payment expires: after that it can get lost on the chain.
    pub blocks: u32,
    /// What becomes of it then.
    pub on_deadline: Decision,
}

/// The hold of an invoice: what was agreed, and what was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Who has the preimage.
    pub secret: HoldSecret,
    /// When it is decided at the latest.
    pub deadline: HoldDeadline,
    /// What was decided. The node may not have done it yet.
    pub decision: Option<Decision>,
    /// When the shop was warned that the deadline is near.
    pub warned_at: Option<Timestamp>,
}

/// Who has the preimage of a hold invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldSecret {
    /// We: it follows from this.
    Ours(HoldNonce),
    /// The shop, which gave us the payment hash only.
    OfShop,
}

/// What becomes of a held payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is taken.
    Settle,
    /// It is sent back.
    Cancel,
}

/// A payment that the node holds: the whole amount is there, and not taken yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What is held.
    pub amount: Msat,
    /// Since when.
    pub accepted_at: Timestamp,
    /// The height of the block with which the first part of it expires.
    pub expires_at_height: u32,
}

impl HoldNonce {
    /// For the invoice with this label, on a node that has labels.
    pub fn of_label(label: &Label) -> Self {
        let hash = sha256::Hash::hash(label.as_str().as_bytes()).to_byte_array();
        let (first, _) = hash.split_first_chunk().unwrap_or((&[0; 16], &[]));
        Self(*first)
    }

    /// The `n`th one, on a node without labels.
    pub fn of_counter(n: u64) -> Self {
        Self(u128::from(n).to_be_bytes())
    }

    /// For a request that may be repeated, on a node without labels.
    pub fn of_request(key: &LabelKey, scope: &str, request: &str) -> Self {
        // With its length, no two scopes and keys are the same bytes.
        let length = u64::try_from(scope.len()).unwrap_or(u64::MAX);
        let parts = [
            &length.to_be_bytes()[..],
            scope.as_bytes(),
            request.as_bytes(),
        ];
        Self(key.hmac("hold of a request", &parts))
    }

    /// Of the store; `None` for what is no nonce.
    pub fn parse(text: &str) -> Option<Self> {
        <[u8; 16]>::from_hex(text).ok().map(Self)
    }

    /// For the store: 32 hexadecimal digits.
    pub fn as_text(&self) -> String {
        self.0.to_lower_hex_string()
    }
}

/// Without the bytes, which are nobody's business either.
impl fmt::Debug for HoldNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HoldNonce(…)")
    }
}

impl LabelKey {
    /// The preimage of a hold invoice. Until it is settled, it is a secret.
    pub fn hold_preimage(&self, nonce: &HoldNonce) -> Preimage {
        self.preimage(self.hmac("hold preimage", &[&nonce.0]))
    }
}

impl Hold {
    /// As it begins: nothing is decided.
    pub fn new(secret: HoldSecret, deadline: HoldDeadline) -> Self {
        Self {
            secret,
            deadline,
            decision: None,
            warned_at: None,
        }
    }

    /// The height of the block at which a held payment is decided at the latest.
    pub fn decided_by(&self, held: &Held) -> u32 {
        held.expires_at_height.saturating_sub(self.deadline.blocks)
    }

    /// What becomes of the payment at the deadline. Without the preimage it cannot be taken.
    pub fn at_deadline(&self) -> Decision {
        match self.secret {
            HoldSecret::Ours(_) => self.deadline.on_deadline,
            HoldSecret::OfShop => Decision::Cancel,
        }
    }
}

impl Decision {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Settle, Self::Cancel];

    /// `settle` or `cancel`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settle => "settle",
            Self::Cancel => "cancel",
        }
    }

    /// Reads one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|decision| decision.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(preimage: &Preimage) -> String {
        preimage.expose().to_lower_hex_string()
    }

    /// Held payments must be taken by every later version: these values may never change.
    #[test]
    fn the_scheme_is_what_it_was() {
        let label = Label::stored(format!("facture_{}", "0".repeat(32)));
        let key = LabelKey::parse(&"07".repeat(32)).unwrap();
        for (nonce, expected) in [
            (HoldNonce::of_label(&label), EXPECTED[0]),
            (HoldNonce::of_counter(7), EXPECTED[1]),
            (HoldNonce::of_request(&key, "shop", "order-7"), EXPECTED[2]),
        ] {
            assert_eq!(hex(&key.hold_preimage(&nonce)), expected);
            assert_eq!(HoldNonce::parse(&nonce.as_text()), Some(nonce));
        }
    }

    const EXPECTED: [&str; 3] = [
        "128fa714cfb1e17fbdd09b068f1c02c0605895d321259b74433d7b1eb51664e3",
        "fc83a9ba23d8b442cee0aba39dc1dc07f8c7dd483e561cbae9312207ac5ed60c",
        "a31d8fd0978b3fb3c2457adde293ae65eb9890b5f058e489ab8d9737fa9d3b4f",
    ];

    #[test]
    fn the_shops_own_hash_is_sent_back_at_the_deadline() {
        let deadline = HoldDeadline {
            blocks: 24,
            on_deadline: Decision::Settle,
        };
        let ours = Hold::new(HoldSecret::Ours(HoldNonce::of_counter(1)), deadline);
        let shops = Hold::new(HoldSecret::OfShop, deadline);
        assert_eq!(ours.at_deadline(), Decision::Settle);
        assert_eq!(shops.at_deadline(), Decision::Cancel);
        let held = Held {
            amount: Msat::from_msat(1).unwrap(),
            accepted_at: Timestamp::UNIX_EPOCH,
            expires_at_height: 200,
        };
        assert_eq!(ours.decided_by(&held), 176);
        assert!(!format!("{ours:?}").contains("0000"));
    }
}
