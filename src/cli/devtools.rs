//! `facture listen`, `facture replay` and `facture trigger`: tools for those who write what receives events.

use std::path::PathBuf;

use clap::Args;

/// The server whose API is used.
#[derive(Args, Debug)]
pub struct ServerArgs {
    /// The address of the server: https, or http on this machine
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9112")]
    pub url: String,
    /// The private socket in the server's data directory, instead of its address
    #[arg(long, value_name = "PATH", conflicts_with = "url")]
    pub socket: Option<PathBuf>,
    /// An API token, such as the one that `facture sandbox` prints; other users of this machine can see it
    #[arg(long, value_name = "TOKEN", required_unless_present = "token_file")]
    pub token: Option<String>,
    /// A file with an API token
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    pub token_file: Option<PathBuf>,
}

/// `facture listen`
#[derive(Args, Debug)]
pub struct ListenArgs {
    /// The server; the token's scope is invoices:read.
    #[command(flatten)]
    pub server: ServerArgs,
    /// Send each event to this address, signed as a webhook is
    #[arg(long, value_name = "URL")]
    pub forward_to: Option<String>,
    /// What to sign with: whsec_… [default: a new one, which is printed]
    #[arg(long, value_name = "SECRET", requires = "forward_to")]
    pub secret: Option<String>,
    /// Begin with this event [default: those that happen from now on]
    #[arg(long, value_name = "SEQUENCE")]
    pub from: Option<u64>,
    /// Continue after the event whose sequence is in this file, and keep it up to date
    #[arg(long, value_name = "FILE")]
    pub cursor: Option<PathBuf>,
    /// Only events of these types, separated by commas
    #[arg(long, value_name = "TYPES")]
    pub types: Option<String>,
    /// Print each event as JSON
    #[arg(long)]
    pub json: bool,
}

/// `facture replay`
#[derive(Args, Debug)]
pub struct ReplayArgs {
    /// The server; the token's scope is invoices:read, or webhooks without `--forward-to`.
    #[command(flatten)]
    pub server: ServerArgs,
    /// The sequence of the first event
    #[arg(long, value_name = "SEQUENCE", value_parser = clap::value_parser!(u64).range(1..))]
    pub from: u64,
    /// The sequence of the last event [default: the newest]
    #[arg(long, value_name = "SEQUENCE")]
    pub to: Option<u64>,
    /// Send them to this address [default: the server sends them to its webhooks]
    #[arg(long, value_name = "URL", requires = "secret")]
    pub forward_to: Option<String>,
    /// What to sign with: whsec_…
    #[arg(long, value_name = "SECRET", requires = "forward_to")]
    pub secret: Option<String>,
    /// To this webhook of the server only: we_…
    #[arg(long, value_name = "ID", conflicts_with = "forward_to")]
    pub webhook: Option<String>,
}

/// `facture trigger`
#[derive(Args, Debug)]
pub struct TriggerArgs {
    /// The server, which must be a sandbox.
    #[command(flatten)]
    pub server: ServerArgs,
    /// The type of the event, such as invoice.paid [default: list them]
    pub event: Option<String>,
}
