//! A payout: what was ordered, and what has become of it.

use jiff::Timestamp;

use super::{
    failure::PayoutFailure,
    id::{PayerId, PayoutId},
    order::NewPayout,
    state::PayoutState,
};
use crate::{
    amount::Msat,
    bolt11::{Bolt11, PaymentHash},
    preimage::Preimage,
};

/// A payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    /// Its id.
    pub id: PayoutId,
    /// What was ordered.
    pub order: NewPayout,
    /// What has become of it.
    pub status: PayoutStatus,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Where a payout stands, with what belongs to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayoutStatus {
    /// See [`PayoutState::Ordered`].
    Ordered(Waiting),
    /// See [`PayoutState::Approved`].
    Approved(Waiting),
    /// See [`PayoutState::Paying`].
    Paying(Attempt),
    /// See [`PayoutState::Paid`].
    Paid(Attempt, Payment),
    /// See [`PayoutState::Failed`]; without an attempt, it was refused before anything was begun.
    Failed(Option<Attempt>, PayoutFailure),
    /// See [`PayoutState::Cancelled`].
    Cancelled,
    /// See [`PayoutState::Expired`].
    Expired,
    /// See [`PayoutState::Unknown`]; what is known about it, if anything.
    Unknown(Attempt, Option<PayoutFailure>),
}

/// What an order that nobody has begun waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// A payer.
    Payer,
    /// A payer has looked at it and wants an approval first: of one that is approved already, an approval that is proved to
    /// the payer itself.
    Approval,
}

impl Waiting {
    /// Its name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payer => "payer",
            Self::Approval => "approval",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Payer, Self::Approval]
            .into_iter()
            .find(|waiting| waiting.as_str() == name)
    }
}

/// One attempt of a payout: there is never another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The payer that began it. No other may pay it.
    pub payer: PayerId,
    /// The hash of the one payment that is made for it.
    pub payment_hash: PaymentHash,
    /// The invoice that is paid, when the destination is not one itself.
    pub bolt11: Option<Bolt11>,
}

/// A payment that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The proof.
    pub preimage: Preimage,
    /// What the destination received.
    pub amount: Msat,
    /// What it cost on top.
    pub fee: Msat,
    /// When it was reported.
    pub paid_at: Timestamp,
}

impl PayoutStatus {
    /// Which one it is.
    pub fn state(&self) -> PayoutState {
        match self {
            Self::Ordered(_) => PayoutState::Ordered,
            Self::Approved(_) => PayoutState::Approved,
            Self::Paying(_) => PayoutState::Paying,
            Self::Paid(..) => PayoutState::Paid,
            Self::Failed(..) => PayoutState::Failed,
            Self::Cancelled => PayoutState::Cancelled,
            Self::Expired => PayoutState::Expired,
            Self::Unknown(..) => PayoutState::Unknown,
        }
    }

    /// The attempt, once there is one.
    pub fn attempt(&self) -> Option<&Attempt> {
        match self {
            Self::Paying(attempt) | Self::Paid(attempt, _) | Self::Unknown(attempt, _) => {
                Some(attempt)
            }
            Self::Failed(attempt, _) => attempt.as_ref(),
            Self::Ordered(_) | Self::Approved(_) | Self::Cancelled | Self::Expired => None,
        }
    }

    /// The payment, if it was made.
    pub fn payment(&self) -> Option<&Payment> {
        match self {
            Self::Paid(_, payment) => Some(payment),
            _ => None,
        }
    }

    /// Why it is not paid, or not known to be.
    pub fn failure(&self) -> Option<&PayoutFailure> {
        match self {
            Self::Failed(_, failure) => Some(failure),
            Self::Unknown(_, failure) => failure.as_ref(),
            _ => None,
        }
    }
}

impl Payout {
    /// Where it stands.
    pub fn state(&self) -> PayoutState {
        self.status.state()
    }

    /// The hash of its payment, as far as it is known: of the attempt, or of the invoice that was ordered.
    pub fn payment_hash(&self) -> Option<PaymentHash> {
        let attempt = self.status.attempt().map(|attempt| attempt.payment_hash);
        attempt.or(self.order.payment_hash)
    }
}
