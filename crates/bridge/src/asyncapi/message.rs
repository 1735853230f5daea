//! How messages, their headers and their keys are written.

use serde_json::{Map, Value, json};

pub(super) const JSON: &str = "application/json";

/// By their names.
pub(super) type Messages = Map<String, Value>;

/// A message.
pub(super) struct Message<'a> {
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) content_type: &'a str,
    pub(super) headers: Value,
    pub(super) payload: Value,
    /// What its Kafka key is.
    pub(super) key: &'a str,
}

impl Message<'_> {
    /// Its name and what the document says of it.
    pub(super) fn write(self) -> (String, Value) {
        let written = json!({
            "name": self.name,
            "title": self.name,
            "summary": self.description,
            "contentType": self.content_type,
            "headers": self.headers,
            "payload": self.payload,
            "bindings": { "kafka": {
                "key": { "type": "string", "description": self.key },
                "bindingVersion": "0.5.0",
            } },
        });
        (self.name.to_owned(), written)
    }
}

/// Headers: those that are always there, and those that may be.
pub(super) fn headers(required: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let names: Vec<_> = required.iter().map(|(name, _)| *name).collect();
    let all = required.iter().chain(optional);
    let all: Map<_, _> = all
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    json!({ "type": "object", "properties": all, "required": names })
}

/// A header, whose value is a text.
pub(super) fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

/// A header of digits.
pub(super) fn digits(description: &str) -> Value {
    json!({ "type": "string", "pattern": "^[0-9]+$", "description": description })
}

/// One that is always the same.
pub(super) fn always(text: &str) -> Value {
    json!({ "type": "string", "const": text })
}

/// The schema of this name.
pub(super) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
