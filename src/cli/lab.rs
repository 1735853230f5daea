//! The commands of `facture lab`.

use std::{ffi::OsString, fmt, path::PathBuf, str::FromStr};

use clap::{Args, Subcommand, ValueEnum};
use facture_domain::PaymentHash;

/// `facture lab`
#[derive(Args, Debug)]
pub struct LabArgs {
    /// Directory of the lab; two directories are two labs [default: lab in the platform's directory for state, such as
    /// ~/.local/state/facture/lab]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub dir: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub action: LabAction,
}

/// What to do with the lab.
#[derive(Debug, Subcommand)]
pub enum LabAction {
    /// Start the lab, or whatever of it is not running, and open a channel from Alice to Bob if there is none.
    Up {
        /// The nodes' software: cln (both Core Lightning), lnd (both LND), mixed (Alice Core Lightning, Bob LND) [default:
        /// as the lab is; cln for a new one]
        #[arg(long, value_name = "KIND")]
        node: Option<NodeKind>,
        /// Also run facture on Bob, and a wallet page for Alice
        #[arg(long)]
        checkout: bool,
    },
    /// Print what Alice and Bob have, on the chain and in the channel.
    Balances,
    /// Create an invoice on Bob.
    Invoice {
        /// The amount in satoshis; "any" for one that the payer chooses
        amount: LabAmount,
        /// What it is for
        #[arg(default_value = "Lab")]
        description: String,
    },
    /// Read an invoice, as Alice does before she pays.
    Decode {
        /// The invoice
        bolt11: Bolt11Text,
    },
    /// Pay as Alice: an invoice, or an amount in satoshis, for which Bob creates an invoice first.
    Pay {
        /// An invoice, or an amount
        what: Payable,
        /// The amount in satoshis, of an invoice that names none
        #[arg(value_parser = clap::value_parser!(u64).range(1..=MAX_SAT))]
        sat: Option<u64>,
    },
    /// Ask Bob for the state of one of his invoices.
    Lookup {
        /// The invoice or its payment hash
        invoice: InvoiceName,
    },
    /// Print what happens to Bob's invoices from now on, until Ctrl-C.
    Watch,
    /// Create a hold invoice on Bob: its payment waits for `settle` or `cancel`. Needs LND (`--node lnd` or `mixed`).
    Hold {
        /// The amount in satoshis
        #[arg(value_parser = clap::value_parser!(u64).range(1..=MAX_SAT))]
        amount: u64,
        /// What it is for
        #[arg(default_value = "Lab")]
        description: String,
    },
    /// Take the payment of a hold invoice.
    Settle {
        /// The invoice or its payment hash
        invoice: InvoiceName,
    },
    /// Send the payment of a hold invoice back.
    Cancel {
        /// The invoice or its payment hash
        invoice: InvoiceName,
    },
    /// Mine blocks.
    Mine {
        /// How many
        #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
        blocks: u32,
    },
    /// Close the channel; what Alice and Bob have in it goes to their wallets.
    Close,
    /// Print the last lines that the programs have logged.
    Logs {
        /// Only this program's
        program: Option<LoggedProgram>,
    },
    /// Stop the lab's programs and remove its files.
    Down {
        /// Keep the files: the next `up` continues with the same chain and nodes
        #[arg(long)]
        keep: bool,
    },
    /// Serve Alice's wallet page (`up --checkout` runs this).
    #[command(hide = true)]
    Wallet,
    /// Become another program in a session of its own (`up` runs this).
    #[command(hide = true)]
    Launch {
        /// The file that remembers the process
        record: PathBuf,
        /// The program
        program: OsString,
        /// Its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

/// All that Alice has in the channel, in satoshis.
const MAX_SAT: u64 = 10_000_000;

/// The nodes' software.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NodeKind {
    /// Both are Core Lightning
    Cln,
    /// Both are LND
    Lnd,
    /// Alice is Core Lightning, Bob is LND
    Mixed,
}

/// A program that logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LoggedProgram {
    /// Alice's node
    Alice,
    /// Bob's node
    Bob,
    /// The chain
    Bitcoind,
    /// The checkout on Bob
    Facture,
    /// Alice's wallet page
    Wallet,
}

/// The text of an invoice, as people paste it: perhaps a link, perhaps in capitals. It is not decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bolt11Text(String);

/// What Alice can pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payable {
    /// An amount in satoshis.
    Sat(u64),
    /// An invoice.
    Bolt11(Bolt11Text),
}

