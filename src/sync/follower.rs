//! The follower of one node: what it has, and what others get from it. What it does is in `run.rs` and the files that
//! `run.rs` calls.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::sync::{Mutex, watch};

use crate::sync::{
    barrier::Barrier,
    holds::{HoldRules, Holds},
    ownership::{Adoption, Ownership},
    progress::{Link, Mirror, Progress},
    requests::{Reconciler, Requests},
};
use facture_domain::{OfferId, OurLabels};
use facture_node::{Node, Position};
use facture_store::{LabelKeyFile, Store};

/// Follows one node into one store.
#[derive(Debug)]
pub struct Follower {
    pub(super) node: Node,
    pub(super) store: Store,
    pub(super) labels: OurLabels,
    pub(super) ownership: Ownership,
    pub(super) prune_after: Option<Duration>,
    pub(super) forget_after: Option<Duration>,
    pub(super) holds: Holds,
    pub(super) hold_rules: HoldRules,
    pub(super) progress: watch::Sender<Progress>,
    pub(super) requests: Arc<Requests>,
    /// Offers of the node that are other programs'.
    pub(super) foreign_offers: Mutex<HashSet<OfferId>>,
}

/// What it is to do with invoices on the node.
#[derive(Debug)]
pub struct Rules {
    /// Which labels are ours.
    pub labels: OurLabels,
    /// The file of the key in them.
    pub key: LabelKeyFile,
    /// What becomes of labels with our prefix that our key did not make.
    pub adoption: Adoption,
    /// How long after their expiry our expired invoices are deleted from the node; `None` never.
    pub prune_after: Option<Duration>,
    /// How long after their expiry invoices that visitors made and nobody paid are forgotten; `None` never.
    pub forget_after: Option<Duration>,
    /// When held payments are decided.
    pub hold: HoldRules,
}

impl Follower {
    /// Of this node, into this store, by these rules.
    pub fn new(node: Node, store: Store, rules: Rules) -> Self {
        let progress = watch::Sender::new(Progress {
            link: Link::Connecting,
            applied: Position::START,
            confirmed_at: None,
            mirror: Mirror::Unknown,
            unclear: HashSet::new(),
        });
        Self {
            holds: Holds::new(node.clone(), store.clone(), rules.labels.clone()),
            hold_rules: rules.hold,
            node,
            store,
            labels: rules.labels,
            ownership: Ownership::new(rules.adoption, rules.key),
            prune_after: rules.prune_after,
            forget_after: rules.forget_after,
            progress,
            requests: Requests::new(),
            foreign_offers: Mutex::default(),
        }
    }

    /// What asks this follower to reconcile while it runs.
    pub fn reconciler(&self) -> Reconciler {
        Reconciler::new(&self.requests, self.progress())
    }

    /// How far it is, now and from now on.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// What readers pass through. It asks on the follower's connections.
    pub fn barrier(&self) -> Barrier {
        Barrier::start(self.node.clone(), self.store.clone(), self.progress())
    }
}
