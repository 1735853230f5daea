//! The id in the path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use utoipa::IntoParams;

use crate::web::error::Problem;
use facture_domain::payout::PayoutId;

/// Which payout.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `PayoutInPath` reads it")]
pub(crate) struct PayoutPath {
    /// The payout's id.
    #[param(example = "po_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    payout: String,
}

/// The `{payout}` of the path.
pub(crate) struct PayoutInPath(pub(crate) PayoutId);

impl<S: Send + Sync> FromRequestParts<S> for PayoutInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        text.ok()
            .and_then(|Path(text)| PayoutId::parse(&text))
            .map(Self)
            .ok_or(Problem::PayoutNotFound)
    }
}
