//! What a lab remembers: its kind and its ports, in `lab.json`, which only its owner can read.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ports::free_ports;

/// Which nodes a lab has.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Two Core Lightnings.
    #[default]
    Cln,
    /// Two LNDs.
    Lnd,
    /// Alice is a Core Lightning, Bob an LND.
    Mixed,
}

impl Kind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cln => "cln",
            Self::Lnd => "lnd",
            Self::Mixed => "mixed",
        }
    }
}

/// A program of a lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The chain.
    Bitcoind,
    /// The node that pays.
    Alice,
    /// The node that receives.
    Bob,
    /// The checkout on Bob.
    Facture,
    /// Alice's wallet page.
    Wallet,
}

impl Name {
    /// All, in the order in which they are stopped: no program before those that use it.
    pub const ALL: [Self; 5] = [
        Self::Wallet,
        Self::Facture,
        Self::Alice,
        Self::Bob,
        Self::Bitcoind,
    ];

    /// The word for it, in the names of its files too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bitcoind => "bitcoind",
            Self::Alice => "alice",
            Self::Bob => "bob",
            Self::Facture => "facture",
            Self::Wallet => "wallet",
        }
    }
}

/// What is in `lab.json`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    version: u64,
    /// Which nodes it has.
    pub(crate) kind: Kind,
    /// bitcoind's RPC.
    pub(crate) bitcoind: u16,
    /// Of a node: for other nodes, for its command-line tool, for REST. A Core Lightning uses the first only.
    pub(crate) alice: [u16; 3],
    /// As Alice's.
    pub(crate) bob: [u16; 3],
    /// `None` unless it was asked for.
    pub(crate) checkout: Option<CheckoutPorts>,
}

/// Where the checkout on Bob and Alice's wallet page listen.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CheckoutPorts {
    /// The checkout.
    pub facture: u16,
    /// The wallet page.
    pub wallet: u16,
}

impl State {
    const FILE: &str = "lab.json";

    /// The same while it is written ([`replace`]).
    pub(crate) const NEW_FILE: &str = "lab.new";

    /// A state of another one is not touched.
    const VERSION: u64 = 1;

    /// A new lab, with ports that are free now.
    pub(crate) fn new(kind: Kind) -> anyhow::Result<Self> {
        let [bitcoind, a, b, c, d, e, f] = free_ports()?;
        Ok(Self {
            version: Self::VERSION,
            kind,
            bitcoind,
            alice: [a, b, c],
            bob: [d, e, f],
            checkout: None,
        })
    }

    pub(crate) fn file(dir: &Path) -> PathBuf {
        dir.join(Self::FILE)
    }

    /// What a directory's lab remembers; `None` if there is no lab.
    pub(crate) fn read(dir: &Path) -> anyhow::Result<Option<Self>> {
        let file = Self::file(dir);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error).with_context(|| file.display().to_string()),
        };
        let not_ours = || format!("{} is not a lab's state", file.display());
        let state: Value = serde_json::from_str(&text).with_context(not_ours)?;
        // First: another version may have other keys.
        ensure!(
            state["version"]
                .as_u64()
                .is_none_or(|version| version == Self::VERSION),
            "{} is of another version of facture",
            file.display()
        );
        serde_json::from_value(state)
            .map(Some)
            .with_context(not_ours)
    }

    pub(crate) fn write(&self, dir: &Path) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        replace(&Self::file(dir), &text)
    }
}

/// Writes a file that only its owner can read, all of it or nothing.
pub(crate) fn replace(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let named = || path.display().to_string();
    let new = path.with_extension("new");
    let mut file = File::options()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&new)
        .with_context(named)?;
    file.write_all(content).with_context(named)?;
    // After a power cut there is the old one or the new one, not an empty one.
    file.sync_all().with_context(named)?;
    fs::rename(&new, path).with_context(named)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn what_is_written_is_read_and_private() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(State::read(dir.path()).unwrap(), None);
        assert_eq!(State::read(&dir.path().join("none")).unwrap(), None);
        let mut state = State::new(Kind::Mixed).unwrap();
        state.checkout = Some(CheckoutPorts {
            facture: 1,
            wallet: 2,
        });
        state.write(dir.path()).unwrap();
        assert_eq!(State::read(dir.path()).unwrap(), Some(state));
        let mode = State::file(dir.path()).metadata().unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }

    #[test]
    fn a_new_lab_has_seven_ports() {
        let state = State::new(Kind::Cln).unwrap();
        let mut ports = BTreeSet::from([state.bitcoind]);
        ports.extend(state.alice);
        ports.extend(state.bob);
        assert_eq!(ports.len(), 7);
    }

    #[test]
    fn a_damaged_or_newer_state_is_an_error_that_names_the_file() {
        let dir = tempfile::tempdir().unwrap();
        for (text, words) in [
            ("", "is not a lab's state"),
            ("{}", "is not a lab's state"),
            ("[]", "is not a lab's state"),
            (r#"{"version":1}"#, "is not a lab's state"),
            (r#"{"version":2,"nodes":[]}"#, "of another version"),
        ] {
            fs::write(State::file(dir.path()), text).unwrap();
            let error = format!("{:#}", State::read(dir.path()).unwrap_err());
            assert!(error.contains("lab.json"), "{error}");
            assert!(error.contains(words), "{error}");
        }
    }
}
