//! The OpenAPI 3.1 document: generated from the routes. What they have in common is here.

use std::sync::LazyLock;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, OpenApi, openapi::schema::Object};

use super::{
    PREFIX,
    invalid::{self, ERROR, Takes},
    messages, resources,
};
use crate::web::{
    error::Problem, event_json::WebhookEventJson, invoice_json::one_of,
    middleware::render_problem::ErrorJson, origin::Origin,
};
use facture_domain::token::Scope;

/// The document.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(complete);

/// Which invoice.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `OurLabel` reads it")]
pub(crate) struct Label {
    /// The invoice's label.
    #[param(example = "facture_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    label: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "facture",
        description = "Create Lightning invoices and follow their payments. Amounts are in millisatoshis, times in seconds since 1970. \
            Every request needs a token from `facture token create`: `Authorization: Bearer <token>`. \
            Absent values are `null`. All errors have the form \
            `{\"error\":{\"code\",\"message\",\"field\",\"request_id\"}}`. New fields, codes and event types may be added: ignore those you don't know.",
        license(name = "MIT", identifier = "MIT"),
    ),
    tags(
        (name = "Invoices", description = "Create invoices and follow their state."),
        (name = "Events", description = "All events in order, each with a sequence, as a list or a stream."),
        (name = "Webhooks", description = "Receive events, signed according to Standard Webhooks 1.0.0."),
        (name = "Node", description = "The state of the Lightning node."),
    ),
    components(schemas(ErrorJson, WebhookEventJson)),
)]
struct Frame;

/// What several routes may answer: its name in the document, and the problems, all of one status.
struct Answer {
    name: &'static str,
    problems: &'static [Problem],
}

/// Any route.
const ANY: &[Answer] = &[
    Answer {
        name: "BadRequest",
        problems: &[
            Problem::BadRequest,
            Problem::HeaderRepeated("Authorization"),
        ],
    },
    Answer {
        name: "Unauthorized",
        problems: &[Problem::Unauthorized],
    },
    Answer {
        name: "Forbidden",
        problems: &[Problem::Forbidden(Scope::Admin), Problem::CrossSite],
    },
    Answer {
        name: "RateLimited",
        problems: &[Problem::RateLimited { seconds: 1 }],
    },
    Answer {
        name: "Internal",
        problems: &[Problem::Internal],
    },
    Answer {
        name: "Unavailable",
        problems: &[
            Problem::NodeUnreachable,
            Problem::NodeTooSlow,
            Problem::NodeBusy,
            Problem::NodeRefused,
            Problem::NodeMalformed,
            Problem::NodeReplaced,
            Problem::StoreFailed,
            Problem::Overloaded,
        ],
    },
];

/// Routes that read a body.
const BODY: &[Answer] = &[
    Answer {
        name: "Malformed",
        problems: &[
            Problem::MalformedJson,
            Problem::BadRequest,
            Problem::HeaderRepeated("Authorization"),
        ],
    },
    Answer {
        name: "TooSlow",
        problems: &[Problem::TooSlow],
    },
    Answer {
        name: "TooLarge",
        problems: &[Problem::TooLarge],
    },
    Answer {
        name: "UnsupportedMediaType",
        problems: &[Problem::NotJson],
    },
];

/// Routes about one invoice.
const INVOICE: &[Answer] = &[Answer {
    name: "InvoiceNotFound",
    problems: &[Problem::InvoiceNotFound],
}];

/// Routes about one webhook.
const WEBHOOK: &[Answer] = &[Answer {
    name: "WebhookNotFound",
    problems: &[Problem::WebhookNotFound],
}];

/// Routes about one delivery.
const DELIVERY: &[Answer] = &[Answer {
    name: "DeliveryNotFound",
    problems: &[Problem::DeliveryNotFound],
}];

/// All of these.
const SHARED: [&[Answer]; 5] = [ANY, BODY, INVOICE, WEBHOOK, DELIVERY];

