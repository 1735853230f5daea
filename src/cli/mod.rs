//! The command line: clap's types and nothing else.

pub mod backup;
#[cfg(feature = "kafka")]
pub mod bridge;
pub mod confirm;
pub mod devtools;
pub mod dns_record;
pub mod doctor;
#[cfg(feature = "lab")]
pub mod lab;
#[cfg(feature = "nwc")]
pub mod nwc;
pub mod payer;
pub mod reveal;
pub mod setup;
pub mod user;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use facture_domain::{ShopId, token::Scope};

/// A Lightning checkout for Core Lightning and LND.
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
    /// Run the checkout with a Lightning node.
    Serve {
        /// Flags of both server modes.
        #[command(flatten)]
        flags: ServerFlags,
        /// lightningd's socket; overrides the configuration
        #[arg(long, value_name = "PATH")]
        rpc_file: Option<PathBuf>,
        /// Stop when standard input, a pipe, is closed: how the plugin takes its web server with it
        #[arg(long, hide = true)]
        stop_at_end_of_input: bool,
    },
    /// Try the checkout without a node: no real money, and a button that pays the invoices.
    Sandbox {
        /// Flags of both server modes.
        #[command(flatten)]
        flags: ServerFlags,
        /// The kind of node that the sandbox plays
        #[arg(long, value_name = "KIND", default_value = "cln")]
        node: SandboxKind,
        /// Where to create the sandbox node's socket, if it plays lightningd [default: in a private temporary directory]
        #[arg(long, value_name = "PATH")]
        rpc_file: Option<PathBuf>,
    },
    /// Compare all of the node's invoices with the records, adopt facture's own that are missing, and report the differences.
    /// If a server is using the records, it does this, with its own node.
    Reconcile {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// lightningd's socket; overrides the configuration
        #[arg(long, value_name = "PATH")]
        rpc_file: Option<PathBuf>,
    },
    /// Import the invoices of a Lightning Charge on the same node. The server must be stopped.
    ImportCharge {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// lightningd's socket; overrides the configuration
        #[arg(long, value_name = "PATH")]
        rpc_file: Option<PathBuf>,
        /// Lightning Charge's database (`charge.db`)
        file: PathBuf,
    },
    /// Create, list or revoke API tokens in the server's records. The server may be running.
    Token {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// What to do.
        #[command(subcommand)]
        action: TokenAction,
    },
    /// Add, reset or list users of the merchant's desk. The server may be running.
    User {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// What to do.
        #[command(subcommand)]
        action: user::UserAction,
    },
    /// Back up the records into one file. The server may be running.
    Backup {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// Into which file, and for whom.
        #[command(flatten)]
        args: backup::BackupArgs,
    },
    /// Restore the records from a backup into a data directory that has none. The server must be stopped.
    Restore {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// From which file.
        #[command(flatten)]
        args: backup::RestoreArgs,
    },
    /// Pay the payouts that were ordered from a server, within limits of its own: the only command that spends.
    Payer(payer::PayerArgs),
    /// Order a payment from a server, whose payer makes it, and wait for its end. It is shown first.
    Pay(payer::PayArgs),
    /// Connect Apache Kafka with a server: commands in, answers and events out. It cannot spend.
    #[cfg(feature = "kafka")]
    Bridge(bridge::BridgeArgs),
    /// Serve Nostr Wallet Connect: apps make invoices and see them paid. It cannot spend.
    #[cfg(feature = "nwc")]
    Nwc(nwc::NwcArgs),
    /// Open what was bought by pay to reveal.
    Reveal {
        /// What to do.
        #[command(subcommand)]
        action: reveal::RevealAction,
    },
    /// Print a server's events as they happen, and forward them to a local address, signed as webhooks are.
    Listen(devtools::ListenArgs),
    /// Send events again, to the server's webhooks or to an address. They are marked as replayed.
    Replay(devtools::ReplayArgs),
    /// Make an event of a type happen in a sandbox, or list the types.
    Trigger(devtools::TriggerArgs),
    /// Print the DNS record by which wallets pay an offer by a name (BIP 353), and check what a resolver answers.
    DnsRecord {
        /// Where the running server's records are.
        #[command(flatten)]
        source: ConfigSource,
        /// Which record.
        #[command(flatten)]
        args: dns_record::DnsRecordArgs,
    },
    /// Print the lightning-cli command that creates a rune for using clnrest from another machine.
    Rune(payer::RuneArgs),
    /// Try facture with two real nodes on regtest: Alice pays, Bob receives. No real money.
    #[cfg(feature = "lab")]
    Lab(lab::LabArgs),
    /// Print the lncli command that creates a macaroon with the rights that facture needs of LND, and no others.
    #[cfg(feature = "lnd")]
    LndMacaroon {
        /// For `facture payer`: it can pay
        #[arg(long)]
        payer: bool,
    },
    /// Write a configuration: asks what it cannot find, and tries each answer at once.
    Setup {
        /// The file to write, and the directory of the records.
        #[command(flatten)]
        source: ConfigSource,
        /// The answers.
        #[command(flatten)]
        args: setup::SetupArgs,
    },
    /// Check an installation, whether its server runs or not, and say what is wrong and what to do. Nothing is changed.
    Doctor {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
        /// How.
        #[command(flatten)]
        args: doctor::DoctorArgs,
    },
    /// Print the configuration in effect as TOML, without secrets.
    Config {
        /// Where the configuration comes from.
        #[command(flatten)]
        source: ConfigSource,
    },
}

/// The kind of node that the sandbox plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SandboxKind {
    /// Core Lightning
    Cln,
    /// LND
    #[cfg(feature = "lnd")]
    Lnd,
}

/// The actions on API tokens.
#[derive(Debug, Subcommand)]
pub enum TokenAction {
    /// Create a token and print it; it cannot be shown again.
    Create {
        /// A name to recognize the token by
        #[arg(long)]
        name: String,
        /// Permissions, one or more of: invoices:read, invoices:create, webhooks, items, links, lnbits, greenfield, admin (all of
        /// these); payouts:order, payouts:approve, payouts:execute, which admin does not include; or single permissions of
        /// BTCPay's API in place of greenfield, such as btcpay.store.canviewinvoices
        #[arg(long, required = true, num_args = 1.., value_name = "SCOPE")]
        scope: Vec<Scope>,
        /// The shop that a key for LNbits' or BTCPay's API is for: it sees nothing of other shops [default: default]
        #[arg(long, value_name = "NAME")]
        shop: Option<ShopId>,
    },
    /// List all tokens, without the secrets.
    List,
    /// Revoke a token.
    Revoke {
        /// The token's id, as listed
        id: String,
    },
}

/// Flags of both server modes.
#[derive(Args, Debug)]
pub struct ServerFlags {
    /// The source of the configuration.
    #[command(flatten)]
    pub source: ConfigSource,
    /// Address and port to listen on; port 0 picks a free one [default: from the configuration, 127.0.0.1:9112]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
}

/// Where the configuration comes from.
#[derive(Args, Debug)]
pub struct ConfigSource {
    /// Configuration file (TOML); config.example.toml lists every key
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Directory of facture's records [default: from the configuration; a temporary one for the sandbox]
    #[arg(long, global = true, value_name = "DIRECTORY")]
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
