//! Verification of webhooks (Standard Webhooks 1.0.0).

use reqwest::header::HeaderMap;
use standardwebhooks::Webhook;

use crate::models::Event;

/// The request is not a webhook of this facture, or an old one.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The secret is not one: it begins with `whsec_`.
    #[error("the secret cannot be read")]
    Secret(#[source] standardwebhooks::WebhookError),
    /// A header is missing, the signature is another one, or the time is more than five minutes away.
    #[error("the signature does not match")]
    Signature(#[source] standardwebhooks::WebhookError),
    /// It is signed, and no event.
    #[error("the body is no event")]
    Body(#[source] serde_json::Error),
}

/// Verifies a webhook and returns its event. `body`: the bytes as they came, before anything parsed them. Process each
/// `webhook-id` once.
///
/// # Errors
/// [`WebhookError`].
pub fn verify_webhook(
    secret: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Event, WebhookError> {
    let webhook = Webhook::new(secret).map_err(WebhookError::Secret)?;
    webhook
        .verify(body, headers)
        .map_err(WebhookError::Signature)?;
    serde_json::from_slice(body).map_err(WebhookError::Body)
}