/// Those that no route in the document has for itself, and those that each names.
const OTHER: &[Problem] = &[
    Problem::PageNotFound,
    Problem::MethodNotAllowed,
    Problem::KeyReused,
    Problem::InvoicePaid,
    Problem::InvoiceExpired,
    Problem::TooManyWebhooks,
    Problem::TooManyDeliveries,
    Problem::WebhookDisabled,
];

/// `GET /api/v1/openapi.json`: with the address that it was asked for by, since who reads it from a file has no other.
pub(crate) async fn serve(origin: Origin) -> Response {
    let mut document = DOCUMENT.clone();
    document["servers"] = json!([{ "url": origin.as_str() }]);
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, document.to_string()).into_response()
}

/// The codes of all errors.
pub(crate) fn code() -> Object {
    let shared = SHARED.into_iter().flatten();
    let problems = shared.flat_map(|answer| answer.problems).chain(OTHER);
    one_of(problems.map(Problem::code).chain(invalid::codes()))
}

fn complete() -> Value {
    let document = Frame::openapi().nest(PREFIX, resources().into_openapi());
    // None of its parts can fail to be written.
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["security"] = json!([{ "token": [] }]);
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "A token from `facture token create`, with scopes." }
    });
    document["components"]["responses"] = shared_answers();
    // Of the two amounts exactly one: the derived schema cannot say so.
    document["components"]["schemas"]["NewInvoice"]["oneOf"] =
        json!([{ "required": ["amount_msat"] }, { "required": ["amount_sat"] }]);
    let schemas = document["components"]["schemas"].clone();
    // Nor that a reference is deprecated.
    document["components"]["schemas"]["Event"]["properties"]["invoice"]["deprecated"] = true.into();
    for operation in operations(&mut document) {
        let takes = Takes::of(operation, &schemas);
        let answers = [
            (true, ANY),
            (takes.body.is_some(), BODY),
            (takes.has_parameter("label"), INVOICE),
            (takes.has_parameter("webhook"), WEBHOOK),
            (takes.has_parameter("delivery"), DELIVERY),
        ];
        let invalid = takes.invalid();
        for answer in answers
            .iter()
            .filter(|(has, _)| *has)
            .flat_map(|(_, answers)| *answers)
        {
            operation["responses"][answer.status().as_str()] =
                json!({ "$ref": format!("#/components/responses/{}", answer.name) });
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

fn shared_answers() -> Value {
    let answers = SHARED.into_iter().flatten();
    answers
        .map(|answer| (answer.name.to_owned(), answer.describe()))
        .collect::<Map<_, _>>()
        .into()
}

impl Answer {
    fn status(&self) -> StatusCode {
        self.problems
            .first()
            .map_or(StatusCode::INTERNAL_SERVER_ERROR, Problem::status)
    }

    fn describe(&self) -> Value {
        let problems = self.problems.iter();
        let codes: Vec<_> = problems
            .map(|problem| format!("`{}`: {}", problem.code(), meaning(problem)))
            .collect();
        let mut described = json!({
            "description": codes.join("\n\n"),
            "content": { "application/json": { "schema": { "$ref": ERROR } } },
        });
        let header = match self.status() {
            StatusCode::UNAUTHORIZED => Some((
                "WWW-Authenticate",
                json!({ "type": "string" }),
                "The scheme: `Bearer`.",
            )),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                let seconds = json!({ "type": "integer", "minimum": 1 });
                Some(("Retry-After", seconds, "When to retry, in seconds."))
            }
            _ => None,
        };
        if let Some((name, schema, description)) = header {
            described["headers"] =
                json!({ name: { "schema": schema, "description": description } });
        }
        described
    }
}

/// What a problem means, for the document.
fn meaning(problem: &Problem) -> String {
    match problem {
        Problem::Forbidden(_) => {
            "The token lacks the scope that the operation needs; the message names it.".to_owned()
        }
        Problem::HeaderRepeated(_) => {
            "A header that may be sent only once was repeated; `field` names it.".to_owned()
        }
        problem => problem.explanation().into_owned(),
    }
}
