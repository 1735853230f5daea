//! LNURL-withdraw (LUD-03): a wallet reads a voucher, and claims it with an invoice. Reading makes nothing: links are opened by
//! those who show a preview of them.

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use serde::Serialize;
use serde_json::json;

use super::{
    link,
    parameters::required,
    reply::{LnurlError, reply},
};
use crate::{
    payouts::{ClaimRefused, OrderRefused, Payouts},
    web::{log_budget, origin::Origin},
};
use facture_domain::{Voucher, VoucherSecret, VoucherState};

/// What a voucher is, for a wallet. The wallet asks `callback` with `k1` and an invoice.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WithdrawRequest {
    tag: &'static str,
    callback: String,
    k1: String,
    default_description: String,
    min_withdrawable: u64,
    max_withdrawable: u64,
}

/// `GET /lnurl/withdraw/{secret}`.
pub(crate) async fn show(
    State(payouts): State<Payouts>,
    origin: Origin,
    Path(secret): Path<String>,
) -> Result<Response, LnurlError> {
    let secret = VoucherSecret::parse(&secret).ok_or_else(unknown)?;
    let voucher = payouts.claimable(&secret).await.map_err(explain)?;
    let amount = voucher.terms.amount.msat();
    Ok(reply(&WithdrawRequest {
        tag: "withdrawRequest",
        callback: link::callback(&origin),
        k1: secret.expose().to_owned(),
        default_description: description(&voucher),
        min_withdrawable: amount,
        max_withdrawable: amount,
    }))
}

/// `GET /lnurl/withdraw/callback?k1=…&pr=…`.
pub(crate) async fn claim(
    State(payouts): State<Payouts>,
    RawQuery(query): RawQuery,
) -> Result<Response, LnurlError> {
    let query = query.unwrap_or_default();
    let k1 = required(&query, "k1")?;
    let invoice = required(&query, "pr")?;
    let secret = VoucherSecret::parse(&k1).ok_or_else(unknown)?;
    payouts.claim(&secret, &invoice).await.map_err(explain)?;
    Ok(reply(&json!({ "status": "OK" })))
}

/// What the wallet shows, and writes into its invoice.
fn description(voucher: &Voucher) -> String {
    match (&voucher.terms.reason, &voucher.terms.invoice) {
        (Some(reason), _) => reason.as_str().to_owned(),
        (None, Some(_)) => "Refund".to_owned(),
        (None, None) => "Voucher".to_owned(),
    }
}

fn unknown() -> LnurlError {
    LnurlError::new("There is no such voucher.")
}

/// The words for the person who holds the wallet.
fn explain(refused: ClaimRefused) -> LnurlError {
    LnurlError::new(match refused {
        ClaimRefused::Unknown => return unknown(),
        ClaimRefused::State(state) => match state {
            VoucherState::Open => "The voucher cannot be claimed now.",
            VoucherState::Claimed => {
                "This voucher has already been claimed. Its payment is on its way."
            }
            VoucherState::Paid => "This voucher has already been paid.",
            VoucherState::Cancelled => "This voucher was cancelled.",
            VoucherState::Expired => "This voucher has expired.",
        },
        ClaimRefused::NoInvoice => "The parameter pr must be a BOLT 11 invoice.",
        ClaimRefused::OtherAmount(voucher) => {
            return LnurlError(format!(
                "The invoice must be for exactly {} millisatoshis.",
                voucher.terms.amount.msat()
            ));
        }
        ClaimRefused::Invoice(OrderRefused::WrongNetwork { node, .. }) => {
            return LnurlError(format!("The invoice must be on the network {node}."));
        }
        ClaimRefused::Invoice(OrderRefused::OwnInvoice) => {
            "The invoice is one of the node that pays the voucher: it cannot pay itself."
        }
        ClaimRefused::Invoice(OrderRefused::InvoiceExpired) => "The invoice has expired.",
        ClaimRefused::Invoice(_) => "The invoice cannot be paid.",
        ClaimRefused::TooMany => "Too many payments are waiting. Try again later.",
        ClaimRefused::AlreadyOrdered => "This invoice is already being paid. Make a new one.",
        ClaimRefused::Failed(error) => {
            if log_budget::allows() {
                tracing::warn!(%error, "a voucher could not be claimed");
            }
            "The voucher cannot be claimed at the moment. Try again later."
        }
    })
}
