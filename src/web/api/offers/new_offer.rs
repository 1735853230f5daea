//! A new offer, as requested by programs.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::web::{
    amount_json::AmountJson,
    api::new_invoice::{amount, not_null},
    error::Problem,
    whole_number::WholeNumber,
};
use facture_domain::{Description, NewOffer};

/// The offer to make, with exactly one of the two amounts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOffer, example = json!({
    "amount_msat": "any",
    "description": "A gift",
    "issuer": "shop.example",
}))]
pub(crate) struct NewOfferJson {
    /// What a payment has to bring at least, in millisatoshis, or `"any"` to let the payer choose.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    amount_msat: Option<AmountJson>,
    /// The same in satoshis.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, value_type = Option<u64>, minimum = 1, maximum = 1_000_000_000_000_000_u64)]
    amount_sat: Option<WholeNumber>,
    /// What it is for, shown in the buyer's wallet: at most 639 bytes, without control characters.
    #[schema(
        min_length = 1,
        max_length = 639,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    description: String,
    /// Who offers it, shown in the buyer's wallet, such as `shop.example`: at most 639 bytes, without control characters.
    #[schema(
        min_length = 1,
        max_length = 639,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    issuer: Option<String>,
}

impl NewOfferJson {
    /// The requested offer.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for the first invalid field.
    pub(super) fn parse(self) -> Result<NewOffer, Problem> {
        Ok(NewOffer {
            amount: amount(self.amount_msat, self.amount_sat)?,
            description: line("description", "description_invalid", &self.description)?,
            issuer: match self.issuer {
                Some(text) => Some(line("issuer", "issuer_invalid", &text)?),
                None => None,
            },
        })
    }
}

fn line(field: &str, code: &'static str, text: &str) -> Result<Description, Problem> {
    let wrong = |why: &str| Problem::invalid(field, code, format!("The {field} {why}."));
    let line = Description::parse(text).map_err(|error| wrong(&error.to_string()))?;
    match line.as_str() {
        "" => Err(wrong("must not be empty")),
        _ => Ok(line),
    }
}
