//! The id in the path.

use utoipa::IntoParams;

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
