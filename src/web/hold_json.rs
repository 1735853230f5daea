//! What is held for an invoice, as JSON.

use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::schema::{nullable_one_of, one_of};
use facture_domain::{Decision, HoldSecret, Invoice, Status};

/// The hold of an invoice whose payment is held until the shop settles or cancels it.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Hold)]
pub(crate) struct HoldJson {
    /// Who has the preimage: `facture`, or the `shop` that sent a `payment_hash` of its own.
    #[schema(schema_with = preimage_schema)]
    preimage: &'static str,
    /// What facture does at the deadline if the shop has not decided.
    #[schema(schema_with = decision_schema)]
    on_deadline: &'static str,
    /// What was decided. `null`: nothing yet.
    #[schema(required = true, schema_with = optional_decision_schema)]
    decision: Option<&'static str>,
    /// The amount that is held, in millisatoshis. `null`: none.
    #[schema(required = true)]
    held_msat: Option<u64>,
    /// When the payment arrived, in seconds since 1970. `null`: none is held.
    #[schema(required = true)]
    accepted_at: Option<i64>,
    /// The deadline: the height of the block at which facture decides. `null`: none is held.
    #[schema(required = true)]
    decide_by_height: Option<u32>,
}

impl HoldJson {
    pub(super) fn of(invoice: &Invoice) -> Option<Self> {
        let hold = invoice.hold?;
        let held = match &invoice.status {
            Status::Accepted(held) => Some(held),
            Status::Unpaid | Status::Paid(_) | Status::Expired => None,
        };
        Some(Self {
            preimage: match hold.secret {
                HoldSecret::Ours(_) => FACTURE,
                HoldSecret::OfShop => SHOP,
            },
            on_deadline: hold.at_deadline().as_str(),
            decision: hold.decision.map(Decision::as_str),
            held_msat: held.map(|held| held.amount.msat()),
            accepted_at: held.map(|held| held.accepted_at.as_second()),
            decide_by_height: held.map(|held| hold.decided_by(held)),
        })
    }
}

/// Who has the preimage of a hold invoice.
const FACTURE: &str = "facture";
const SHOP: &str = "shop";

fn preimage_schema() -> Object {
    one_of([FACTURE, SHOP])
}

fn decision_schema() -> Object {
    one_of(Decision::ALL.map(Decision::as_str))
}

fn optional_decision_schema() -> Object {
    nullable_one_of(Decision::ALL.map(Decision::as_str))
}
