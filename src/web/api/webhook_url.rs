//! Addresses of webhooks, as callers name them.

use crate::web::{
    error::{Invalid, Problem},
    state::App,
};
use facture_domain::HookUrl;

/// The address of a webhook, in this field, that something can be sent to.
pub(crate) fn parse(app: &App, field: &'static str, text: &str) -> Result<HookUrl, Problem> {
    let invalid = |code, error: &dyn std::fmt::Display| {
        Problem::Invalid(Invalid {
            field: field.to_owned(),
            code,
            message: format!("The {field} {error}."),
        })
    };
    let url = HookUrl::parse(text).map_err(|error| invalid("webhook_url_invalid", &error))?;
    app.webhooks
        .check(&url)
        .map_err(|refused| invalid("webhook_url_refused", &refused))?;
    Ok(url)
}
