//! An event as a CloudEvent 1.0 (the Kafka protocol binding, §3). In binary mode the value is the JSON that lists and streams
//! have, and the attributes are in headers; in structured mode the value has both.

use jiff::Timestamp;
use krafka::Record;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::config::Mode;

/// The content type of a value in structured mode.
pub(crate) const STRUCTURED: &str = "application/cloudevents+json; charset=UTF-8";

const JSON: &str = "application/json";

/// What is read of an event.
#[derive(Debug, Deserialize)]
pub(crate) struct EventJson<'a> {
    #[serde(rename = "type")]
    kind: String,
    pub(super) timestamp: Timestamp,
    pub(super) sequence: u64,
    #[serde(borrow)]
    data: DataJson<'a>,
}

#[derive(Debug, Deserialize)]
struct DataJson<'a> {
    #[serde(default, borrow)]
    invoice: Option<&'a RawValue>,
    #[serde(default)]
    payout: Option<PayoutJson>,
}

#[derive(Debug, Deserialize)]
struct InvoiceJson {
    label: String,
}

#[derive(Debug, Deserialize)]
struct PayoutJson {
    id: String,
    /// The label of the sale that it refunds.
    #[serde(default)]
    invoice: Option<String>,
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
    id: String,
    source: &'a str,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    time: String,
    sequence: String,
    datacontenttype: &'static str,
    data: &'a RawValue,
}

/// The type of the CloudEvent of an event of this kind.
pub(crate) fn event_type(kind: &str) -> String {
    format!("com.facture.{kind}.v1")
}

impl<'a> EventJson<'a> {
    /// Reads an event of the API.
    pub(crate) fn read(value: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(value)
    }

    /// What it is about.
    fn subject(&self) -> Result<Option<String>, serde_json::Error> {
        match self.data.invoice {
            Some(invoice) => Ok(Some(label(invoice)?)),
            None => Ok(self.data.payout.as_ref().map(|payout| payout.id.clone())),
        }
    }

    /// The invoice whose state it tells, or changes.
    pub(super) fn invoice(&self) -> Result<Option<Told>, serde_json::Error> {
        if let Some(invoice) = self.data.invoice {
            return Ok(Some(Told::State {
                label: label(invoice)?,
                json: invoice.get().as_bytes().to_vec(),
            }));
        }
        let sale = self.data.payout.as_ref();
        let sale = sale.and_then(|payout| payout.invoice.clone());
        Ok(sale.map(Told::Refunded))
    }

    /// The record of an event, whose JSON is `value`. All events of one subject have its id as their key, so that they stay in
    /// order. The event's id follows from subject and type: it is the same after the records were restored or built anew.
    pub(crate) fn record(
        &self,
        topic: &str,
        source: &str,
        mode: Mode,
        value: &[u8],
    ) -> Result<Record, serde_json::Error> {
        let subject = self.subject()?;
        let id = match &subject {
            Some(subject) => format!("{subject}.{}", self.kind),
            None => self.sequence.to_string(),
        };
        let kind = event_type(&self.kind);
        let (time, sequence) = (self.timestamp.to_string(), self.sequence.to_string());
        let record = match mode {
            Mode::Binary => {
                let record = Record::new(topic, value.to_vec())
                    .header("content-type", JSON)
                    .header("ce_specversion", "1.0")
                    .header("ce_source", source.to_owned())
                    .header("ce_type", kind)
                    .header("ce_time", time)
                    .header("ce_sequence", sequence)
                    .header("ce_id", id);
                match &subject {
                    Some(subject) => record.header("ce_subject", subject.clone()),
                    None => record,
                }
            }
            Mode::Structured => {
                let event = StructuredJson {
                    specversion: "1.0",
                    id,
                    source,
                    kind,
                    subject: subject.clone(),
                    time,
                    sequence,
                    datacontenttype: JSON,
                    data: serde_json::from_slice(value)?,
                };
                Record::new(topic, serde_json::to_vec(&event)?).header("content-type", STRUCTURED)
            }
        };
        Ok(match subject {
            Some(subject) => record.key(subject),
            None => record,
        })
    }
}

fn label(invoice: &RawValue) -> Result<String, serde_json::Error> {
    serde_json::from_str(invoice.get()).map(|InvoiceJson { label }| label)
}
