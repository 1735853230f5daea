//! `facture doctor`.

use std::path::PathBuf;

use clap::Args;

/// `facture doctor`
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// lightningd's socket; overrides the configuration
    #[arg(long, value_name = "PATH")]
    pub rpc_file: Option<PathBuf>,
    /// The configuration of `facture payer`, to check it, too
    #[arg(long, value_name = "FILE")]
    pub payer_config: Option<PathBuf>,
    /// Make only these checks, such as server,follower; the exit code is 0 if each of them is ok
    #[arg(long, value_name = "CHECK", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Print an array of findings, each with check, state, message and advice
    #[arg(long)]
    pub json: bool,
}
