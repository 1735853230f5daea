//! What a check found.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// What was checked, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The configuration can be read, and its values are allowed.
    Configuration,
    /// The data directory can be used, and by its owner only.
    DataDirectory,
    /// The records are those of a version that this program knows.
    Records,
    /// There is room on the disk.
    Disk,
    /// The records were backed up lately.
    Backup,
    /// What lets us in at the node is not for everybody.
    Credentials,
    /// The node answers, and is the one of the records.
    Node,
    /// The node knows the chain.
    Sync,
    /// The node lets us make the calls of a checkout, and no others.
    Rights,
    /// This machine's clock agrees with the node's.
    Clock,
    /// The node can be paid.
    Liquidity,
    /// A server runs on the records.
    Server,
    /// The server follows its node.
    Follower,
    /// Webhooks arrive.
    Webhooks,
    /// What pays payouts.
    Payer,
    /// The public address leads to this server.
    PublicUrl,
    /// The proxy in front says for whom it asks.
    Proxy,
}

/// There is no check of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no check `{name}`; there are {}", Check::ALL.map(Check::as_str).join(", "))]
pub struct UnknownCheck {
    name: String,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All is well.
    Ok,
    /// It works, and should be looked at.
    Warning,
    /// It does not work.
    Problem,
    /// There was nothing to check it by.
    NotChecked,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// How it ended.
    pub state: State,
    /// What was found, in a sentence.
    pub message: String,
    /// What to do about it, in a sentence; nothing where nothing is to be done.
    pub advice: Option<String>,
}

impl Finding {
    /// All is well.
    pub fn ok(check: Check, message: impl Into<String>) -> Self {
        Self {
            check,
            state: State::Ok,
            message: message.into(),
            advice: None,
        }
    }

    /// It works, and should be looked at.
    pub fn warning(check: Check, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            state: State::Warning,
            advice: Some(advice.into()),
            ..Self::ok(check, message)
        }
    }

    /// It does not work.
    pub fn problem(check: Check, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            state: State::Problem,
            advice: Some(advice.into()),
            ..Self::ok(check, message)
        }
    }

    /// There was nothing to check it by.
    pub fn not_checked(check: Check, message: impl Into<String>) -> Self {
        Self {
            state: State::NotChecked,
            ..Self::ok(check, message)
        }
    }

    /// Whether it does not work.
    pub fn is_problem(&self) -> bool {
        self.state == State::Problem
    }
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Configuration,
        Self::DataDirectory,
        Self::Records,
        Self::Disk,
        Self::Backup,
        Self::Credentials,
        Self::Node,
        Self::Sync,
        Self::Rights,
        Self::Clock,
        Self::Liquidity,
        Self::Server,
        Self::Follower,
        Self::Webhooks,
        Self::Payer,
        Self::PublicUrl,
        Self::Proxy,
    ];

    /// Its name in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::DataDirectory => "data_directory",
            Self::Records => "records",
            Self::Disk => "disk",
            Self::Backup => "backup",
            Self::Credentials => "credentials",
            Self::Node => "node",
            Self::Sync => "sync",
            Self::Rights => "rights",
            Self::Clock => "clock",
            Self::Liquidity => "liquidity",
            Self::Server => "server",
            Self::Follower => "follower",
            Self::Webhooks => "webhooks",
            Self::Payer => "payer",
            Self::PublicUrl => "public_url",
            Self::Proxy => "proxy",
        }
    }
}

impl FromStr for Check {
    type Err = UnknownCheck;

    fn from_str(name: &str) -> Result<Self, UnknownCheck> {
        let check = Self::ALL.into_iter().find(|check| check.as_str() == name);
        check.ok_or_else(|| UnknownCheck {
            name: name.to_owned(),
        })
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// As people read it.
impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataDirectory => f.pad("data directory"),
            Self::PublicUrl => f.pad("public address"),
            check => f.pad(check.as_str()),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "PROBLEM",
            Self::NotChecked => "not checked",
        })
    }
}

/// A line, and one for the advice.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:11}  {:14}  {}", self.state, self.check, self.message)?;
        match &self.advice {
            Some(advice) => write!(f, "\n{:29}-> {advice}", ""),
            None => Ok(()),
        }
    }
}
