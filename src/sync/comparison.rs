//! How far a comparison of what can still be paid has come.

use std::{collections::VecDeque, time::Duration};

use jiff::Timestamp;

use facture_domain::{Invoice, InvoiceRef};

/// A comparison that goes on.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) requested_at: Timestamp,
    /// How long its steps took.
    pub(super) busy: Duration,
    pub(super) next_page: NextPage,
    /// Not pending on the node any more, to be looked up.
    pub(super) missing: VecDeque<InvoiceRef>,
    /// News of them.
    pub(super) found: Vec<Invoice>,
    pub(super) pace: Pace,
    pub(super) following: Following,
}

/// How soon its pages follow each other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pace {
    /// One after the other.
    AtOnce,
    /// With pauses, so that the node has time for others: LND reads the signature of each invoice that it lists.
    Spread,
}

/// The open invoices that are compared next.
#[derive(Clone, Copy, Debug)]
pub(super) enum NextPage {
    /// Those after this number.
    After(u64),
    /// There are no more.
    End,
}

/// What follows the comparison.
#[derive(Clone, Copy, Debug)]
pub(super) enum Following {
    /// The next one, after the usual time.
    Pause,
    /// Another one at once: something may have been missed before the place where this one is.
    Comparison,
}

impl Comparison {
    pub(super) fn begin(pace: Pace) -> Self {
        Self {
            requested_at: Timestamp::now(),
            busy: Duration::ZERO,
            next_page: NextPage::After(0),
            missing: VecDeque::new(),
            found: Vec::new(),
            pace,
            following: Following::Pause,
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.missing.is_empty() && matches!(self.next_page, NextPage::End)
    }
}
