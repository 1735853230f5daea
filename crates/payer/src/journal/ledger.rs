//! What the journal's entries add up to: how each payout stands, and what was spent when. The limits count from here and
//! nowhere else.

use std::collections::HashMap;

use facture_domain::{
    Msat, PaymentHash, Preimage,
    payout::{FailureCode, PayerId, PayoutId},
};
use jiff::Timestamp;

use super::entry::{Approval, Begun, Entry};

/// The sum of all entries.
#[derive(Debug, Default)]
pub struct Ledger {
    payer: Option<PayerId>,
    payouts: HashMap<PayoutId, Record>,
    /// The payout that a payment hash belongs to, unless that one was given up or has failed.
    by_hash: HashMap<PaymentHash, PayoutId>,
    waiting: HashMap<PayoutId, Approval>,
    approved: HashMap<PayoutId, Approval>,
    refused: HashMap<PayoutId, (FailureCode, String)>,
    /// Of the last code that was taken.
    last_step: Option<u64>,
    /// When codes were wrong.
    wrong_codes: Vec<Timestamp>,
}

/// A payout that was begun.
#[derive(Clone, Debug)]
pub struct Record {
    /// What was begun.
    pub begun: Begun,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it last came further.
    pub changed_at: Timestamp,
    /// How it stands.
    pub progress: Progress,
}

/// How a payout stands that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing was sent.
    Begun,
    /// A call that spends was sent, or was about to be.
    Sent {
        /// When, the last time.
        at: Timestamp,
        /// When, the time before, if it was sent more than once.
        before: Option<Timestamp>,
    },
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
    Failed {
        /// Why.
        code: FailureCode,
        /// Why, for people.
        message: String,
    },
    /// It was given up before anything was sent.
    Abandoned,
}

/// An entry that cannot follow those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SequenceError(pub(super) &'static str);

impl Progress {
    /// Whether it can still end otherwise.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Begun | Self::Sent { .. })
    }
}

impl Record {
    /// What it counts for, in millisatoshi: amount and fee limit until it has ended, then what was spent.
    pub fn spent_msat(&self) -> u64 {
        match &self.progress {
            Progress::Begun | Progress::Sent { .. } => {
                let Begun {
                    amount, max_fee, ..
                } = &self.begun;
                amount.msat().saturating_add(max_fee.msat())
            }
            Progress::Paid { amount, fee, .. } => amount.msat().saturating_add(fee.msat()),
            Progress::Failed { .. } | Progress::Abandoned => 0,
        }
    }
}

impl Ledger {
    /// The payer whose journal it is; `None` when it is empty.
    pub fn payer(&self) -> Option<&PayerId> {
        self.payer.as_ref()
    }

    /// A payout that was begun.
    pub fn payout(&self, id: &PayoutId) -> Option<&Record> {
        self.payouts.get(id)
    }

    /// All payouts that were begun, in no order.
    pub fn payouts(&self) -> impl Iterator<Item = &Record> {
        self.payouts.values()
    }

    /// The payouts that were begun and have not ended.
    pub fn open(&self) -> impl Iterator<Item = &Record> {
        self.payouts().filter(|record| record.progress.is_open())
    }

    /// The payout that an invoice with this payment hash was begun for, unless it came to nothing.
    pub fn by_hash(&self, payment_hash: PaymentHash) -> Option<&PayoutId> {
        self.by_hash.get(&payment_hash)
    }

    /// The payouts that wait for an approval by this payer's owner, in no order.
    pub fn waiting(&self) -> impl Iterator<Item = &Approval> {
        self.waiting.values()
    }

    /// What this payer's owner approved of a payout.
    pub fn approved(&self, id: &PayoutId) -> Option<&Approval> {
        self.approved.get(id)
    }

    /// What the owner was asked to approve of a payout.
    pub fn pending_approval(&self, id: &PayoutId) -> Option<&Approval> {
        self.waiting.get(id)
    }

    /// Why a payout was refused before it was begun.
    pub fn refusal(&self, id: &PayoutId) -> Option<&(FailureCode, String)> {
        self.refused.get(id)
    }

    /// Which half minute since 1970 the last code was of that was taken.
    pub fn last_step(&self) -> Option<u64> {
        self.last_step
    }

    /// How many codes were wrong after this time, or will be: the clock may have been set back.
    pub fn wrong_codes_after(&self, time: Timestamp) -> usize {
        self.wrong_codes.iter().filter(|at| **at > time).count()
    }

