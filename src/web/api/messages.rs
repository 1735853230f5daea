//! What is sent to webhooks, for the document.

use serde_json::{Map, Value, json};

use crate::web::event_json::TEST;
use facture_domain::EventKind;

/// By type.
pub(crate) fn all() -> Value {
    let header = |name: &str, schema: Value, description: &str| {
        json!({
            "name": name, "in": "header", "required": true, "schema": schema, "description": description,
        })
    };
    let headers = json!([
        header(
            "webhook-id",
            json!({ "type": "string" }),
            "The delivery's id, the same at every attempt: do what it stands for once."
        ),
        header(
            "webhook-timestamp",
            json!({ "type": "string", "pattern": "^[0-9]+$" }),
            "When it was sent, in seconds since 1970."
        ),
        header(
            "webhook-signature",
            json!({ "type": "string" }),
            "Signatures of id, timestamp and body (Standard Webhooks 1.0.0), with spaces in between: any of them may match."
        ),
    ]);
    let message = |kind: &str, description: &str| {
        let operation = json!({
            "operationId": kind,
            "summary": kind,
            "description": description,
            "tags": ["Webhooks"],
            "security": [],
            "parameters": headers,
            "requestBody": {
                "required": true,
                "content": { "application/json": { "schema": {
                    "$ref": "#/components/schemas/WebhookEvent",
                    "properties": { "type": { "const": kind } },
                } } },
            },
            "responses": {
                "2XX": { "description": "It was taken." },
                "410": { "description": "Nothing is to be sent to this address any more: the webhook is switched off." },
                "default": { "description": "It is sent again, for three days." },
            },
        });
        (kind.to_owned(), json!({ "post": operation }))
    };
    let events = EventKind::ALL.map(|kind| message(kind.as_str(), happened(kind)));
    let test = message(TEST, "Somebody asked for a test.");
    events
        .into_iter()
        .chain([test])
        .collect::<Map<_, _>>()
        .into()
}

fn happened(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Created => "The node made the invoice.",
        EventKind::Paid => "The invoice was paid.",
        EventKind::Expired => "The time to pay the invoice ran out.",
        EventKind::Cancelled => "The shop took the invoice back: nobody can pay it any more.",
        EventKind::PaymentProven => {
            "The preimage proves that the invoice was paid, although the node has lost the payment."
        }
        EventKind::Renewed => {
            "The buyer had another invoice made in place of this expired one: `renewed_by` is its label. It is for the same \
             order and tells what happens to it under its own label."
        }
    }
}
