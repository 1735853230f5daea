//! `facture setup`.

use std::path::PathBuf;

use clap::Args;

/// `facture setup`. What is not given is asked, or with `--yes` looked for.
#[derive(Args, Debug)]
pub struct SetupArgs {
    /// lightningd's socket
    #[arg(long, value_name = "PATH", conflicts_with_all = ["rest_url", "lnd_url"])]
    pub rpc_file: Option<PathBuf>,
    /// The address of lightningd's plugin clnrest
    #[arg(
        long,
        value_name = "URL",
        requires = "rune_file",
        conflicts_with = "lnd_url"
    )]
    pub rest_url: Option<String>,
    /// The file with the rune for clnrest
    #[arg(long, value_name = "FILE", requires = "rest_url")]
    pub rune_file: Option<PathBuf>,
    /// The only certificate authority to trust for clnrest
    #[arg(long, value_name = "FILE", requires = "rest_url")]
    pub ca_file: Option<PathBuf>,
    /// The address of LND's REST interface
    #[arg(long, value_name = "URL", requires_all = ["tls_cert_file", "macaroon_file"])]
    pub lnd_url: Option<String>,
    /// LND's certificate
    #[arg(long, value_name = "FILE", requires = "lnd_url")]
    pub tls_cert_file: Option<PathBuf>,
    /// A macaroon of LND
    #[arg(long, value_name = "FILE", requires = "lnd_url")]
    pub macaroon_file: Option<PathBuf>,
    /// The address by which buyers reach the shop, with its https:// at the start; empty: only this machine
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// The shop's name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Switch the merchant's desk on
    #[arg(long)]
    pub desk: bool,
    /// Ask nothing: what is not given is looked for, or keeps its default
    #[arg(long)]
    pub yes: bool,
    /// Replace a configuration that is there
    #[arg(long)]
    pub force: bool,
    /// Print the result as JSON; requires --yes
    #[arg(long, requires = "yes")]
    pub json: bool,
}
