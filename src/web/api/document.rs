//! The OpenAPI 3.1 document, generated from the routes. This file holds the parts common to all of them.

use std::sync::LazyLock;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::{
    answers::{self, ANY, BODY, DELIVERY, INVOICE, ITEM, LINK, OFFER, PAYOUT, VOUCHER, WEBHOOK},
    invalid::Inputs,
    messages, resources,
};
use crate::web::{
    error_json::ErrorJson, event_json::WebhookEventJson, origin::Origin, paths::API_PREFIX,
};

/// The document.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(complete);

#[derive(OpenApi)]
#[openapi(
    info(
        title = "facture",
        description = "Create Lightning invoices and follow their payments; order payouts. Amounts are in millisatoshis, times in seconds since 1970. \
            Every request needs a token from `facture token create`: `Authorization: Bearer <token>`. \
            Absent values are `null`. All errors have the form \
            `{\"error\":{\"code\",\"message\",\"field\",\"request_id\"}}`. New fields, codes and event types may be added: ignore those you don't know.",
        license(name = "MIT", identifier = "MIT"),
    ),
    tags(
        (name = "Invoices", description = "Create invoices and follow their state."),
        (name = "Events", description = "All events in order, each with a sequence, as a list or a stream."),
        (name = "Payouts", description = "Order payments to others. A payer, which is another program, executes them within its limits."),
        (name = "Webhooks", description = "Receive events, signed according to Standard Webhooks 1.0.0."),
        (name = "Vouchers", description = "Links that can be claimed once, by LNURL-withdraw: vouchers and refunds."),
        (name = "Offers", description = "What is paid again and again under one string (BOLT 12): each payment is an invoice."),
        (name = "Links", description = "Pages on which anybody can order the same thing again and again: a product, a ticket, a donation."),
        (name = "Items", description = "What is sold by pay to reveal: the payment's preimage is what is bought, or the key to it."),
        (name = "Decode", description = "What a string to pay says, before it is paid."),
        (name = "Node", description = "The state of the Lightning node."),
    ),
    components(schemas(ErrorJson, WebhookEventJson)),
)]
struct Frame;

/// `GET /api/v1/openapi.json`: includes the address used for the request, since somebody reading a saved copy has no
/// other.
pub(crate) async fn serve(origin: Origin) -> Response {
    let mut document = DOCUMENT.clone();
    document["servers"] = json!([{ "url": origin.as_str() }]);
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, document.to_string()).into_response()
}

fn complete() -> Value {
    let document = Frame::openapi().nest(API_PREFIX, resources::all().into_openapi());
    // Serializing any of its parts cannot fail.
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["security"] = json!([{ "token": [] }]);
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "A token from `facture token create`, with scopes." }
    });
    document["components"]["responses"] = answers::shared();
    // Exactly one of the two amounts is required: the derived schema cannot express that.
    for schema in ["NewInvoice", "NewOffer"] {
        document["components"]["schemas"][schema]["oneOf"] =
            json!([{ "required": ["amount_msat"] }, { "required": ["amount_sat"] }]);
    }
    let sold = ["word", "text", "file"].map(|name| json!({ "required": [name] }));
    document["components"]["schemas"]["NewItem"]["oneOf"] = json!(sold);
    // Nor what each state needs.
    document["components"]["schemas"]["PayoutOutcome"]["anyOf"] = json!([
        {
            "properties": {
                "state": { "const": "paid" },
                "preimage": { "type": "string" },
                "amount_msat": { "type": "integer" },
                "fee_msat": { "type": "integer" },
            },
            "required": ["preimage", "amount_msat", "fee_msat"],
        },
        {
            "properties": { "state": { "const": "failed" }, "code": { "type": "string" } },
            "required": ["code"],
        },
        { "properties": { "state": { "enum": ["unknown", "approval_required", "approval_refused"] } } },
    ]);
    let schemas = document["components"]["schemas"].clone();
    // Nor can it mark a reference as deprecated.
    document["components"]["schemas"]["Event"]["properties"]["invoice"]["deprecated"] = true.into();
    for operation in operations(&mut document) {
        if operation["operationId"] == "approvePayout" {
            // All of it may be missing.
            operation["requestBody"]["required"] = false.into();
        }
        let inputs = Inputs::of(operation, &schemas);
        let answers = [
            (true, ANY),
            (inputs.body.is_some(), BODY),
            (inputs.has_parameter("label"), INVOICE),
            (inputs.has_parameter("webhook"), WEBHOOK),
            (inputs.has_parameter("delivery"), DELIVERY),
            (inputs.has_parameter("payout"), PAYOUT),
            (inputs.has_parameter("voucher"), VOUCHER),
            (inputs.has_parameter("item"), ITEM),
            (inputs.has_parameter("link"), LINK),
            (inputs.has_parameter("offer"), OFFER),
        ];
        let invalid = inputs.invalid();
        for answer in answers
            .iter()
            .filter(|(has, _)| *has)
            .flat_map(|(_, answers)| *answers)
        {
            // What a route says itself counts.
            let own = &mut operation["responses"][answer.status().as_str()];
            if own.is_null() {
                *own = json!({ "$ref": format!("#/components/responses/{}", answer.name) });
            }
        }
        if let Some(answer) = invalid {
            operation["responses"][StatusCode::UNPROCESSABLE_ENTITY.as_str()] = answer;
        }
    }
    document["webhooks"] = messages::all();
    document
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths.flat_map(|(_, path)| {
        let methods = path.as_object_mut().into_iter().flatten();
        methods.map(|(_, operation)| operation)
    })
}
