//! `facture bridge`.

use std::path::PathBuf;

use clap::Args;

/// `facture bridge`
#[derive(Args, Debug)]
pub struct BridgeArgs {
    /// The bridge's configuration file; bridge.example.toml lists every key
    #[arg(long, value_name = "FILE", default_value = "bridge.toml")]
    pub config: PathBuf,
}
