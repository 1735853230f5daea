//! An event as the API has it, and as it is printed and forwarded.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// An event: the body of a webhook has these members, in this order.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct ReadEvent {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) timestamp: String,
    pub(super) sequence: u64,
    data: Box<RawValue>,
}

/// What identifies the subject, whatever it is.
#[derive(Default, Deserialize)]
struct SubjectJson {
    label: Option<String>,
    id: Option<String>,
}

impl ReadEvent {
    /// The bytes that a webhook gets.
    pub(super) fn body(&self) -> Vec<u8> {
        // Writing what was read cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The label or the id of what it is about; empty: it is about nothing.
    pub(super) fn subject(&self) -> String {
        type Members = std::collections::BTreeMap<String, Option<SubjectJson>>;
        let members: Members = serde_json::from_str(self.data.get()).unwrap_or_default();
        let mut subjects = members.into_values().flatten();
        let named = subjects.find_map(|subject| subject.label.or(subject.id));
        named.unwrap_or_default()
    }
}

impl fmt::Display for ReadEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = self.subject();
        write!(
            f,
            "{} {} {} {subject}",
            self.timestamp, self.sequence, self.kind
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_gets_the_members_of_the_envelope_and_the_data_as_it_came() {
        let text = r#"{"type":"invoice.paid","timestamp":"2026-11-20T18:12:40Z","sequence":42,"data":{"payout":null,"invoice":{"label":"facture_1","amount_msat":1000}},"time":1,"invoice":{"label":"facture_1"}}"#;
        let event: ReadEvent = serde_json::from_str(text).unwrap();
        let expected = r#"{"type":"invoice.paid","timestamp":"2026-11-20T18:12:40Z","sequence":42,"data":{"payout":null,"invoice":{"label":"facture_1","amount_msat":1000}}}"#;
        assert_eq!(event.body(), expected.as_bytes());
        assert_eq!(
            event.to_string(),
            "2026-11-20T18:12:40Z 42 invoice.paid facture_1"
        );
        let payout = text.replace(r#""payout":null"#, r#""payout":{"id":"po_1"}"#);
        let payout = payout.replace(
            r#""invoice":{"label":"facture_1","amount_msat":1000}"#,
            r#""invoice":null"#,
        );
        let event: ReadEvent = serde_json::from_str(&payout).unwrap();
        assert_eq!(event.subject(), "po_1");
    }
}
