//! Endpoints of webhooks as JSON.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::web::error::Problem;
use facture_domain::{
    EventKind,
    hook::{Disabled, Endpoint, EndpointState, Kinds},
    payout::PayoutState,
};

/// An endpoint that receives the events of all invoices and payouts.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(crate) struct EndpointJson {
    #[schema(example = "we_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    id: String,
    /// Where events are sent.
    #[schema(example = "https://shop.example/facture")]
    url: String,
    /// The types of events to send; `null`: all, including types added in the future.
    #[schema(required = true)]
    types: Option<Vec<EventType>>,
    /// Whether events are sent. `gone`: no longer, because the receiver responded with 410.
    state: StateJson,
    /// When it was created, in seconds since 1970.
    created_at: i64,
}

/// All webhooks.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookList)]
pub(crate) struct EndpointsJson {
    pub(super) webhooks: Vec<EndpointJson>,
}

/// The webhook to create.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhook, example = json!({ "url": "https://shop.example/facture", "types": ["invoice.paid"] }))]
pub(crate) struct NewEndpointJson {
    /// Where to send events: an `http` or `https` URL of at most 2048 bytes.
    #[schema(format = "uri", max_length = 2048)]
    pub(super) url: String,
    /// The types of events to send; absent or `null`: all.
    #[schema(min_items = 1)]
    pub(super) types: Option<Vec<EventType>>,
}

/// The fields to change. Absent fields stay as they are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookChange, example = json!({ "state": "disabled" }))]
pub(crate) struct ChangeJson {
    /// Where to send events. Waiting deliveries go there, too.
    #[serde(default, deserialize_with = "present")]
    #[schema(format = "uri", max_length = 2048, nullable = false)]
    pub(super) url: Option<String>,
    /// The types of events to send; `null`: all.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Vec<EventType>>, min_items = 1)]
    pub(super) types: Option<Option<Vec<EventType>>>,
    /// Whether to send events. Disabling the webhook drops waiting deliveries.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub(super) state: Option<SwitchJson>,
}

/// A type of event.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
pub(crate) enum EventType {
    #[serde(rename = "invoice.created")]
    Created,
    #[serde(rename = "invoice.accepted")]
    Accepted,
    #[serde(rename = "invoice.paid")]
    Paid,
    #[serde(rename = "invoice.expired")]
    Expired,
    #[serde(rename = "invoice.cancelled")]
    Cancelled,
    #[serde(rename = "invoice.hold_expiring")]
    HoldExpiring,
    #[serde(rename = "invoice.payment_proven")]
    PaymentProven,
    #[serde(rename = "invoice.renewed")]
    Renewed,
    #[serde(rename = "payout.ordered")]
    PayoutOrdered,
    #[serde(rename = "payout.approved")]
    PayoutApproved,
    #[serde(rename = "payout.paying")]
    PayoutPaying,
    #[serde(rename = "payout.paid")]
    PayoutPaid,
    #[serde(rename = "payout.failed")]
    PayoutFailed,
    #[serde(rename = "payout.cancelled")]
    PayoutCancelled,
    #[serde(rename = "payout.expired")]
    PayoutExpired,
    #[serde(rename = "payout.unknown")]
    PayoutUnknown,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = WebhookState)]
enum StateJson {
    Enabled,
    Disabled,
    Gone,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = WebhookSwitch)]
pub(crate) enum SwitchJson {
    Enabled,
    Disabled,
}

/// The events of a webhook; `None`: all.
///
/// # Errors
/// [`Problem::Invalid`] when there are none.
pub(super) fn kinds(types: Option<Vec<EventType>>) -> Result<Kinds, Problem> {
    match types {
        None => Ok(Kinds::All),
        Some(types) if types.is_empty() => Err(Problem::invalid(
            "types",
            "body_invalid",
            "The types must be null for all, or an array of at least one.",
        )),
        Some(types) => Ok(Kinds::Only(
            types.into_iter().map(EventKind::from).collect(),
        )),
    }
}

/// A field that is present, whatever its value.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl EndpointJson {
    pub(super) fn new(endpoint: &Endpoint) -> Self {
        Self {
            id: endpoint.id.to_string(),
            url: endpoint.hook.url.as_str().to_owned(),
            types: match &endpoint.kinds {
                Kinds::All => None,
                Kinds::Only(kinds) => Some(kinds.iter().map(|kind| (*kind).into()).collect()),
            },
            state: match endpoint.state {
                EndpointState::Enabled => StateJson::Enabled,
                EndpointState::Disabled(Disabled::ByOwner) => StateJson::Disabled,
                EndpointState::Disabled(Disabled::Gone) => StateJson::Gone,
            },
            created_at: endpoint.created_at.as_second(),
        }
    }
}

impl From<EventType> for EventKind {
    fn from(kind: EventType) -> Self {
        match kind {
            EventType::Created => Self::Created,
            EventType::Accepted => Self::Accepted,
            EventType::Paid => Self::Paid,
            EventType::Expired => Self::Expired,
            EventType::Cancelled => Self::Cancelled,
            EventType::HoldExpiring => Self::HoldExpiring,
            EventType::PaymentProven => Self::PaymentProven,
            EventType::Renewed => Self::Renewed,
            EventType::PayoutOrdered => Self::Payout(PayoutState::Ordered),
            EventType::PayoutApproved => Self::Payout(PayoutState::Approved),
            EventType::PayoutPaying => Self::Payout(PayoutState::Paying),
            EventType::PayoutPaid => Self::Payout(PayoutState::Paid),
            EventType::PayoutFailed => Self::Payout(PayoutState::Failed),
            EventType::PayoutCancelled => Self::Payout(PayoutState::Cancelled),
            EventType::PayoutExpired => Self::Payout(PayoutState::Expired),
            EventType::PayoutUnknown => Self::Payout(PayoutState::Unknown),
        }
    }
}

impl From<EventKind> for EventType {
    fn from(kind: EventKind) -> Self {
        match kind {
            EventKind::Created => Self::Created,
            EventKind::Accepted => Self::Accepted,
            EventKind::Paid => Self::Paid,
            EventKind::Expired => Self::Expired,
            EventKind::Cancelled => Self::Cancelled,
            EventKind::HoldExpiring => Self::HoldExpiring,
            EventKind::PaymentProven => Self::PaymentProven,
            EventKind::Renewed => Self::Renewed,
            EventKind::Payout(state) => match state {
                PayoutState::Ordered => Self::PayoutOrdered,
                PayoutState::Approved => Self::PayoutApproved,
                PayoutState::Paying => Self::PayoutPaying,
                PayoutState::Paid => Self::PayoutPaid,
                PayoutState::Failed => Self::PayoutFailed,
                PayoutState::Cancelled => Self::PayoutCancelled,
                PayoutState::Expired => Self::PayoutExpired,
                PayoutState::Unknown => Self::PayoutUnknown,
            },
        }
    }
}
