//! Making an event of a type happen.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::scenario::Stage;
use crate::web::{
    api::{body::JsonBody, messages},
    error::Problem,
    error_json::ErrorJson,
    event_json::{EventJson, kind_schema},
    extract::bearer::{Caller, Create},
    origin::Origin,
};
use facture_domain::EventKind;

/// Every type of event.
#[derive(Serialize, ToSchema)]
#[schema(as = EventTypes)]
pub(super) struct KindsJson {
    events: Vec<KindJson>,
}

/// A type of event.
#[derive(Serialize, ToSchema)]
#[schema(as = EventType)]
struct KindJson {
    #[schema(schema_with = kind_schema)]
    r#type: &'static str,
    /// What has happened then.
    description: &'static str,
}

/// What is to happen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventTrigger, example = json!({ "type": "invoice.paid" }))]
pub(super) struct TriggerJson {
    /// The type of the event.
    #[schema(schema_with = kind_schema)]
    r#type: String,
}

/// List the types of events
///
/// All of them can be made to happen.
#[utoipa::path(
    get,
    path = "/events",
    operation_id = "listEventTypes",
    security(("token" = ["invoices:create"])),
    responses((status = 200, description = "All types.", body = KindsJson)),
)]
pub(super) async fn list(_: Caller<Create>) -> Json<KindsJson> {
    let events = EventKind::ALL.map(|kind| KindJson {
        r#type: kind.as_str(),
        description: messages::happened(kind),
    });
    Json(KindsJson {
        events: events.into(),
    })
}

/// Make an event happen
///
/// Creates an invoice or a payout and does with it what leads to this event; other events come before it. The answer is the event,
/// which is in the log and on its way to the webhooks. `invoice.expired` and `invoice.renewed` move the node's clock, and
/// `invoice.hold_expiring` mines blocks, which other invoices notice too. Of payouts, a payer is played; nobody is paid.
#[utoipa::path(
    post,
    path = "/events",
    operation_id = "triggerEvent",
    security(("token" = ["invoices:create"])),
    request_body = TriggerJson,
    responses(
        (status = 201, description = "The event.", body = EventJson),
        (status = 422, description = "`type_invalid`: there is no such type.", body = ErrorJson),
    ),
)]
pub(super) async fn trigger(
    _: Caller<Create>,
    State(stage): State<Stage>,
    origin: Origin,
    body: JsonBody<TriggerJson>,
) -> Result<(StatusCode, Json<EventJson>), Problem> {
    let kind = EventKind::parse(&body.content.r#type).ok_or_else(|| {
        let names = EventKind::ALL.map(EventKind::as_str).join(", ");
        let message = format!("The type must be one of {names}.");
        Problem::invalid("type", "type_invalid", message)
    })?;
    let event = stage.play(kind).await?;
    let answer = Json(EventJson::of_shop(&event, &origin)?);
    Ok((StatusCode::CREATED, answer))
}
