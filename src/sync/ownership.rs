//! Which of the node's invoices are ours. Several factures may share a node, so the prefix of a label is not enough: our
//! labels are made with our key. Those of before there was a key are ours up to where the node was when the key was made.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use super::neighbour::Neighbour;
use crate::sync::follower::{Error, Follower};
use crate::sync::reconcile::Report;
use facture_domain::{Label, LabelOwner, NodeId};
use facture_node::Listed;
use facture_store::LabelKeyFile;

/// Which labels with our prefix are taken in although our key did not make them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adoption {
    /// Those from before there was this key; none, if records and key are new and another facture follows the node.
    Auto,
    /// None but those that the records have.
    Own,
    /// All.
    Prefix,
}

/// What it needs to know of labels with our prefix that our key did not make.
#[derive(Debug)]
pub(super) struct Ownership {
    adoption: Adoption,
    key: LabelKeyFile,
    neighbour: OnceLock<Neighbour>,
    /// The records are new and so is the key: what is adopted may be another facture's.
    all_new: AtomicBool,
    warned: AtomicBool,
}

impl Ownership {
    pub(super) fn new(adoption: Adoption, key: LabelKeyFile) -> Self {
        Self {
            adoption,
            key,
            neighbour: OnceLock::new(),
            all_new: AtomicBool::new(false),
            warned: AtomicBool::new(false),
        }
    }

    /// Whether an invoice is ours by its number among all that the node created.
    fn takes(&self, number: u64) -> bool {
        match self.adoption {
            Adoption::Auto => self
                .key
                .unproven_until()
                .is_some_and(|until| number <= until),
            Adoption::Own => false,
            Adoption::Prefix => true,
        }
    }
}

impl Follower {
    /// Decides it when the node is met for the first time since there is a key. To be called before the records are bound
    /// to the node.
    pub(super) async fn decide_ownership(&self, node: &NodeId) -> Result<(), Error> {
        let own = &self.ownership;
        let prefix = self.labels.prefix();
        let neighbour = own.neighbour.get_or_init(|| {
            let neighbour = Neighbour::look(node, prefix);
            if let Neighbour::Present = neighbour {
                tracing::warn!(
                    prefix = prefix.as_str(),
                    "another facture on this machine follows the same node with the same invoice.label_prefix: give \
                     each a prefix of its own"
                );
            }
            neighbour
        });
        if own.adoption != Adoption::Auto || own.key.unproven_until().is_some() {
            return Ok(());
        }
        let is_new = self.store.node().await?.is_none();
        let until = match (is_new, neighbour) {
            (true, Neighbour::Present) => 0,
            _ => self.node.created_count().await?,
        };
        own.key.take_unproven_until(until)?;
        own.all_new.store(is_new, Ordering::Relaxed);
        Ok(())
    }

    /// Those of them that are ours, with their labels.
    pub(super) async fn own<'a>(
        &self,
        listed: &'a [Listed],
    ) -> Result<Vec<(Label, &'a Listed)>, Error> {
        let (mut own, mut unproven) = (Vec::new(), Vec::new());
        for listed in listed {
            match self.labels.owner(listed.label()) {
                LabelOwner::Ours(label) => own.push((label, listed)),
                LabelOwner::Unproven(label) if self.ownership.takes(listed.number()) => {
                    own.push((label, listed));
                }
                LabelOwner::Unproven(label) => unproven.push((label, listed)),
                LabelOwner::Stranger => {}
            }
        }
        if unproven.is_empty() {
            return Ok(own);
        }
        let labels: Vec<&str> = unproven.iter().map(|(label, _)| label.as_str()).collect();
        let known = self.store.known(&labels).await?;
        let all = unproven.len();
        unproven.retain(|(label, _)| known.contains(label.as_str()));
        if unproven.len() < all && !self.ownership.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                prefix = self.labels.prefix().as_str(),
                "invoices on the node have our invoice.label_prefix but were not made with our label key: they are left \
                 to another facture, which should have another prefix. If there is none, and label.key was lost: set \
                 invoice.adopt_labels = \"prefix\" and run `facture reconcile`"
            );
        }
        own.extend(unproven);
        // In the order in which they were listed.
        own.sort_by_key(|(_, listed)| std::ptr::from_ref(*listed));
        Ok(own)
    }

    /// Says so when what was adopted may be another facture's. Later there is nothing to adopt but what we made.
    pub(super) fn warn_of_adopted(&self, report: &Report) {
        if self.ownership.all_new.swap(false, Ordering::Relaxed) && report.adopted > 0 {
            tracing::warn!(
                adopted = report.adopted,
                prefix = self.labels.prefix().as_str(),
                "records and label.key are new, and invoices with our invoice.label_prefix are on the node: they are \
                 taken for ours. If they are another facture's, stop, delete this data directory, and set another \
                 prefix or invoice.adopt_labels = \"own\""
            );
        }
    }
}
