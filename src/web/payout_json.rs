//! A payout as programs read it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::schema::{nullable_one_of, one_of};
use crate::payouts::Standing;
use facture_domain::{
    Label, Msat,
    payout::{
        DestinationKind, FailureCode, Payout, PayoutFailure, PayoutState, PayoutStatus, Waiting,
    },
};

/// A payout. Values that are not known, or not there yet, are `null`.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Payout)]
pub(crate) struct PayoutJson {
    #[schema(example = "po_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    id: String,
    /// Where it stands. `unknown`: it was begun, and whether it was paid is not known yet.
    #[schema(schema_with = state_schema)]
    state: &'static str,
    /// Who is paid. `null` in events: it may be a person's address.
    #[schema(required = true)]
    destination: Option<String>,
    /// What the destination is.
    #[schema(schema_with = kind_schema)]
    kind: &'static str,
    /// How much the destination is to receive, in millisatoshis; once it is paid, how much it received. `null`: the offer
    /// says.
    #[schema(required = true, maximum = 1_000_000_000_000_000_000_u64)]
    amount_msat: Option<u64>,
    /// The most that it may cost on top. `null`: 1 percent of the amount or 5 satoshis, whichever is more.
    #[schema(required = true)]
    max_fee_msat: Option<u64>,
    /// What it cost on top.
    #[schema(required = true)]
    fee_msat: Option<u64>,
    /// Why it was ordered. `null` in events.
    #[schema(required = true)]
    reason: Option<String>,
    /// The name of the token that ordered it.
    asked_by: String,
    /// The label of the sale that it refunds.
    #[schema(required = true)]
    invoice: Option<String>,
    /// The payment hash of the invoice that is paid.
    #[schema(required = true)]
    payment_hash: Option<String>,
    /// The proof of payment. `null` in events.
    #[schema(required = true)]
    preimage: Option<String>,
    /// What it waits for, while nobody has begun it: `payer`, because no payer is running (never in events), or `approval`.
    #[schema(required = true, schema_with = waiting_schema)]
    waiting_for: Option<&'static str>,
    /// Why the payer did not take the code that was last sent with an approval, for people: the payout still waits for one.
    /// Never in events.
    #[schema(required = true)]
    code_refused: Option<String>,
    /// The payer that began it.
    #[schema(required = true)]
    payer: Option<String>,
    /// Why it is not paid, or not known to be.
    #[schema(required = true)]
    failure: Option<FailureJson>,
    /// When it was ordered, in seconds since 1970.
    created_at: i64,
    /// If no payer has begun it by then, it expires.
    expires_at: i64,
    /// When it last changed.
    updated_at: i64,
    /// When its payment was reported.
    #[schema(required = true)]
    paid_at: Option<i64>,
}

/// Why a payout is not paid, or not known to be.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = PayoutFailure)]
pub(crate) struct FailureJson {
    /// For programs.
    #[schema(schema_with = code_schema)]
    code: &'static str,
    /// For people.
    message: String,
    /// Whether the payment may still go through: only while the state is `unknown`.
    may_still_go_through: bool,
}

impl PayoutJson {
    /// For whoever may read payouts.
    pub(crate) fn new(payout: &Payout, standing: Standing) -> Self {
        let payment = payout.status.payment();
        let order = &payout.order;
        let msat = |amount: Option<Msat>| amount.map(Msat::msat);
        Self {
            id: payout.id.to_string(),
            state: payout.state().as_str(),
            destination: Some(order.destination.text.clone()),
            kind: order.destination.kind.as_str(),
            amount_msat: msat(payment.map(|payment| payment.amount).or(order.amount)),
            max_fee_msat: msat(order.max_fee),
            fee_msat: msat(payment.map(|payment| payment.fee)),
            reason: order
                .reason
                .as_ref()
                .map(|reason| reason.as_str().to_owned()),
            asked_by: order.asked_by.clone(),
            invoice: order.invoice.as_ref().map(Label::to_string),
            payment_hash: payout.payment_hash().map(|hash| hash.to_string()),
            preimage: payment.map(|payment| payment.preimage.to_hex()),
            waiting_for: standing.waiting_for.map(Waiting::as_str),
            code_refused: standing.code_refused,
            payer: payout
                .status
                .attempt()
                .map(|attempt| attempt.payer.to_string()),
            failure: payout
                .status
                .failure()
                .map(|failure| FailureJson::new(failure, payout.state())),
            created_at: payout.created_at.as_second(),
            expires_at: order.expires_at.as_second(),
            updated_at: payout.updated_at.as_second(),
            paid_at: payment.map(|payment| Timestamp::as_second(payment.paid_at)),
        }
    }

    /// For events, which more may read: nothing that a person may be known by, and no proof.
    pub(crate) fn of_event(payout: &Payout) -> Self {
        let waiting_for = match payout.status {
            PayoutStatus::Ordered(Waiting::Approval)
            | PayoutStatus::Approved(Waiting::Approval) => Some(Waiting::Approval),
            _ => None,
        };
        Self {
            destination: None,
            reason: None,
            preimage: None,
            ..Self::new(
                payout,
                Standing {
                    waiting_for,
                    code_refused: None,
                },
            )
        }
    }
}

impl FailureJson {
    fn new(failure: &PayoutFailure, state: PayoutState) -> Self {
        Self {
            code: failure.code.as_str(),
            message: failure.message.clone(),
            may_still_go_through: !state.is_final(),
        }
    }
}

fn state_schema() -> Object {
    one_of(PayoutState::ALL.map(PayoutState::as_str))
}

fn kind_schema() -> Object {
    one_of(DestinationKind::ALL.map(DestinationKind::as_str))
}

fn code_schema() -> Object {
    one_of(FailureCode::ALL.map(FailureCode::as_str))
}

/// A code of a failure, or `null`.
pub(crate) fn nullable_code_schema() -> Object {
    nullable_one_of(FailureCode::ALL.map(FailureCode::as_str))
}

fn waiting_schema() -> Object {
    nullable_one_of([Waiting::Payer, Waiting::Approval].map(Waiting::as_str))
}
