//! What the bridge reads and writes is as the document says. Events of every kind are checked in the tests of the whole
//! program; records on real topics in `tests/kafka`.

use std::{fs, path::Path, sync::LazyLock};

use hyper::body::Bytes;
use jsonschema::Validator;
use krafka::{ConsumerRecord, Record};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    answer::{Answer, Failure, Outcome, Writer, Written},
    command::{self, Dialect, Reason, Request, SIGNATURE_HEADER, Task},
    commands,
    config::{Mode, Shape},
    events::ApiEvent,
    signature::{ReplayKey, Secrets},
};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/asyncapi.yaml");
    serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap()
});

fn validator(schema: &Value) -> Validator {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "allOf": [schema],
        "components": DOCUMENT["components"],
    });
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

fn check(schema: &Value, value: &Value) {
    let errors: Vec<_> = validator(schema)
        .iter_errors(value)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:?}: {value}");
}

fn message(name: &str) -> &'static Value {
    let message = &DOCUMENT["components"]["messages"][name];
    assert!(!message.is_null(), "{name}");
    message
}

/// A value and its headers are as the message says.
fn is(name: &str, value: &Value, headers: impl IntoIterator<Item = (String, String)>) {
    let message = message(name);
    check(&message["payload"], value);
    let headers = headers.into_iter().map(|(name, text)| (name, json!(text)));
    let headers = Value::Object(headers.collect());
    check(&message["headers"], &headers);
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.extend(
                    members
                        .get("$ref")
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                );
                members.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(&DOCUMENT, &mut found);
    assert!(found.len() > 50);
    for reference in found {
        let path = reference.strip_prefix('#').unwrap();
        assert!(DOCUMENT.pointer(path).is_some(), "{reference}");
    }
    for schema in DOCUMENT["components"]["schemas"]
        .as_object()
        .unwrap()
        .values()
    {
        validator(schema);
    }
}

/// The vectors that others test with, and commands in JSON of every task.
#[test]
fn commands_that_are_read_are_as_it_says() {
    let vectors = include_str!("../../../../tests/fixtures/kafka/frames.json");
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    let secrets = vectors["secrets"].as_array().unwrap().iter();
    let secrets = secrets.map(|secret| SecretString::from(secret.as_str().unwrap()));
    let secrets = Secrets::new(secrets.collect());
    let mut good = 0;
    for frame in vectors["frames"].as_array().unwrap() {
        let text = frame["value"].as_str().unwrap();
        if let Ok(command) = command::read(text.as_bytes(), None, &secrets) {
            let name = format!("{}Frame", command.request.task.as_str());
            is(&name, &frame["value"], []);
            good += 1;
        }
    }
    assert!(good > 5);
    let id = "po_0123456789abcdef0123456789abcdef";
    for (task, data) in [
        (Task::Decode, json!({ "string": "lnbc1" })),
        (
            Task::Create,
            json!({ "amount_msat": 2500, "description": "Tea" }),
        ),
        (
            Task::Pay,
            json!({ "destination": "alice@shop.example", "amount_msat": 1 }),
        ),
        (Task::Lookup, json!({ "invoice": "facture_1" })),
        (Task::Cancel, json!({ "payout": id })),
    ] {
        let kind = command::json_type(task);
        let value = json!({
            "specversion": "1.0", "id": "7", "source": "shop", "type": kind, "time": "2026-11-28T21:00:00Z",
            "replyto": "shop.answers", "data": data,
        });
        let signature = secrets.sign(value.to_string().as_bytes());
        command::read(
            value.to_string().as_bytes(),
            Some(signature.as_bytes()),
            &secrets,
        )
        .unwrap();
        is(&kind, &value, [(SIGNATURE_HEADER.to_owned(), signature)]);
    }
}

fn written(shape: Shape, task: Task, dialect: Dialect, outcome: &Outcome) -> Written {
    let writer = Writer {
        shape,
        task_prefix: "lightning-".to_owned(),
        source: "/facture".to_owned(),
        signing: None,
    };
    let request = Request {
        replay_key: ReplayKey::of(b"signed"),
        task,
        dialect,
        id: (dialect == Dialect::Json).then(|| "7".to_owned()),
        reply_to: None,
    };
    let answer = Answer {
        request,
        outcome: outcome.clone(),
        refused_for_age: false,
    };
    writer.write(&answer, "celery", 1_645_459_200_123)
}

