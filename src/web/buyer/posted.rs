//! Addresses that forms are sent to. Who loads one again after an error, or comes back to it, is led to the page that has
//! the form; for programs it stays a wrong method.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::web::{
    error::Problem,
    extract::{format::ResponseFormat, invoice::OurLabel, visitor::Visitor},
    paths::status_path,
};

/// `GET /create_invoice`
pub(crate) async fn to_form(format: ResponseFormat, visitor: Visitor) -> Response {
    lead(format, visitor, "/")
}

/// `GET` of what is posted from an invoice's page.
pub(crate) async fn to_invoice(
    format: ResponseFormat,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Response {
    lead(format, visitor, &status_path(&label))
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
