//! Webhook bodies (Standard Webhooks 1.0.0): the envelope of `event_json.rs`, or the body that Lightning Charge, LNbits or
//! BTCPay sent.

use std::sync::Arc;

use super::{charge, event_json::WebhookEventJson, greenfield, lnbits, origin::OwnAddress};
use crate::webhooks::{Message, Render, RenderError, Rendered, Rest};
use facture_domain::HookFormat;

/// Renders webhook bodies, with links to this address.
pub(crate) fn renderer(address: OwnAddress) -> Render {
    Arc::new(move |rendering| {
        let body = match (rendering.format, rendering.message, rendering.btcpay) {
            (HookFormat::Btcpay, Message::Event(event), Some(endpoint)) => {
                return greenfield::hook::body(rendering, endpoint, event);
            }
            (HookFormat::Charge, Message::Event(event), _) => charge::hook::body(event)?,
            (HookFormat::Lnbits, Message::Event(event), _) => lnbits::hook::body(event)?,
            // There is no visitor whose host could be used.
            (HookFormat::Standard | HookFormat::Btcpay, Message::Event(event), _) => {
                standard(&WebhookEventJson::of(event, &address.origin()))?
            }
            // The others have no tests.
            (_, Message::Test(at), _) => standard(&WebhookEventJson::test(at))?,
        };
        Ok(Rendered {
            body,
            rest: Rest::Nothing,
        })
    })
}

fn standard(event: &WebhookEventJson) -> Result<Vec<u8>, RenderError> {
    serde_json::to_vec(event).map_err(|error| RenderError::from(Box::from(error)))
}
