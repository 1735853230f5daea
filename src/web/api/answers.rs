//! Answers shared by several routes of the API, the problems behind them, and all error codes.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use utoipa::openapi::schema::Object;

use super::invalid::{self, ERROR};
use crate::web::{error::Problem, schema::one_of};
use facture_domain::{Msat, VoucherState, payout::PayoutState, token::Scope};

/// An answer shared by several routes: its name in the document and its problems, all with the same status.
pub(crate) struct SharedAnswer {
    pub(crate) name: &'static str,
    problems: &'static [Problem],
}

/// Any route.
pub(crate) const ANY: &[SharedAnswer] = &[
    SharedAnswer {
        name: "BadRequest",
        problems: &[
            Problem::BadRequest,
            Problem::HeaderRepeated("Authorization"),
        ],
    },
    SharedAnswer {
        name: "Unauthorized",
        problems: &[Problem::Unauthorized],
    },
    SharedAnswer {
        name: "Forbidden",
        problems: &[Problem::Forbidden(Scope::Admin), Problem::CrossSite],
    },
    SharedAnswer {
        name: "RateLimited",
        problems: &[Problem::RateLimited { seconds: 1 }],
    },
    SharedAnswer {
        name: "Internal",
        problems: &[Problem::Internal],
    },
    SharedAnswer {
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
            Problem::NoRate,
        ],
    },
];

/// Routes that read a body.
pub(crate) const BODY: &[SharedAnswer] = &[
    SharedAnswer {
        name: "Malformed",
        problems: &[
            Problem::MalformedJson,
            Problem::BadRequest,
            Problem::HeaderRepeated("Authorization"),
        ],
    },
    SharedAnswer {
        name: "TooSlow",
        problems: &[Problem::TooSlow],
    },
    SharedAnswer {
        name: "TooLarge",
        problems: &[Problem::TooLarge],
    },
    SharedAnswer {
        name: "UnsupportedMediaType",
        problems: &[Problem::NotJson],
    },
];

/// Routes about one invoice.
pub(crate) const INVOICE: &[SharedAnswer] = &[SharedAnswer {
    name: "InvoiceNotFound",
    problems: &[Problem::InvoiceNotFound],
}];

/// Routes about one webhook.
pub(crate) const WEBHOOK: &[SharedAnswer] = &[SharedAnswer {
    name: "WebhookNotFound",
    problems: &[Problem::WebhookNotFound],
}];

/// Routes about one delivery.
pub(crate) const DELIVERY: &[SharedAnswer] = &[SharedAnswer {
    name: "DeliveryNotFound",
    problems: &[Problem::DeliveryNotFound],
}];

/// Routes about one voucher.
pub(crate) const VOUCHER: &[SharedAnswer] = &[SharedAnswer {
    name: "VoucherNotFound",
    problems: &[Problem::VoucherNotFound],
}];

/// Routes about one item.
pub(crate) const ITEM: &[SharedAnswer] = &[SharedAnswer {
    name: "ItemNotFound",
    problems: &[Problem::ItemNotFound],
}];

/// Routes about one payment link.
pub(crate) const LINK: &[SharedAnswer] = &[SharedAnswer {
    name: "LinkNotFound",
    problems: &[Problem::LinkNotFound],
}];

/// Routes about one offer.
pub(crate) const OFFER: &[SharedAnswer] = &[SharedAnswer {
    name: "OfferNotFound",
    problems: &[Problem::OfferNotFound],
}];

/// Routes about one payout.
pub(crate) const PAYOUT: &[SharedAnswer] = &[SharedAnswer {
    name: "PayoutNotFound",
    problems: &[Problem::PayoutNotFound],
}];

/// All of these.
const SHARED: [&[SharedAnswer]; 10] = [
    ANY, BODY, INVOICE, WEBHOOK, DELIVERY, PAYOUT, VOUCHER, ITEM, LINK, OFFER,
];

/// Problems that no route documents on its own, and those that each route lists itself.
const OTHER: &[Problem] = &[
    Problem::PageNotFound,
    Problem::MethodNotAllowed,
    Problem::KeyReused,
    Problem::InvoicePaid,
    Problem::InvoiceExpired,
    Problem::InvoiceCancelled,
    Problem::InvoiceNotHeld,
    Problem::InvoiceSettling,
    Problem::HoldUnavailable,
    Problem::RatesUnavailable,
    Problem::TooManyHolds,
    Problem::TooManyWebhooks,
    Problem::TooManyDeliveries,
    Problem::WebhookDisabled,
    Problem::WordUnavailable,
    Problem::ItemOfConfiguration,
    Problem::TooManyItems,
    Problem::TooManyLinks,
    Problem::LinkClosed,
    Problem::OffersUnavailable,
    Problem::OfferTaken,
    Problem::OfferDisabled,
    Problem::TooManyOffers,
    Problem::TooManyPayouts,
    Problem::PayoutState(PayoutState::Paid),
    Problem::BegunByAnother,
    Problem::VoucherState(VoucherState::Paid),
    Problem::InvoiceNotPaid,
    Problem::RefundTooLarge(Msat::MAX),
];

/// Those that each route lists itself and that name another payout.
const NAMING: &[&str] = &["already_ordered"];

/// The codes of all errors.
pub(crate) fn code() -> Object {
    let shared = SHARED.into_iter().flatten();
    let problems = shared.flat_map(|answer| answer.problems).chain(OTHER);
    let named = problems.map(Problem::code).chain(NAMING.iter().copied());
    // Some are of a field on one route and of the whole request on another.
    let codes: BTreeSet<_> = named.chain(invalid::codes()).collect();
    one_of(codes)
}

/// All shared answers, by name.
pub(crate) fn shared() -> Value {
    let answers = SHARED.into_iter().flatten();
    answers
        .map(|answer| (answer.name.to_owned(), answer.describe()))
        .collect::<Map<_, _>>()
        .into()
}

impl SharedAnswer {
    /// The status of all its problems.
    pub(crate) fn status(&self) -> StatusCode {
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

/// The meaning of a problem, for the document.
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
