//! Dead letters: key and value byte for byte as they came, so that they can be sent again; the reason is in headers.

use krafka::{ConsumerRecord, Record};

use crate::command::Rejected;

/// The record for the topic of dead letters, at this time in milliseconds since 1970.
pub(crate) fn record(
    topic: &str,
    record: &ConsumerRecord,
    rejected: &Rejected,
    now: i64,
) -> Record {
    let value = record.value.clone().unwrap_or_default();
    let mut letter = Record::new(topic, value);
    if record.value.is_none() {
        letter = letter.without_value();
    }
    if let Some(key) = &record.key {
        letter = letter.key(key.clone());
    }
    for (name, value) in &record.headers {
        letter = match value {
            Some(value) => letter.header(name.clone(), value.clone()),
            None => letter.null_header(name.clone()),
        };
    }
    if let Some(field) = rejected.field {
        letter = letter.header("dlq-field", field);
    }
    letter
        .header("dlq-reason", rejected.reason.as_str())
        .header("dlq-original-topic", record.topic.to_string())
        .header("dlq-original-partition", record.partition.to_string())
        .header("dlq-original-offset", record.offset.to_string())
        .header("dlq-time", now.to_string())
}
