//! One invoice of the ledger and its members as lightningd writes them. Its state changes only in the ledger.

use bitcoin::hex::DisplayHex;
use serde::{Deserialize, Serialize};

use super::hex;
use crate::reply::{Object, Value};

/// An invoice as it is handed to the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    /// Raw JSON text without its quotes.
    pub(crate) label: String,
    /// The BOLT 11 string, or that of BOLT 12 for an offer.
    pub(crate) bolt11: String,
    /// SHA-256 of the preimage.
    #[serde(with = "hex")]
    pub(crate) payment_hash: [u8; 32],
    /// What the payer buys; `None` while the node does not know it: then a payment is held.
    #[serde(with = "hex::optional")]
    pub(crate) preimage: Option<[u8; 32]>,
    /// `None` leaves the amount to the payer.
    pub(crate) amount_msat: Option<u64>,
    /// What it is for.
    pub(crate) description: String,
    /// Seconds since 1970.
    pub(crate) expires_at: u64,
    /// How much more than the amount is taken.
    #[serde(default)]
    pub(crate) overpayment: Overpayment,
    /// Which payments.
    #[serde(default)]
    pub(crate) takes: Takes,
    /// The offer that it was made for.
    #[serde(
        default,
        with = "hex::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) offer_id: Option<[u8; 32]>,
    /// What the payer of an offer wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) payer_note: Option<String>,
}

/// How much more than its amount an invoice takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Overpayment {
    /// Up to twice the amount: lightningd's rule.
    #[default]
    Twice,
    /// Any: LND's.
    Unlimited,
}

/// Which payments an invoice takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Takes {
    /// One.
    #[default]
    One,
    /// The one that came without an invoice: LND's keysend.
    Keysend,
    /// Any number, until it is over: LND's AMP. The preimage is then not what its payment hash is of.
    Repeated,
}

/// An invoice in the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Invoice {
    pub(super) draft: Draft,
    pub(super) described: Described,
    pub(super) state: State,
    /// All that arrived, the first one first.
    pub(super) payments: Vec<Settlement>,
    pub(super) created_index: u64,
    /// 0 until its first update.
    pub(super) updated_index: u64,
}

/// Whether an invoice still has its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Described {
    /// It has.
    Yes,
    /// `delinvoice` with `desconly` took it away.
    Removed,
}

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Waiting for its payment.
    Unpaid,
    /// Its time is over; nobody can pay it.
    Expired,
    /// Paid.
    Paid(Settlement),
    /// Paid, but the payment is held: it is taken or sent back later.
    Accepted(Held),
    /// Cancelled; what was held was sent back.
    Cancelled(Option<Held>),
}

/// A payment that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    /// What arrived, in millisatoshi.
    pub(crate) received_msat: u64,
    /// Seconds since 1970.
    pub(crate) accepted_at: u64,
    /// How many blocks had been mined by then.
    pub(crate) accepted_block: u32,
}

/// How an invoice was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settlement {
    /// Counts paid invoices from 1.
    pub(crate) pay_index: u64,
    /// What arrived, in millisatoshi.
    pub(crate) received_msat: u64,
    /// Seconds since 1970.
    pub(crate) paid_at: u64,
}

impl Invoice {
    /// Raw JSON text without its quotes.
    pub(crate) fn label(&self) -> &str {
        &self.draft.label
    }

    /// The BOLT 11 string.
    pub(crate) fn bolt11(&self) -> &str {
        &self.draft.bolt11
    }

    /// SHA-256 of the preimage.
    pub(crate) fn payment_hash(&self) -> &[u8; 32] {
        &self.draft.payment_hash
    }

    /// What the payer buys; `None` while the node does not know it.
    pub(crate) fn preimage(&self) -> Option<&[u8; 32]> {
        self.draft.preimage.as_ref()
    }

    /// `None` leaves it to the payer.
    pub(crate) fn amount_msat(&self) -> Option<u64> {
        self.draft.amount_msat
    }

    /// What it is for.
    pub(crate) fn description(&self) -> &str {
        &self.draft.description
    }

    /// Seconds since 1970.
    pub(crate) fn expires_at(&self) -> u64 {
        self.draft.expires_at
    }

    /// The offer that it was made for.
    pub(crate) fn offer_id(&self) -> Option<&[u8; 32]> {
        self.draft.offer_id.as_ref()
    }

    /// Which payments it takes.
    pub(crate) fn takes(&self) -> Takes {
        self.draft.takes
    }

    /// All that arrived, the first one first.
    pub(crate) fn payments(&self) -> &[Settlement] {
        &self.payments
    }

    /// Where it stands. One that was paid repeatedly has its last payment here.
    pub(crate) fn state(&self) -> State {
        self.state
    }

    /// Counts invoices from 1.
    pub(crate) fn created_index(&self) -> u64 {
        self.created_index
    }

    /// Whether its description was not taken away.
    pub(crate) fn has_description(&self) -> bool {
        self.described == Described::Yes
    }

    /// Its members, as `listinvoices`, `waitinvoice` and others show them.
    pub(crate) fn members(&self) -> Object {
        let mut object = Object::new()
            .with("label", raw_label(&self.draft.label))
            .with(string_name(&self.draft.bolt11), self.draft.bolt11.as_str())
            .with(
                "payment_hash",
                self.draft.payment_hash.to_lower_hex_string(),
            )
            .with_some("amount_msat", self.draft.amount_msat)
            .with("status", self.state.name());
        if let State::Paid(settlement) = self.state {
            object = object
                .with("pay_index", settlement.pay_index)
                .with("amount_received_msat", settlement.received_msat)
                .with("paid_at", settlement.paid_at)
                .with_some(
                    "payment_preimage",
                    self.preimage().map(DisplayHex::to_lower_hex_string),
                );
        }
        let undescribed = self.draft.offer_id.is_some() && self.draft.description.is_empty();
        if self.has_description() && !undescribed {
            object = object.with("description", self.draft.description.as_str());
        }
        let offer = self.draft.offer_id;
        object = object
            .with_some("local_offer_id", offer.map(|id| id.to_lower_hex_string()))
            .with_some("invreq_payer_note", self.draft.payer_note.as_deref());
        let updated = (self.updated_index > 0).then_some(self.updated_index);
        object
            .with("expires_at", self.draft.expires_at)
            .with("created_index", self.created_index)
            .with_some("updated_index", updated)
    }
}

/// What lightningd calls the string of an invoice, here and among what it has paid.
pub(crate) fn string_name(invoice: &str) -> &'static str {
    match invoice.starts_with("lni1") {
        true => "bolt12",
        false => "bolt11",
    }
}

impl State {
    /// lightningd's word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Expired => "expired",
            Self::Paid(_) => "paid",
            Self::Accepted(_) => "accepted",
            Self::Cancelled(_) => "cancelled",
        }
    }
}

/// A label as it was received, between quotes.
pub(super) fn raw_label(label: &str) -> Value {
    Value::Raw(format!("\"{label}\""))
}
