//! Webhooks of a single invoice, called when it is paid, with the invoice as the body.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};

use super::{
    access::{Caller, InvoiceInPath},
    body::{Body, Scalar},
    refusal::Refusal,
    wire::InvoiceJson,
};
use crate::{
    invoices::{Found, Invoicing},
    web::{extract::bearer::Hooks, webhook_url},
    webhooks::{RenderError, Webhooks},
};
use facture_domain::{Event, Hook, HookFormat, HookUrl, Payload, Status, token::TokenId};

/// `POST /invoice/{id}/webhook`, with the scope `webhooks`: callers who may only create invoices give the address when
/// creating them. 405 if it is already paid, 410 if it can no longer be paid.
pub(crate) async fn add(
    caller: Caller<Hooks>,
    State(invoicing): State<Arc<Invoicing>>,
    State(webhooks): State<Webhooks>,
    InvoiceInPath(Found { invoice, .. }): InvoiceInPath,
    body: Body,
) -> Result<(StatusCode, &'static str), Refusal> {
    match invoice.status {
        Status::Paid(_) => return Err(Refusal::Status(StatusCode::METHOD_NOT_ALLOWED)),
        Status::Expired => return Err(Refusal::Status(StatusCode::GONE)),
        Status::Unpaid | Status::Accepted(_) => {}
    }
    let Some(sent) = body.scalar("url")? else {
        return Err(Refusal::Lightning("The url is missing.".to_owned()));
    };
    let hook = new(&webhooks, &caller.token, sent).await?;
    invoicing.add_hook(&invoice.label, &hook).await?;
    Ok((StatusCode::CREATED, "Created"))
}

/// A valid address from a caller that does not have too many deliveries waiting.
pub(crate) async fn new(
    webhooks: &Webhooks,
    token: &TokenId,
    sent: Scalar,
) -> Result<Hook, Refusal> {
    let refused = |error: &dyn std::fmt::Display| {
        Refusal::Lightning(format!("The address of the webhook {error}."))
    };
    let url = HookUrl::parse(&sent.text).map_err(|error| refused(&error))?;
    webhooks.check(&url).map_err(|error| refused(&error))?;
    webhook_url::admit(webhooks, token).await?;
    Ok(Hook {
        url,
        format: HookFormat::Charge,
        token: Some(token.as_str().to_owned()),
    })
}

/// The body of the webhook.
///
/// # Errors
/// [`RenderError`] if the invoice cannot be serialized.
pub(crate) fn body(event: &Event) -> Result<Vec<u8>, RenderError> {
    let Payload::Invoice(invoice) = &event.payload else {
        return Err(RenderError::from(Box::from(
            "Lightning Charge knows invoices only",
        )));
    };
    let json = InvoiceJson::new(invoice);
    serde_json::to_vec(&json).map_err(|error| RenderError::from(Box::from(error)))
}
