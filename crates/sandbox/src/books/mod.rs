//! The ledger together with its journal: whatever changes the ledger is written down first, and does not happen when
//! that fails. The rules are the ledger's, the file is the journal's; nobody else can change the ledger.

use std::io;
use std::path::Path;

use tokio::sync::oneshot;

use super::journal::{Journal, Unwritten};
use super::ledger::{CreateError, End, Index, Ledger, PayRefusal, Wait};
use super::reply::Object;
use crate::ledger::offer::{Offer, OfferDraft};
use crate::ledger::{
    change::Change,
    hold::{CancelRefusal, CaptureRefusal, Due},
    invoice::{Draft, Invoice},
    plugin_holds::{HoldRefusal, PluginHold},
};

/// A ledger and where it is kept.
#[derive(Debug)]
pub(super) struct Books {
    ledger: Ledger,
    journal: Journal,
}

impl Books {
    /// An empty ledger that ends with the process.
    pub(super) fn in_memory() -> Self {
        Self {
            ledger: Ledger::default(),
            journal: Journal::Memory,
        }
    }

    /// The ledger in that file, which is made when it is not there.
    ///
    /// # Errors
    /// As `Journal::open`.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut ledger = Ledger::default();
        let journal = Journal::open(path, |change| ledger.carry_out(change))?;
        Ok(Self { ledger, journal })
    }

    /// The ledger, to be read.
    pub(super) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// As `Ledger::create`.
    pub(super) fn create(
        &mut self,
        draft: Draft,
    ) -> Result<Result<&Invoice, CreateError>, Unwritten> {
        if let Err(error) = self.ledger.check_draft(&draft) {
            return Ok(Err(error));
        }
        self.journal.write(&Change::Made(draft.clone()))?;
        Ok(self.ledger.create(draft))
    }

    /// As `Ledger::expire`.
    pub(super) fn expire(&mut self, now: u64) -> Result<(), Unwritten> {
        if self.ledger.is_expiry_due(now) {
            // Written down although the second of expiry is: the next process may have a clock that is behind.
            self.journal.write(&Change::Expired { until: now })?;
            self.ledger.expire(now);
        }
        Ok(())
    }

    /// As `Ledger::pay`.
    pub(super) fn pay(
        &mut self,
        payment_hash: &[u8; 32],
        msat: u64,
        now: u64,
    ) -> Result<Result<&Invoice, PayRefusal>, Unwritten> {
        if let Err(refusal) = self.ledger.check_payment(payment_hash, msat) {
            return Ok(Err(refusal));
        }
        self.journal.write(&Change::Paid {
            payment_hash: *payment_hash,
            received_msat: msat,
            paid_at: now,
        })?;
        Ok(self.ledger.pay(payment_hash, msat, now))
    }

    /// As `Ledger::cancel`.
    pub(super) fn cancel(
        &mut self,
        payment_hash: &[u8; 32],
    ) -> Result<Result<(), CancelRefusal>, Unwritten> {
        match self.ledger.check_cancel(payment_hash) {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Due::Done) => return Ok(Ok(())),
            Ok(Due::Now) => {}
        }
        self.journal.write(&Change::Cancelled {
            payment_hash: *payment_hash,
        })?;
        self.ledger.cancel(payment_hash);
        Ok(Ok(()))
    }

    /// As `Ledger::capture`.
    pub(super) fn capture(
        &mut self,
        preimage: &[u8; 32],
        now: u64,
    ) -> Result<Result<(), CaptureRefusal>, Unwritten> {
        match self.ledger.check_capture(preimage) {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Due::Done) => return Ok(Ok(())),
            Ok(Due::Now) => {}
        }
        self.journal.write(&Change::Captured {
            preimage: *preimage,
            captured_at: now,
        })?;
        self.ledger.capture(preimage, now);
        Ok(Ok(()))
    }

    /// As `Ledger::make_offer`.
    pub(super) fn make_offer(&mut self, draft: OfferDraft) -> Result<bool, Unwritten> {
        if self.ledger.offer(&draft.id).is_some() {
            return Ok(false);
        }
        self.journal.write(&Change::OfferMade(draft.clone()))?;
        Ok(self.ledger.make_offer(draft))
    }

    /// As `Ledger::disable_offer`.
    pub(super) fn disable_offer(&mut self, id: &[u8; 32]) -> Result<bool, Unwritten> {
        if !self.ledger.offer(id).is_some_and(Offer::is_active) {
            return Ok(false);
        }
        self.journal.write(&Change::OfferDisabled { id: *id })?;
        Ok(self.ledger.disable_offer(id))
    }

    /// As `Ledger::count_payments_again`.
    pub(super) fn count_payments_again(&mut self) -> Result<(), Unwritten> {
        self.journal.write(&Change::CountedAgain)?;
        self.ledger.count_payments_again();
        Ok(())
    }

    /// As `Ledger::make_hold`; its members.
    pub(super) fn make_hold(
        &mut self,
        draft: Draft,
        cltv: u32,
    ) -> Result<Result<Object, CreateError>, Unwritten> {
        if let Err(error) = self.ledger.check_hold(&draft) {
            return Ok(Err(error));
        }
        self.journal.write(&Change::HoldMade {
            draft: draft.clone(),
            cltv,
        })?;
        Ok(self.ledger.make_hold(draft, cltv).map(PluginHold::members))
    }

    /// As `Ledger::accept`.
    pub(super) fn accept(
        &mut self,
        payment_hash: &[u8; 32],
        msat: u64,
        now: u64,
        height: u32,
    ) -> Result<Result<(), PayRefusal>, Unwritten> {
        if let Err(refusal) = self.ledger.check_accept(payment_hash, msat) {
            return Ok(Err(refusal));
        }
        self.journal.write(&Change::HoldAccepted {
            payment_hash: *payment_hash,
            received_msat: msat,
            accepted_at: now,
            height,
        })?;
        self.ledger.accept(payment_hash, msat, now, height);
        Ok(Ok(()))
    }

    /// As `Ledger::settle`.
    pub(super) fn settle(
        &mut self,
        label: &str,
        preimage: &[u8; 32],
        now: u64,
    ) -> Result<Result<(), HoldRefusal>, Unwritten> {
        match self.ledger.check_settle(label, preimage) {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Due::Done) => return Ok(Ok(())),
            Ok(Due::Now) => {}
        }
        self.journal.write(&Change::HoldSettled {
            label: label.to_owned(),
            preimage: *preimage,
            settled_at: now,
        })?;
        self.ledger.settle(label, preimage, now);
        Ok(Ok(()))
    }

    /// As `Ledger::send_back`.
    pub(super) fn send_back(
        &mut self,
        label: &str,
        now: u64,
    ) -> Result<Result<(), HoldRefusal>, Unwritten> {
        match self.ledger.check_send_back(label) {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Due::Done) => return Ok(Ok(())),
            Ok(Due::Now) => {}
        }
        self.journal.write(&Change::HoldCancelled {
            label: label.to_owned(),
            cancelled_at: now,
        })?;
        self.ledger.send_back(label, now);
        Ok(Ok(()))
    }

    /// As `Ledger::wait_hold`.
    pub(super) fn wait_hold(&mut self, next: u64) -> Wait<Object> {
        self.ledger.wait_hold(next)
    }

    /// As `Ledger::mine`.
    pub(super) fn mine(&mut self, blocks: u32) -> Result<(), Unwritten> {
        self.journal.write(&Change::Mined { blocks })?;
        self.ledger.mine(blocks);
        Ok(())
    }

    /// As `Ledger::delete`.
    pub(super) fn delete(&mut self, created_index: u64) -> Result<(), Unwritten> {
        if self.ledger.by_created(created_index).is_some() {
            self.journal.write(&Change::Deleted { created_index })?;
            self.ledger.delete(created_index);
        }
        Ok(())
    }

    /// As `Ledger::remove_description`.
    pub(super) fn remove_description(&mut self, created_index: u64) -> Result<bool, Unwritten> {
        let invoice = self.ledger.by_created(created_index);
        if !invoice.is_some_and(Invoice::has_description) {
            return Ok(false);
        }
        self.journal
            .write(&Change::DescriptionRemoved { created_index })?;
        Ok(self.ledger.remove_description(created_index))
    }

    /// As `Ledger::wait_index`.
    pub(super) fn wait_index(&mut self, index: Index, value: u64) -> Wait<(u64, Object)> {
        self.ledger.wait_index(index, value)
    }

    /// As `Ledger::wait_invoice`.
    pub(super) fn wait_invoice(&mut self, label: &str) -> Option<Wait<End>> {
        self.ledger.wait_invoice(label)
    }

    /// As `Ledger::wait_hash`.
    pub(super) fn wait_hash(&mut self, payment_hash: &[u8; 32]) -> Option<oneshot::Receiver<End>> {
        self.ledger.wait_hash(payment_hash)
    }

    /// As `Ledger::wait_paid`.
    pub(super) fn wait_paid(&mut self, after: u64) -> Wait<Object> {
        self.ledger.wait_paid(after)
    }

    /// As `Ledger::forget_waiters`.
    pub(super) fn forget_waiters(&mut self) {
        self.ledger.forget_waiters();
    }

    /// Lets another node have the file: nothing can be changed any more, unless it was in memory only.
    pub(super) fn close(&mut self) {
        self.journal.close();
    }
}

#[cfg(test)]
mod tests;
