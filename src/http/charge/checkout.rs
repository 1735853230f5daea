//! `/checkout/{id}`: the buyer's page and its QR code, without a token.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Id, Refusal, png};
use crate::{
    http::{App, error::Problem, pages, visitor::Visitor},
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
    let code = pages::qr::Matrix::of(&invoice.bolt11)?;
    let file = png::draw(&code).map_err(|error| {
        tracing::error!(%error, "no PNG of a QR code");
        Problem::Internal
    })?;
    let png = HeaderValue::from_static("image/png");
    Ok(([(header::CONTENT_TYPE, png)], file).into_response())
}
