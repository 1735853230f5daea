//! Ordering a payout, reading, approving and cancelling it.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    new_payout::NewPayoutJson,
    parameters::{PayoutInPath, PayoutPath},
};
use crate::{
    invoices::Invoicing,
    payouts::{OrderedPayout, Payouts},
    web::{
        api::{
            body::{JsonBody, OptionalJsonBody},
            idempotency,
        },
        error::Problem,
        error_json::ErrorJson,
        extract::bearer::{ApprovePayouts, Caller, CancelPayouts, OrderPayouts, ReadPayouts},
        paths::API_PREFIX,
        payout_json::PayoutJson,
    },
};
use facture_domain::payout::{ApprovalCode, Payout, PayoutMove};

/// Order a payout
///
/// Writes down that somebody is to be paid. A payer, which is another program with a credential of its own, pays it within
/// its own limits, or asks for an approval first. The same request under the same `Idempotency-Key` is one payout for ever; a
/// different request with the same key is refused. The destination is checked as far as its text tells.
#[utoipa::path(
    post,
    path = "/payouts",
    operation_id = "orderPayout",
    tag = "Payouts",
    security(("token" = ["payouts:order"])),
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255,
        pattern = "^[\\x21-\\x7e]+$", example = "refund-2026-7",
        description = "A key that identifies this order: up to 255 visible ASCII characters, separate for each token.")),
    request_body = NewPayoutJson,
    responses(
        (status = 201, description = "The payout, as it is now.", body = PayoutJson,
            headers(("Location" = String, description = "The path of the payout in this API."))),
        (status = 409, body = ErrorJson, description = "`idempotency_key_reused`: this key was used for a different order. \
            `already_ordered`: another payout is for the same invoice; the message names it. It can be ordered again once that \
            one has failed, expired or was cancelled. `invoice_not_paid`: nothing was received for the sale. `refund_too_large`: \
            it is more than can be refunded of the sale; the message says how much can."),
        (status = 503, body = ErrorJson, description = "`no_rate`: there is no rate for the currency at the moment.",
            headers(("Retry-After" = u64, description = "When to retry, in seconds."))),
        (status = 429, body = ErrorJson, description = "`too_many_payouts`: a thousand payouts are waiting for a payer or an \
            approval. `rate_limited`: too many requests in a short time.",
            headers(("Retry-After" = u64, description = "When to retry, in seconds."))),
    ),
)]
pub(crate) async fn order(
    caller: Caller<OrderPayouts>,
    State(payouts): State<Payouts>,
    State(invoicing): State<Arc<Invoicing>>,
    headers: HeaderMap,
    body: JsonBody<NewPayoutJson>,
) -> Result<Response, Problem> {
    let key = idempotency::required_key(&headers)?;
    let request = NewPayoutJson::parse(body, key, &caller.grant, &invoicing)?;
    let (OrderedPayout::New(payout) | OrderedPayout::Known(payout)) =
        payouts.order(request).await?;
    let path = format!("{API_PREFIX}/payouts/{}", payout.id);
    let location = HeaderValue::from_str(&path).map_err(|_| Problem::Internal)?;
    let answer = answer(&payouts, &payout);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
}

/// Read a payout
#[utoipa::path(
    get,
    path = "/payouts/{payout}",
    operation_id = "readPayout",
    tag = "Payouts",
    security(("token" = ["payouts:order"]), ("token" = ["payouts:approve"]), ("token" = ["payouts:execute"])),
    params(PayoutPath),
    responses((status = 200, description = "The payout.", body = PayoutJson)),
)]
pub(crate) async fn read(
    _: Caller<ReadPayouts>,
    State(payouts): State<Payouts>,
    PayoutInPath(id): PayoutInPath,
) -> Result<Json<PayoutJson>, Problem> {
    let payout = payouts.find(&id).await?;
    Ok(answer(&payouts, &payout))
}

/// Approve a payout
///
/// Approving it again has no effect. Above an amount that it is configured with, a payer wants an approval that is proved to
/// itself: by a command on its machine, or by a code of its owner's authenticator app, which is sent here as `approval_code`. Only
/// the payer can check the code. If it does not take it, the payout still waits for the approval, and `code_refused` says why.
#[utoipa::path(
    post,
    path = "/payouts/{payout}/approve",
    operation_id = "approvePayout",
    tag = "Payouts",
    security(("token" = ["payouts:approve"])),
    params(PayoutPath),
    request_body = ApprovalJson,
    responses(
        (status = 200, description = "The payout, which is approved.", body = PayoutJson),
        (status = 409, body = ErrorJson, description = "`payout_state`: a payer has begun it, or it is over."),
    ),
)]
pub(crate) async fn approve(
    _: Caller<ApprovePayouts>,
    State(payouts): State<Payouts>,
    PayoutInPath(id): PayoutInPath,
    OptionalJsonBody(body): OptionalJsonBody<ApprovalJson>,
) -> Result<Json<PayoutJson>, Problem> {
    let code = body.map(ApprovalJson::parse).transpose()?.flatten();
    let payout = payouts.approve(&id, code).await?;
    Ok(answer(&payouts, &payout))
}

/// What may come with an approval.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PayoutApproval, example = json!({ "approval_code": "123456" }))]
pub(crate) struct ApprovalJson {
    /// The code that the owner's authenticator app shows: six digits.
    #[schema(pattern = "^[0-9]{6}$")]
    approval_code: Option<String>,
}

impl ApprovalJson {
    fn parse(self) -> Result<Option<ApprovalCode>, Problem> {
        let code = self.approval_code.map(|text| {
            ApprovalCode::parse(&text).ok_or_else(|| {
                Problem::invalid(
                    "approval_code",
                    "approval_code_invalid",
                    "The approval_code must be six digits.".to_owned(),
                )
            })
        });
        code.transpose()
    }
}

/// Cancel a payout
///
/// Only before a payer has begun it. Cancelling it again has no effect.
#[utoipa::path(
    post,
    path = "/payouts/{payout}/cancel",
    operation_id = "cancelPayout",
    tag = "Payouts",
    security(("token" = ["payouts:order"]), ("token" = ["payouts:approve"])),
    params(PayoutPath),
    responses(
        (status = 200, description = "The payout, which will not be paid.", body = PayoutJson),
        (status = 409, body = ErrorJson, description = "`payout_state`: a payer has begun it, or it is over."),
    ),
)]
pub(crate) async fn cancel(
    _: Caller<CancelPayouts>,
    State(payouts): State<Payouts>,
    PayoutInPath(id): PayoutInPath,
) -> Result<Json<PayoutJson>, Problem> {
    let payout = payouts.advance(&id, PayoutMove::Cancel).await?;
    Ok(answer(&payouts, &payout))
}

/// A payout as it is shown.
pub(super) fn answer(payouts: &Payouts, payout: &Payout) -> Json<PayoutJson> {
    Json(PayoutJson::new(payout, payouts.standing(payout)))
}
