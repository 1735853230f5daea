//! Which of the node's invoices are ours. Several factures may share a node, so the prefix of a label is not enough: our
//! labels are made with our key. Those of before there was a key are ours up to where the node was when the key was made.

use std::sync::{OnceLock, atomic::AtomicBool};

use crate::sync::neighbour::Neighbour;
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
    pub(super) adoption: Adoption,
    pub(super) key: LabelKeyFile,
    pub(super) neighbour: OnceLock<Neighbour>,
    /// The records are new and so is the key: what is adopted may be another facture's.
    pub(super) all_new: AtomicBool,
    pub(super) warned: AtomicBool,
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
    pub(super) fn takes(&self, number: u64) -> bool {
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
