//! What webhooks send (Standard Webhooks 1.0.0): the envelope of `event_json.rs`, or what Lightning Charge sent.

use std::sync::Arc;

use super::{charge, event_json::WebhookEventJson, origin::Origin};
use crate::web::state::App;
use crate::webhooks::{Message, Render, RenderError};
use facture_domain::HookFormat;

/// Writes what webhooks send.
pub fn delivery_body(app: App) -> Render {
    Arc::new(move |message, format| {
        let body = match (format, message) {
            (HookFormat::Charge, Message::Event(event)) => return charge::hook::body(event),
            // No visitor came by a host.
            (HookFormat::Standard, Message::Event(event)) => {
                WebhookEventJson::of(event, &Origin::own(&app))
            }
            // Lightning Charge has no tests.
            (HookFormat::Standard | HookFormat::Charge, Message::Test(at)) => {
                WebhookEventJson::test(at)
            }
        };
        serde_json::to_vec(&body).map_err(|error| RenderError::from(Box::from(error)))
    })
}
