//! `/checkout/{id}`: the buyer's page, its QR code and its status, without a token.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{access::InvoiceInPath, refusal::Refusal};
use crate::{
    invoices::{Found, Invoicing},
    web::{
        buyer::{self, pages::Pages},
        error::Problem,
        extract::{
            invoice::{OurLabel, find},
            visitor::Visitor,
        },
        fast_path::RenderCache,
    },
};
use facture_domain::Status;

/// `GET /checkout/{id}`: once paid, redirects to the shop's address, if it gave one.
pub(crate) async fn show(
    State(pages): State<Pages>,
    State(cache): State<Arc<RenderCache>>,
    visitor: Visitor,
    InvoiceInPath(Found { invoice, .. }): InvoiceInPath,
) -> Result<Response, Refusal> {
    if let (Status::Paid(_), Some(url)) = (&invoice.status, &invoice.order.redirect_url) {
        let url = HeaderValue::from_str(url.as_str()).map_err(|_| Problem::Internal)?;
        return Ok((StatusCode::FOUND, [(header::LOCATION, url)]).into_response());
    }
    Ok(buyer::charge::page(&pages, &cache, visitor, &invoice)?)
}

/// `GET /checkout/{id}/qr.png`, regardless of the invoice's state.
pub(crate) async fn qr(
    InvoiceInPath(Found { invoice, .. }): InvoiceInPath,
) -> Result<Response, Refusal> {
    let bolt11 = invoice.bolt11().ok_or(Problem::NotPayable)?;
    Ok(buyer::png::answer(&buyer::qr::Matrix::of(bolt11)?)?)
}

/// `GET /checkout/{id}/status`: the status frame of the page, for browsers without scripts.
pub(crate) async fn status(
    State(invoicing): State<Arc<Invoicing>>,
    State(pages): State<Pages>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let around = format!("/checkout/{label}");
    let found = find(&invoicing, &label).await;
    buyer::status::answer(&pages, visitor, &around, found)
}
