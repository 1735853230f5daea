//! The buyer's wallet, and an invoice whose time runs out.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::until;
use crate::{
    config::InvoiceConfig,
    invoices::Invoicing,
    web::{
        api::{body::OptionalJsonBody, parameters::LabelPath},
        error::Problem,
        error_json::ErrorJson,
        extract::{
            bearer::{Caller, Create},
            invoice::{OurLabel, find},
        },
        invoice_json::ShopInvoiceJson,
        mode::Mode,
        origin::Origin,
    },
};
use facture_domain::{Amount, Invoice, Status};

/// How the wallet pays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WalletPayment)]
pub(super) struct PayJson {
    /// The amount in millisatoshis, of an invoice that leaves it to the payer. Defaults to the configured one.
    #[schema(minimum = 1)]
    amount_msat: Option<u64>,
    /// The payment is under way when the invoice ends, and lightningd takes it so many seconds later.
    #[schema(minimum = 1)]
    late_by_seconds: Option<u32>,
}

/// Pay an invoice
///
/// As a buyer's wallet does. The payment of a hold invoice is held. The answer is the invoice, which knows of the payment.
#[utoipa::path(
    post,
    path = "/invoices/{label}/pay",
    operation_id = "payInvoice",
    security(("token" = ["invoices:create"])),
    params(LabelPath),
    request_body = Option<PayJson>,
    responses(
        (status = 200, description = "The invoice, which is paid or held.", body = ShopInvoiceJson),
        (status = 404, description = "`invoice_not_found`", body = ErrorJson),
        (status = 422, description = "`sandbox_refused`: the wallet cannot pay it; the message says why. `late_by_seconds_invalid`", body = ErrorJson),
    ),
)]
pub(super) async fn pay(
    _: Caller<Create>,
    State(mode): State<Mode>,
    State(invoicing): State<Arc<Invoicing>>,
    State(config): State<Arc<InvoiceConfig>>,
    origin: Origin,
    OurLabel(label): OurLabel,
    OptionalJsonBody(body): OptionalJsonBody<PayJson>,
) -> Result<Json<ShopInvoiceJson>, Problem> {
    let invoice = find(&invoicing, &label).await?.invoice;
    let how = body.unwrap_or_default();
    let chosen = how.amount_msat;
    let amount = match invoice.amount {
        Amount::Exact(_) => chosen,
        Amount::Any => chosen.or(Some(config.default_sat.amount().msat())),
    };
    match how.late_by_seconds {
        None => mode.pay(&invoice, amount)?,
        Some(0) => return Err(not_late()),
        Some(seconds) => mode.pay_late(&invoice, amount, Duration::from_secs(seconds.into()))?,
    }
    let paid = until::invoice(&invoicing, &label, is_paid_or_held).await?;
    Ok(Json(ShopInvoiceJson::new(&paid, &origin)))
}

/// Pay a hold invoice
///
/// The same as paying, for hold invoices only: the payment is held until the shop settles or cancels it.
#[utoipa::path(
    post,
    path = "/invoices/{label}/hold",
    operation_id = "holdInvoice",
    security(("token" = ["invoices:create"])),
    params(LabelPath),
    responses(
        (status = 200, description = "The invoice, whose payment is held.", body = ShopInvoiceJson),
        (status = 404, description = "`invoice_not_found`", body = ErrorJson),
        (status = 409, description = "`invoice_not_held`: it is no hold invoice.", body = ErrorJson),
        (status = 422, description = "`sandbox_refused`: the wallet cannot pay it; the message says why.", body = ErrorJson),
    ),
)]
pub(super) async fn hold(
    caller: Caller<Create>,
    State(mode): State<Mode>,
    State(invoicing): State<Arc<Invoicing>>,
    State(config): State<Arc<InvoiceConfig>>,
    origin: Origin,
    OurLabel(label): OurLabel,
) -> Result<Json<ShopInvoiceJson>, Problem> {
    let invoice = find(&invoicing, &label).await?.invoice;
    if invoice.hold.is_none() {
        return Err(Problem::InvoiceNotHeld);
    }
    pay(
        caller,
        State(mode),
        State(invoicing),
        State(config),
        origin,
        OurLabel(label),
        OptionalJsonBody(None),
    )
    .await
}

/// Let an invoice expire
///
/// Moves the node's clock forward to the end of this invoice: all others that end before it expire too. Nothing happens to one
/// that cannot be paid any more.
#[utoipa::path(
    post,
    path = "/invoices/{label}/expire",
    operation_id = "expireInvoice",
    security(("token" = ["invoices:create"])),
    params(LabelPath),
    responses(
        (status = 200, description = "The invoice as it is now.", body = ShopInvoiceJson),
        (status = 404, description = "`invoice_not_found`", body = ErrorJson),
    ),
)]
pub(super) async fn expire(
    _: Caller<Create>,
    State(mode): State<Mode>,
    State(invoicing): State<Arc<Invoicing>>,
    origin: Origin,
    OurLabel(label): OurLabel,
) -> Result<Json<ShopInvoiceJson>, Problem> {
    let invoice = find(&invoicing, &label).await?.invoice;
    if invoice.status == Status::Unpaid {
        mode.let_expire(&invoice)?;
    }
    let ended = until::invoice(&invoicing, &label, |invoice| {
        invoice.status != Status::Unpaid
    })
    .await?;
    Ok(Json(ShopInvoiceJson::new(&ended, &origin)))
}

fn not_late() -> Problem {
    let message = "The seconds must be at least 1.".to_owned();
    Problem::invalid("late_by_seconds", "late_by_seconds_invalid", message)
}

/// Whether the buyer's part is done.
pub(super) fn is_paid_or_held(invoice: &Invoice) -> bool {
    matches!(invoice.status, Status::Paid(_) | Status::Accepted(_))
}