    /// Takes an entry in.
    pub(super) fn apply(&mut self, at: Timestamp, entry: &Entry) -> Result<(), SequenceError> {
        self.check(entry)?;
        match entry {
            Entry::Opened { payer } => self.payer = Some(payer.clone()),
            Entry::Begun(begun) => self.begin(at, begun),
            Entry::Sending { payout } => self.send(at, payout),
            Entry::NotSent { payout, .. } => self.take_back(at, payout),
            Entry::Unknown { .. } | Entry::Resolved { .. } => {}
            Entry::Paid {
                payout,
                preimage,
                amount,
                fee,
            } => self.set(
                at,
                payout,
                Progress::Paid {
                    preimage: preimage.clone(),
                    amount: *amount,
                    fee: *fee,
                },
            ),
            Entry::Failed {
                payout,
                code,
                message,
            } => self.end(
                at,
                payout,
                Progress::Failed {
                    code: *code,
                    message: message.clone(),
                },
            ),
            Entry::Abandoned { payout, .. } => self.end(at, payout, Progress::Abandoned),
            Entry::Refused {
                payout,
                code,
                message,
                ..
            } => {
                self.waiting.remove(payout);
                self.refused
                    .insert(payout.clone(), (*code, message.clone()));
            }
            Entry::ApprovalRequired(approval) => {
                self.waiting
                    .insert(approval.payout.clone(), approval.clone());
            }
            Entry::Approved(approval) => self.approve(approval),
            Entry::ApprovedByCode { approval, step } => {
                self.approve(approval);
                self.last_step = Some(*step);
            }
            Entry::CodeRefused { .. } => self.wrong_codes.push(at),
        }
        Ok(())
    }

    /// Whether the entry can follow: a payout is begun once, nothing is sent for one that was not begun or has ended, and
    /// what has ended stays so.
    pub(super) fn check(&self, entry: &Entry) -> Result<(), SequenceError> {
        let refused = |reason| Err(SequenceError(reason));
        match (entry, &self.payer) {
            (Entry::Opened { .. }, None) => return Ok(()),
            (Entry::Opened { .. }, Some(_)) => return refused("the journal was opened before"),
            (_, None) => return refused("the journal was not opened before it"),
            (_, Some(_)) => {}
        }
        let record = entry.payout().and_then(|payout| self.payouts.get(payout));
        let progress = record.map(|record| &record.progress);
        match (entry, progress) {
            (Entry::Begun(begun), None) => match self.by_hash.contains_key(&begun.payment_hash) {
                true => refused("another payout has its payment hash"),
                false => Ok(()),
            },
            (Entry::Begun(_), Some(_)) => refused("the payout was begun before"),
            (Entry::ApprovedByCode { step, .. }, None)
                if self.last_step.is_some_and(|last| *step <= last) =>
            {
                refused("a later code, or the same, was taken before")
            }
            (
                Entry::Refused { .. }
                | Entry::ApprovalRequired(_)
                | Entry::Approved(_)
                | Entry::ApprovedByCode { .. }
                | Entry::CodeRefused { .. }
                | Entry::Resolved { .. },
                None,
            ) => Ok(()),
            (Entry::Abandoned { .. }, Some(Progress::Begun)) => Ok(()),
            (Entry::Abandoned { .. }, _) => refused("a call for it may have been sent"),
            (Entry::Sending { .. }, Some(progress)) if progress.is_open() => Ok(()),
            (
                Entry::NotSent { .. } | Entry::Unknown { .. } | Entry::Paid { .. },
                Some(Progress::Sent { .. }),
            ) => Ok(()),
            (Entry::Failed { .. }, Some(progress)) if progress.is_open() => Ok(()),
            _ => refused("it does not follow from what is before it"),
        }
    }

    fn approve(&mut self, approval: &Approval) {
        self.waiting.remove(&approval.payout);
        self.approved
            .insert(approval.payout.clone(), approval.clone());
    }

    fn begin(&mut self, at: Timestamp, begun: &Begun) {
        self.waiting.remove(&begun.payout);
        self.by_hash
            .insert(begun.payment_hash, begun.payout.clone());
        let record = Record {
            begun: begun.clone(),
            begun_at: at,
            changed_at: at,
            progress: Progress::Begun,
        };
        self.payouts.insert(begun.payout.clone(), record);
    }

    fn send(&mut self, at: Timestamp, payout: &PayoutId) {
        let before = match self.payouts.get(payout).map(|record| &record.progress) {
            Some(Progress::Sent { at, .. }) => Some(*at),
            _ => None,
        };
        self.set(at, payout, Progress::Sent { at, before });
    }

    /// The last call was not carried out: only the one before it may have been.
    fn take_back(&mut self, at: Timestamp, payout: &PayoutId) {
        let progress = match self.payouts.get(payout).map(|record| &record.progress) {
            Some(Progress::Sent {
                before: Some(before),
                ..
            }) => Progress::Sent {
                at: *before,
                before: None,
            },
            _ => Progress::Begun,
        };
        self.set(at, payout, progress);
    }

    fn set(&mut self, at: Timestamp, payout: &PayoutId, progress: Progress) {
        if let Some(record) = self.payouts.get_mut(payout) {
            record.changed_at = at;
            record.progress = progress;
        }
    }

    /// Its payment hash is free again.
    fn end(&mut self, at: Timestamp, payout: &PayoutId, progress: Progress) {
        self.set(at, payout, progress);
        if let Some(record) = self.payouts.get(payout) {
            self.by_hash.remove(&record.begun.payment_hash);
        }
    }
}
