//! Whether an invoice was paid, for programs that know no more than an address (LUD-21). The link has the label, so only those
//! can ask who were given the invoice.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;

use super::reply::{LnurlError, reply};
use crate::{invoices::Invoicing, web::error::Problem};
use facture_domain::StatusName;

/// The state of an invoice.
#[derive(Serialize)]
struct Verification {
    status: &'static str,
    settled: bool,
    /// Never given: the records do not have it.
    preimage: Option<String>,
    pr: String,
}

/// `GET /lnurl/verify/{label}`.
pub(super) async fn show(
    State(invoicing): State<Arc<Invoicing>>,
    Path(label): Path<String>,
) -> Result<Response, LnurlError> {
    let not_found = || LnurlError::new("Not found");
    let label = invoicing.parse_label(&label).ok_or_else(not_found)?;
    let found = invoicing.find(&label).await.map_err(Problem::from)?;
    let invoice = found.ok_or_else(not_found)?.invoice;
    let bolt11 = invoice.bolt11().ok_or_else(not_found)?;
    let settled = invoice.state() == StatusName::Paid || invoice.payment_proven_at.is_some();
    Ok(reply(&Verification {
        status: "OK",
        settled,
        preimage: None,
        pr: bolt11.as_str().to_owned(),
    }))
}
