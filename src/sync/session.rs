//! What is known of the node between connecting to it and losing it.

use std::collections::{BTreeMap, HashSet};

use tokio::time::Instant;

use crate::sync::reconcile::Report;
use facture_domain::{Label, NodeId};
use facture_node::cln::Listed;
use facture_store::{Cursor, History, Update};

/// So many of the last updates are remembered: those of them that the node still lists tell whether it is still the same.
pub(super) const REMEMBERED: usize = 32;

/// So many payments that were told before their turn are kept until it is theirs.
const EARLY: usize = 64;

#[derive(Debug)]
pub(super) struct Session {
    pub(super) node: NodeId,
    pub(super) cursor: Cursor,
    pub(super) history: History,
    /// What was different.
    pub(super) report: Report,
    /// Invoices of ours of which the node said something that cannot be read: how they stand is not known.
    pub(super) unclear: HashSet<Label>,
    remembering: Remembering,
    /// Payments that were told whole, by their place among the updates, before it was their turn.
    pub(super) early: BTreeMap<u64, Listed>,
    /// When open invoices are to be looked up.
    pub(super) sweep: Sweep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remembering {
    On,
    /// Something was applied that is not remembered.
    Paused,
}

/// When open invoices are to be looked up.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sweep {
    /// Not before something is deleted; if that is so soon after the last time, not before this.
    NotDue { earliest: Instant },
    /// At this time.
    Due(Instant),
}

impl Session {
    pub(super) fn new(node: NodeId, cursor: Cursor, history: History) -> Self {
        Self {
            node,
            cursor,
            history,
            report: Report::default(),
            unclear: HashSet::new(),
            remembering: Remembering::On,
            early: BTreeMap::new(),
            sweep: Sweep::NotDue {
                earliest: Instant::now(),
            },
        }
    }

    /// Remembers what was applied. What comes after an update that could not be read is to be applied once more after the
    /// next start.
    pub(super) fn remember(&mut self, applied: &[Listed]) {
        if !self.unclear.is_empty() {
            self.remembering = Remembering::Paused;
            return;
        }
        let updates = &mut self.history.updates;
        if self.remembering == Remembering::Paused {
            // What is remembered has no gaps.
            updates.clear();
            self.remembering = Remembering::On;
        }
        for listed in applied {
            let Some(index) = listed.updated_index() else {
                continue;
            };
            if updates.last().is_none_or(|last| last.index < index) {
                updates.push(Update {
                    index,
                    fingerprint: listed.fingerprint(),
                });
            }
        }
        let surplus = updates.len().saturating_sub(REMEMBERED);
        updates.drain(..surplus);
    }

    /// Keeps payments that were told before their turn.
    pub(super) fn keep_early(&mut self, payments: impl IntoIterator<Item = Listed>) {
        for paid in payments {
            if let Some(index) = paid.updated_index() {
                self.early.insert(index, paid);
            }
        }
        while self.early.len() > EARLY {
            self.early.pop_first();
        }
    }

    /// Open invoices are to be looked up as soon as that may be.
    pub(super) fn sweep_soon(&mut self) {
        if let Sweep::NotDue { earliest } = self.sweep {
            self.sweep = Sweep::Due(earliest.max(Instant::now()));
        }
    }
}
