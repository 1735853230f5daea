//! Events, each kind with a schema of its own, and the states of invoices.

use facture_domain::{EventKind, StatusName};
use serde_json::{Map, Value, json};

use super::message::{JSON, Message, Messages, always, digits, headers, named, text};
use crate::events::{STRUCTURED, event_type};

/// The name of a CloudEvent in structured mode, as a schema and as a message.
const STRUCTURED_EVENT: &str = "structuredEvent";

/// What holds for the subject right after such an event.
fn subject(kind: EventKind) -> (&'static str, Value) {
    let status = |name: StatusName| json!({ "status": { "const": name.as_str() } });
    let known = |name: &str, kind: &str| json!({ name: { "type": kind } });
    match kind {
        EventKind::Created => ("invoice", status(StatusName::Unpaid)),
        EventKind::Accepted | EventKind::HoldExpiring => ("invoice", status(StatusName::Accepted)),
        EventKind::Paid => ("invoice", status(StatusName::Paid)),
        EventKind::Expired => ("invoice", status(StatusName::Expired)),
        EventKind::Cancelled => ("invoice", status(StatusName::Cancelled)),
        EventKind::PaymentProven => ("invoice", known("payment_proven_at", "integer")),
        EventKind::Renewed => ("invoice", known("renewed_by", "string")),
        EventKind::Payout(state) => ("payout", json!({ "state": { "const": state.as_str() } })),
    }
}

/// By its kind: `invoice.paid`.
pub(super) fn schemas() -> Map<String, Value> {
    let mut all =
        Map::from_iter(EventKind::ALL.map(|kind| (kind.as_str().to_owned(), event(kind))));
    all.insert(STRUCTURED_EVENT.to_owned(), structured());
    all
}

fn event(kind: EventKind) -> Value {
    let (name, holds) = subject(kind);
    let (schema, other) = match name {
        "invoice" => ("Invoice", "payout"),
        _ => ("Payout", "invoice"),
    };
    let about = json!({ "allOf": [named(schema), { "properties": holds }] });
    // A webhook can be tested, and then has no sequence; a topic cannot.
    json!({ "allOf": [named("WebhookEvent"), { "properties": {
        "type": { "const": kind.as_str() },
        "sequence": { "type": "integer" },
        "data": { "properties": { name: about, other: { "type": "null" } } },
    } }] })
}

/// A CloudEvent in structured mode: a type and the data that goes with it.
fn structured() -> Value {
    let text = || json!({ "type": "string" });
    let each = EventKind::ALL.map(|kind| {
        json!({ "properties": {
            "type": { "const": event_type(kind.as_str()) },
            "data": named(kind.as_str()),
        } })
    });
    json!({
        "type": "object",
        "description": "A CloudEvent of `mode = \"structured\"`.",
        "properties": {
            "specversion": { "const": "1.0" },
            "id": text(),
            "source": text(),
            "type": text(),
            "subject": text(),
            "time": { "type": "string", "format": "date-time" },
            "sequence": { "type": "string", "pattern": "^[0-9]+$" },
            "datacontenttype": { "const": JSON },
        },
        "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "datacontenttype", "data"],
        "oneOf": each,
    })
}

const KEY: &str = "The invoice's label or the payout's id.";

pub(super) fn messages(openapi: &Value) -> Messages {
    let each = EventKind::ALL.map(|kind| {
        let kind = kind.as_str();
        let happened = &openapi["webhooks"][kind]["post"]["description"];
        let message = Message {
            name: &event_type(kind),
            description: happened.as_str().unwrap_or_default(),
            content_type: JSON,
            headers: headers(
                &[
                    ("content-type", always(JSON)),
                    ("ce_specversion", always("1.0")),
                    ("ce_id", text("Of an invoice or payout, its name and the kind. It comes again after a crash.")),
                    ("ce_source", text("The configured one.")),
                    ("ce_type", always(&event_type(kind))),
                    ("ce_subject", text(KEY)),
                    ("ce_time", json!({ "type": "string", "format": "date-time" })),
                    ("ce_sequence", digits("Its position in the log.")),
                ],
                &[],
            ),
            payload: named(kind),
            key: KEY,
        };
        message.write()
    });
    let structured = Message {
        name: STRUCTURED_EVENT,
        description: "Any event, with `mode = \"structured\"`.",
        content_type: STRUCTURED,
        headers: headers(&[("content-type", always(STRUCTURED))], &[]),
        payload: named(STRUCTURED_EVENT),
        key: KEY,
    };
    each.into_iter().chain([structured.write()]).collect()
}

/// How an invoice stands.
pub(super) fn states() -> Messages {
    let state = Message {
        name: "invoice",
        description: "How an invoice stands, or null: its records are deleted.",
        content_type: JSON,
        headers: headers(&[], &[("content-type", always(JSON))]),
        payload: json!({ "oneOf": [named("Invoice"), { "type": "null" }] }),
        key: "The invoice's label.",
    };
    Messages::from_iter([state.write()])
}
