//! What `docs/asyncapi.yaml` says of events holds for whatever a test reads of them.

use std::{collections::HashMap, fs, path::Path, sync::LazyLock};

use facture_domain::EventKind;
use jsonschema::Validator;
use serde_json::{Value, json};

/// The document.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/asyncapi.yaml");
    let text = fs::read_to_string(file).expect("docs/asyncapi.yaml");
    serde_saphyr::from_str(&text).expect("YAML")
});

/// Checks the events of an answer that has some, as shops read them.
pub(crate) fn check_all(answer: &Value) {
    let events = answer["events"].as_array().into_iter().flatten();
    for event in events.filter(|event| event["data"].get("payout").is_some()) {
        check(event);
    }
}

/// By kind.
static SCHEMAS: LazyLock<HashMap<String, Validator>> = LazyLock::new(|| {
    let kinds = EventKind::ALL.map(EventKind::as_str);
    let each = kinds.iter().map(|kind| {
        let schema = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "allOf": [{ "$ref": format!("#/components/schemas/{kind}") }],
            "components": { "schemas": DOCUMENT["components"]["schemas"] },
        });
        let validator = jsonschema::options().should_validate_formats(true);
        let validator = validator.build(&schema).expect("a schema");
        ((*kind).to_owned(), validator)
    });
    each.collect()
});

/// An event is as the schema of its kind says.
fn check(event: &Value) {
    let schema = &SCHEMAS[event["type"].as_str().expect("a kind")];
    let errors: Vec<_> = schema
        .iter_errors(event)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:?}: {event}");
}
