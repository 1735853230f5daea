//! The rows, in groups that share what they need.

mod binary;
mod bridge;
mod builds;
mod create;
mod delivery;
mod desk;
mod flood;
mod lnd;
mod lnurl;
mod plugin;
mod reveal;
mod status;
mod store;
mod streams;

use crate::{Args, table::Table};

/// A group: the names of its rows, and what measures those that are wanted.
type Group = (
    fn() -> Vec<String>,
    fn(&Args, &mut Table) -> anyhow::Result<()>,
);

/// All of them, in the order of the table.
pub(crate) const ALL: &[Group] = &[
    (create::names, create::run),
    (status::names, status::run),
    (lnurl::names, lnurl::run),
    (delivery::names, delivery::run),
    (reveal::names, reveal::run),
    (streams::names, streams::run),
    (flood::names, flood::run),
    (store::names, store::run),
    (desk::names, desk::run),
    (lnd::names, lnd::run),
    (bridge::names, bridge::run),
    (builds::names, builds::run),
    (binary::names, binary::run),
    (plugin::names, plugin::run),
];
