//! The messages sent to webhooks, for the OpenAPI document.

use serde_json::{Map, Value, json};

use crate::web::event_json::TEST;
use facture_domain::{EventKind, payout::PayoutState};

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
            "The delivery's id, the same at every attempt. Process each id only once."
        ),
        header(
            "webhook-timestamp",
            json!({ "type": "string", "pattern": "^[0-9]+$" }),
            "When this attempt was sent, in seconds since 1970."
        ),
        header(
            "webhook-signature",
            json!({ "type": "string" }),
            "Signatures of id, timestamp and body (Standard Webhooks 1.0.0), separated by spaces. One match is enough."
        ),
    ]);
    let replayed = json!({
        "name": "facture-replayed", "in": "header", "required": false, "schema": { "const": "true" },
        "description": "Only there when somebody asked for this event once more.",
    });
    let mut headers = headers;
    if let Some(headers) = headers.as_array_mut() {
        headers.push(replayed);
    }
    let message = |kind: &str, description: &str, [invoice, payout]: [&str; 2]| {
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
                    "properties": {
                        "type": { "const": kind },
                        "data": { "properties": { "invoice": { "type": invoice }, "payout": { "type": payout } } },
                    },
                } } },
            },
            "responses": {
                "2XX": { "description": "The event was accepted." },
                "410": { "description": "The receiver wants no more events: the webhook is disabled." },
                "default": { "description": "Delivery is retried for three days." },
            },
        });
        (kind.to_owned(), json!({ "post": operation }))
    };
    let events = EventKind::ALL.map(|kind| {
        let subject = match kind {
            EventKind::Payout(_) => ["null", "object"],
            _ => ["object", "null"],
        };
        message(kind.as_str(), happened(kind), subject)
    });
    let test = message(TEST, "A test was requested.", ["null", "null"]);
    events
        .into_iter()
        .chain([test])
        .collect::<Map<_, _>>()
        .into()
}

/// What has happened when an event of this kind is told.
pub(crate) fn happened(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Created => "The invoice was created on the node.",
        EventKind::Accepted => {
            "The payment of this hold invoice has arrived in full and is held. Settle it or cancel it."
        }
        EventKind::Paid => "The invoice was paid.",
        EventKind::Expired => "The invoice expired unpaid.",
        EventKind::Cancelled => {
            "The invoice was cancelled and can no longer be paid. A payment that was held has been returned."
        }
        EventKind::HoldExpiring => {
            "The deadline of a held payment is near: settle it or cancel it. Otherwise facture does what `on_deadline` says."
        }
        EventKind::PaymentProven => {
            "The preimage proves that the invoice was paid, although the node has lost the payment."
        }
        EventKind::Renewed => {
            "The buyer renewed this expired invoice: `renewed_by` is the label of the new invoice, which is for the same order \
             and has events of its own."
        }
        EventKind::Payout(state) => match state {
            PayoutState::Ordered => "A payout was ordered.",
            PayoutState::Approved => "The payout was approved.",
            PayoutState::Paying => "A payer has begun the payout.",
            PayoutState::Paid => "The payout was paid.",
            PayoutState::Failed => "The payout is not paid and never will be: `failure` says why.",
            PayoutState::Cancelled => "The payout was cancelled before a payer began it.",
            PayoutState::Expired => "The payout has expired: no payer began it in time.",
            PayoutState::Unknown => {
                "The payer began the payout and cannot tell whether it was paid. It asks the node until it can."
            }
        },
    }
}
