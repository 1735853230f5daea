//! The commands of `facture nwc`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `facture nwc`
#[derive(Args, Debug)]
pub struct NwcArgs {
    /// The service's configuration file; nwc.example.toml lists every key
    #[arg(long, global = true, value_name = "FILE", default_value = "nwc.toml")]
    pub config: PathBuf,
    /// What to do [default: serve until it is stopped]
    #[command(subcommand)]
    pub action: Option<NwcAction>,
}

/// What to do beside a service that may be running.
#[derive(Debug, Subcommand)]
pub enum NwcAction {
    /// Make a connection and print its URI for the app that uses it; it cannot be shown again.
    Connect {
        /// A name to recognize the connection by: small letters, digits, hyphens and underscores
        #[arg(long)]
        name: String,
        /// It sees all invoices of the shop and is told of all payments [default: those that it makes]
        #[arg(long)]
        all: bool,
    },
    /// List all connections, without the secrets.
    List,
    /// Revoke a connection: its app is not answered any more, from now on.
    Revoke {
        /// The connection's name
        name: String,
    },
}
