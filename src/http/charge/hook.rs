//! Webhooks of one invoice: told when it is paid, with the invoice as the body.

use axum::{extract::State, http::StatusCode};

use super::{
    Caller, Id, Refusal,
    body::{Body, Scalar},
    wire::InvoiceJson,
};
use crate::{
    http::{App, auth::Hooks},
    invoice::{InvoiceEvent, Status, hook::HookUrl},
    invoicing::Found,
    webhook::RenderError,
};

/// `POST /invoice/{id}/webhook`, with the scope `webhooks`: who may only make invoices names an address with those that
/// they make. 405 when it is paid already, 410 when it cannot be paid any more.
pub(super) async fn add(
    _: Caller<Hooks>,
    State(app): State<App>,
    Id(Found { invoice, .. }): Id,
    body: Body,
) -> Result<(StatusCode, &'static str), Refusal> {
    match invoice.status {
        Status::Paid(_) => return Err(Refusal::Status(StatusCode::METHOD_NOT_ALLOWED)),
        Status::Expired => return Err(Refusal::Status(StatusCode::GONE)),
        Status::Unpaid => {}
    }
    let Some(sent) = body.scalar("url")? else {
        return Err(Refusal::Lightning("The url is missing.".to_owned()));
    };
    app.invoicing.add_hook(&invoice.label, url(sent)?).await?;
    Ok((StatusCode::CREATED, "Created"))
}

/// Reads an address.
pub(super) fn url(sent: Scalar) -> Result<HookUrl, Refusal> {
    HookUrl::parse(&sent.text)
        .map_err(|error| Refusal::Lightning(format!("The address of the webhook {error}.")))
}

/// What is sent.
///
/// # Errors
/// [`RenderError`] when the invoice cannot be written.
pub(in crate::http) fn body(event: &InvoiceEvent) -> Result<Vec<u8>, RenderError> {
    let json = InvoiceJson::new(&event.invoice);
    serde_json::to_vec(&json).map_err(|error| RenderError::from(Box::from(error)))
}
