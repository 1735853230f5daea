//! `facture backup` and `facture restore`.

use std::path::PathBuf;

use clap::Args;
#[cfg(feature = "age")]
use facture_backup::Recipient;

/// `facture backup`
#[derive(Args, Debug)]
pub struct BackupArgs {
    /// The file to create; - for standard output
    pub file: PathBuf,
    /// Create nothing: check all of a backup, and that its records can be opened
    #[arg(long)]
    pub verify: bool,
    /// Encrypt it for the owner of this age key (age1…); may be given several times
    #[cfg(feature = "age")]
    #[arg(long, value_name = "KEY", conflicts_with_all = ["verify", "passphrase_file"])]
    pub recipient: Vec<Recipient>,
    /// What it is opened with.
    #[command(flatten)]
    pub keys: KeyArgs,
}

/// `facture restore`
#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// The backup; - for standard input
    pub file: PathBuf,
    /// What it is opened with.
    #[command(flatten)]
    pub keys: KeyArgs,
}

/// What a backup is opened with, if it is encrypted.
#[derive(Args, Debug)]
pub struct KeyArgs {
    /// File with the passphrase that it is encrypted with
    #[cfg(feature = "age")]
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    pub passphrase_file: Option<PathBuf>,
    /// File with the age identity (AGE-SECRET-KEY-…) of one whom it is encrypted for; may be given several times
    #[cfg(feature = "age")]
    #[arg(long, value_name = "FILE")]
    pub identity: Vec<PathBuf>,
}
