//! `GET` requests to addresses of forms. Visitors who reload after an error, or come back, are redirected to the page
//! with the form; for programs it remains a wrong method.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::web::{
    error::Problem,
    extract::{format::ResponseFormat, invoice::OurLabel, offer::OfferInPath, visitor::Visitor},
    paths::{offer_path, status_path},
};

/// `GET /create_invoice`
pub(crate) async fn to_form(format: ResponseFormat, visitor: Visitor) -> Response {
    lead(format, visitor, "/")
}

/// `GET` of an address that an invoice's page posts to.
pub(crate) async fn to_invoice(
    format: ResponseFormat,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Response {
    lead(format, visitor, &status_path(&label))
}

/// `GET` of an address that an offer's page posts to.
pub(crate) async fn to_offer(
    format: ResponseFormat,
    visitor: Visitor,
    OfferInPath(offer): OfferInPath,
) -> Response {
    lead(format, visitor, &offer_path(&offer))
}

fn lead(format: ResponseFormat, visitor: Visitor, path: &str) -> Response {
    match format {
        ResponseFormat::Html => Redirect::to(&visitor.link(path)).into_response(),
        ResponseFormat::Json => {
            let allowed = [(header::ALLOW, HeaderValue::from_static("POST"))];
            (allowed, Problem::MethodNotAllowed).into_response()
        }
    }
}
