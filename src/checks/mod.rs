//! What can be checked of an installation, whether a server runs or not: used by `facture doctor` and by `facture setup`.
//! Nothing is changed by it, on this machine or on the node.
//!
//! | File | Checks |
//! | --- | --- |
//! | `files.rs` | the data directory, and what lets us in at the node |
//! | `records.rs` | the version of the records |
//! | `disk.rs` | free space |
//! | `backup.rs` | how old the last backup is |
//! | `node.rs` | the node: that it answers, what it knows, what it can receive |
//! | `rights.rs` | what the node lets us do |
//! | `clock.rs` | this machine's clock |
//! | `server.rs` | a running server, by its private socket |
//! | `public_url.rs` | the public address, and the proxy in front |
//!
//! `selection.rs` says which of them are made.

mod backup;
mod clock;
mod disk;
mod files;
mod finding;
mod node;
mod public_url;
mod records;
mod rights;
mod selection;
mod server;

use std::path::Path;

pub use self::{
    finding::{Check, Finding, State, UnknownCheck},
    node::node,
    public_url::reachable,
    selection::Selection,
};
use crate::{config::Config, control};

/// The checks that only a running server can answer.
const OF_SERVER: [Check; 4] = [
    Check::Server,
    Check::Follower,
    Check::Webhooks,
    Check::Payer,
];

/// The checks that ask the node.
const OF_NODE: [Check; 5] = [
    Check::Node,
    Check::Sync,
    Check::Rights,
    Check::Clock,
    Check::Liquidity,
];

/// Checks an installation with this configuration and this data directory. What is not selected is left alone: the node, for
/// example, is not asked, but for what is checked along with something that is.
pub async fn run(config: &Config, data_dir: &Path, selection: &Selection) -> Vec<Finding> {
    let mut findings = Vec::new();
    if selection.has(&[Check::DataDirectory]) {
        findings.push(files::data_directory(data_dir));
    }
    let mut owner = None;
    if selection.has(&[Check::Records]) || selection.has(&OF_NODE) {
        let (records, found) = records::records(&config.store, data_dir).await;
        owner = found;
        if selection.has(&[Check::Records]) {
            findings.push(records);
        }
    }
    if selection.has(&[Check::Disk]) {
        findings.push(disk::free_space(data_dir));
    }
    if selection.has(&[Check::Backup]) {
        findings.push(backup::backup(&config.store, data_dir));
    }
    if selection.has(&[Check::Credentials]) {
        findings.push(files::credentials(&config.node));
    }
    if selection.has(&OF_NODE) {
        findings.extend(node::node(config, owner.as_ref()).await);
    }
    let mut server = control::connect(data_dir).await.ok();
    if selection.has(&OF_SERVER) {
        findings.extend(server::server(&mut server, data_dir).await);
    }
    if selection.has(&[Check::PublicUrl, Check::Proxy]) {
        findings.extend(public_url::public_url(config, server.as_mut()).await);
    }
    findings
}
