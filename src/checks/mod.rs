//! What can be checked of an installation, whether a server runs or not: used by `facture doctor` and by `facture setup`.
//! Nothing is changed by it, on this machine or on the node.
//!
//! | File | Checks |
//! | --- | --- |
//! | `files.rs` | the data directory, and what lets us in at the node |
//! | `records.rs` | the version of the records |
//! | `disk.rs` | free space |
//! | `node.rs` | the node: that it answers, what it knows, what it can receive |
//! | `rights.rs` | what the node lets us do |
//! | `clock.rs` | this machine's clock |
//! | `server.rs` | a running server, by its private socket |
//! | `public_url.rs` | the public address, and the proxy in front |

mod clock;
mod disk;
mod files;
mod finding;
mod node;
mod public_url;
mod records;
mod rights;
mod server;

use std::path::Path;

pub use self::{
    finding::{Check, Finding, State},
    node::node,
    public_url::reachable,
};
use crate::{config::Config, control};

/// Checks an installation with this configuration and this data directory.
pub async fn all(config: &Config, data_dir: &Path) -> Vec<Finding> {
    let (records, owner) = records::records(&config.store, data_dir).await;
    let mut findings = vec![
        files::data_directory(data_dir),
        records,
        disk::free_space(data_dir),
        files::credentials(&config.node),
    ];
    findings.extend(node::node(config, owner.as_ref()).await);
    let mut server = control::connect(data_dir).await.ok();
    findings.extend(server::server(server.as_mut(), data_dir).await);
    findings.extend(public_url::public_url(config, server.as_mut()).await);
    findings
}
