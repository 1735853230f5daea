//! What webhooks send: `{"type", "timestamp", "sequence", "data": {"invoice"}}` (Standard Webhooks 1.0.0), the invoice
//! as programs read it everywhere.

use std::sync::Arc;

use serde::Serialize;

use super::{App, charge, invoice_json::ShopInvoiceJson, origin::Origin};
use crate::{
    invoice::HookFormat,
    webhook::{Message, Render, RenderError},
};

#[derive(Serialize)]
struct StandardBody {
    r#type: &'static str,
    /// When it happened, as ISO 8601 has it.
    timestamp: String,
    /// The event's place in the log; a test has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    /// A test has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice: Option<ShopInvoiceJson>,
}

/// The name of a test, where events have theirs.
const TEST: &str = "webhook.test";

/// Writes what webhooks send.
pub fn delivery_body(app: App) -> Render {
    Arc::new(move |message, format| {
        match (format, message) {
            (HookFormat::Charge, Message::Event(event)) => charge::hook_body(event),
            // Lightning Charge has no tests.
            (HookFormat::Standard, _) | (HookFormat::Charge, Message::Test(_)) => {
                serde_json::to_vec(&StandardBody::of(&app, message))
                    .map_err(|error| RenderError::from(Box::from(error)))
            }
        }
    })
}

impl StandardBody {
    fn of(app: &App, message: Message<'_>) -> Self {
        match message {
            Message::Event(event) => Self {
                r#type: event.kind.as_str(),
                timestamp: event.recorded_at.to_string(),
                sequence: Some(event.sequence),
                data: Data {
                    // No visitor came by a host: without a configured one, the invoice's address is its path alone.
                    invoice: Some(ShopInvoiceJson::new(
                        &event.invoice,
                        &Origin::configured(app),
                    )),
                },
            },
            Message::Test(at) => Self {
                r#type: TEST,
                timestamp: at.to_string(),
                sequence: None,
                data: Data { invoice: None },
            },
        }
    }
}
