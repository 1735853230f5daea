//! Verifies a webhook with the crate standardwebhooks.

use axum::http::HeaderMap;
use standardwebhooks::Webhook;

/// The order that was paid, from the request's headers and its body, byte for byte as it came. `None`: the webhook is not
/// from facture, then answer 400, or it tells something else, then answer 2xx.
pub fn paid_order(secret: &str, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    Webhook::new(secret).ok()?.verify(body, headers).ok()?;
    let event: serde_json::Value = serde_json::from_slice(body).ok()?;
    // It may come twice: do what `webhook-id` stands for once.
    if event["type"] != "invoice.paid" {
        return None;
    }
    event["data"]["invoice"]["order_id"]
        .as_str()
        .map(str::to_owned)
}
