//! JSON that programs send.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header,
};
use mediatype::MediaType;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::http::{
    App,
    error::{Invalid, Problem},
    extract::{JSON, body, field},
};

/// A JSON object as a type, and what tells it from another one.
pub(super) struct JsonBody<T> {
    pub(super) content: T,
    /// A hash of its bytes.
    pub(super) fingerprint: Vec<u8>,
}

impl<T: DeserializeOwned> FromRequest<App> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let json = content_type
            .and_then(|value| value.to_str().ok())
            .and_then(|text| MediaType::parse(text).ok())
            .is_some_and(|given| given.essence() == JSON);
        if !json {
            return Err(Problem::NotJson);
        }
        let bytes: Bytes = body(request, app).await?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let content = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let inner = error.inner();
            if inner.is_data() {
                Problem::Invalid(Invalid {
                    field: field(&error),
                    code: "body_invalid",
                    message: format!("{inner}."),
                })
            } else {
                Problem::MalformedJson
            }
        })?;
        reader.end().map_err(|_| Problem::MalformedJson)?;
        Ok(Self {
            content,
            fingerprint: Sha256::digest(&bytes).to_vec(),
        })
    }
}
