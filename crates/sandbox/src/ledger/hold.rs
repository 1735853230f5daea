//! What LND's ledger can do and lightningd's cannot: holding a payment until it is taken or sent back, cancelling an
//! invoice without forgetting it, and listing payments by their index.

use bitcoin::hashes::{Hash, sha256};
use tokio::sync::oneshot;

use super::{
    End, Ledger,
    invoice::{Held, Invoice, Settlement, State, raw_label},
};
use crate::reply::Object;

/// Why an invoice cannot be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CancelRefusal {
    /// No such invoice.
    Unknown,
    /// It is paid.
    Paid,
}

/// Why a held payment cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CaptureRefusal {
    /// No such invoice.
    Unknown,
    /// Nothing is held.
    Unpaid,
    /// It was cancelled, or its time is over.
    Cancelled,
}

/// Whether something is left to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// It is.
    Now,
    /// It was done before.
    Done,
}

impl Ledger {
    /// Whether an invoice can be cancelled.
    pub(crate) fn check_cancel(&self, payment_hash: &[u8; 32]) -> Result<Due, CancelRefusal> {
        match self.by_hash(payment_hash).map(Invoice::state) {
            None => Err(CancelRefusal::Unknown),
            Some(State::Paid(_)) => Err(CancelRefusal::Paid),
            Some(State::Expired | State::Cancelled(_)) => Ok(Due::Done),
            Some(State::Unpaid | State::Accepted(_)) => Ok(Due::Now),
        }
    }

    /// Cancels an invoice; false when there is nothing to cancel.
    pub(crate) fn cancel(&mut self, payment_hash: &[u8; 32]) -> bool {
        let Some(invoice) = self.by_hash(payment_hash) else {
            return false;
        };
        if self.check_cancel(payment_hash) != Ok(Due::Now) {
            return false;
        }
        let created_index = invoice.created_index;
        let expiry = (invoice.draft.expires_at, created_index);
        let held = match invoice.state {
            State::Accepted(held) => Some(held),
            _ => None,
        };
        self.by_expiry.remove(&expiry);
        self.change_state(created_index, State::Cancelled(held));
        self.invoice_waiters
            .release(|waiting| *waiting == created_index, &End::Cancelled);
        true
    }

    /// Whether the payment that this preimage is for can be taken.
    pub(crate) fn check_capture(&self, preimage: &[u8; 32]) -> Result<Due, CaptureRefusal> {
        match self.of_preimage(preimage).map(Invoice::state) {
            None => Err(CaptureRefusal::Unknown),
            Some(State::Unpaid) => Err(CaptureRefusal::Unpaid),
            Some(State::Expired | State::Cancelled(_)) => Err(CaptureRefusal::Cancelled),
            Some(State::Paid(_)) => Ok(Due::Done),
            Some(State::Accepted(_)) => Ok(Due::Now),
        }
    }

    /// Takes a held payment; false when there is none.
    pub(crate) fn capture(&mut self, preimage: &[u8; 32], now: u64) -> bool {
        let Some(invoice) = self.of_preimage(preimage) else {
            return false;
        };
        let State::Accepted(Held { received_msat, .. }) = invoice.state else {
            return false;
        };
        let created_index = invoice.created_index;
        if let Some(invoice) = self.by_created.get_mut(&created_index) {
            invoice.draft.preimage = Some(*preimage);
        }
        self.take(created_index, received_msat, now);
        true
    }

    /// Payments by pay index, from `start` on: the index and the invoice.
    pub(crate) fn paid_from(&self, start: u64) -> impl Iterator<Item = (u64, &Invoice)> {
        self.by_pay_index
            .range(start..)
            .filter_map(|(index, created)| Some((*index, self.by_created.get(created)?)))
    }

    /// The index of the last payment; 0 before the first.
    pub(crate) fn last_pay_index(&self) -> u64 {
        self.paid
    }

    /// Counts payments from 1 again. Those so far keep their indexes, and cannot be found by them any more.
    pub(crate) fn count_payments_again(&mut self) {
        self.paid = 0;
        self.by_pay_index.clear();
    }

    /// How many blocks have been mined since the node was made.
    pub(crate) fn blocks(&self) -> u32 {
        self.blocks
    }

    /// Lets blocks be mined. What ends by that is the caller's to end.
    pub(crate) fn mine(&mut self, blocks: u32) {
        self.blocks = self.blocks.saturating_add(blocks);
    }

    /// Invoices by created index, before `end`, the newest first.
    pub(crate) fn created_before(&self, end: u64) -> impl Iterator<Item = &Invoice> {
        let invoices = self.by_created.range(..end).rev();
        invoices.map(|(_, invoice)| invoice)
    }

    /// The end of an invoice that is not paid, expired or cancelled yet.
    pub(crate) fn wait_hash(&mut self, payment_hash: &[u8; 32]) -> Option<oneshot::Receiver<End>> {
        let created_index = self.by_hash(payment_hash)?.created_index;
        Some(self.invoice_waiters.add(created_index))
    }

    /// Counts a payment that is there, and tells who waits for it.
    pub(super) fn take(&mut self, created_index: u64, msat: u64, now: u64) {
        self.paid += 1;
        let settlement = Settlement {
            pay_index: self.paid,
            received_msat: msat,
            paid_at: now,
        };
        self.by_pay_index
            .insert(settlement.pay_index, created_index);
        if let Some(invoice) = self.by_created.get_mut(&created_index) {
            invoice.payments.push(settlement);
        }
        self.change_state(created_index, State::Paid(settlement));
        let Some(invoice) = self.by_created.get(&created_index) else {
            return;
        };
        let members = invoice.members();
        self.invoice_waiters.release(
            |waiting| *waiting == created_index,
            &End::Paid(members.clone()),
        );
        // Whatever index they gave: lightningd wakes them all with the next payment.
        self.paid_waiters.release(|()| true, &members);
    }

    /// Puts an invoice into another state, and counts that.
    pub(super) fn change_state(&mut self, created_index: u64, state: State) {
        let Some(invoice) = self.by_created.get(&created_index) else {
            return;
        };
        let details = Object::new()
            .with("status", state.name())
            .with("label", raw_label(&invoice.draft.label));
        self.update(created_index, details, |invoice| invoice.state = state);
    }

    fn of_preimage(&self, preimage: &[u8; 32]) -> Option<&Invoice> {
        self.by_hash(&sha256::Hash::hash(preimage).to_byte_array())
    }
}
