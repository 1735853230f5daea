//! The id in the path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use utoipa::IntoParams;

use crate::web::error::Problem;
use facture_domain::OfferId;

/// Which offer.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `OfferInPath` reads it")]
pub(crate) struct OfferPath {
    /// The offer's id.
    #[param(
        pattern = "^[0-9a-f]{64}$",
        example = "a4b971f94e9c2d4495adefa60be27359fb986fa78b7dc84d15db3435f51236a0"
    )]
    offer: String,
}

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
