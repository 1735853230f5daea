//! Follows the node: every update of its invoices goes into the store, in order, once, and wakes whoever waits for it.
//! The node tells what is new (`news.rs`); payments that are told whole, and pages of whatever else was updated, are applied
//! with the cursor in one unit of work, so a crash anywhere changes nothing and the node answers the same question again.

mod apply;
mod barrier;
mod follower;
mod forget;
mod history;
mod import;
mod neighbour;
mod news;
mod ownership;
mod pages;
mod reconcile;
mod requests;
mod session;
mod sweep;
mod upkeep;

pub use self::follower::{Error, Follower, Link, Mirror, Progress, Rules};
pub use self::{
    barrier::{Barrier, Stale},
    import::{Imported, LeftOut, What},
    ownership::Adoption,
    reconcile::Report,
    requests::{NotReconciled, Reconciler},
};
