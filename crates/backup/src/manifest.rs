//! What a backup says of itself: `manifest.json`, its first member.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use facture_store::RecordsContents;

/// The version of the file's layout.
pub(crate) const FORMAT: u32 = 1;

/// What is in a backup.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// The version of the layout.
    pub format: u32,
    /// The version of the facture that made it.
    pub facture: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The version of the tables.
    pub schema: u32,
    /// The node whose invoices these are.
    pub node_id: Option<String>,
    /// The number of the last event that there ever was; 0: none.
    pub last_event: u64,
    /// The fingerprint of the label key; `None` where there was none.
    pub label_key: Option<String>,
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
    /// What follows in the file, in this order.
    pub members: Vec<Member>,
}

/// A file in a backup.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Which.
    pub name: MemberName,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// The files of a data directory that are in a backup.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum MemberName {
    /// The label key.
    #[serde(rename = "label.key")]
    LabelKey,
    /// The database.
    #[serde(rename = "facture.db")]
    Records,
}

impl MemberName {
    /// The name of the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LabelKey => "label.key",
            Self::Records => "facture.db",
        }
    }
}

impl Member {
    pub(crate) fn new(name: MemberName, digest: Digest) -> Self {
        Self {
            name,
            bytes: digest.bytes,
            sha256: digest.sha256,
        }
    }
}

impl Manifest {
    /// Whether the records have this in them.
    pub(crate) fn describes(&self, contents: &RecordsContents) -> bool {
        let node = contents.node.as_ref().map(|node| node.as_str());
        self.schema == contents.schema
            && self.node_id.as_deref() == node
            && self.last_event == contents.last_event
            && self.rows == contents.rows
    }
}

/// For people, in a few lines.
impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "made: {} by facture {} (schema {})",
            self.created_at, self.facture, self.schema
        )?;
        writeln!(f, "node: {}", self.node_id.as_deref().unwrap_or("none yet"))?;
        match &self.label_key {
            Some(key) => writeln!(f, "label key: {key} (fingerprint)")?,
            None => writeln!(f, "label key: none yet")?,
        }
        writeln!(f, "last event: {}", self.last_event)?;
        let count = |table: &str| self.rows.get(table).copied().unwrap_or_default();
        write!(
            f,
            "records: {} invoices, {} events, {} payouts, {} users, {} API tokens",
            count("invoices"),
            count("events"),
            count("payouts"),
            count("users"),
            count("tokens"),
        )
    }
}
