//! Lists of vouchers.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::voucher_json::VoucherJson;
use crate::{
    payouts::Payouts,
    web::{
        api::{
            lists::{Limit, invalid},
            payouts::list::read_cursor,
        },
        error::Problem,
        extract::{
            bearer::{Caller, OrderPayouts},
            query::Query,
        },
        origin::Origin,
    },
};
use facture_domain::BatchId;

/// Which vouchers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VoucherListQuery {
    /// Issued by one request: the `batch` of its vouchers.
    #[param(pattern = "^vb_[0-9a-f]{32}$", nullable = false)]
    batch: Option<String>,
    /// The maximum number of vouchers to return.
    #[param(inline, nullable = false)]
    limit: Option<Limit>,
    /// The `next_cursor` of the previous response. The other parameters should be the same.
    #[param(pattern = "^[0-9]{1,19}$", nullable = false)]
    cursor: Option<String>,
}

/// A page of vouchers, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = VoucherList)]
pub(crate) struct VouchersJson {
    vouchers: Vec<VoucherJson>,
    /// The `cursor` for the next page, or `null` on the last page.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// List vouchers
///
/// Newest first. Following the cursors returns each voucher once, even if vouchers are issued in between.
#[utoipa::path(
    get,
    path = "/vouchers",
    operation_id = "listVouchers",
    tag = "Vouchers",
    security(("token" = ["payouts:order"])),
    params(VoucherListQuery),
    responses((status = 200, description = "A page of vouchers, newest first.", body = VouchersJson)),
)]
pub(crate) async fn list(
    _: Caller<OrderPayouts>,
    State(payouts): State<Payouts>,
    origin: Origin,
    Query(query): Query<VoucherListQuery>,
) -> Result<Json<VouchersJson>, Problem> {
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let batch = query.batch.as_deref().map(|text| {
        let message = "The batch must be that of a voucher.";
        BatchId::parse(text).ok_or_else(|| invalid("batch", message))
    });
    let limit = Limit::or_default(query.limit);
    let page = payouts.vouchers(batch.transpose()?, after, limit).await?;
    let shown = page
        .vouchers
        .iter()
        .map(|voucher| VoucherJson::new(&payouts, voucher, &origin));
    Ok(Json(VouchersJson {
        vouchers: shown.collect(),
        next_cursor: page.next.map(|next| next.to_string()),
    }))
}
