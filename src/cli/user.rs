//! `facture user`.

use clap::Subcommand;

use facture_domain::desk::{Role, UserName};

/// The actions on users of the merchant's desk.
#[derive(Debug, Subcommand)]
pub enum UserAction {
    /// Add a user and print the one-time link by which they choose a password.
    Add {
        /// The name to sign in with
        #[arg(value_parser = UserName::parse)]
        name: UserName,
        /// owner (manages users too), manager, cashier or accountant
        #[arg(long)]
        role: Role,
    },
    /// Take a user's password and second factor, end their sessions, and print a new one-time link.
    Reset {
        /// The user's name
        #[arg(value_parser = UserName::parse)]
        name: UserName,
    },
    /// List all users.
    List,
}
