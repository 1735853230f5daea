//! The webhook of a payment, called when it is paid, with the payment as the body. LNbits does not sign it; ours has the
//! signature of all our webhooks.

use super::{payment_json::PaymentJson, refusal::Refusal};
use crate::{
    web::webhook_url,
    webhooks::{RenderError, Webhooks},
};
use facture_domain::{Event, Hook, HookFormat, HookUrl, Payload, token::TokenId};

/// A valid address from a caller that does not have too many deliveries waiting.
pub(crate) async fn new(webhooks: &Webhooks, token: &TokenId, sent: &str) -> Result<Hook, Refusal> {
    let refused =
        |error: &dyn std::fmt::Display| Refusal::invalid(format_args!("webhook: {error}"));
    let url = HookUrl::parse(sent).map_err(|error| refused(&error))?;
    webhooks.check(&url).map_err(|error| refused(&error))?;
    webhook_url::admit(webhooks, token).await?;
    Ok(Hook {
        url,
        format: HookFormat::Lnbits,
        token: Some(token.as_str().to_owned()),
    })
}

/// The body of the webhook.
///
/// # Errors
/// [`RenderError`] if the payment cannot be serialized.
pub(crate) fn body(event: &Event) -> Result<Vec<u8>, RenderError> {
    let Payload::Invoice(invoice) = &event.payload else {
        return Err(RenderError::from(Box::from(
            "LNbits' webhooks are of invoices",
        )));
    };
    serde_json::to_vec(&PaymentJson::new(invoice))
        .map_err(|error| RenderError::from(Box::from(error)))
}
