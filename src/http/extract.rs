//! What handlers take out of requests. Each type is right once it exists; what cannot be one is a [`Problem`].

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use mediatype::{MediaType, Name, names};
use url::form_urlencoded;

use super::{App, error::Problem};
use crate::invoice::Label;

/// The most bytes a request's body may have.
pub(super) const BODY_LIMIT: usize = 64 * 1024;

/// The `{label}` of the path, if it is one of ours. Any other is "not found" before the node is asked.
pub(super) struct OurLabel(pub(super) Label);

/// The fields of a form in their order, still as texts.
pub(super) struct FormFields(pub(super) Vec<(String, String)>);

impl FromRequestParts<App> for OurLabel {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(text): Path<String> = Path::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::InvoiceNotFound)?;
        app.invoicing
            .parse_label(&text)
            .map(Self)
            .ok_or(Problem::InvoiceNotFound)
    }
}

impl FromRequest<App> for FormFields {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if !is_form(&request) {
            return Err(Problem::NotAForm);
        }
        let body = body(request, app).await?;
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }
}

/// The whole body, within its limit.
pub(super) async fn body(request: Request, app: &App) -> Result<Bytes, Problem> {
    Bytes::from_request(request, app)
        .await
        .map_err(|rejection: BytesRejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
            _ => Problem::BadRequest,
        })
}

/// `application/json`
pub(super) const JSON: MediaType = MediaType::new(names::APPLICATION, names::JSON);

/// `application/x-www-form-urlencoded`
pub(super) const FORM: MediaType = MediaType::new(
    names::APPLICATION,
    Name::new_unchecked("x-www-form-urlencoded"),
);

fn is_form(request: &Request) -> bool {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    content_type
        .and_then(|text| MediaType::parse(text).ok())
        .is_some_and(|given| given.essence() == FORM)
}
