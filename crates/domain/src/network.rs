//! The chain that a payment is on.

use std::fmt;

use bitcoin::{constants::ChainHash, hex::DisplayHex};
use lightning_invoice::Currency;

/// The chain that a payment is on. A BOLT 11 string cannot tell testnet3 from testnet4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The one whose bitcoin are worth something.
    Bitcoin,
    /// Any of the public test chains that are mined.
    Testnet,
    /// The public test chain that is signed.
    Signet,
    /// A chain of one's own.
    Regtest,
    /// btcd's chain of one's own.
    Simnet,
}

impl Network {
    /// Its name, as nodes call it (`getinfo`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bitcoin => "bitcoin",
            Self::Testnet => "testnet",
            Self::Signet => "signet",
            Self::Regtest => "regtest",
            Self::Simnet => "simnet",
        }
    }

    /// The chain with this hash of its first block, in hexadecimal as BOLT 12 has it; `None` for one that we do not know.
    pub fn of_chain_hash(hex: &str) -> Option<Self> {
        let known = [
            (ChainHash::BITCOIN, Self::Bitcoin),
            (ChainHash::TESTNET3, Self::Testnet),
            (ChainHash::TESTNET4, Self::Testnet),
            (ChainHash::SIGNET, Self::Signet),
            (ChainHash::REGTEST, Self::Regtest),
        ];
        let found = known
            .into_iter()
            .find(|(hash, _)| hash.to_bytes().to_lower_hex_string() == hex);
        found.map(|(_, network)| network)
    }

    /// Whether a node that calls its network this is on it: `mainnet` is LND's name for `bitcoin`, and `testnet4` has the
    /// same prefixes as `testnet`.
    pub fn is_called(self, name: &str) -> bool {
        match self {
            Self::Bitcoin => matches!(name, "bitcoin" | "mainnet"),
            Self::Testnet => matches!(name, "testnet" | "testnet3" | "testnet4"),
            _ => name == self.as_str(),
        }
    }
}

impl From<&Currency> for Network {
    fn from(currency: &Currency) -> Self {
        match currency {
            Currency::Bitcoin => Self::Bitcoin,
            Currency::BitcoinTestnet => Self::Testnet,
            Currency::Signet => Self::Signet,
            Currency::Regtest => Self::Regtest,
            Currency::Simnet => Self::Simnet,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
