//! Downloads of what was sold: as it is, once it is paid, and encrypted with the preimage, which the buyer's wallet gets for
//! the payment.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use url::form_urlencoded;

use super::checkout_page::CheckoutState;
use crate::web::{
    error::Problem,
    extract::invoice::{OurLabel, find},
};
use facture_domain::Content;

/// The name of a sealed file ends in this.
const SEALED: &str = "sealed";

/// `GET /check_invoice/{label}/content`: what was bought. 402 before it is paid.
pub(crate) async fn content(
    State(state): State<CheckoutState>,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let found = find(&state.invoicing, &label).await?;
    let content = state.reveals.content(&found.invoice).await?;
    match content {
        Content::Word(word) => text(word.expose().to_owned()),
        Content::Text(text_sold) => text(text_sold),
        // Never shown by the browser: it would be a page of ours.
        Content::File { name, bytes } => download(name.as_str(), bytes),
    }
}

/// `GET /check_invoice/{label}/sealed`: what is sold, encrypted with the invoice's preimage.
pub(crate) async fn sealed(
    State(state): State<CheckoutState>,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let found = find(&state.invoicing, &label).await?;
    let bytes = state.reveals.sealed(&found.invoice).await?;
    download(&format!("{label}.{SEALED}"), bytes)
}

fn text(text: String) -> Result<Response, Problem> {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

/// RFC 6266, with the name in UTF-8 (RFC 8187).
fn download(name: &str, bytes: Vec<u8>) -> Result<Response, Problem> {
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let name = name.replace('+', "%20").replace('*', "%2A");
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let disposition = HeaderValue::from_str(&disposition).map_err(|_| Problem::Internal)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}
