//! The name in the path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use utoipa::IntoParams;

use crate::web::error::Problem;
use facture_domain::Slug;

/// Which link.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `LinkInPath` reads it")]
pub(crate) struct LinkPath {
    /// The link's name, which is the end of its address.
    #[param(pattern = "^[a-z0-9_-]{1,64}$", example = "coffee")]
    link: String,
}

/// The `{link}` of the path.
pub(crate) struct LinkInPath(pub(crate) Slug);

impl<S: Send + Sync> FromRequestParts<S> for LinkInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        text.ok()
            .and_then(|Path(text)| Slug::parse(&text).ok())
            .map(Self)
            .ok_or(Problem::LinkNotFound)
    }
}
