//! The offer named in a path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use crate::web::error::Problem;
use facture_domain::OfferId;

/// The `{offer}` of the path.
pub(crate) struct OfferInPath(pub(crate) OfferId);

impl<S: Send + Sync> FromRequestParts<S> for OfferInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        text.ok()
            .and_then(|Path(text)| text.parse().ok())
            .map(Self)
            .ok_or(Problem::OfferNotFound)
    }
}
