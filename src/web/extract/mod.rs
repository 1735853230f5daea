//! What handlers take out of requests. Each type is right once it exists; what cannot be one is a [`Problem`].

pub(crate) mod bearer;
pub(crate) mod client;
pub(crate) mod format;
pub(crate) mod visitor;

use std::{convert::Infallible, ops::Deref};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, header, request::Parts},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use mediatype::{MediaType, Name, names};
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use url::form_urlencoded;
use utoipa::IntoParams;

use super::{allowed::Allowed, error::Problem};
use crate::invoices::Found;
use crate::web::limits::bodies::{Room, Sender};
use crate::web::state::App;
use facture_domain::Label;

/// The most bytes a request's body may have.
const BODY_LIMIT: usize = 64 * 1024;

/// The parameters behind the `?`, as a type. Unknown ones and repeated ones are refused.
pub(crate) struct Query<T>(pub(crate) T);

/// The `{label}` of the path, if it is one of ours. Any other is "not found" before the node is asked.
pub(crate) struct OurLabel(pub(crate) Label);

/// The invoice of the `{label}`, as it is now.
pub(crate) struct Current(pub(crate) Found);

/// The request's headers; a handler takes them last, and nothing is copied.
pub(crate) struct Headers(pub(crate) HeaderMap);

/// The fields of a form in their order, still as texts.
pub(crate) struct FormFields(pub(crate) Vec<(String, String)>);

impl<T: DeserializeOwned + IntoParams> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let read = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
        read.map(Self).map_err(|error| {
            let invalid = Allowed::parameters::<T>().explain("query_invalid", &error);
            Problem::Invalid(invalid)
        })
    }
}

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

impl FromRequestParts<App> for Current {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // Of a request that has come before, it was looked up on the way (`again.rs`).
        if let Some(found) = parts.extensions.remove() {
            return Ok(Self(found));
        }
        let OurLabel(label) = OurLabel::from_request_parts(parts, app).await?;
        app.find(&label).await.map(Self)
    }
}

impl<S: Sync> FromRequest<S> for Headers {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(request.into_parts().0.headers))
    }
}

impl FromRequest<App> for FormFields {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if !is_form(&request) {
            return Err(Problem::NotAForm);
        }
        let body = body(request, app, Sender::Stranger).await?;
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }
}

/// A body, and the memory that is counted for it.
pub(crate) struct Received {
    bytes: Bytes,
    _room: Room,
}

impl Deref for Received {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The whole body, within its limits of size and time, and of memory for all bodies.
pub(crate) async fn body(request: Request, app: &App, sender: Sender) -> Result<Received, Problem> {
    let mut room = app.limits.bodies.room(sender);
    let mut whole = Vec::new();
    let reading = async {
        let mut body = Limited::new(request.into_body(), BODY_LIMIT);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| match error.is::<LengthLimitError>() {
                true => Problem::TooLarge,
                false => Problem::BadRequest,
            })?;
            if let Ok(data) = frame.into_data() {
                room.grow(data.len())?;
                // Copied: a piece would keep all of the connection's buffer that it came in.
                whole.extend_from_slice(&data);
            }
        }
        Ok::<_, Problem>(())
    };
    let read = timeout(app.body_patience, reading).await;
    read.map_err(|_| Problem::TooSlow)??;
    Ok(Received {
        bytes: whole.into(),
        _room: room,
    })
}

/// `application/json`
pub(crate) const JSON: MediaType = MediaType::new(names::APPLICATION, names::JSON);

/// `application/x-www-form-urlencoded`
pub(crate) const FORM: MediaType = MediaType::new(
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
