//! Follows the node: every update of its invoices goes into the store, in order, once, and wakes those that wait for it.
//! The node tells what is new; payments that it tells whole, and pages of whatever else changed, are applied with
//! the cursor in one unit of work, so a crash anywhere changes nothing and the node answers the same question again.

mod absence;
mod apply;
mod barrier;
mod compare;
mod comparison;
mod deadlines;
mod error;
mod follower;
mod forget;
mod holds;
mod import;
mod lookups;
mod maintenance;
mod neighbour;
mod offers;
mod ours;
mod ownership;
mod progress;
mod readers;
mod reconcile;
mod report;
mod requests;
mod resume;
mod run;
mod session;
mod sweep;

pub use self::{
    barrier::Barrier,
    error::Error,
    follower::{Follower, Rules},
    holds::{HoldResult, HoldRules, Holds},
    import::Imported,
    ownership::Adoption,
    progress::{Link, Mirror, Progress},
    readers::{Scope, Stale},
    report::Report,
    requests::{ReconcileError, Reconciler},
};
