//! `/api/v1/invoices/{label}/refunds`: what was and is being refunded of a sale. A refund is ordered as a payout, or issued as
//! a voucher, with the sale's label in `invoice`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::voucher_json::VoucherJson;
use crate::{
    payouts::{Error, Payouts},
    web::{
        api::parameters::LabelPath,
        error::Problem,
        error_json::ErrorJson,
        extract::{
            bearer::{Caller, OrderPayouts},
            invoice::OurLabel,
        },
        origin::Origin,
        payout_json::PayoutJson,
    },
};

use facture_domain::RefundRefused;

/// The refunds of a sale.
#[derive(Serialize, ToSchema)]
#[schema(as = Refunds)]
pub(crate) struct RefundsJson {
    /// What the buyer paid, in millisatoshis.
    received_msat: u64,
    /// What was paid back.
    refunded_msat: u64,
    /// What may be paid back at any moment: by payouts that are not over, and vouchers that can be claimed.
    pending_msat: u64,
    /// What can still be refunded.
    refundable_msat: u64,
    /// The payouts, newest first, those of claimed vouchers included; at most 100.
    payouts: Vec<PayoutJson>,
    /// The vouchers, newest first; at most 100.
    vouchers: Vec<VoucherJson>,
}

/// List the refunds of a sale
///
/// To refund a sale, or a part of it, order a payout to an invoice or a Lightning Address of the buyer, or issue a voucher that
/// the buyer scans, with the sale's label in `invoice`. All refunds of a sale together are never more than was received,
/// however many are ordered at the same time.
#[utoipa::path(
    get,
    path = "/invoices/{label}/refunds",
    operation_id = "listRefunds",
    tag = "Invoices",
    security(("token" = ["payouts:order"])),
    params(LabelPath),
    responses(
        (status = 200, description = "The refunds of the sale.", body = RefundsJson),
        (status = 409, body = ErrorJson, description = "`invoice_not_paid`: nothing was received for it."),
    ),
)]
pub(crate) async fn list(
    _: Caller<OrderPayouts>,
    State(payouts): State<Payouts>,
    origin: Origin,
    OurLabel(label): OurLabel,
) -> Result<Json<RefundsJson>, Problem> {
    let refunds = payouts.refunds(&label).await;
    let refunds = refunds.map_err(|error| match error {
        Error::Refund(RefundRefused::UnknownSale) => Problem::InvoiceNotFound,
        error => error.into(),
    })?;
    let totals = refunds.totals;
    Ok(Json(RefundsJson {
        received_msat: totals.received.msat(),
        refunded_msat: totals.refunded.msat(),
        pending_msat: totals.pending.msat(),
        refundable_msat: totals.left().msat(),
        payouts: refunds
            .payouts
            .iter()
            .map(|payout| PayoutJson::new(payout, payouts.standing(payout)))
            .collect(),
        vouchers: refunds
            .vouchers
            .iter()
            .map(|voucher| VoucherJson::new(&payouts, voucher, &origin))
            .collect(),
    }))
}
