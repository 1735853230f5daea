//! The buyer's wallet where it receives: its invoices, and the vouchers that it claims. `payouts/{payout}/pay` pays them, and so
//! does `facture payer` by the sandbox's node.

use std::num::NonZeroU64;

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    payouts::Payouts,
    web::{
        api::body::JsonBody,
        error::Problem,
        error_json::ErrorJson,
        extract::bearer::{Caller, Create},
        mode::Mode,
    },
};
use facture_domain::{
    Description, VoucherSecret,
    payment_string::{PaymentString, Way},
};

/// An invoice that the wallet is to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWalletInvoice)]
pub(super) struct NewInvoiceJson {
    /// The amount in millisatoshis; without it, whoever pays chooses.
    #[schema(value_type = Option<u64>, minimum = 1)]
    amount_msat: Option<NonZeroU64>,
    /// What it is for, in at most 639 bytes.
    #[serde(default)]
    description: String,
}

/// A voucher that the wallet is to claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WalletClaim)]
pub(super) struct ClaimJson {
    /// The voucher's LNURL, as it is in its QR code.
    lnurl: String,
}

/// An invoice of the wallet.
#[derive(Serialize, ToSchema)]
#[schema(as = WalletInvoice)]
pub(super) struct InvoiceJson {
    /// The BOLT 11 string: the destination of a payout.
    bolt11: String,
}

/// Make an invoice of the buyer's wallet
///
/// A destination for payouts. The sandbox's node can pay it: for `facture payer`, and for the payer that
/// `payouts/{payout}/pay` plays. It expires after a week. The wallet is another one after a restart.
#[utoipa::path(
    post,
    path = "/wallet/invoices",
    operation_id = "createWalletInvoice",
    security(("token" = ["invoices:create"])),
    request_body = NewInvoiceJson,
    responses(
        (status = 201, description = "The invoice.", body = InvoiceJson),
        (status = 422, description = "`description_invalid`. `sandbox_refused`: the wallet cannot make it; the message says why.",
            body = ErrorJson),
    ),
)]
pub(super) async fn create(
    _: Caller<Create>,
    State(mode): State<Mode>,
    body: JsonBody<NewInvoiceJson>,
) -> Result<(StatusCode, Json<InvoiceJson>), Problem> {
    let NewInvoiceJson {
        amount_msat,
        description,
    } = body.content;
    Description::parse_lines(&description).map_err(|error| {
        let message = format!("The description {error}.");
        Problem::invalid("description", "description_invalid", message)
    })?;
    let bolt11 = mode.buyer_invoice(amount_msat.map(NonZeroU64::get), &description)?;
    Ok((StatusCode::CREATED, Json(InvoiceJson { bolt11 })))
}

/// Claim a voucher
///
/// The wallet makes an invoice for the voucher's amount and claims it, as a buyer's wallet does after a scan. A payout is ordered
/// then, which a payer pays.
#[utoipa::path(
    post,
    path = "/wallet/claims",
    operation_id = "claimVoucher",
    security(("token" = ["invoices:create"])),
    request_body = ClaimJson,
    responses(
        (status = 201, description = "The invoice with which it was claimed.", body = InvoiceJson),
        (status = 422, description = "`string_invalid`: no link of a voucher of this server. `sandbox_refused`: it cannot be \
            claimed; the message says why.", body = ErrorJson),
    ),
)]
pub(super) async fn claim(
    _: Caller<Create>,
    State(mode): State<Mode>,
    State(payouts): State<Payouts>,
    body: JsonBody<ClaimJson>,
) -> Result<(StatusCode, Json<InvoiceJson>), Problem> {
    let secret = secret(&body.content.lnurl).ok_or_else(|| {
        let message = "The LNURL must be that of a voucher of this server.";
        Problem::invalid("lnurl", "string_invalid", message)
    })?;
    let refuse = |reason: String| {
        Problem::invalid(
            "lnurl",
            "sandbox_refused",
            format!("Not claimed: {reason}."),
        )
    };
    let voucher = payouts.claimable(&secret).await;
    let voucher = voucher.map_err(|refused| refuse(refused.to_string()))?;
    let amount = voucher.terms.amount.msat();
    let bolt11 = mode.buyer_invoice(Some(amount), "A voucher")?;
    let claimed = payouts.claim(&secret, &bolt11).await;
    claimed.map_err(|refused| refuse(refused.to_string()))?;
    Ok((StatusCode::CREATED, Json(InvoiceJson { bolt11 })))
}

/// The secret at the end of a voucher's link.
fn secret(lnurl: &str) -> Option<VoucherSecret> {
    let Way::Lnurl(lnurl) = PaymentString::parse(lnurl).ok()?.way else {
        return None;
    };
    VoucherSecret::parse(lnurl.url.path_segments()?.next_back()?)
}
