//! The objects of the API.

use serde_json::{Map, Value};

/// What records have of the API, by the names of its OpenAPI document.
const USED: [&str; 7] = [
    "Decode",
    "Decoded",
    "Invoice",
    "NewInvoice",
    "NewPayout",
    "Payout",
    "WebhookEvent",
];

const PREFIX: &str = "#/components/schemas/";

/// The schemas of those, and of all that they refer to.
pub(super) fn schemas(openapi: &Value) -> Map<String, Value> {
    let all = &openapi["components"]["schemas"];
    let mut found = Map::new();
    let mut wanted: Vec<String> = USED.map(str::to_owned).into();
    while let Some(name) = wanted.pop() {
        if found.contains_key(&name) {
            continue;
        }
        let schema = all[&name].clone();
        references(&schema, &mut wanted);
        found.insert(name, schema);
    }
    portable(found)
}

/// The same without what only OpenAPI knows: `example` becomes `examples`.
pub(super) fn portable(schemas: Map<String, Value>) -> Map<String, Value> {
    let each = schemas.into_iter();
    each.map(|(name, schema)| (name, with_examples(schema)))
        .collect()
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str);
            found.extend(
                name.and_then(|name| name.strip_prefix(PREFIX))
                    .map(str::to_owned),
            );
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

fn with_examples(schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            // A property may have any name; what is an example is no schema.
            let is_schema = ["type", "$ref", "oneOf", "allOf", "anyOf"]
                .iter()
                .any(|word| members.contains_key(*word));
            let each = members.into_iter();
            each.map(|(name, value)| match name.as_str() {
                "example" if is_schema => ("examples".to_owned(), Value::Array(vec![value])),
                _ => (name, with_examples(value)),
            })
            .collect()
        }
        Value::Array(values) => values.into_iter().map(with_examples).collect(),
        other => other,
    }
}
