//! What a payer has to do, and what it begins.

use std::time::Duration;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use utoipa::{IntoParams, ToSchema};

use super::{
    orders::answer,
    parameters::{PayoutInPath, PayoutPath},
};
use crate::{
    payouts::Payouts,
    web::{
        api::{
            body::JsonBody,
            lists::{Sequence, invalid as invalid_parameter},
        },
        error::Problem,
        error_json::ErrorJson,
        extract::{
            bearer::{Caller, ExecutePayouts},
            query::Query,
        },
        limits::streams::StreamSlot,
        payout_json::PayoutJson,
    },
};
use facture_domain::{
    PaymentHash,
    payment_string::{PaymentString, Way},
    payout::{Attempt, PayerId, PayoutMove},
};

/// The longest wait, in seconds.
const MAX_WAIT: u64 = 30;

/// Whose work, and how long to wait for it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WorkQuery {
    /// The payer's id, which it chose itself.
    #[param(pattern = "^[A-Za-z0-9_-]{1,64}$", example = "payer_1")]
    payer: String,
    /// How long to wait if there is nothing new, in seconds.
    #[param(minimum = 0, maximum = 30, default = 0, nullable = false)]
    wait: Option<u64>,
    /// The `sequence` of the previous response: wait until a payout has changed since. Absent: wait until there is something
    /// to do.
    #[param(inline, nullable = false)]
    after: Option<Sequence>,
}

/// What a payer has to do.
#[derive(Serialize, ToSchema)]
#[schema(as = PayoutWork)]
pub(crate) struct WorkJson {
    /// What this payer began and has not ended, then the orders that nobody has begun, oldest first.
    payouts: Vec<WorkPayoutJson>,
    /// The `after` for the next request.
    sequence: u64,
}

/// A payout as its payer sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = PayerPayout)]
pub(crate) struct WorkPayoutJson {
    #[serde(flatten)]
    payout: PayoutJson,
    /// The code that came with an approval, which only a payer can check: six digits. It is told for two minutes, and to payers
    /// alone.
    #[schema(required = true, pattern = "^[0-9]{6}$")]
    approval_code: Option<String>,
}

/// What a payer begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PayoutBegin, example = json!({
    "payer": "payer_1",
    "payment_hash": "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925",
}))]
pub(crate) struct BeginJson {
    /// The payer's id.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,64}$")]
    payer: String,
    /// The hash of the payment that it is about to make: 64 hexadecimal digits.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    payment_hash: String,
    /// The invoice that it is about to pay, if the destination is not one itself.
    #[schema(max_length = 16_384)]
    bolt11: Option<String>,
}

/// Read what a payer has to do
///
/// For payers. Asking also shows that a payer is running: payouts say `waiting_for: "payer"` when none has asked for a
/// minute.
#[utoipa::path(
    get,
    path = "/payouts/work",
    operation_id = "readPayoutWork",
    tag = "Payouts",
    security(("token" = ["payouts:execute"])),
    params(WorkQuery),
    responses((status = 200, description = "What there is to do.", body = WorkJson)),
)]
pub(crate) async fn work(
    _: Caller<ExecutePayouts>,
    State(payouts): State<Payouts>,
    State(stopping): State<CancellationToken>,
    _slot: StreamSlot,
    Query(query): Query<WorkQuery>,
) -> Result<Json<WorkJson>, Problem> {
    let payer = PayerId::parse(&query.payer).ok_or_else(|| {
        let message = "The payer must be 1 to 64 letters, digits, _ and -.";
        invalid_parameter("payer", message)
    })?;
    let wait = query.wait.unwrap_or_default();
    if wait > MAX_WAIT {
        let message = format!("The wait must be at most {MAX_WAIT} seconds.");
        return Err(invalid_parameter("wait", &message));
    }
    let after = query.after.map(|Sequence(after)| after);
    let deadline = Instant::now() + Duration::from_secs(wait);
    let work = stopping
        .run_until_cancelled(payouts.work(&payer, after, deadline))
        .await;
    let work = match work {
        Some(work) => work?,
        // The server stops: what there is now.
        None => payouts.work(&payer, after, Instant::now()).await?,
    };
    let shown = work.payouts.iter().map(|payout| WorkPayoutJson {
        payout: PayoutJson::new(payout, payouts.standing(payout)),
        approval_code: payouts
            .approval_code(payout)
            .map(|code| code.expose().to_owned()),
    });
    Ok(Json(WorkJson {
        payouts: shown.collect(),
        sequence: work.sequence,
    }))
}

/// Begin a payout
///
/// For payers: the last step before the node is asked to pay. From here on only this payer may report what came of it, and
/// only this payment is made for it. The same request again has no effect.
#[utoipa::path(
    post,
    path = "/payouts/{payout}/begin",
    operation_id = "beginPayout",
    tag = "Payouts",
    security(("token" = ["payouts:execute"])),
    params(PayoutPath),
    request_body = BeginJson,
    responses(
        (status = 200, description = "The payout, which this payer may pay.", body = PayoutJson),
        (status = 409, body = ErrorJson, description = "`begun_by_another`: another payer began it, or this one with another \
            payment. `already_ordered`: another payout pays the same invoice. `payout_state`: it is over."),
    ),
)]
pub(crate) async fn begin(
    _: Caller<ExecutePayouts>,
    State(payouts): State<Payouts>,
    PayoutInPath(id): PayoutInPath,
    body: JsonBody<BeginJson>,
) -> Result<Json<PayoutJson>, Problem> {
    let step = PayoutMove::Begin(body.content.parse()?);
    let payout = payouts.advance(&id, step).await?;
    Ok(answer(&payouts, &payout))
}

impl BeginJson {
    fn parse(self) -> Result<Attempt, Problem> {
        let payment_hash: PaymentHash = self.payment_hash.parse().map_err(|_| {
            Problem::invalid(
                "payment_hash",
                "payment_hash_invalid",
                "The payment_hash must be 64 hexadecimal digits.".to_owned(),
            )
        })?;
        let bolt11 = self.bolt11.map(|text| match PaymentString::parse(&text) {
            Ok(PaymentString {
                way: Way::Bolt11(request),
                ..
            }) if request.decoded.payment_hash == payment_hash => Ok(request.decoded.bolt11),
            _ => Err(Problem::invalid(
                "bolt11",
                "bolt11_invalid",
                "The bolt11 must be a BOLT 11 invoice with this payment_hash.".to_owned(),
            )),
        });
        Ok(Attempt {
            payer: payer(&self.payer)?,
            payment_hash,
            bolt11: bolt11.transpose()?,
        })
    }
}

/// The payer in a body.
pub(super) fn payer(text: &str) -> Result<PayerId, Problem> {
    PayerId::parse(text).ok_or_else(|| {
        let message = "The payer must be 1 to 64 letters, digits, _ and -.".to_owned();
        Problem::invalid("payer", "payer_invalid", message)
    })
}
