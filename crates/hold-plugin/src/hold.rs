//! A hold invoice as the plugin keeps it, and as its calls show it (`docs/decisions/2026-11-28-hold-calls.md`).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::bytes::Bytes32;

/// A hold invoice. Its preimage is not here: it stays with who made the invoice until the payment is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hold {
    pub(crate) label: String,
    /// As lightningd wrote it.
    pub(crate) bolt11: String,
    pub(crate) payment_hash: Bytes32,
    /// What a payer must know: it is in the BOLT 11 string.
    pub(crate) payment_secret: Bytes32,
    /// `None`: any amount.
    pub(crate) amount_msat: Option<u64>,
    pub(crate) description: String,
    /// For how many blocks the payer has to lock the payment up, at least.
    pub(crate) cltv: u32,
    /// Seconds since 1970, as all times here.
    pub(crate) expires_at: u64,
    /// The place of its last change among all, from 1.
    pub(crate) change: u64,
    pub(crate) state: State,
}

/// Where a hold invoice stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub(crate) enum State {
    Unpaid,
    /// A whole payment is held.
    Accepted(Held),
    /// It is being taken: lightningd may know the preimage already, so that there is no way back.
    Settling(Held),
    /// It is among lightningd's own invoices, paid.
    Paid(Held),
    Cancelled {
        at: u64,
    },
    Expired {
        at: u64,
    },
}

/// A held payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) accepted_at: u64,
    /// At least one.
    pub(crate) parts: Vec<Part>,
}

/// An HTLC of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    #[serde(flatten)]
    pub(crate) htlc: HtlcId,
    pub(crate) amount_msat: u64,
    /// The height of the block with which it expires.
    pub(crate) cltv_expiry: u32,
}

/// By what an incoming HTLC is known, also after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HtlcId {
    /// The channel that it came through.
    pub(crate) short_channel_id: String,
    /// Its number there.
    pub(crate) id: u64,
}

impl Hold {
    /// Whether it can still change.
    pub(crate) fn is_open(&self) -> bool {
        matches!(
            self.state,
            State::Unpaid | State::Accepted(_) | State::Settling(_)
        )
    }

    /// The record, as the calls show it. While the payment is being taken, it is still accepted.
    pub(crate) fn record(&self) -> Value {
        let mut record = json!({
            "label": self.label,
            "bolt11": self.bolt11,
            "payment_hash": self.payment_hash,
            "description": self.description,
            "status": self.state.name(),
            "expires_at": self.expires_at,
            "change": self.change,
        });
        if let Some(amount_msat) = self.amount_msat {
            record["amount_msat"] = amount_msat.into();
        }
        match &self.state {
            State::Accepted(held) | State::Settling(held) => {
                record["held_msat"] = held.msat().into();
                record["accepted_at"] = held.accepted_at.into();
                record["cltv_expiry"] = held.cltv_expiry().into();
            }
            State::Cancelled { at } => record["cancelled_at"] = (*at).into(),
            State::Unpaid | State::Paid(_) | State::Expired { .. } => {}
        }
        record
    }
}

impl State {
    /// Its word in the calls.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Accepted(_) | Self::Settling(_) => "accepted",
            Self::Paid(_) => "paid",
            Self::Cancelled { .. } => "cancelled",
            Self::Expired { .. } => "expired",
        }
    }
}

impl Held {
    /// What is held, in millisatoshis.
    pub(crate) fn msat(&self) -> u64 {
        let amounts = self.parts.iter().map(|part| part.amount_msat);
        amounts.fold(0, u64::saturating_add)
    }

    /// The height at which the first part expires.
    pub(crate) fn cltv_expiry(&self) -> u32 {
        let expiries = self.parts.iter().map(|part| part.cltv_expiry);
        expiries.min().unwrap_or_default()
    }

    /// Whether that HTLC is a part of it.
    pub(crate) fn has(&self, htlc: &HtlcId) -> bool {
        self.parts.iter().any(|part| part.htlc == *htlc)
    }
}
