//! The commands of `facture payer`, and `facture pay`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `facture payer`
#[derive(Args, Debug)]
pub struct PayerArgs {
    /// The payer's configuration file; payer.example.toml lists every key
    #[arg(long, global = true, value_name = "FILE", default_value = "payer.toml")]
    pub config: PathBuf,
    /// What to do [default: pay until it is stopped]
    #[command(subcommand)]
    pub action: Option<PayerAction>,
}

/// What to do beside a payer that may be running.
#[derive(Debug, Subcommand)]
pub enum PayerAction {
    /// Approve a payout that is above the threshold of the configuration, or list those that wait for it.
    Approve {
        /// The payout's id [default: list what waits]
        id: Option<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Make the secret of an authenticator app, whose codes approve payouts through the API, and show it once.
    Totp {
        /// What the app calls it
        #[arg(long, value_name = "NAME", default_value = "payer")]
        account: String,
    },
    /// Ask the node about payouts that were begun and whose end is not known, because the journal was lost or the node knows
    /// nothing, and tell the server what became of one. It pays nothing. The payer must be stopped.
    Resolve {
        /// The payout's id [default: list them]
        id: Option<String>,
        /// The node knows nothing of it, and you know that it was not paid
        #[arg(long, requires = "id")]
        not_paid: bool,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Read the payer's journal.
    Journal {
        /// What to do with it.
        #[command(subcommand)]
        action: JournalAction,
    },
}

/// What to do with a journal.
#[derive(Debug, Subcommand)]
pub enum JournalAction {
    /// Check every line, and print the hash of the last one: kept elsewhere, it also shows that nothing was cut off.
    Verify,
    /// Print what happened, a line each.
    List,
}

/// `facture rune`
#[derive(Args, Debug)]
pub struct RuneArgs {
    /// For `facture payer`: it can pay, and is limited by the node itself
    #[arg(long)]
    pub payer: bool,
    /// For `facture serve` with hold invoices: also the commands of the plugin `facture-hold`
    #[arg(long, conflicts_with = "payer")]
    pub hold: bool,
    /// The most that one payment may be, in satoshis
    #[arg(long, value_name = "SAT", default_value_t = 100_000, requires = "payer",
        value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub max_sat: u64,
    /// The most that one payment may cost on top, in satoshis
    #[arg(long, value_name = "SAT", default_value_t = 1_000, requires = "payer",
        value_parser = clap::value_parser!(u64).range(0..=1_000_000_000))]
    pub max_fee_sat: u64,
}

/// `facture pay`
#[derive(Args, Debug)]
pub struct PayArgs {
    /// Who is paid: a BOLT 11 invoice, an offer, an LNURL or a Lightning Address
    pub destination: String,
    /// The amount in satoshis, where the destination names none
    #[arg(long, value_name = "SAT", value_parser = clap::value_parser!(u64).range(1..=2_100_000_000_000_000))]
    pub amount: Option<u64>,
    /// The label of the sale that it refunds; all refunds of a sale together are never more than was received
    #[arg(long, value_name = "LABEL")]
    pub refund: Option<String>,
    /// Instead of satoshis, the refund in the currency of the sale's price, such as 4.50
    #[arg(long, value_name = "AMOUNT", requires_all = ["refund", "currency"], conflicts_with = "amount")]
    pub currency_amount: Option<String>,
    /// The currency of the sale's price
    #[arg(long, value_name = "CODE", requires = "currency_amount")]
    pub currency: Option<String>,
    /// At which rate that becomes bitcoin: the sale's, or that of this moment [default: sale]
    #[arg(long, value_parser = ["sale", "today"], requires = "currency_amount")]
    pub rate: Option<String>,
    /// The most that it may cost on top, in satoshis [default: 1 percent, at least 5]
    #[arg(long, value_name = "SAT", value_parser = clap::value_parser!(u64).range(0..=2_100_000_000_000_000))]
    pub max_fee: Option<u64>,
    /// What it is for; kept with the order
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The private socket in the data directory of `facture serve`
    #[arg(
        long,
        value_name = "PATH",
        required_unless_present = "url",
        conflicts_with = "url"
    )]
    pub socket: Option<PathBuf>,
    /// The address of the API, instead of the socket
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// A file with an API token whose scope is payouts:order
    #[arg(long, value_name = "FILE")]
    pub token_file: PathBuf,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// The same key is the same payment, however often it is ordered [default: a new one]
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
}
