//! The web server's log, line by line, as lightningd's: a line of JSON becomes one line of text at its level.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A line as the telemetry writes it (`log.format = "json"`).
#[derive(Deserialize)]
struct Record {
    level: String,
    fields: Map<String, Value>,
    #[serde(default)]
    spans: Vec<Map<String, Value>>,
}

/// Logs a line of the web server's. One that is no JSON is what it complains of before it ends, and is returned.
pub(super) fn forward(line: &str) -> Option<String> {
    let Ok(record) = serde_json::from_str::<Record>(line) else {
        let complaint = one_line(line);
        let complaint = complaint.strip_prefix("facture: ").unwrap_or(&complaint);
        tracing::debug!("{complaint}");
        return Some(complaint.to_owned());
    };
    let text = record.text();
    match record.level.as_str() {
        "ERROR" => tracing::error!("{text}"),
        "WARN" => tracing::warn!("{text}"),
        "INFO" => tracing::info!("{text}"),
        "DEBUG" => tracing::debug!("{text}"),
        _ => tracing::trace!("{text}"),
    }
    None
}

impl Record {
    fn text(&self) -> String {
        let message = self.fields.get("message").and_then(Value::as_str);
        let mut text = message.unwrap_or_default().to_owned();
        for (name, value) in self.fields.iter().filter(|(name, _)| *name != "message") {
            text += &format!(" {name}={}", shown(value));
        }
        for span in &self.spans {
            let name = span.get("name").map(shown).unwrap_or_default();
            let members = span.iter().filter(|(name, _)| *name != "name");
            let members: Vec<_> = members
                .map(|(name, value)| format!("{name}={}", shown(value)))
                .collect();
            text += &format!(" ({name}: {})", members.join(" "));
        }
        one_line(&text)
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Line breaks would make lines that look like lightningd's own.
pub(super) fn one_line(text: &str) -> String {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.trim_end().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_one_line() {
        let line = r#"{"timestamp":"2026-11-28T12:00:00Z","level":"INFO","fields":{"message":"answered\nINFO forged","status":201},"target":"facture","spans":[{"name":"request","id":"a1"}]}"#;
        let record: Record = serde_json::from_str(line).unwrap();
        assert_eq!(
            record.text(),
            "answered INFO forged status=201 (request: id=a1)"
        );
    }

    #[test]
    fn what_is_no_record_is_a_complaint() {
        let complaint = forward("facture: cannot listen on 127.0.0.1:80: denied\r");
        assert_eq!(
            complaint.as_deref(),
            Some("cannot listen on 127.0.0.1:80: denied")
        );
        assert_eq!(
            forward(r#"{"level":"INFO","fields":{"message":"following the node"}}"#),
            None
        );
    }
}
