//! An invoice as the API has it: what is read of it, and what this service writes down in it.

use nostr::key::PublicKey;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::connection::{Connection, ConnectionName, Reach};

/// What is read of an invoice.
#[derive(Debug, Deserialize)]
pub(crate) struct ApiInvoice {
    pub(crate) status: Status,
    #[serde(deserialize_with = "amount")]
    pub(crate) amount_msat: Option<u64>,
    pub(crate) description: String,
    pub(crate) bolt11: Option<String>,
    pub(crate) payment_hash: String,
    /// In seconds since 1970, as all times.
    pub(crate) created_at: u64,
    pub(crate) expires_at: u64,
    pub(crate) amount_received_msat: Option<u64>,
    pub(crate) paid_at: Option<u64>,
    pub(crate) payment_proven_at: Option<u64>,
    metadata: Option<Box<RawValue>>,
}

/// The state of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Unpaid,
    Accepted,
    Paid,
    Expired,
    Cancelled,
}

/// The metadata of an invoice that was made by a connection.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Marked {
    pub(crate) nwc: Mark,
}

/// Which connection made an invoice, and what its client wants to be kept.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Mark {
    /// For people.
    connection: ConnectionName,
    /// A name may be given again; a key is not.
    client: PublicKey,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metadata: Option<Box<RawValue>>,
}

impl Mark {
    /// Of this connection.
    pub(crate) fn of(connection: &Connection, metadata: Option<Box<RawValue>>) -> Self {
        Self {
            connection: connection.name.clone(),
            client: connection.client,
            metadata,
        }
    }
}

impl ApiInvoice {
    /// Whether a connection sees it.
    pub(crate) fn is_seen_by(&self, connection: &Connection) -> bool {
        match connection.reach {
            Reach::All => true,
            Reach::Own => self
                .mark()
                .is_some_and(|mark| mark.client == connection.client),
        }
    }

    /// What its connection's client wanted to be kept.
    pub(crate) fn client_metadata(&self) -> Option<Box<RawValue>> {
        self.mark()?.metadata
    }

    /// Whether it was paid.
    pub(crate) fn is_settled(&self) -> bool {
        self.status == Status::Paid || self.payment_proven_at.is_some()
    }

    /// Who made it; `None`: not a connection of this service.
    fn mark(&self) -> Option<Mark> {
        let metadata = self.metadata.as_ref()?;
        let marked: Marked = serde_json::from_str(metadata.get()).ok()?;
        Some(marked.nwc)
    }
}

/// A number, or `"any"`.
fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Amount {
        Exact(u64),
        Any(AnyWord),
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum AnyWord {
        Any,
    }
    Ok(match Amount::deserialize(deserializer)? {
        Amount::Exact(msat) => Some(msat),
        Amount::Any(AnyWord::Any) => None,
    })
}
