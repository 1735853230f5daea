//! The OpenAPI 3.1 document: made from the routes, with what they have in common written once, here and, for what
//! goes wrong, in `answers.rs`.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, OpenApi};

use super::{PREFIX, answers, resources};
use crate::{
    http::{
        event_json::{TEST, WebhookEventJson},
        origin::Origin,
        render::ErrorJson,
    },
    invoice::EventKind,
};

/// The document.
pub(in crate::http) static DOCUMENT: LazyLock<Value> = LazyLock::new(complete);

/// Which invoice.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `OurLabel` reads it")]
pub(super) struct Label {
    /// The invoice's label.
    #[param(example = "facture_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    label: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "facture",
        description = "Lightning invoices for programs. Amounts are millisatoshi, times are seconds since 1970. \
            Every request needs a token, made with `facture token create`: `Authorization: Bearer <token>`. \
            What is absent is `null`. What goes wrong has one shape, \
            `{\"error\":{\"code\",\"message\",\"field\",\"request_id\"}}`; new fields, codes and types of events may come, and programs should pass over those that they do not know.",
        license(name = "MIT", identifier = "MIT"),
    ),
    tags(
        (name = "Invoices", description = "To make invoices and to see what becomes of them."),
        (name = "Events", description = "All that happens, in order, each with a number: to ask for or to have streamed."),
        (name = "Webhooks", description = "To be told what happens, signed as Standard Webhooks 1.0.0 has it."),
        (name = "Node", description = "The Lightning node behind it all."),
    ),
    components(schemas(ErrorJson, WebhookEventJson)),
)]
struct Frame;

/// `GET /api/v1/openapi.json`: with the address that it was asked for by, since who reads it from a file has no other.
pub(super) async fn serve(origin: Origin) -> Response {
    let mut document = DOCUMENT.clone();
    document["servers"] = json!([{ "url": origin.as_str() }]);
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, document.to_string()).into_response()
}

fn complete() -> Value {
    let document = Frame::openapi().nest(PREFIX, resources().into_openapi());
    // None of its parts can fail to be written.
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["security"] = json!([{ "token": [] }]);
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "A token of `facture token create`, with scopes." }
    });
    document["components"]["responses"] = answers::shared();
    // Of the two amounts exactly one: the derived schema cannot say so.
    document["components"]["schemas"]["NewInvoice"]["oneOf"] =
        json!([{ "required": ["amount_msat"] }, { "required": ["amount_sat"] }]);
    let schemas = document["components"]["schemas"].clone();
    for operation in operations(&mut document) {
        for (status, answer) in answers::of(operation, &schemas) {
            operation["responses"][status.as_str()] = answer;
        }
    }
    document["webhooks"] = webhooks();
    document
}

/// What is sent to webhooks, by type.
fn webhooks() -> Value {
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

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths.flat_map(|(_, path)| {
        let methods = path.as_object_mut().into_iter().flatten();
        methods.map(|(_, operation)| operation)
    })
}
