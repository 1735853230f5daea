//! What every command and notification of lightningd's is given.

use std::{path::Path, sync::Arc};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::web_server::WebState;

/// The plugin's state. Every call gets a clone.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) data_dir: Arc<Path>,
    pub(super) web: watch::Receiver<WebState>,
    /// Cancelled when the plugin should end.
    pub(super) stopping: CancellationToken,
}
