//! What happens to the hold invoices of facture's plugin, which the sandbox plays. lightningd knows none of them until they
//! are settled: making one takes an ordinary invoice, which is deleted at once, and settling one makes it again, paid.

use bitcoin::hashes::{Hash, sha256};
use bitcoin::hex::DisplayHex;

use super::{
    CreateError, Ledger, PayRefusal, Wait,
    hold::Due,
    invoice::Draft,
    plugin_holds::{HoldRefusal, HoldState, PluginHold},
};
use crate::reply::Object;

/// So many blocks before a held payment expires, the plugin sends it back by itself: lightningd would give the channel up
/// with 17 left.
const LIMIT_BLOCKS: u32 = 18;

impl Ledger {
    /// Whether a hold invoice could be made.
    pub(crate) fn check_hold(&self, draft: &Draft) -> Result<(), CreateError> {
        if self.holds.by_label.contains_key(&draft.label) {
            return Err(CreateError::DuplicateLabel);
        }
        if self.holds.by_hash.contains_key(&draft.payment_hash) {
            return Err(CreateError::DuplicatePreimage);
        }
        self.check_draft(draft)
    }

    /// Makes a hold invoice.
    pub(crate) fn make_hold(
        &mut self,
        draft: Draft,
        cltv: u32,
    ) -> Result<&PluginHold, CreateError> {
        self.check_hold(&draft)?;
        // As the plugin gets a string with the node's own hints and secret.
        let temporary = Draft {
            label: format!(
                "facture-plugin-{}",
                draft.payment_hash.to_lower_hex_string()
            ),
            ..draft.clone()
        };
        let created_index = self.create(temporary)?.created_index;
        self.delete(created_index);
        let label = draft.label.clone();
        self.holds.by_hash.insert(draft.payment_hash, label.clone());
        let hold = PluginHold {
            draft,
            cltv,
            state: HoldState::Unpaid,
            change: 0,
        };
        self.holds.by_label.insert(label.clone(), hold);
        self.holds.set(&label, HoldState::Unpaid);
        self.hold(&label).ok_or(CreateError::DuplicateLabel)
    }

    /// The hold invoice with that label (raw JSON text).
    pub(crate) fn hold(&self, label: &str) -> Option<&PluginHold> {
        self.holds.by_label.get(label)
    }

    /// The hold invoice with that payment hash.
    pub(crate) fn hold_by_hash(&self, payment_hash: &[u8; 32]) -> Option<&PluginHold> {
        self.hold(self.holds.by_hash.get(payment_hash)?)
    }

    /// All hold invoices.
    pub(crate) fn all_holds(&self) -> impl Iterator<Item = &PluginHold> {
        self.holds.by_label.values()
    }

    /// Whether a hold invoice takes a payment of that amount.
    pub(crate) fn check_accept(
        &self,
        payment_hash: &[u8; 32],
        msat: u64,
    ) -> Result<(), PayRefusal> {
        let hold = self.hold_by_hash(payment_hash).ok_or(PayRefusal::Unknown)?;
        match (hold.state, hold.draft.amount_msat) {
            (HoldState::Accepted { .. } | HoldState::Paid, _) => Err(PayRefusal::AlreadyPaid),
            (HoldState::Cancelled { .. } | HoldState::Expired, _) => Err(PayRefusal::Expired),
            (HoldState::Unpaid, Some(asked)) if msat < asked || msat / 2 > asked => {
                Err(PayRefusal::Amount)
            }
            (HoldState::Unpaid, _) => Ok(()),
        }
    }

    /// Holds a payment that arrives at this height; false when it cannot.
    pub(crate) fn accept(
        &mut self,
        payment_hash: &[u8; 32],
        received_msat: u64,
        accepted_at: u64,
        height: u32,
    ) -> bool {
        if self.check_accept(payment_hash, received_msat).is_err() {
            return false;
        }
        let Some(hold) = self.hold_by_hash(payment_hash).cloned() else {
            return false;
        };
        let accepted = HoldState::Accepted {
            received_msat,
            accepted_at,
            cltv_expiry: height.saturating_add(hold.cltv),
        };
        self.holds.set(&hold.draft.label, accepted);
        true
    }

