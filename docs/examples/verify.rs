//! Verifies a webhook with the crate standardwebhooks.

use axum::http::HeaderMap;
use standardwebhooks::Webhook;

/// The order that was paid, from the request's headers and body, byte for byte as received. `None`: the webhook is not from
/// facture (respond with 400) or is another event (respond with 2xx).
pub fn paid_order(secret: &str, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    Webhook::new(secret).ok()?.verify(body, headers).ok()?;
    let event: serde_json::Value = serde_json::from_slice(body).ok()?;
    // It may arrive twice: process each `webhook-id` only once.
    if event["type"] != "invoice.paid" {
        return None;
    }
    event["data"]["invoice"]["order_id"]
        .as_str()
        .map(str::to_owned)
}
