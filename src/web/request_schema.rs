//! Explains what a request may contain, in our own words. It is derived from the schema in the document, so that errors
//! and document agree.

use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use utoipa::{IntoParams, ToSchema};

use super::error::Invalid;

/// The names allowed in a request, each with its schema.
pub(crate) struct RequestSchema {
    /// What such a name is called in messages.
    kind: &'static str,
    names: Vec<(String, Value)>,
    /// The schemas that these refer to, by name.
    referred: Map<String, Value>,
}

/// The maximum number of characters of an unknown name to repeat in messages.
const MAX_NAME_CHARS: usize = 40;

impl RequestSchema {
    /// The members of the JSON object in a body.
    pub(crate) fn fields<T: ToSchema>() -> Self {
        let mut referred = Vec::new();
        T::schemas(&mut referred);
        let schema = json(&T::schema());
        let fields = schema["properties"].as_object().into_iter().flatten();
        let named = referred.into_iter();
        Self {
            kind: "field",
            names: fields
                .map(|(name, schema)| (name.clone(), schema.clone()))
                .collect(),
            referred: named.map(|(name, schema)| (name, json(&schema))).collect(),
        }
    }

    /// The parameters in the query string.
    pub(crate) fn parameters<T: IntoParams>() -> Self {
        let parameters = T::into_params(|| None).into_iter();
        Self {
            kind: "parameter",
            names: parameters
                .map(|parameter| (parameter.name, json(&parameter.schema)))
                .collect(),
            referred: Map::new(),
        }
    }

    /// Explains why input was rejected, and what is allowed. serde reports the broken rule only as text, worded for
    /// Rust developers: we extract nothing but the name.
    pub(crate) fn explain<E: std::fmt::Display>(
        &self,
        code: &'static str,
        error: &serde_path_to_error::Error<E>,
    ) -> Invalid {
        let kind = self.kind;
        let words = error.inner().to_string();
        let named = |rule: &str| {
            let rest = words.strip_prefix(rule)?.strip_prefix(" field `")?;
            // The text after the name contains backticks too.
            let (name, _) = rest.split_once("`, ").or_else(|| rest.split_once('`'))?;
            Some(name.chars().take(MAX_NAME_CHARS).collect::<String>())
        };
        let (field, message) = if let Some(name) = named("unknown") {
            let known: Vec<_> = self.names.iter().map(|(name, _)| name.as_str()).collect();
            let known = known.join(", ");
            let message = format!("Unknown {kind} {name}. The {kind}s are: {known}.");
            (name, message)
        } else if let Some(name) = named("missing") {
            let message = format!("The {kind} {name} is missing.");
            (name, message)
        } else if let Some(name) = named("duplicate") {
            let message = format!("The {kind} {name} was sent more than once.");
            (name, message)
        } else {
            let allowed = self.must_be(self.schema_at(error.path()));
            let field = error.path().to_string();
            let message = format!("The {kind} {field} must be {allowed}.");
            (field, message)
        };
        Invalid {
            field,
            code,
            message,
        }
    }

    fn schema_at(&self, path: &Path) -> &Value {
        let mut schema = &Value::Null;
        for (depth, segment) in path.iter().enumerate() {
            schema = match segment {
                Segment::Map { key } if depth == 0 => {
                    let mut names = self.names.iter();
                    let found = names.find(|(name, _)| name == key);
                    found.map_or(&Value::Null, |(_, schema)| schema)
                }
                Segment::Map { key } => &self.resolved(schema)["properties"][key],
                Segment::Seq { .. } => &self.resolved(schema)["items"],
                Segment::Enum { .. } | Segment::Unknown => schema,
            };
        }
        schema
    }

    /// What a schema allows, worded to follow "must be". It does not mention that a field is optional.
    fn must_be(&self, schema: &Value) -> String {
        let schema = self.resolved(schema);
        for choice in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[choice].as_array() {
                let choices = choices.iter().filter(|choice| choice["type"] != "null");
                let choices = choices.map(|choice| self.must_be(choice));
                return choices.collect::<Vec<_>>().join(" or ");
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
            (least, most) if unit.is_empty() => format!(" from {least} to {most}"),
            (least, most) => format!(" of {least} to {most}{unit}"),
        };
        match kind.and_then(Value::as_str) {
            Some("integer") => format!("a whole number{}", bounds("minimum", "maximum", "")),
            Some("string") => format!(
                "a string{}",
                bounds("minLength", "maxLength", " characters")
            ),
            Some("boolean") => "true or false".to_owned(),
            Some("array") => {
                let item = self.must_be(&schema["items"]);
                format!("an array, and each item {item}")
            }
            Some("object") => "an object".to_owned(),
            _ => "as the document at /api/docs describes it".to_owned(),
        }
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"]
            .as_str()
            .and_then(|path| path.rsplit('/').next());
        name.and_then(|name| self.referred.get(name))
            .unwrap_or(schema)
    }
}

/// Serializing a schema cannot fail.
fn json(schema: &impl serde::Serialize) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_is_said_in_words() {
        let switch = json!({ "type": "string", "enum": ["on", "off"] });
        let allowed = RequestSchema {
            kind: "field",
            names: Vec::new(),
            referred: [("Switch".to_owned(), switch)].into_iter().collect(),
        };
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
                "a string of at most 5 characters",
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
                json!({ "type": ["array", "null"], "items": { "$ref": "#/components/schemas/Switch" } }),
                "an array, and each item one of \"on\", \"off\"",
            ),
        ] {
            assert_eq!(allowed.must_be(&schema), words);
        }
    }
}
