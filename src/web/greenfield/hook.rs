//! The bodies of BTCPay's webhooks.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    events::{EventName, is_late, messages},
    invoice_json::{is_overpaid, metadata},
    method::LIGHTNING,
    payments::PaymentJson,
};
use crate::webhooks::{Occasion, RenderError, Rendered, Rendering, Rest};
use facture_domain::{Event, Payload, ShopId, StatusName, hook::BtcpayEndpoint};

/// A message. Flags that plug-ins read without looking whether they are there are always sent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageJson {
    delivery_id: String,
    webhook_id: String,
    original_delivery_id: String,
    is_redelivery: bool,
    #[serde(rename = "type")]
    kind: &'static str,
    /// In seconds since 1970.
    timestamp: i64,
    store_id: String,
    invoice_id: String,
    metadata: Box<RawValue>,
    manually_marked: bool,
    over_paid: bool,
    after_expiration: bool,
    partially_paid: bool,
    payment_method_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<PaymentJson>,
}

/// One of the messages by which an event is told, and whether there are more.
///
/// # Errors
/// [`RenderError`] if it cannot be serialized.
pub(crate) fn body(
    rendering: &Rendering<'_>,
    endpoint: &BtcpayEndpoint,
    event: &Event,
) -> Result<Rendered, RenderError> {
    let failed = |words: &'static str| RenderError::from(Box::from(words));
    let Payload::Invoice(invoice) = &event.payload else {
        return Err(failed("BTCPay's webhooks are of invoices"));
    };
    let messages = messages(event.kind, invoice, endpoint.events.as_deref());
    let part = usize::try_from(rendering.part).unwrap_or(usize::MAX);
    let name: &EventName = messages
        .get(part)
        .ok_or_else(|| failed("no such message"))?;
    // Each message has an id of its own.
    let delivery_id = format!("{}.{}", rendering.delivery, part + 1);
    let message = MessageJson {
        webhook_id: rendering.endpoint.to_string(),
        original_delivery_id: delivery_id.clone(),
        delivery_id,
        is_redelivery: rendering.occasion == Occasion::Replay,
        kind: name.as_str(),
        timestamp: event.recorded_at.as_second(),
        store_id: invoice
            .order
            .shop
            .as_ref()
            .map(ShopId::to_string)
            .unwrap_or_default(),
        invoice_id: invoice.label.to_string(),
        metadata: metadata(invoice),
        manually_marked: invoice.state() == StatusName::Cancelled,
        over_paid: is_overpaid(invoice),
        after_expiration: is_late(invoice),
        partially_paid: false,
        payment_method_id: LIGHTNING,
        payment: match name.has_payment() {
            true => PaymentJson::of(invoice),
            false => None,
        },
    };
    Ok(Rendered {
        body: serde_json::to_vec(&message).map_err(|error| RenderError::from(Box::from(error)))?,
        rest: match part + 1 < messages.len() {
            true => Rest::More,
            false => Rest::Nothing,
        },
    })
}
