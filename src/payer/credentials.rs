//! The commands that make the payer's credentials.

use crate::cli::payer::RuneArgs;

/// The command that makes the payer's rune.
pub fn createrune(args: &RuneArgs) -> String {
    facture_payer::node::cln::createrune(args.max_sat, args.max_fee_sat)
}

/// The command that makes the payer's macaroon.
#[cfg(feature = "lnd")]
pub fn bakemacaroon() -> String {
    facture_payer::node::lnd::bakemacaroon()
}
