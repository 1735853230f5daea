//! A message of Celery (protocol 2) as kombu's transport for Kafka writes it: one JSON object, without key and headers of
//! Kafka. A worker with `@app.task(name="lightning-create")` gets `data`.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use serde_json::{Map, Value, json, to_vec};

use super::{
    outcome::{Answer, Written},
    seed::DataJson,
};

#[derive(Serialize)]
struct Arguments<'a> {
    data: DataJson<'a>,
}

/// What a message looks like.
pub(super) fn schema() -> Value {
    let text = json!({ "type": "string" });
    let object = |names: &[&str]| {
        let members = names.iter().map(|name| ((*name).to_owned(), text.clone()));
        let members: Map<_, _> = members.collect();
        json!({ "type": "object", "properties": members, "required": names })
    };
    json!({
        "type": "object",
        "description": "A message of Celery's protocol 2.",
        "properties": {
            "body": {
                "type": "string",
                "contentEncoding": "base64",
                "contentMediaType": "application/json",
                "description": "No positional arguments, `data` as the only named one, and nothing that follows.",
            },
            "content-encoding": { "const": "utf-8" },
            "content-type": { "const": "application/json" },
            "headers": object(&["lang", "task", "id", "root_id"]),
            "properties": object(&["correlation_id", "body_encoding", "delivery_tag"]),
        },
        "required": ["body", "content-encoding", "content-type", "headers", "properties"],
    })
}

pub(super) fn write(answer: &Answer, name: &str, topic: &str) -> Written {
    let id = answer.request.replay_key.to_uuid();
    let arguments = Arguments {
        data: DataJson::of(&answer.outcome),
    };
    let embed = json!({"callbacks": null, "errbacks": null, "chain": null, "chord": null});
    let positional: [u8; 0] = [];
    let body = to_vec(&(positional, arguments, embed)).unwrap_or_default();
    let message = json!({
        "body": STANDARD.encode(body),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {
            "lang": "py",
            "task": name,
            "id": id,
            "root_id": id,
            "parent_id": null,
            "group": null,
        },
        "properties": {
            "correlation_id": id,
            "delivery_mode": 2,
            "delivery_info": { "exchange": "", "routing_key": topic },
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": id,
        },
    });
    Written {
        value: to_vec(&message).unwrap_or_default(),
        headers: Vec::new(),
    }
}
