//! An offer, as programs read it.

use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::{amount_json::AmountJson, origin::Origin, paths::offer_path, schema::one_of};
use facture_domain::{Offer, OfferState, OfferTerms};

/// An offer. Its payments are the invoices with its `offer_id`.
#[derive(Serialize, ToSchema)]
#[schema(as = Offer)]
pub(crate) struct OfferJson {
    /// What the node knows it by.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "a4b971f94e9c2d4495adefa60be27359fb986fa78b7dc84d15db3435f51236a0"
    )]
    offer_id: String,
    /// The string for the buyers' wallets, which can be printed.
    #[schema(example = "lno1…")]
    bolt12: String,
    /// Its page, for buyers and for printing, with the QR code. `/qr.svg` and `/qr.png` behind it are the code alone.
    #[schema(
        format = "uri",
        example = "https://shop.example/offer/a4b971f94e9c2d4495adefa60be27359fb986fa78b7dc84d15db3435f51236a0"
    )]
    page_url: String,
    /// `active`, or `disabled`: nobody can pay it any more.
    #[schema(schema_with = state_schema)]
    status: &'static str,
    /// What a payment has to bring at least, in millisatoshis, or `"any"` if the payer chooses. A wallet may pay up to five times
    /// as much.
    #[schema(required = true, example = "any")]
    amount_msat: Option<AmountJson>,
    /// What it is for.
    #[schema(example = "A gift")]
    description: String,
    /// Who offers it. `null`: it does not say so.
    #[schema(required = true, example = "shop.example")]
    issuer: Option<String>,
    /// When facture first knew of it, in seconds since 1970.
    #[schema(example = 1_795_195_153)]
    created_at: i64,
}

impl OfferJson {
    pub(crate) fn new(offer: &Offer, origin: &Origin) -> Self {
        let OfferTerms {
            amount,
            description,
            issuer,
        } = offer.terms();
        Self {
            offer_id: offer.id.to_string(),
            bolt12: offer.bolt12.as_str().to_owned(),
            page_url: origin.url(&offer_path(&offer.id)),
            status: offer.state.as_str(),
            amount_msat: amount.map(AmountJson::from),
            description,
            issuer,
            created_at: offer.created_at.as_second(),
        }
    }
}

fn state_schema() -> Object {
    one_of(OfferState::ALL.map(OfferState::as_str))
}
