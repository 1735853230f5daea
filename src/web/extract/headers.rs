//! All headers of a request.

use std::convert::Infallible;

use axum::{
    extract::{FromRequest, Request},
    http::HeaderMap,
};

/// The request's headers, moved out of it. Handlers take them last, so nothing is copied.
pub(crate) struct Headers(pub(crate) HeaderMap);

impl<S: Sync> FromRequest<S> for Headers {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(request.into_parts().0.headers))
    }
}
