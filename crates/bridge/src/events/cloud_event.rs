//! An event as a CloudEvent 1.0 (the Kafka protocol binding, §3). In binary mode the value is the JSON that webhooks are sent,
//! and the attributes are in headers; in structured mode the value has both.

use std::borrow::Cow;

use hyper::body::Bytes;
use jiff::Timestamp;
use krafka::Record;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::config::Mode;

/// The content type of a value in structured mode.
pub(crate) const STRUCTURED: &str = "application/cloudevents+json; charset=UTF-8";

const JSON: &str = "application/json";

/// The room for what a value has beside the data of its event, in bytes.
const ENVELOPE_BYTES: usize = 128;

/// An event of the API.
#[derive(Debug)]
pub(crate) struct ApiEvent<'a> {
    json: EventJson<'a>,
    data: DataJson<'a>,
}

/// What is read of an event, and the value in binary mode. In lists and streams an event has more members, which will be
/// removed: they say the same again.
#[derive(Debug, Deserialize, Serialize)]
struct EventJson<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    timestamp: Timestamp,
    sequence: u64,
    #[serde(borrow)]
    data: &'a RawValue,
}

#[derive(Debug, Deserialize)]
struct DataJson<'a> {
    #[serde(default, borrow)]
    invoice: Option<InvoiceJson<'a>>,
    #[serde(default, borrow)]
    payout: Option<PayoutJson<'a>>,
}

#[derive(Debug, Deserialize)]
struct InvoiceJson<'a> {
    #[serde(borrow)]
    label: Cow<'a, str>,
}

#[derive(Debug, Deserialize)]
struct PayoutJson<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    /// The label of the sale that it refunds.
    #[serde(default)]
    invoice: Option<String>,
}

/// The data of an event with the state of its invoice.
#[derive(Deserialize)]
struct StateJson<'a> {
    #[serde(default, borrow)]
    invoice: Option<&'a RawValue>,
}

/// The invoice whose state an event tells, or changes.
#[derive(Debug)]
pub(super) enum Told {
    /// The event has its state.
    State {
        /// The invoice.
        label: String,
        /// Its JSON.
        json: Vec<u8>,
    },
    /// It may have changed.
    Refunded(String),
}

/// A value in structured mode.
#[derive(Serialize)]
struct StructuredJson<'a> {
    specversion: &'static str,
    id: &'a str,
    source: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    time: Timestamp,
    sequence: String,
    datacontenttype: &'static str,
    data: &'a EventJson<'a>,
}

/// The type of the CloudEvent of an event of this kind.
pub(crate) fn event_type(kind: &str) -> String {
    format!("com.facture.{kind}.v1")
}

impl<'a> ApiEvent<'a> {
    /// Reads an event of the API.
    pub(crate) fn read(value: &'a [u8]) -> Result<Self, serde_json::Error> {
        let json: EventJson<'a> = serde_json::from_slice(value)?;
        let data = serde_json::from_str(json.data.get())?;
        Ok(Self { json, data })
    }

    /// Its position in the log.
    pub(super) fn sequence(&self) -> u64 {
        self.json.sequence
    }

    /// When it was recorded.
    pub(super) fn timestamp(&self) -> Timestamp {
        self.json.timestamp
    }

    /// What it is about.
    fn subject(&self) -> Option<&str> {
        let DataJson { invoice, payout } = &self.data;
        match (invoice, payout) {
            (Some(invoice), _) => Some(&invoice.label),
            (None, Some(payout)) => Some(&payout.id),
            (None, None) => None,
        }
    }

    /// The invoice whose state it tells, or changes.
    pub(super) fn invoice(&self) -> Result<Option<Told>, serde_json::Error> {
        let state: StateJson<'_> = serde_json::from_str(self.json.data.get())?;
        if let (Some(json), Some(InvoiceJson { label })) = (state.invoice, &self.data.invoice) {
            return Ok(Some(Told::State {
                label: label.clone().into_owned(),
                json: json.get().as_bytes().to_vec(),
            }));
        }
        let sale = self.data.payout.as_ref();
        let sale = sale.and_then(|payout| payout.invoice.clone());
        Ok(sale.map(Told::Refunded))
    }

    /// Its record. All events of one subject have its id as their key, so that they stay in order. The event's id follows from
    /// subject and type: it is the same after the records were restored or built anew.
    pub(crate) fn record(
        &self,
        topic: &str,
        source: &str,
        mode: Mode,
    ) -> Result<Record, serde_json::Error> {
        let EventJson { kind, sequence, .. } = &self.json;
        let id = match self.subject() {
            Some(subject) => format!("{subject}.{kind}"),
            None => sequence.to_string(),
        };
        let kind = event_type(kind);
        let key = self
            .subject()
            .map(|subject| Bytes::from(subject.to_owned()));
        let record = match mode {
            Mode::Binary => {
                let record = Record::new(topic, self.written(&self.json)?)
                    .header("content-type", JSON)
                    .header("ce_specversion", "1.0")
                    .header("ce_source", source.to_owned())
                    .header("ce_type", kind)
                    .header("ce_time", self.timestamp().to_string())
                    .header("ce_sequence", sequence.to_string())
                    .header("ce_id", id);
                match &key {
                    Some(subject) => record.header("ce_subject", subject.clone()),
                    None => record,
                }
            }
            Mode::Structured => {
                let event = StructuredJson {
                    specversion: "1.0",
                    id: &id,
                    source,
                    kind: &kind,
                    subject: self.subject(),
                    time: self.timestamp(),
                    sequence: sequence.to_string(),
                    datacontenttype: JSON,
                    data: &self.json,
                };
                Record::new(topic, self.written(&event)?).header("content-type", STRUCTURED)
            }
        };
        Ok(match key {
            Some(subject) => record.key(subject),
            None => record,
        })
    }

    /// A value with its data.
    fn written(&self, value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
        let mut written = Vec::with_capacity(self.json.data.get().len() + ENVELOPE_BYTES);
        serde_json::to_writer(&mut written, value)?;
        Ok(written)
    }
}
