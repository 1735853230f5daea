//! Addresses of webhooks, as given by callers of the API and of Lightning Charge's API.

use crate::{web::error::Problem, webhooks::Webhooks};
use facture_domain::{HookUrl, token::TokenId};

/// Parses the address of a webhook in this field, which must be a valid target.
pub(crate) fn parse(
    webhooks: &Webhooks,
    field: &'static str,
    text: &str,
) -> Result<HookUrl, Problem> {
    let invalid = |code, error: &dyn std::fmt::Display| {
        Problem::invalid(field, code, format!("The {field} {error}."))
    };
    let url = HookUrl::parse(text).map_err(|error| invalid("webhook_url_invalid", &error))?;
    webhooks
        .check(&url)
        .map_err(|refused| invalid("webhook_url_refused", &refused))?;
    Ok(url)
}

/// Admits one more address for a single invoice, given with this token.
///
/// # Errors
/// [`Problem::TooManyDeliveries`], and errors counting in the store.
pub(crate) async fn admit(webhooks: &Webhooks, token: &TokenId) -> Result<(), Problem> {
    match webhooks.has_room(token.as_str()).await? {
        true => Ok(()),
        false => Err(Problem::TooManyDeliveries),
    }
}
