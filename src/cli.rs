//! The command line: clap's types and nothing else.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::token::Scope;

/// A Lightning checkout for Core Lightning.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the checkout on a lightningd.
    Serve {
        /// Flags of both server modes.
        #[command(flatten)]
        flags: ServerFlags,
        /// lightningd's socket, whatever is configured [default: from the configuration]
        #[arg(long, value_name = "PATH")]
        rpc_file: Option<PathBuf>,
    },
    /// Try the checkout without a node: invoices are for play and paid by a button.
    Sandbox {
        /// Flags of both server modes.
        #[command(flatten)]
        flags: ServerFlags,
        /// Where the sandbox makes its own node's socket [default: in a private temporary directory]
        #[arg(long, value_name = "PATH")]
        rpc_file: Option<PathBuf>,
    },
    /// Go through all invoices of the node, adopt ours that the records lack, and report differences in numbers. A server
    /// that runs on the records does it with its own node.
    Reconcile {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// lightningd's socket, whatever is configured [default: from the configuration]
        #[arg(long, value_name = "PATH")]
        rpc_file: Option<PathBuf>,
    },
    /// Take over the invoices of a Lightning Charge on the same node, while no server runs.
    ImportCharge {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// lightningd's socket, whatever is configured [default: from the configuration]
        #[arg(long, value_name = "PATH")]
        rpc_file: Option<PathBuf>,
        /// Its database (`charge.db`)
        file: PathBuf,
    },
    /// Make, list or revoke API tokens. A server that runs on the records does it.
    Token {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// What to do.
        #[command(subcommand)]
        action: TokenAction,
    },
    /// Print the command that makes a rune for us: what clnrest lets a facture on another machine in by.
    Rune,
    /// Print the configuration that would be in effect, as TOML.
    Config {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
    },
}

/// What to do with API tokens.
#[derive(Debug, Subcommand)]
pub enum TokenAction {
    /// Make a token and print it; it cannot be read again.
    Create {
        /// What it is for, in your words
        #[arg(long)]
        name: String,
        /// How far it goes, one or several: invoices:read, invoices:create, webhooks, admin
        #[arg(long, required = true, num_args = 1.., value_name = "SCOPE")]
        scope: Vec<Scope>,
    },
    /// List all tokens, without their texts.
    List,
    /// Make a token invalid.
    Revoke {
        /// Its id, as listed
        id: String,
    },
}

/// Flags of both server modes.
#[derive(Args, Debug)]
pub struct ServerFlags {
    /// Where the configuration comes from.
    #[command(flatten)]
    pub source: ConfigSource,
    /// Address and port to listen on; port 0 takes a free one [default: from the configuration, 127.0.0.1:9112]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
}

/// Where the configuration comes from.
#[derive(Args, Debug)]
pub struct ConfigSource {
    /// A TOML file; config.example.toml shows every key
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The directory of our records [default: from the configuration; a temporary one for the sandbox]
    #[arg(long, value_name = "DIRECTORY")]
    pub data_dir: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