/// What an invoice of Bob asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabAmount {
    /// What the payer chooses.
    Any,
    /// An amount in satoshis.
    Sat(u64),
}

/// How an invoice of Bob is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvoiceName {
    /// By its payment hash.
    Hash(PaymentHash),
    /// By its text.
    Bolt11(Bolt11Text),
}

impl Bolt11Text {
    /// The text in small letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Bolt11Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Bolt11Text {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix("lightning:").unwrap_or(&text);
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match text.starts_with("ln") && is_plain && text.len() > 20 {
            true => Ok(Self(text.to_owned())),
            false => {
                Err("an invoice begins with \"ln\" and has only letters and digits".to_owned())
            }
        }
    }
}

impl FromStr for LabAmount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "any" => Ok(Self::Any),
            text => parse_sat(text).map(Self::Sat),
        }
    }
}

fn parse_sat(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(sat @ 1..=MAX_SAT) => Ok(sat),
        _ => Err(format!(
            "an amount is a whole number of satoshis from 1 to {MAX_SAT}"
        )),
    }
}

impl FromStr for Payable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
            return text.parse().map(Self::Bolt11);
        }
        parse_sat(text).map(Self::Sat)
    }
}

impl FromStr for InvoiceName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(hash) = text.parse() {
            return Ok(Self::Hash(hash));
        }
        text.parse().map(Self::Bolt11).map_err(|error| {
            format!("neither a payment hash (64 hexadecimal digits) nor an invoice: {error}")
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    const BOLT11: &str = "lnbcrt10u1p5abcdefghijklmnop";

    fn parsed(line: &str) -> Result<LabAction, String> {
        let words = ["facture", "lab"].into_iter().chain(line.split(' '));
        let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
        match cli.command {
            Command::Lab(args) => Ok(args.action),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_amount_or_an_invoice_is_paid() {
        let pay = |text: &str| -> Result<Payable, String> {
            match parsed(&format!("pay {text}"))? {
                LabAction::Pay { what, sat: None } => Ok(what),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(pay("1000"), Ok(Payable::Sat(1000)));
        let invoice = Ok(Payable::Bolt11(Bolt11Text(BOLT11.to_owned())));
        assert_eq!(pay(BOLT11), invoice);
        assert_eq!(pay(&BOLT11.to_uppercase()), invoice);
        assert_eq!(pay(&format!("lightning:{BOLT11}")), invoice);
        for refused in [
            "0",
            "-5",
            "1.5",
            "10000001",
            "99999999999999999999",
            "tea",
            "ln",
            "lnbcrt1'; echo 12345678901",
        ] {
            assert!(pay(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn an_invoice_is_named_by_hash_or_text() {
        let hash = "ab".repeat(32);
        let name = |text: &str| text.parse::<InvoiceName>();
        assert_eq!(name(&hash), Ok(InvoiceName::Hash(hash.parse().unwrap())));
        assert!(matches!(name(BOLT11), Ok(InvoiceName::Bolt11(_))));
        for refused in ["../lab.json", "ab", "", &hash[1..]] {
            assert!(name(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn the_directory_comes_before_or_after() {
        for line in ["--dir /x up --node mixed", "up --node mixed --dir /x"] {
            let words = ["facture", "lab"].into_iter().chain(line.split(' '));
            let Command::Lab(args) = Cli::try_parse_from(words).unwrap().command else {
                panic!("another command");
            };
            assert_eq!(args.dir.as_deref(), Some("/x".as_ref()));
            assert!(matches!(
                args.action,
                LabAction::Up {
                    node: Some(NodeKind::Mixed),
                    checkout: false
                }
            ));
        }
    }

    #[test]
    fn what_a_launched_program_gets_is_not_read() {
        let action = parsed("launch -- /x/alice.pid lightningd --dir --help -x");
        let Ok(LabAction::Launch { program, args, .. }) = action else {
            panic!("{action:?}");
        };
        assert_eq!(program, "lightningd");
        assert_eq!(args, ["--dir", "--help", "-x"]);
    }

    #[test]
    fn out_of_range_is_refused() {
        for refused in [
            "mine 0",
            "mine 1001",
            "invoice 0",
            "up --node x",
            "logs carol",
        ] {
            assert!(parsed(refused).is_err(), "{refused}");
        }
        assert!(parsed("mine 6").is_ok());
    }
}
