//! Answers, in their three shapes.

use serde_json::{Map, Value, json};

use super::{
    commands::FRAMES,
    message::{JSON, Message, Messages, always, digits, headers, named, text},
};
use crate::{answer::answer_type, command::Task};

/// What a frame has come to.
fn of_frame(task: Task) -> Value {
    match task {
        Task::Decode => named("DecodedRequest"),
        Task::Create => json!({ "type": "string", "description": "The payment request." }),
        Task::Pay => named("Payment"),
        Task::Lookup | Task::Cancel => json!(false),
    }
}

/// What a command in JSON has come to.
fn of_json(task: Task) -> Value {
    match task {
        Task::Decode => named("Decoded"),
        Task::Create => named("Invoice"),
        Task::Pay => named("Payout"),
        Task::Lookup | Task::Cancel => {
            json!({ "oneOf": [named("Invoice"), named("Payout")] })
        }
    }
}

fn task_name(task: Task) -> String {
    format!("lightning-{}", task.as_str())
}

pub(super) fn schemas() -> Map<String, Value> {
    let frames = FRAMES.map(|task| (task_name(task), task_message(task)));
    let events = Task::ALL.map(|task| (answer_type(task), cloud_event(task)));
    frames.into_iter().chain(events).collect()
}

/// The shape `seed`.
fn task_message(task: Task) -> Value {
    let of = |status: &str, message: Value| json!({ "properties": { "status": { "const": status }, "message": message } });
    let mut ends = vec![of("success", of_frame(task)), of("error", named("Failure"))];
    if task == Task::Pay {
        ends.push(of("pending", named("PendingPayment")));
    }
    let name = task.as_str();
    json!({ "allOf": [named("TaskMessage"), { "properties": {
        "task": { "type": "string", "pattern": format!("{name}$"), "examples": [task_name(task)] },
        "data": { "oneOf": ends },
    } }] })
}

/// The shape `cloudevents`, which all commands in JSON are answered with.
fn cloud_event(task: Task) -> Value {
    let of = |status: &str, result: Value, error: Value| json!({ "properties": { "status": { "const": status }, "result": result, "error": error } });
    let null = || json!({ "type": "null" });
    let result = match FRAMES.contains(&task) {
        true => json!({ "anyOf": [of_json(task), of_frame(task)] }),
        false => of_json(task),
    };
    let mut ends = vec![
        of("success", result, null()),
        of("error", null(), named("Failure")),
    ];
    if task == Task::Pay {
        let result = json!({ "anyOf": [named("Payout"), named("PendingPayment")] });
        ends.push(of("pending", result, null()));
    }
    let own = json!({ "properties": { "task": { "const": task.as_str() } }, "oneOf": ends });
    json!({ "allOf": [named("Answer"), own] })
}

/// The headers of every answer, and these.
fn with_request(own: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let request = [
        ("request-topic", text("Where the command was.")),
        ("request-partition", digits("Its partition.")),
        ("request-offset", digits("Its place there.")),
        (
            "request-signature",
            text("Its signature, as it was written."),
        ),
    ];
    let copied = [
        ("correlation-id", text("That of the command.")),
        ("reply-to", text("That of the command.")),
    ];
    headers(&[&request, own].concat(), &[&copied, optional].concat())
}

pub(super) fn messages() -> Messages {
    let key =
        "The command's, or else what the answer is about: a label, a payout's id, a payment hash.";
    let message = |name: &str, description: &str, content_type: &str, payload: Value| {
        Message {
            name,
            description,
            content_type,
            headers: with_request(&[], &[]),
            payload,
            key,
        }
        .write()
    };
    let mut all = Messages::from_iter(FRAMES.map(|task| {
        let name = task_name(task);
        message(
            &name,
            "The answer to a frame: shape `seed`.",
            JSON,
            named(&name),
        )
    }));
    all.extend([
        message(
            "signedAnswer",
            "The same, signed: 13 digits of milliseconds, the JSON, 64 digits of HMAC-SHA256 over both.",
            "text/plain",
            json!({ "type": "string", "pattern": "^[0-9]{13}\\{.*\\}[0-9a-f]{64}$" }),
        ),
        message(
            "celeryAnswer",
            "The answer to a frame: shape `celery`. The named argument `data` is that of the shape `seed`.",
            JSON,
            named("CeleryMessage"),
        ),
    ]);
    all.extend(Task::ALL.map(|task| {
        let kind = answer_type(task);
        let own = [
            ("content-type", always(JSON)),
            ("ce_specversion", always("1.0")),
            ("ce_id", text("The same for the same command.")),
            ("ce_source", text("The configured one.")),
            ("ce_type", always(&kind)),
        ];
        let subject = text("What it is about: a label, a payout's id, a payment hash.");
        Message {
            name: &kind,
            description: "The answer to a command in JSON, and to a frame in the shape `cloudevents`.",
            content_type: JSON,
            headers: with_request(&own, &[("ce_subject", subject)]),
            payload: named(&kind),
            key,
        }
        .write()
    }));
    all
}
