//! Events in lists, streams and webhooks, in one envelope:
//! `{"type", "timestamp", "sequence", "data": {"invoice"}}`, or `"data": {"payout"}`.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::{ToSchema, openapi::schema::Object};

use super::{
    error::Problem,
    invoice_json::{InvoiceJson, ShopInvoiceJson},
    origin::Origin,
    payout_json::PayoutJson,
    schema::one_of,
};
use facture_domain::{Event, EventKind, Invoice, Payload};

/// An event, in lists and streams.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventJson {
    /// The type of the event.
    #[schema(schema_with = kind_schema)]
    r#type: &'static str,
    /// When facture recorded it (RFC 3339).
    #[schema(format = "date-time", example = "2026-11-20T18:12:40Z")]
    timestamp: String,
    /// Its position in the log, increasing with gaps.
    #[schema(example = 42)]
    sequence: u64,
    data: EventData,
    /// The same as `timestamp`, in seconds since 1970. Will be removed in the next release.
    #[schema(deprecated, example = 1_795_195_160)]
    time: i64,
    /// The same as `data.invoice`. Will be removed in the next release.
    #[schema(value_type = Option<ShopInvoiceJson>, required = true)]
    invoice: Option<EventInvoice>,
}

/// The body sent to webhooks.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookEvent)]
pub(crate) struct WebhookEventJson {
    /// The type of the event; `webhook.test`: a test that was requested.
    #[schema(schema_with = webhook_kind_schema)]
    r#type: &'static str,
    /// When facture recorded it (RFC 3339).
    #[schema(format = "date-time", example = "2026-11-20T18:12:40Z")]
    timestamp: String,
    /// Its position in the log, increasing with gaps. `null`: a test.
    #[schema(required = true, example = 42)]
    sequence: Option<u64>,
    data: WebhookData,
}

/// The subject of the event: one of both.
#[derive(Clone, Serialize, ToSchema)]
struct EventData {
    /// The invoice as it was right after the event.
    #[schema(value_type = Option<ShopInvoiceJson>, required = true)]
    invoice: Option<EventInvoice>,
    /// The payout as it was right after the event.
    // A buyer is not told that there is such a thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PayoutJson>, required = true)]
    payout: Option<Option<PayoutJson>>,
}

/// The subject of the event: one of both. A test has none.
#[derive(Serialize, ToSchema)]
struct WebhookData {
    /// The invoice as it was right after the event.
    #[schema(required = true)]
    invoice: Option<ShopInvoiceJson>,
    /// The payout as it was right after the event.
    #[schema(required = true)]
    payout: Option<PayoutJson>,
}

/// The invoice of an event as JSON, as the buyer or the shop may read it. It is written once: an event has it twice.
#[derive(Clone, Serialize)]
#[serde(transparent)]
struct EventInvoice(Box<RawValue>);

/// The type of a test event.
pub(crate) const TEST: &str = "webhook.test";

impl EventJson {
    /// The event as the buyer may see it.
    pub(crate) fn public(event: &Event, origin: &Origin) -> Result<Self, Problem> {
        let public = Self::with(event, |invoice| {
            EventInvoice::of(&InvoiceJson::new(invoice, origin))
        })?;
        Ok(Self {
            data: EventData {
                payout: None,
                ..public.data
            },
            ..public
        })
    }

    /// The event as the shop sees it.
    pub(crate) fn of_shop(event: &Event, origin: &Origin) -> Result<Self, Problem> {
        Self::with(event, |invoice| {
            EventInvoice::of(&ShopInvoiceJson::new(invoice, origin))
        })
    }

    fn with(
        event: &Event,
        form: impl FnOnce(&Invoice) -> Result<EventInvoice, Problem>,
    ) -> Result<Self, Problem> {
        let (invoice, payout) = match &event.payload {
            Payload::Invoice(invoice) => (Some(form(invoice)?), None),
            Payload::Payout(payout) => (None, Some(PayoutJson::of_event(payout))),
        };
        Ok(Self {
            r#type: event.kind.as_str(),
            timestamp: event.recorded_at.to_string(),
            sequence: event.sequence,
            data: EventData {
                invoice: invoice.clone(),
                payout: Some(payout),
            },
            time: event.recorded_at.as_second(),
            invoice,
        })
    }
}

impl EventInvoice {
    fn of(invoice: &impl Serialize) -> Result<Self, Problem> {
        let json = to_raw_value(invoice).map_err(|error| {
            tracing::error!(%error, "an event could not be written");
            Problem::Internal
        })?;
        Ok(Self(json))
    }
}

impl WebhookEventJson {
    pub(crate) fn of(event: &Event, origin: &Origin) -> Self {
        let data = match &event.payload {
            Payload::Invoice(invoice) => WebhookData {
                invoice: Some(ShopInvoiceJson::new(invoice, origin)),
                payout: None,
            },
            Payload::Payout(payout) => WebhookData {
                invoice: None,
                payout: Some(PayoutJson::of_event(payout)),
            },
        };
        Self {
            r#type: event.kind.as_str(),
            timestamp: event.recorded_at.to_string(),
            sequence: Some(event.sequence),
            data,
        }
    }

    /// A test requested at this time.
    pub(crate) fn test(at: Timestamp) -> Self {
        Self {
            r#type: TEST,
            timestamp: at.to_string(),
            sequence: None,
            data: WebhookData {
                invoice: None,
                payout: None,
            },
        }
    }
}

/// The types of events.
pub(crate) fn kind_schema() -> Object {
    one_of(EventKind::ALL.map(EventKind::as_str))
}

fn webhook_kind_schema() -> Object {
    one_of(
        EventKind::ALL
            .map(EventKind::as_str)
            .into_iter()
            .chain([TEST]),
    )
}