/// The headers that the bridge adds to every answer.
fn request_headers() -> Vec<(String, String)> {
    let signature = "0".repeat(64);
    [
        ("request-topic", "lightning-service"),
        ("request-partition", "0"),
        ("request-offset", "7"),
        ("request-signature", &signature),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into()
}

fn answered(name: &str, written: Written) {
    let value = serde_json::from_slice(&written.value).unwrap();
    let headers = request_headers().into_iter().chain(written.headers);
    is(name, &value, headers);
}

#[test]
fn answers_are_as_it_says() {
    let request = "lnbcrt1";
    let payment = json!({
        "payment_preimage": "00", "payment_hash": "66",
        "payment_route": {
            "total_time_lock": null, "total_fees": 0, "total_amt": 10, "hops": [],
            "total_fees_msat": 3, "total_amt_msat": 10_003,
        },
    });
    let subject = || Some("facture_1".to_owned());
    let failure = |code: &str| Outcome::failed(&Failure::of_payout(code), None);
    for (task, outcome) in [
        (Task::Create, Outcome::success(&request, subject())),
        (Task::Pay, Outcome::success(&payment, subject())),
        (Task::Pay, failure("no_route")),
        (Task::Pay, failure("node_unavailable")),
        (
            Task::Pay,
            Outcome::pending(&json!({ "code": "unknown", "payout": "po_1" }), None),
        ),
        (
            Task::Decode,
            Outcome::failed(&Failure::node_down("node_unreachable"), None),
        ),
    ] {
        let seed = written(Shape::Seed, task, Dialect::Frame, &outcome);
        answered(&format!("lightning-{}", task.as_str()), seed);
        answered(
            "celeryAnswer",
            written(Shape::Celery, task, Dialect::Frame, &outcome),
        );
        let kind = format!("com.facture.answer.{}.v1", task.as_str());
        answered(
            &kind,
            written(Shape::CloudEvents, task, Dialect::Frame, &outcome),
        );
    }
    let refused = Failure::refused(
        "amount_invalid".to_owned(),
        "no".to_owned(),
        Some("amount_msat".to_owned()),
    );
    for task in Task::ALL {
        let outcome = Outcome::failed(&refused, None);
        let kind = format!("com.facture.answer.{}.v1", task.as_str());
        answered(&kind, written(Shape::Seed, task, Dialect::Json, &outcome));
    }
}

/// And it does not say yes to everything.
#[test]
fn what_is_no_answer_is_not() {
    for (name, wrong) in [
        (
            "lightning-create",
            json!({ "task": "lightning-create", "data": { "message": 7, "status": "success" } }),
        ),
        (
            "lightning-create",
            json!({ "task": "lightning-create", "data": { "message": { "code": "x" }, "status": "pending" } }),
        ),
        (
            "lightning-pay",
            json!({ "task": "lightning-create", "data": { "message": { "code": "x" }, "status": "error" } }),
        ),
        (
            "com.facture.answer.pay.v1",
            json!({ "command": null, "task": "pay", "status": "error", "result": {}, "error": { "code": "x" } }),
        ),
        ("createFrame", json!("1645459200123create")),
    ] {
        assert!(
            !validator(&message(name)["payload"]).is_valid(&wrong),
            "{wrong}"
        );
    }
}

fn text_headers(record: &Record) -> Vec<(String, String)> {
    let headers = record.headers.iter();
    headers
        .map(|(name, value)| {
            let text = String::from_utf8(value.clone().unwrap_or_default().to_vec()).unwrap();
            (name.to_string(), text)
        })
        .collect()
}

#[test]
fn dead_letters_are_as_it_says() {
    for reason in Reason::ALL {
        let rejected = command::Rejected {
            reason,
            field: Some("amount"),
            message: String::new(),
            request: None,
        };
        let record = ConsumerRecord::new(
            "lightning-service",
            0,
            7,
            None,
            Some(Bytes::from_static(b"{")),
        );
        let letter = commands::dead_letter("lightning-service.dlq", &record, &rejected, 1);
        is("deadLetter", &json!("{"), text_headers(&letter));
    }
}

/// In both modes the same attributes.
#[test]
fn an_event_has_its_attributes_in_headers_or_in_its_value() {
    let payout = json!({ "id": "po_1", "invoice": "facture_1" });
    let value = json!({
        "type": "payout.paid", "timestamp": "2026-11-28T21:00:00Z", "sequence": 42,
        "data": { "invoice": null, "payout": &payout }, "time": 1, "invoice": null,
    });
    let text = value.to_string();
    let event = ApiEvent::read(text.as_bytes()).unwrap();
    let record = |mode| event.record("facture.events.v1", "/facture", mode).unwrap();
    let binary = record(Mode::Binary);
    check(
        &message("com.facture.payout.paid.v1")["headers"],
        &Value::Object(
            text_headers(&binary)
                .into_iter()
                .map(|(name, text)| (name, json!(text)))
                .collect(),
        ),
    );
    let structured = record(Mode::Structured);
    assert_eq!(binary.key, structured.key);
    let event: Value = serde_json::from_slice(structured.value.as_deref().unwrap()).unwrap();
    // Without what will be removed.
    let written = json!({
        "type": "payout.paid", "timestamp": "2026-11-28T21:00:00Z", "sequence": 42,
        "data": { "invoice": null, "payout": payout },
    });
    assert_eq!(event["data"], written);
    let value: Value = serde_json::from_slice(binary.value.as_deref().unwrap()).unwrap();
    assert_eq!(value, written);
    for (name, text) in text_headers(&binary) {
        if let Some(attribute) = name.strip_prefix("ce_") {
            assert_eq!(event[attribute], text, "{name}");
        }
    }
    check(
        &message("structuredEvent")["headers"],
        &json!({ "content-type": text_headers(&structured)[0].1 }),
    );
}
