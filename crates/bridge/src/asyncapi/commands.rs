//! Commands: frames of fixed width, and CloudEvents in JSON.

use serde_json::{Map, Value, json};

use super::message::{Message, Messages, always, headers, named, text};
use crate::command::{
    CREATE_FIELD, CREATE_LENGTH, REQUEST_LENGTH, SIGNATURE_HEADER, Task, json_type,
};

/// The most bytes that a character of a description has.
const MOST_BYTES: usize = 4;

/// The tasks that frames have.
pub(super) const FRAMES: [Task; 3] = [Task::Decode, Task::Create, Task::Pay];

/// What a command with this task asks for: by the name of its schema.
fn wanted(task: Task) -> Value {
    match task {
        Task::Decode => named("Decode"),
        Task::Create => named("NewInvoice"),
        Task::Pay => named("NewPayout"),
        Task::Lookup | Task::Cancel => named("Named"),
    }
}

fn description(task: Task) -> &'static str {
    match task {
        Task::Decode => "What a string to pay says.",
        Task::Create => "A new invoice.",
        Task::Pay => "A payment, which a payer carries out within its limits.",
        Task::Lookup => "How an invoice or a payout stands.",
        Task::Cancel => "An invoice or a payout is taken back.",
    }
}

pub(super) fn schemas() -> Map<String, Value> {
    let one = |name: &str, about: &str| {
        json!({
            "type": "object",
            "properties": { name: { "type": "string", "description": about } },
            "required": [name],
        })
    };
    let named_schema = json!({
        "description": "An invoice or a payout.",
        "oneOf": [one("invoice", "The label of an invoice."), one("payout", "The id of a payout.")],
    });
    let commands = Task::ALL.map(|task| {
        let own = json!({
            "properties": { "type": always(&json_type(task)), "data": wanted(task), "source": text("Who sends it.") },
            "required": ["source", "data"],
        });
        let schema = json!({ "allOf": [named("Command"), own] });
        (json_type(task), schema)
    });
    let mut all = Map::from_iter(commands);
    all.insert("Named".to_owned(), named_schema);
    all.extend(FRAMES.map(|task| (frame_name(task), frame(task))));
    all
}

fn frame_name(task: Task) -> String {
    format!("{}Frame", task.as_str())
}

/// A frame. Where widths count bytes, a description has fewer characters.
fn frame(task: Task) -> Value {
    let (shortest, longest) = match task {
        Task::Create => (
            CREATE_LENGTH - CREATE_FIELD + CREATE_FIELD.div_ceil(MOST_BYTES),
            CREATE_LENGTH,
        ),
        _ => (REQUEST_LENGTH, REQUEST_LENGTH),
    };
    let name = task.as_str();
    json!({
        "type": "string",
        "minLength": shortest,
        "maxLength": longest,
        "pattern": format!("^[ \\x00]*[0-9]+[ \\x00]*{name}[\\s\\S]*[0-9A-Fa-f]{{64}}$"),
        "description": "Fields of fixed width, each padded with blanks; the last 64 digits are the signature of all before them.",
    })
}

pub(super) fn messages() -> Messages {
    let key = "Any. Commands with the same one are carried out in order.";
    let correlation = text("Comes back with the answer.");
    let signature = json!({
        "type": "string",
        "pattern": "^[0-9A-Fa-f]{64}$",
        "description": "HMAC-SHA256 of the value.",
    });
    let mut all = Messages::new();
    for task in FRAMES {
        let reply = text("The topic for the answer: one of those that the bridge allows.");
        let frame = Message {
            name: &frame_name(task),
            description: description(task),
            content_type: "text/plain",
            headers: headers(
                &[],
                &[("correlation-id", correlation.clone()), ("reply-to", reply)],
            ),
            payload: named(&frame_name(task)),
            key,
        };
        all.extend([frame.write()]);
    }
    for task in Task::ALL {
        let command = Message {
            name: &json_type(task),
            description: description(task),
            content_type: "application/cloudevents+json",
            headers: headers(
                &[(SIGNATURE_HEADER, signature.clone())],
                &[("correlation-id", correlation.clone())],
            ),
            payload: named(&json_type(task)),
            key,
        };
        all.extend([command.write()]);
    }
    all
}
