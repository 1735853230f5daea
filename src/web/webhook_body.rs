//! Webhook bodies (Standard Webhooks 1.0.0): the envelope of `event_json.rs`, or the body that Lightning Charge or LNbits sent.

use std::sync::Arc;

use super::{charge, event_json::WebhookEventJson, lnbits, origin::OwnAddress};
use crate::webhooks::{Message, Render, RenderError};
use facture_domain::HookFormat;

/// Renders webhook bodies, with links to this address.
pub(crate) fn renderer(address: OwnAddress) -> Render {
    Arc::new(move |message, format| {
        let body = match (format, message) {
            (HookFormat::Charge, Message::Event(event)) => return charge::hook::body(event),
            (HookFormat::Lnbits, Message::Event(event)) => return lnbits::hook::body(event),
            // There is no visitor whose host could be used.
            (HookFormat::Standard, Message::Event(event)) => {
                WebhookEventJson::of(event, &address.origin())
            }
            // The others have no tests.
            (HookFormat::Standard | HookFormat::Charge | HookFormat::Lnbits, Message::Test(at)) => {
                WebhookEventJson::test(at)
            }
        };
        serde_json::to_vec(&body).map_err(|error| RenderError::from(Box::from(error)))
    })
}
