//! The orders as the API writes them, and what the payer says of them.

use facture_domain::{
    Msat, PaymentHash, Preimage,
    payout::{ApprovalCode, DestinationKind, FailureCode, PayerId, PayoutId, PayoutState, Waiting},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A page of work.
#[derive(Debug, Deserialize)]
pub(crate) struct WorkJson {
    pub(crate) payouts: Vec<PayoutJson>,
    /// Of the newest event when it was read.
    #[serde(default)]
    pub(crate) sequence: Option<u64>,
}

/// A payout, as far as a payer looks at it.
#[derive(Debug, Deserialize)]
pub(crate) struct PayoutJson {
    id: String,
    state: String,
    destination: String,
    kind: String,
    #[serde(default)]
    amount_msat: Option<u64>,
    #[serde(default)]
    max_fee_msat: Option<u64>,
    #[serde(default)]
    asked_by: String,
    #[serde(default)]
    payment_hash: Option<String>,
    #[serde(default)]
    approval_code: Option<String>,
    waiting_for: Option<String>,
    #[serde(default)]
    payer: Option<String>,
    #[serde(default)]
    updated_at: Option<i64>,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct ListJson {
    pub(crate) payouts: Vec<PayoutJson>,
    /// What comes after it is asked for by this.
    #[serde(default)]
    pub(crate) next_cursor: Option<String>,
}

/// A payout that is to be paid, or whose end is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// Its id.
    pub(crate) id: PayoutId,
    /// How the server says that it stands.
    pub(crate) state: PayoutState,
    /// Who is paid.
    pub(crate) destination: String,
    /// What kind of destination that is.
    pub(crate) kind: DestinationKind,
    /// What the destination is to receive, unless it says so itself.
    pub(crate) amount: Option<Msat>,
    /// The most that it may cost on top, if the order says so.
    pub(crate) max_fee: Option<Msat>,
    /// Who asked for it.
    pub(crate) asked_by: String,
    /// Of the payment that was begun for it.
    pub(crate) payment_hash: Option<PaymentHash>,
    /// What came with an approval.
    pub(crate) approval_code: Option<ApprovalCode>,
    /// What it waits for, as the server knows it.
    pub(crate) waiting_for: Option<Waiting>,
    /// The payer that began it.
    pub(crate) payer: Option<PayerId>,
    /// When it last changed, by the server's clock.
    pub(crate) updated_at: Option<Timestamp>,
}

impl PayoutJson {
    /// What it means; `None` when it is not understood: the server is newer.
    pub(crate) fn read(self) -> Option<Order> {
        let msat = |msat: Option<u64>| match msat {
            None => Some(None),
            Some(msat) => Msat::from_msat(msat).map(Some),
        };
        Some(Order {
            id: PayoutId::parse(&self.id)?,
            state: PayoutState::parse(&self.state)?,
            kind: DestinationKind::parse(&self.kind)?,
            destination: self.destination,
            amount: msat(self.amount_msat)?,
            max_fee: msat(self.max_fee_msat)?,
            asked_by: self.asked_by,
            payment_hash: match self.payment_hash {
                None => None,
                Some(hash) => Some(hash.parse().ok()?),
            },
            approval_code: self.approval_code.as_deref().and_then(ApprovalCode::parse),
            waiting_for: self.waiting_for.as_deref().and_then(Waiting::parse),
            payer: self.payer.as_deref().and_then(PayerId::parse),
            updated_at: self
                .updated_at
                .and_then(|second| Timestamp::from_second(second).ok()),
        })
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct BeginJson<'a> {
    pub(crate) payer: &'a str,
    pub(crate) payment_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bolt11: Option<&'a str>,
}

/// What is said of a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// It is paid.
    Paid {
        /// The proof.
        preimage: Preimage,
        /// What the destination received.
        amount: Msat,
        /// What it cost on top.
        fee: Msat,
    },
    /// It is not paid and never will be.
    Failed(FailureCode, String),
    /// It is not known yet.
    Unknown(FailureCode, String),
    /// It waits for this payer's owner.
    ApprovalRequired,
    /// A code that came with an approval is not taken.
    ApprovalRefused {
        /// The code: another one may have come since.
        code: ApprovalCode,
        /// Why, for people.
        message: String,
    },
}

#[derive(Debug, Serialize)]
pub(crate) struct OutcomeJson<'a> {
    payer: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    preimage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_msat: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fee_msat: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval_code: Option<&'a str>,
}

impl<'a> OutcomeJson<'a> {
    pub(crate) fn of(payer: &'a str, report: &'a Report) -> Self {
        let plain = Self {
            payer,
            state: "approval_required",
            preimage: None,
            amount_msat: None,
            fee_msat: None,
            code: None,
            message: None,
            approval_code: None,
        };
        match report {
            Report::ApprovalRequired => plain,
            Report::ApprovalRefused { code, message } => Self {
                state: "approval_refused",
                approval_code: Some(code.expose()),
                message: Some(message),
                ..plain
            },
            Report::Paid {
                preimage,
                amount,
                fee,
            } => Self {
                state: "paid",
                preimage: Some(preimage.to_hex()),
                amount_msat: Some(amount.msat()),
                fee_msat: Some(fee.msat()),
                ..plain
            },
            Report::Failed(code, message) => Self {
                state: "failed",
                code: Some(code.as_str()),
                message: Some(message),
                ..plain
            },
            Report::Unknown(code, message) => Self {
                state: "unknown",
                code: Some(code.as_str()),
                message: Some(message),
                ..plain
            },
        }
    }
}
