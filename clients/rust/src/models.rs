//! What is sent and read most. The rest of an object is in `rest`, as the API's document has it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An invoice to create: an amount and a description, or as the API's document says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NewInvoice {
    /// In satoshis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_sat: Option<u64>,
    /// In millisatoshis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_msat: Option<u64>,
    /// What is paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The shop's number of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<u32>,
    /// Other fields.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// How much an invoice asks for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    /// So many millisatoshis.
    Msat(u64),
    /// `any`: the payer chooses.
    Any(String),
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Invoice {
    /// Its id, which opens its page: keep it as private as the buyer's order.
    pub label: String,
    /// `unpaid`, `paid`, `expired`, `accepted` or `cancelled`.
    pub status: String,
    /// How much is asked for.
    pub amount_msat: Amount,
    /// What was received, in millisatoshis.
    pub amount_received_msat: Option<u64>,
    /// The string that wallets pay.
    pub bolt11: Option<String>,
    /// The page to show to the buyer.
    pub status_url: String,
    /// Other fields.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// What happened, from the event log or a webhook.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// `invoice.paid`; new ones may be added.
    #[serde(rename = "type")]
    pub kind: String,
    /// When, by RFC 3339.
    pub timestamp: String,
    /// Its number: later ones are higher. A test of a webhook has none.
    pub sequence: Option<u64>,
    /// With `invoice` or `payout`.
    pub data: Value,
}

/// A part of the event log.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct EventPage {
    /// In order.
    pub events: Vec<Event>,
    /// Where the next part begins.
    pub next_after: u64,
    /// Whether there are more already.
    pub more: bool,
}
