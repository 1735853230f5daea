//! What every command and notification of lightningd's is given.

use std::{path::Path, sync::Arc};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::web_server::WebState;
use facture_runtime::guard::AllowedAddresses;

/// The plugin's state. Every call gets a clone.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) data_dir: Arc<Path>,
    pub(super) web: watch::Receiver<WebState>,
    /// The node's network, as lightningd calls it.
    pub(super) network: Arc<str>,
    /// Which shops may be asked.
    pub(super) allowed: AllowedAddresses,
    /// Cancelled when the plugin should end.
    pub(super) stopping: CancellationToken,
}
