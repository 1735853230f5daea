//! The commands of `facture reveal`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to do with something that was bought by pay to reveal.
#[derive(Debug, Subcommand)]
pub enum RevealAction {
    /// Open a file that was bought with the preimage of its payment, which the buyer's wallet keeps. The shop is not needed.
    Open(OpenArgs),
}

/// `facture reveal open`
#[derive(Args, Debug)]
pub struct OpenArgs {
    /// The encrypted file, as the shop's page offers it
    pub file: PathBuf,
    /// The preimage of the payment: 64 hexadecimal digits
    pub preimage: String,
    /// Where to write the content: a new file, or a directory for one with the shop's name [default: standard output]
    #[arg(long, value_name = "PATH")]
    pub output: Option<PathBuf>,
}
