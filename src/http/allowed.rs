//! What may be sent, in our own words: taken from the schema in the document, so that errors and document agree.

use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::{api::document::DOCUMENT, error::Invalid};

/// What can be named in a request.
pub(super) enum Place {
    /// A member of the JSON object in its body.
    Field,
    /// A parameter behind the `?`.
    Parameter,
}

/// The most characters of an unknown name that are told again.
const LONGEST_NAME: usize = 40;

/// Why something was not read, and what would be. `properties` has the schema of each name. serde tells which of its
/// rules is broken only in words; these are for people who write Rust, so only the name is taken out of them.
pub(super) fn explain<E: std::fmt::Display>(
    place: &Place,
    properties: &[(&str, &Value)],
    code: &'static str,
    error: &serde_path_to_error::Error<E>,
) -> Invalid {
    let place = match place {
        Place::Field => "field",
        Place::Parameter => "parameter",
    };
    let words = error.inner().to_string();
    let named = |rule: &str| {
        let rest = words.strip_prefix(rule)?.strip_prefix(" field `")?;
        // What follows the name has backticks too.
        let (name, _) = rest.split_once("`, ").or_else(|| rest.split_once('`'))?;
        Some(name.chars().take(LONGEST_NAME).collect::<String>())
    };
    let (field, message) = if let Some(name) = named("unknown") {
        let names: Vec<_> = properties.iter().map(|(name, _)| *name).collect();
        let message = match names.as_slice() {
            [] => format!("There is no {place} {name}."),
            names => format!(
                "There is no {place} {name}. The {place}s are: {}.",
                names.join(", ")
            ),
        };
        (name, message)
    } else if let Some(name) = named("missing") {
        let message = format!("The {place} {name} is missing.");
        (name, message)
    } else if let Some(name) = named("duplicate") {
        let message = format!("The {place} {name} is there more than once.");
        (name, message)
    } else {
        let schema = schema_at(properties, error.path());
        let field = error.path().to_string();
        let message = format!("The {place} {field} must be {}.", must_be(schema));
        (field, message)
    };
    Invalid {
        field,
        code,
        message,
    }
}

fn schema_at<'a>(properties: &[(&str, &'a Value)], path: &Path) -> &'a Value {
    let mut schema = &Value::Null;
    for (depth, segment) in path.iter().enumerate() {
        schema = match segment {
            Segment::Map { key } if depth == 0 => properties
                .iter()
                .find(|(name, _)| name == key)
                .map_or(&Value::Null, |(_, schema)| schema),
            Segment::Map { key } => &resolved(schema)["properties"][key],
            Segment::Seq { .. } => &resolved(schema)["items"],
            Segment::Enum { .. } | Segment::Unknown => schema,
        };
    }
    schema
}

/// What a schema allows, in words that go on after "must be".
fn must_be(schema: &Value) -> String {
    let schema = resolved(schema);
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            // Whoever may leave it out knows that.
            let choices = choices.iter().filter(|choice| choice["type"] != "null");
            return choices.map(must_be).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words.iter().map(Value::to_string).collect();
        return match words.as_slice() {
            [word] => word.clone(),
            words => format!("one of {}", words.join(", ")),
        };
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null"),
        kind => Some(kind),
    };
    let bounds = |least: &str, most: &str, unit: &str| match (&schema[least], &schema[most]) {
        (Value::Null, Value::Null) => String::new(),
        (Value::Null, most) => format!(" of at most {most}{unit}"),
        (least, Value::Null) => format!(" of at least {least}{unit}"),
        (least, most) => format!(" from {least} to {most}{unit}"),
    };
    match kind.and_then(Value::as_str) {
        Some("integer") => format!("a whole number{}", bounds("minimum", "maximum", "")),
        Some("string") => format!("a text{}", bounds("minLength", "maxLength", " characters")),
        Some("boolean") => "true or false".to_owned(),
        Some("array") => format!("a list, and each item {}", must_be(&schema["items"])),
        Some("object") => "an object".to_owned(),
        _ => "as the document at /api/docs describes it".to_owned(),
    }
}

fn resolved(schema: &Value) -> &Value {
    let reference = schema["$ref"].as_str();
    let path = reference.and_then(|reference| reference.strip_prefix('#'));
    path.and_then(|path| DOCUMENT.pointer(path))
        .unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_is_said_in_words() {
        for (schema, words) in [
            (
                json!({ "type": "integer", "minimum": 1, "maximum": 60 }),
                "a whole number from 1 to 60",
            ),
            (
                json!({ "type": ["integer", "null"], "minimum": 0 }),
                "a whole number of at least 0",
            ),
            (
                json!({ "type": "string", "maxLength": 5 }),
                "a text of at most 5 characters",
            ),
            (json!({ "type": "boolean" }), "true or false"),
            (
                json!({ "oneOf": [{ "type": "null" }, { "type": "string", "enum": ["a", "b"] }] }),
                "one of \"a\", \"b\"",
            ),
            (
                json!({ "oneOf": [{ "type": "integer" }, { "type": "string", "enum": ["any"] }] }),
                "a whole number or \"any\"",
            ),
            (
                json!({ "type": ["array", "null"], "items": { "$ref": "#/components/schemas/WebhookSwitch" } }),
                "a list, and each item one of \"enabled\", \"disabled\"",
            ),
        ] {
            assert_eq!(must_be(&schema), words);
        }
    }
}
