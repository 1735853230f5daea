//! What can happen to a ledger, in the form in which it is written down. The same changes in the same order give the
//! same ledger, indexes included; where they are written, and when, is not decided here.

use serde::{Deserialize, Serialize};

use super::{Ledger, hex};
use crate::ledger::invoice::Draft;
use crate::ledger::offer::OfferDraft;

/// Something that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Change {
    /// An invoice was made.
    Made(Draft),
    /// An invoice was paid.
    Paid {
        /// Of the invoice.
        #[serde(with = "hex")]
        payment_hash: [u8; 32],
        /// What arrived, in millisatoshi.
        received_msat: u64,
        /// Seconds since 1970.
        paid_at: u64,
    },
    /// All unpaid invoices expired whose second had come.
    Expired {
        /// Seconds since 1970.
        until: u64,
    },
    /// An invoice was deleted.
    Deleted {
        /// Of the invoice.
        created_index: u64,
    },
    /// An invoice was cancelled.
    Cancelled {
        /// Of the invoice.
        #[serde(with = "hex")]
        payment_hash: [u8; 32],
    },
    /// A held payment was taken.
    Captured {
        /// Of the invoice.
        #[serde(with = "hex")]
        preimage: [u8; 32],
        /// Seconds since 1970.
        captured_at: u64,
    },
    /// An offer was made.
    OfferMade(OfferDraft),
    /// An offer was disabled.
    OfferDisabled {
        /// The offer.
        #[serde(with = "hex")]
        id: [u8; 32],
    },
    /// Payments are counted from 1 again.
    CountedAgain,
    /// The plugin made a hold invoice.
    HoldMade {
        /// The invoice.
        draft: Draft,
        /// In blocks.
        cltv: u32,
    },
    /// A payment is held by the plugin.
    HoldAccepted {
        /// Of the invoice.
        #[serde(with = "hex")]
        payment_hash: [u8; 32],
        /// What arrived, in millisatoshi.
        received_msat: u64,
        /// Seconds since 1970.
        accepted_at: u64,
        /// The height of the last block.
        height: u32,
    },
    /// A payment that the plugin held was taken.
    HoldSettled {
        /// Of the invoice.
        label: String,
        /// Of the invoice.
        #[serde(with = "hex")]
        preimage: [u8; 32],
        /// Seconds since 1970.
        settled_at: u64,
    },
    /// A hold invoice of the plugin was cancelled.
    HoldCancelled {
        /// Of the invoice.
        label: String,
        /// Seconds since 1970.
        cancelled_at: u64,
    },
    /// Blocks were mined.
    Mined {
        /// How many.
        blocks: u32,
    },
    /// An invoice lost its description.
    DescriptionRemoved {
        /// Of the invoice.
        created_index: u64,
    },
}

/// A change of something that is not there, or not in that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not follow from what is before it")]
pub(crate) struct SequenceError;

impl Ledger {
    /// Carries out a change that was written down.
    pub(crate) fn carry_out(&mut self, change: Change) -> Result<(), SequenceError> {
        let happened = match change {
            Change::Made(draft) => self.create(draft).is_ok(),
            Change::Paid {
                payment_hash,
                received_msat,
                paid_at,
            } => self.pay(&payment_hash, received_msat, paid_at).is_ok(),
            Change::Expired { until } => {
                let due = self.is_expiry_due(until);
                self.expire(until);
                due
            }
            Change::Deleted { created_index } => {
                let before = self.deleted;
                self.delete(created_index);
                self.deleted > before
            }
            Change::Cancelled { payment_hash } => self.cancel(&payment_hash),
            Change::Captured {
                preimage,
                captured_at,
            } => self.capture(&preimage, captured_at),
            Change::OfferMade(draft) => self.make_offer(draft),
            Change::OfferDisabled { id } => self.disable_offer(&id),
            Change::CountedAgain => {
                self.count_payments_again();
                true
            }
            Change::HoldMade { draft, cltv } => self.make_hold(draft, cltv).is_ok(),
            Change::HoldAccepted {
                payment_hash,
                received_msat,
                accepted_at,
                height,
            } => self.accept(&payment_hash, received_msat, accepted_at, height),
            Change::HoldSettled {
                label,
                preimage,
                settled_at,
            } => self.settle(&label, &preimage, settled_at),
            Change::HoldCancelled {
                label,
                cancelled_at,
            } => self.send_back(&label, cancelled_at),
            Change::Mined { blocks } => {
                self.mine(blocks);
                true
            }
            Change::DescriptionRemoved { created_index } => self.remove_description(created_index),
        };
        happened.then_some(()).ok_or(SequenceError)
    }
}
