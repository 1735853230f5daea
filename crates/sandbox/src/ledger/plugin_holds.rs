//! The hold invoices of facture's plugin: how each stands, and their changes. What happens to them is in `plugin.rs`.

use std::collections::{BTreeMap, HashMap};

use bitcoin::hex::DisplayHex;

use super::{
    invoice::{Draft, raw_label},
    waiters::Waiters,
};
use crate::reply::Object;

/// All of them, and their changes.
#[derive(Debug, Default)]
pub(super) struct PluginHolds {
    pub(super) by_label: BTreeMap<String, PluginHold>,
    pub(super) by_hash: HashMap<[u8; 32], String>,
    pub(super) changes: u64,
    pub(super) waiters: Waiters<u64, Object>,
}

/// A hold invoice.
#[derive(Debug, Clone)]
pub(crate) struct PluginHold {
    pub(super) draft: Draft,
    /// In blocks.
    pub(super) cltv: u32,
    pub(super) state: HoldState,
    /// The place of its last change among all.
    pub(super) change: u64,
}

/// Where a hold invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HoldState {
    Unpaid,
    Accepted {
        received_msat: u64,
        accepted_at: u64,
        cltv_expiry: u32,
    },
    Paid,
    Cancelled {
        at: u64,
    },
    Expired,
}

/// Why a hold invoice cannot be settled or cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HoldRefusal {
    /// No such invoice.
    Unknown,
    /// It has another preimage.
    OtherPreimage,
    /// It is in this state.
    State(HoldState),
}

impl PluginHold {
    /// Whether it is neither settled nor cancelled nor expired.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, HoldState::Unpaid | HoldState::Accepted { .. })
    }

    /// Its members, as the plugin's calls show them.
    pub(crate) fn members(&self) -> Object {
        let object = Object::new()
            .with("label", raw_label(&self.draft.label))
            .with("bolt11", self.draft.bolt11.as_str())
            .with(
                "payment_hash",
                self.draft.payment_hash.to_lower_hex_string(),
            )
            .with_some("amount_msat", self.draft.amount_msat)
            .with("description", self.draft.description.as_str())
            .with("status", self.state.name())
            .with("expires_at", self.draft.expires_at)
            .with("change", self.change);
        match self.state {
            HoldState::Accepted {
                received_msat,
                accepted_at,
                cltv_expiry,
            } => object
                .with("held_msat", received_msat)
                .with("accepted_at", accepted_at)
                .with("cltv_expiry", u64::from(cltv_expiry)),
            HoldState::Cancelled { at } => object.with("cancelled_at", at),
            HoldState::Unpaid | HoldState::Paid | HoldState::Expired => object,
        }
    }
}

impl HoldState {
    /// The plugin's word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Accepted { .. } => "accepted",
            Self::Paid => "paid",
            Self::Cancelled { .. } => "cancelled",
            Self::Expired => "expired",
        }
    }
}

impl PluginHolds {
    /// Puts one into this state, and tells who waits for that.
    pub(super) fn set(&mut self, label: &str, state: HoldState) {
        self.changes += 1;
        let change = self.changes;
        let Some(hold) = self.by_label.get_mut(label) else {
            return;
        };
        hold.state = state;
        hold.change = change;
        let changed = Object::new()
            .with("change", change)
            .with("hold", hold.members());
        self.waiters.release(|next| *next <= change, &changed);
    }

    /// When the next unpaid one expires, in seconds since 1970.
    pub(super) fn next_expiry(&self) -> Option<u64> {
        let unpaid = self.by_label.values();
        let unpaid = unpaid.filter(|hold| hold.state == HoldState::Unpaid);
        unpaid.map(|hold| hold.draft.expires_at).min()
    }

    /// Those that are unpaid and over.
    pub(super) fn expire(&mut self, now: u64) {
        let over =
            |hold: &PluginHold| hold.state == HoldState::Unpaid && hold.draft.expires_at <= now;
        let over = self.by_label.values().filter(|hold| over(hold));
        let labels: Vec<_> = over.map(|hold| hold.draft.label.clone()).collect();
        for label in labels {
            self.set(&label, HoldState::Expired);
        }
    }

    /// Lets go of all waiting calls.
    pub(super) fn forget_waiters(&mut self) {
        self.waiters.clear();
    }
}
