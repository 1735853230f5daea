//! `/checkout/{id}`: the buyer's page, its QR code and how it stands, without a token.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Id, Refusal};
use crate::{
    http::{App, error::Problem, extract::OurLabel, pages, visitor::Visitor},
    invoice::Status,
    invoicing::Found,
};

/// `GET /checkout/{id}`: once it is paid, on to where the shop wants the buyer, if it said so.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Id(Found { invoice, .. }): Id,
) -> Result<Response, Refusal> {
    if let (Status::Paid(_), Some(url)) = (&invoice.status, &invoice.order.redirect_url) {
        let url = HeaderValue::from_str(url.as_str()).map_err(|_| Problem::Internal)?;
        return Ok((StatusCode::FOUND, [(header::LOCATION, url)]).into_response());
    }
    Ok(pages::charge::page(&app, visitor, &invoice)?)
}

/// `GET /checkout/{id}/qr.png`, whatever became of it.
pub(super) async fn qr(Id(Found { invoice, .. }): Id) -> Result<Response, Refusal> {
    Ok(pages::png::answer(&pages::qr::Matrix::of(
        &invoice.bolt11,
    )?)?)
}

/// `GET /checkout/{id}/status`: the frame of the page, for browsers without script.
pub(super) async fn status(
    State(app): State<App>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let around = format!("/checkout/{label}");
    pages::status::answer(&app, visitor, &around, app.find(&label).await)
}
