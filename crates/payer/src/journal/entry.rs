//! What is written down: one JSON text a line, each with the hash of the line before it.

use facture_domain::{
    Msat, NodeId, PaymentHash, Preimage,
    payout::{DestinationKind, FailureCode, PayerId, PayoutId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fields::{msat, text};

/// A line of the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// Its number, from 1 on.
    pub n: u64,
    /// When it was written.
    pub at: Timestamp,
    /// SHA-256 of the line before it, without its end, in hexadecimal; zeros for the first.
    pub prev: String,
    /// What happened.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// The journal was begun, by this payer. Always the first one, and never again.
    Opened {
        /// The payer's id.
        #[serde(with = "text")]
        payer: PayerId,
    },
    /// A payout is to be paid: from here on its amount and fee limit count. Nothing was sent yet.
    Begun(Begun),
    /// A call that spends is about to be sent to the node.
    Sending {
        /// The payout.
        #[serde(with = "text")]
        payout: PayoutId,
    },
    /// The last call was not carried out: it is as if it had not been sent.
    NotSent {
        /// The payout.
        #[serde(with = "text")]
        payout: PayoutId,
        /// Why, for people.
        message: String,
    },
    /// It is not known how a call ended.
    Unknown {
        /// The payout.
        #[serde(with = "text")]
        payout: PayoutId,
        /// What is known about it.
        message: String,
    },
    /// It is paid.
    Paid {
        /// The payout.
        #[serde(with = "text")]
        payout: PayoutId,
        /// The proof.
        #[serde(with = "text")]
        preimage: Preimage,
        /// What the destination received.
        #[serde(rename = "amount_msat", with = "msat")]
        amount: Msat,
        /// What it cost on top.
        #[serde(rename = "fee_msat", with = "msat")]
        fee: Msat,
    },
    /// It was begun, is not paid and never will be.
    Failed {
        /// The payout.
        #[serde(with = "text")]
        payout: PayoutId,
        /// Why.
        #[serde(with = "text")]
        code: FailureCode,
        /// Why, for people.
        message: String,
    },
    /// It was begun, and given up before anything was sent.
    Abandoned {
        /// The payout.
        #[serde(with = "text")]
        payout: PayoutId,
        /// Why, for people.
        message: String,
    },
    /// It was refused before it was begun.
    Refused {
        /// The payout.
        #[serde(with = "text")]
        payout: PayoutId,
        /// Who asked for it.
        asked_by: String,
        /// Why.
        #[serde(with = "text")]
        code: FailureCode,
        /// Why, for people.
        message: String,
    },
    /// It needs an approval by the owner of this payer.
    ApprovalRequired(Approval),
    /// The owner of this payer approved it.
    Approved(Approval),
    /// The owner approved it by a code of an authenticator app.
    ApprovedByCode {
        /// What was approved.
        #[serde(flatten)]
        approval: Approval,
        /// Which half minute since 1970 the code was of: neither it nor an earlier one is taken again.
        step: u64,
    },
    /// It is in no journal here, and the server is about to be told what became of it.
    Resolved {
        /// The payout.
        #[serde(with = "text")]
        payout: PayoutId,
        /// The payer that had begun it.
        #[serde(with = "text")]
        payer: PayerId,
        /// What is told.
        message: String,
    },
    /// A code was wrong.
    CodeRefused {
        /// The payout.
        #[serde(with = "text")]
        payout: PayoutId,
    },
}

/// A payout that is to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The payout.
    #[serde(with = "text")]
    pub payout: PayoutId,
    /// Who asked for it.
    pub asked_by: String,
    /// The kind of destination.
    #[serde(with = "text")]
    pub kind: DestinationKind,
    /// The destination as it was ordered.
    pub destination: String,
    /// The one invoice that is paid: BOLT 11, or BOLT 12 of an offer.
    pub invoice: String,
    /// Its payment hash.
    #[serde(with = "text")]
    pub payment_hash: PaymentHash,
    /// When the invoice expires.
    pub expires_at: Timestamp,
    /// What the destination is to receive.
    #[serde(rename = "amount_msat", with = "msat")]
    pub amount: Msat,
    /// Whether the amount is told to the node, because the invoice names none.
    #[serde(rename = "amount")]
    pub amount_by: AmountBy,
    /// The most that it may cost on top.
    #[serde(rename = "max_fee_msat", with = "msat")]
    pub max_fee: Msat,
    /// The node that pays.
    #[serde(with = "text")]
    pub node: NodeId,
}

/// Who names the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountBy {
    /// The invoice.
    Invoice,
    /// The order.
    Order,
}

/// A payout as its owner is shown it, and as he approves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The payout.
    #[serde(with = "text")]
    pub payout: PayoutId,
    /// Who asked for it.
    pub asked_by: String,
    /// The destination as it was ordered.
    pub destination: String,
    /// What the destination is to receive.
    #[serde(rename = "amount_msat", with = "msat")]
    pub amount: Msat,
    /// The most that it may cost on top.
    #[serde(rename = "max_fee_msat", with = "msat")]
    pub max_fee: Msat,
}

impl Entry {
    /// The payout that it is about.
    pub fn payout(&self) -> Option<&PayoutId> {
        match self {
            Self::Opened { .. } => None,
            Self::Begun(begun) => Some(&begun.payout),
            Self::ApprovalRequired(approval) | Self::Approved(approval) => Some(&approval.payout),
            Self::ApprovedByCode { approval, .. } => Some(&approval.payout),
            Self::Sending { payout }
            | Self::CodeRefused { payout }
            | Self::NotSent { payout, .. }
            | Self::Resolved { payout, .. }
            | Self::Unknown { payout, .. }
            | Self::Paid { payout, .. }
            | Self::Failed { payout, .. }
            | Self::Abandoned { payout, .. }
            | Self::Refused { payout, .. } => Some(payout),
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Begun(_) => "begun",
            Self::Sending { .. } => "sending",
            Self::NotSent { .. } => "not_sent",
            Self::Unknown { .. } => "unknown",
            Self::Paid { .. } => "paid",
            Self::Failed { .. } => "failed",
            Self::Abandoned { .. } => "abandoned",
            Self::Refused { .. } => "refused",
            Self::ApprovalRequired(_) => "approval_required",
            Self::Approved(_) => "approved",
            Self::ApprovedByCode { .. } => "approved_by_code",
            Self::CodeRefused { .. } => "code_refused",
            Self::Resolved { .. } => "resolved",
        }
    }
}
