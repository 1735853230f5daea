//! JSON that programs send.

use axum::{
    extract::{FromRef, FromRequest, Request},
    http::header,
};
use mediatype::MediaType;
use serde::de::{DeserializeOwned, IgnoredAny};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::web::{
    error::{Invalid, Problem},
    extract::body::{JSON, receive},
    limits::bodies::{BodyLimits, Sender},
    request_schema::RequestSchema,
};

/// A JSON object as a type, with a hash that distinguishes it from others.
pub(crate) struct JsonBody<T> {
    pub(crate) content: T,
    /// A hash of its bytes.
    pub(crate) fingerprint: Vec<u8>,
}

/// The code for invalid fields.
const CODE: &str = "body_invalid";

impl<S, T> FromRequest<S> for JsonBody<T>
where
    BodyLimits: FromRef<S>,
    S: Sync,
    T: DeserializeOwned + ToSchema,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(&request) {
            return Err(Problem::NotJson);
        }
        let bytes = receive(request, &BodyLimits::from_ref(state), Sender::Caller).await?;
        Self::parse(&bytes)
    }
}

/// The same where there need not be a body.
pub(crate) struct OptionalJsonBody<T>(pub(crate) Option<T>);

impl<S, T> FromRequest<S> for OptionalJsonBody<T>
where
    BodyLimits: FromRef<S>,
    S: Sync,
    T: DeserializeOwned + ToSchema,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = is_json(&request);
        let bytes = receive(request, &BodyLimits::from_ref(state), Sender::Caller).await?;
        match bytes.trim_ascii() {
            b"" => Ok(Self(None)),
            b"null" if json => Ok(Self(None)),
            _ if !json => Err(Problem::NotJson),
            _ => Ok(Self(Some(JsonBody::parse(&bytes)?.content))),
        }
    }
}

fn is_json(request: &Request) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    content_type
        .and_then(|value| value.to_str().ok())
        .and_then(|text| MediaType::parse(text).ok())
        .is_some_and(|given| given.essence() == JSON)
}

impl<T: DeserializeOwned + ToSchema> JsonBody<T> {
    fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        // serde reports a `null` in place of a word as malformed, and would accept an array's items as the fields.
        let invalid = |invalid| match serde_json::from_slice::<IgnoredAny>(bytes) {
            Ok(_) => Problem::Invalid(invalid),
            Err(_) => Problem::MalformedJson,
        };
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(invalid(Invalid {
                field: ".".to_owned(),
                code: CODE,
                message: "The body must be a JSON object.".to_owned(),
            }));
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let content = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| invalid(RequestSchema::fields::<T>().explain(CODE, &error)))?;
        reader.end().map_err(|_| Problem::MalformedJson)?;
        Ok(Self {
            content,
            fingerprint: Sha256::digest(bytes).to_vec(),
        })
    }
}
