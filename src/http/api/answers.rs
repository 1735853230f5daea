//! What goes wrong, as the OpenAPI document has it: the answers that routes share, and the codes of what is invalid.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use utoipa::openapi::schema::Object;

use crate::{
    http::{error::Problem, invoice_json::one_of},
    locale::Language,
    token::Scope,
};

/// The schema of every error.
const ERROR: &str = "#/components/schemas/Error";

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

/// What a route takes that can be wrong.
enum Taken {
    /// A body.
    Body,
    /// Parameters behind the `?`.
    Query,
    /// This parameter or header.
    Parameter(&'static str),
    /// A body with this field.
    Field(&'static str),
}

/// What can be wrong with a field, a parameter or a header: the code, what it means, and where it can be.
const INVALID: &[(&str, &str, &[Taken])] = &[
    (
        "body_invalid",
        "a field of the body is missing, unknown or of another type",
        &[Taken::Body],
    ),
    (
        "query_invalid",
        "a parameter is unknown, repeated or out of range",
        &[Taken::Query],
    ),
    (
        "timeout_invalid",
        "`timeout` is out of range",
        &[Taken::Parameter("timeout")],
    ),
    (
        "amount_missing",
        "neither `amount_msat` nor `amount_sat`",
        &[Taken::Field("amount_msat")],
    ),
    (
        "amount_ambiguous",
        "both `amount_msat` and `amount_sat`",
        &[Taken::Field("amount_msat")],
    ),
    ("amount_too_small", "0", &[Taken::Field("amount_msat")]),
    (
        "amount_too_large",
        "more than there can be",
        &[Taken::Field("amount_msat")],
    ),
    (
        "description_invalid",
        "too long, or with control characters",
        &[Taken::Field("description")],
    ),
    (
        "expiry_invalid",
        "0, or more than a year",
        &[Taken::Field("expiry")],
    ),
    (
        "order_id_invalid",
        "empty, too long, or with control characters",
        &[Taken::Field("order_id")],
    ),
    (
        "metadata_too_large",
        "more than 16 KiB of JSON",
        &[Taken::Field("metadata")],
    ),
    (
        "redirect_url_invalid",
        "not an address for a browser",
        &[Taken::Field("redirect_url")],
    ),
    (
        "webhook_url_invalid",
        "not an address that can be told anything",
        &[Taken::Field("url"), Taken::Field("webhook")],
    ),
    (
        "webhook_url_refused",
        "a private address, or one of Tor's, that the configuration does not allow; the message names the key",
        &[Taken::Field("url"), Taken::Field("webhook")],
    ),
    (
        "idempotency_key_invalid",
        "empty, too long, or not visible ASCII",
        &[Taken::Parameter("Idempotency-Key")],
    ),
];

/// The codes of all errors.
pub(in crate::http) fn code() -> Object {
    let shared = SHARED.into_iter().flatten();
    let problems = shared.flat_map(|answer| answer.problems).chain(OTHER);
    let fields = INVALID.iter().map(|(code, ..)| *code);
    one_of(problems.map(Problem::code).chain(fields))
}

/// What an operation may answer when something goes wrong, by status.
pub(super) fn of(operation: &Value, schemas: &Value) -> Vec<(StatusCode, Value)> {
    let takes = Takes::of(operation, schemas);
    let answers = [
        (true, ANY),
        (takes.body.is_some(), BODY),
        (takes.has_parameter("label"), INVOICE),
        (takes.has_parameter("webhook"), WEBHOOK),
        (takes.has_parameter("delivery"), DELIVERY),
    ];
    let shared = answers
        .iter()
        .filter(|(has, _)| *has)
        .flat_map(|(_, answers)| *answers)
        .map(|answer| {
            let place = format!("#/components/responses/{}", answer.name);
            (answer.status(), json!({ "$ref": place }))
        });
    let invalid = takes.invalid();
    let invalid = invalid.map(|answer| (StatusCode::UNPROCESSABLE_ENTITY, answer));
    shared.chain(invalid).collect()
}

/// Those that routes share, by name.
pub(super) fn shared() -> Value {
    let answers = SHARED.into_iter().flatten();
    answers
        .map(|answer| (answer.name.to_owned(), answer.describe()))
        .collect::<Map<_, _>>()
        .into()
}

/// What an operation takes.
struct Takes {
    /// The name of each parameter, and where it is.
    parameters: Vec<(String, String)>,
    /// The fields of its body, if it has one.
    body: Option<Vec<String>>,
}

impl Takes {
    fn of(operation: &Value, schemas: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let body = operation.get("requestBody").map(|body| {
            let schema = text(&body["content"]["application/json"]["schema"]["$ref"]);
            let name = schema.rsplit('/').next().unwrap_or_default();
            let fields = schemas[name]["properties"]
                .as_object()
                .into_iter()
                .flatten();
            fields.map(|(name, _)| name.clone()).collect()
        });
        Self {
            parameters: parameters
                .map(|parameter| (text(&parameter["name"]), text(&parameter["in"])))
                .collect(),
            body,
        }
    }

    fn has_parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == name)
    }

    fn has(&self, taken: &Taken) -> bool {
        match taken {
            Taken::Body => self.body.is_some(),
            Taken::Query => self.parameters.iter().any(|(_, place)| place == "query"),
            Taken::Parameter(name) => self.has_parameter(name),
            Taken::Field(name) => {
                let fields = self.body.iter().flatten();
                fields.into_iter().any(|known| known == name)
            }
        }
    }

    /// The answer to what is invalid, with the codes that there can be; `None`: nothing can be.
    fn invalid(&self) -> Option<Value> {
        let can_be = INVALID
            .iter()
            .filter(|(.., places)| places.iter().any(|taken| self.has(taken)));
        let (codes, meanings): (Vec<_>, Vec<_>) = can_be
            .map(|(code, meaning, _)| (*code, format!("`{code}`: {meaning}")))
            .unzip();
        let narrowed = json!({
            "$ref": ERROR,
            "properties": { "error": { "properties": { "code": { "enum": codes } } } },
        });
        (!codes.is_empty()).then(|| {
            json!({
                "description": meanings.join("\n\n"),
                "content": { "application/json": { "schema": narrowed } },
            })
        })
    }
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
                Some((
                    "Retry-After",
                    seconds,
                    "After how many seconds to try again.",
                ))
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
        Problem::Forbidden(_) => "The token lacks the scope that this needs.".to_owned(),
        Problem::HeaderRepeated(_) => {
            "A header that must be sent once was sent more often; `field` names it.".to_owned()
        }
        problem => problem.message(Language::English),
    }
}
