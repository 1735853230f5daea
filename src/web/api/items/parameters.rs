//! The id in the path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use utoipa::IntoParams;

use crate::web::error::Problem;
use facture_domain::ItemId;

/// Which item.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `ItemInPath` reads it")]
pub(crate) struct ItemPath {
    /// The item's id.
    #[param(pattern = "^[a-z0-9_-]{1,64}$", example = "word")]
    item: String,
}

/// The `{item}` of the path.
pub(crate) struct ItemInPath(pub(crate) ItemId);

impl<S: Send + Sync> FromRequestParts<S> for ItemInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        text.ok()
            .and_then(|Path(text)| ItemId::parse(&text).ok())
            .map(Self)
            .ok_or(Problem::ItemNotFound)
    }
}
