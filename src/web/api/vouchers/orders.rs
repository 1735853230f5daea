//! Issuing vouchers, reading and cancelling them.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    new_vouchers::NewVouchersJson,
    parameters::{VoucherInPath, VoucherPath},
    voucher_json::VoucherJson,
};
use crate::{
    invoices::Invoicing,
    payouts::Payouts,
    web::{
        api::{body::JsonBody, idempotency},
        error::Problem,
        error_json::ErrorJson,
        extract::bearer::{Caller, OrderPayouts},
        origin::Origin,
    },
};

/// The vouchers of one request.
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedVouchers)]
pub(crate) struct IssuedJson {
    /// They are in order.
    vouchers: Vec<VoucherJson>,
}

/// Issue vouchers
///
/// Links that whoever has them can claim once with a wallet, by LNURL-withdraw (LUD-03): to print, or as a refund that the
/// buyer scans (`invoice`). Claiming one orders a payout, which a payer pays within its limits. The same request under the same
/// `Idempotency-Key` is the same vouchers for ever. Wallets need the address of this server to begin with `https://`.
#[utoipa::path(
    post,
    path = "/vouchers",
    operation_id = "issueVouchers",
    tag = "Vouchers",
    security(("token" = ["payouts:order"])),
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255,
        pattern = "^[\\x21-\\x7e]+$", example = "meetup-7",
        description = "A key that identifies this request: up to 255 visible ASCII characters, separate for each token.")),
    request_body = NewVouchersJson,
    responses(
        (status = 201, description = "The vouchers, as they are now.", body = IssuedJson),
        (status = 409, body = ErrorJson, description = "`idempotency_key_reused`: this key was used for a different request. \
            `invoice_not_paid`: nothing was received for the sale. `refund_too_large`: it is more than can be refunded of the \
            sale; the message says how much can."),
        (status = 503, body = ErrorJson, description = "`no_rate`: there is no rate for the currency at the moment.",
            headers(("Retry-After" = u64, description = "When to retry, in seconds."))),
    ),
)]
pub(crate) async fn issue(
    caller: Caller<OrderPayouts>,
    State(payouts): State<Payouts>,
    State(invoicing): State<Arc<Invoicing>>,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody<NewVouchersJson>,
) -> Result<(StatusCode, Json<IssuedJson>), Problem> {
    let key = idempotency::required_key(&headers)?;
    let request = NewVouchersJson::parse(body, key, &caller.grant, &invoicing)?;
    let vouchers = payouts.issue_vouchers(request).await?;
    let shown = vouchers
        .iter()
        .map(|voucher| VoucherJson::new(&payouts, voucher, &origin));
    let vouchers = shown.collect();
    Ok((StatusCode::CREATED, Json(IssuedJson { vouchers })))
}

/// Read a voucher
#[utoipa::path(
    get,
    path = "/vouchers/{voucher}",
    operation_id = "readVoucher",
    tag = "Vouchers",
    security(("token" = ["payouts:order"])),
    params(VoucherPath),
    responses((status = 200, description = "The voucher.", body = VoucherJson)),
)]
pub(crate) async fn read(
    _: Caller<OrderPayouts>,
    State(payouts): State<Payouts>,
    origin: Origin,
    VoucherInPath(id): VoucherInPath,
) -> Result<Json<VoucherJson>, Problem> {
    let voucher = payouts.voucher(&id).await?;
    Ok(Json(VoucherJson::new(&payouts, &voucher, &origin)))
}

/// Cancel a voucher
///
/// Only before it is claimed; after that, its payout can be cancelled until a payer begins it. Cancelling it again has no
/// effect.
#[utoipa::path(
    post,
    path = "/vouchers/{voucher}/cancel",
    operation_id = "cancelVoucher",
    tag = "Vouchers",
    security(("token" = ["payouts:order"])),
    params(VoucherPath),
    responses(
        (status = 200, description = "The voucher, which nobody can claim.", body = VoucherJson),
        (status = 409, body = ErrorJson, description = "`voucher_state`: it was claimed, or is over."),
    ),
)]
pub(crate) async fn cancel(
    _: Caller<OrderPayouts>,
    State(payouts): State<Payouts>,
    origin: Origin,
    VoucherInPath(id): VoucherInPath,
) -> Result<Json<VoucherJson>, Problem> {
    let voucher = payouts.cancel_voucher(&id).await?;
    Ok(Json(VoucherJson::new(&payouts, &voucher, &origin)))
}
