//! An event as a CloudEvent 1.0 in binary mode (the Kafka protocol binding, §3.2): the value is the JSON that webhooks and
//! lists have, the attributes are in headers.

use jiff::Timestamp;
use krafka::Record;
use serde::Deserialize;

/// What is read of an event.
#[derive(Debug, Deserialize)]
pub(super) struct EventJson {
    #[serde(rename = "type")]
    kind: String,
    pub(super) timestamp: Timestamp,
    pub(super) sequence: u64,
    data: DataJson,
}

#[derive(Debug, Deserialize)]
struct DataJson {
    #[serde(default)]
    invoice: Option<InvoiceJson>,
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
}

impl EventJson {
    /// What it is about.
    fn subject(&self) -> Option<&str> {
        let invoice = self.data.invoice.as_ref().map(|invoice| &*invoice.label);
        invoice.or(self.data.payout.as_ref().map(|payout| &*payout.id))
    }

    /// The record of an event. All events of one subject have its id as their key, so that they stay in order. The event's id
    /// follows from subject and type: it is the same after the records were restored or built anew.
    pub(super) fn record(&self, topic: &str, source: &str, value: Vec<u8>) -> Record {
        let record = Record::new(topic, value)
            .header("content-type", "application/json")
            .header("ce_specversion", "1.0")
            .header("ce_source", source.to_owned())
            .header("ce_type", format!("com.facture.{}.v1", self.kind))
            .header("ce_time", self.timestamp.to_string())
            .header("ce_sequence", self.sequence.to_string());
        match self.subject() {
            Some(subject) => record
                .key(subject.to_owned())
                .header("ce_subject", subject.to_owned())
                .header("ce_id", format!("{subject}.{}", self.kind)),
            None => record.header("ce_id", self.sequence.to_string()),
        }
    }
}