    /// Whether a held payment can be taken.
    pub(crate) fn check_settle(
        &self,
        label: &str,
        preimage: &[u8; 32],
    ) -> Result<Due, HoldRefusal> {
        let hold = self.hold(label).ok_or(HoldRefusal::Unknown)?;
        if sha256::Hash::hash(preimage).to_byte_array() != hold.draft.payment_hash {
            return Err(HoldRefusal::OtherPreimage);
        }
        match hold.state {
            HoldState::Accepted { .. } => Ok(Due::Now),
            HoldState::Paid => Ok(Due::Done),
            state => Err(HoldRefusal::State(state)),
        }
    }

    /// Takes a held payment: `createinvoice` under the invoice's own label, which is paid at once. False when it cannot.
    pub(crate) fn settle(&mut self, label: &str, preimage: &[u8; 32], now: u64) -> bool {
        if self.check_settle(label, preimage) != Ok(Due::Now) {
            return false;
        }
        let Some(hold) = self.hold(label).cloned() else {
            return false;
        };
        let HoldState::Accepted { received_msat, .. } = hold.state else {
            return false;
        };
        let draft = Draft {
            preimage: Some(*preimage),
            // lightningd counts from the time of the call.
            expires_at: hold.draft.expires_at.max(now + 1),
            ..hold.draft
        };
        let expires_at = draft.expires_at;
        let Ok(created_index) = self.create(draft).map(|invoice| invoice.created_index) else {
            return false;
        };
        self.by_expiry.remove(&(expires_at, created_index));
        self.take(created_index, received_msat, now);
        self.holds.set(label, HoldState::Paid);
        true
    }

    /// Whether a hold invoice can be cancelled.
    pub(crate) fn check_send_back(&self, label: &str) -> Result<Due, HoldRefusal> {
        match self.hold(label).ok_or(HoldRefusal::Unknown)?.state {
            HoldState::Unpaid | HoldState::Accepted { .. } => Ok(Due::Now),
            HoldState::Cancelled { .. } => Ok(Due::Done),
            state => Err(HoldRefusal::State(state)),
        }
    }

    /// Cancels a hold invoice; what is held is sent back. False when it cannot.
    pub(crate) fn send_back(&mut self, label: &str, now: u64) -> bool {
        let due = self.check_send_back(label) == Ok(Due::Now);
        if due {
            self.holds.set(label, HoldState::Cancelled { at: now });
        }
        due
    }

    /// Labels of held payments that the plugin sends back by itself at this height.
    pub(crate) fn holds_at_their_limit(&self, height: u32) -> Vec<String> {
        let at_limit = |hold: &&PluginHold| match hold.state {
            HoldState::Accepted { cltv_expiry, .. } => {
                cltv_expiry.saturating_sub(height) <= LIMIT_BLOCKS
            }
            _ => false,
        };
        let holds = self.all_holds().filter(at_limit);
        holds.map(|hold| hold.draft.label.clone()).collect()
    }

    /// The present number of changes.
    pub(crate) fn hold_changes(&self) -> u64 {
        self.holds.changes
    }

    /// The first hold invoice whose last change is that one or later; it may have to be waited for.
    pub(crate) fn wait_hold(&mut self, next: u64) -> Wait<Object> {
        let changed = self.holds.by_label.values();
        let changed = changed.filter(|hold| hold.change >= next);
        match changed.min_by_key(|hold| hold.change) {
            Some(hold) => Wait::Now(
                Object::new()
                    .with("change", hold.change)
                    .with("hold", hold.members()),
            ),
            None => Wait::Later(self.holds.waiters.add(next)),
        }
    }
}
