//! The id in the path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use utoipa::IntoParams;

use crate::web::error::Problem;
use facture_domain::VoucherId;

/// Which voucher.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `VoucherInPath` reads it")]
pub(crate) struct VoucherPath {
    /// The voucher's id.
    #[param(example = "vo_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    voucher: String,
}

/// The `{voucher}` of the path.
pub(crate) struct VoucherInPath(pub(crate) VoucherId);

impl<S: Send + Sync> FromRequestParts<S> for VoucherInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        text.ok()
            .and_then(|Path(text)| VoucherId::parse(&text))
            .map(Self)
            .ok_or(Problem::VoucherNotFound)
    }
}
