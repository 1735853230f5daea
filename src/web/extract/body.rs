//! Request bodies, received whole, within limits of size, time and memory.

use std::ops::Deref;

use axum::{
    body::Bytes,
    extract::{FromRef, FromRequest, Request},
    http::header,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use mediatype::{MediaType, Name, names};
use tokio::time::timeout;
use url::form_urlencoded;

use crate::web::{
    error::Problem,
    limits::bodies::{BodyLimits, BodyMemory, Sender},
};

/// The maximum size of a request body, in bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// `application/json`
pub(crate) const JSON: MediaType = MediaType::new(names::APPLICATION, names::JSON);

/// `application/x-www-form-urlencoded`
pub(crate) const FORM: MediaType = MediaType::new(
    names::APPLICATION,
    Name::new_unchecked("x-www-form-urlencoded"),
);

/// The fields of a form in order, not yet parsed.
pub(crate) struct FormFields(pub(crate) Vec<(String, String)>);

/// A body, and the memory reserved for it.
pub(crate) struct ReceivedBody {
    bytes: Bytes,
    _memory: BodyMemory,
}

impl Deref for ReceivedBody {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl<S> FromRequest<S> for FormFields
where
    BodyLimits: FromRef<S>,
    S: Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_form(&request) {
            return Err(Problem::NotAForm);
        }
        let limits = BodyLimits::from_ref(state);
        let body = receive(request, &limits, Sender::Stranger).await?;
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }
}

/// Receives the whole body.
///
/// # Errors
/// [`Problem::TooLarge`], [`Problem::TooSlow`], [`Problem::Overloaded`]; [`Problem::BadRequest`] if it is cut off.
pub(crate) async fn receive(
    request: Request,
    limits: &BodyLimits,
    sender: Sender,
) -> Result<ReceivedBody, Problem> {
    let mut memory = limits.memory(sender);
    let mut whole = Vec::new();
    let reading = async {
        let mut body = Limited::new(request.into_body(), MAX_BODY_BYTES);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| match error.is::<LengthLimitError>() {
                true => Problem::TooLarge,
                false => Problem::BadRequest,
            })?;
            if let Ok(data) = frame.into_data() {
                memory.grow(data.len())?;
                // Copied: a slice would keep the connection's entire buffer alive.
                whole.extend_from_slice(&data);
            }
        }
        Ok::<_, Problem>(())
    };
    let read = timeout(limits.timeout(), reading).await;
    read.map_err(|_| Problem::TooSlow)??;
    Ok(ReceivedBody {
        bytes: whole.into(),
        _memory: memory,
    })
}

fn is_form(request: &Request) -> bool {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    content_type
        .and_then(|text| MediaType::parse(text).ok())
        .is_some_and(|given| given.essence() == FORM)
}
