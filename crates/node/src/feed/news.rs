//! News that a node reports unprompted.

use crate::{cln::waiter::Deletion, feed::position::Position, listed::Listed};

/// News from a [`Watch`](crate::Watch).
#[derive(Debug)]
pub enum News {
    /// There are changes up to a position, to be read by [`Feed::changes`](crate::Feed::changes).
    Changed {
        /// The position.
        to: Position,
        /// Payments among them that the node told whole, for [`Feed::buffer_payments`](crate::Feed::buffer_payments).
        early: Vec<Listed>,
    },
    /// Nothing but that these invoices were paid, in this order: they are the next changes.
    Paid(Vec<Listed>),
    /// Something may have been missed: what can be paid has to be compared ([`Feed::compare`](crate::Feed::compare)).
    Compare,
    /// The invoice with this label, which may be another program's, is to be looked up: something happened to it that
    /// [`Feed::changes`](crate::Feed::changes) does not tell.
    LookUp {
        /// Its label.
        label: String,
    },
    /// Something was deleted; [`Feed::deletion`](crate::Feed::deletion) tells what it means.
    Deleted(DeletionNews),
}

/// The node's news of a deletion.
#[derive(Debug)]
pub enum DeletionNews {
    /// Core Lightning's.
    Cln(Deletion),
}
