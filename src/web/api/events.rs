//! `/api/v1/events`: all events, as a list or a stream.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        Ref,
        schema::{Object, ObjectBuilder, Type},
    },
};

use super::lists::{Limit, Sequence, invalid};
use crate::{
    invoices::Invoicing,
    web::{
        error::Problem,
        event_json::{EventJson, kind_schema},
        extract::{
            bearer::{Caller, Read},
            query::Query,
        },
        fast_path::StreamTransport,
        limits::streams::StreamSlot,
        middleware::cross_site::{CrossSitePolicy, OtherSites},
        origin::Origin,
        streams::sse::{self, EventStreams},
    },
};
use facture_domain::EventKind;

/// Which events.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventListQuery {
    /// Events after this sequence; by default, from the first one. A sequence that was never assigned belongs to records that
    /// were lost: the list then starts from the first event, too.
    #[param(inline, nullable = false)]
    after: Option<Sequence>,
    /// Only events of these types, separated by commas.
    #[param(
        nullable = false,
        pattern = "^(invoice\\.(created|accepted|paid|expired|cancelled|hold_expiring|payment_proven|renewed)|payout\\.(ordered|approved|paying|paid|failed|cancelled|expired|unknown))(,(invoice\\.(created|accepted|paid|expired|cancelled|hold_expiring|payment_proven|renewed)|payout\\.(ordered|approved|paying|paid|failed|cancelled|expired|unknown)))*$",
        example = "invoice.paid,invoice.expired"
    )]
    types: Option<String>,
    /// The maximum number of events to return.
    #[param(inline, nullable = false)]
    limit: Option<Limit>,
}

/// Which events of a stream.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventStreamQuery {
    /// Events after this sequence, unless `Last-Event-ID` is sent.
    #[param(inline, nullable = false)]
    after: Option<Sequence>,
    /// Only events of these types, separated by commas.
    #[param(
        nullable = false,
        pattern = "^(invoice\\.(created|accepted|paid|expired|cancelled|hold_expiring|payment_proven|renewed)|payout\\.(ordered|approved|paying|paid|failed|cancelled|expired|unknown))(,(invoice\\.(created|accepted|paid|expired|cancelled|hold_expiring|payment_proven|renewed)|payout\\.(ordered|approved|paying|paid|failed|cancelled|expired|unknown)))*$",
        example = "invoice.paid"
    )]
    types: Option<String>,
}

/// One event of a stream, as the fields of a server-sent event. Ignore events without `data`: some clients create them from
/// the comments between events.
#[derive(ToSchema)]
#[schema(as = StreamedEvent)]
#[expect(dead_code, reason = "only described; `sse.rs` writes it")]
pub(crate) struct StreamedJson {
    /// The sequence, for `Last-Event-ID`.
    #[schema(pattern = "^[0-9]+$", example = "42")]
    id: String,
    /// The type.
    #[schema(schema_with = kind_schema)]
    event: &'static str,
    /// How long to wait before reconnecting, in milliseconds.
    #[schema(example = 2000)]
    retry: u64,
    /// The event as JSON, the same as in the list.
    #[schema(schema_with = data_schema)]
    data: String,
}

/// A page of events, in order.
#[derive(Serialize, ToSchema)]
#[schema(as = EventList)]
pub(crate) struct EventsJson {
    events: Vec<EventJson>,
    /// The value of `after` for the next page.
    next_after: u64,
    /// Whether there are more events already.
    more: bool,
}

/// List events
///
/// All events, in order. Store `next_after` and continue from there to miss nothing, no matter how much time has passed. An
/// event has the same sequence in lists, streams and webhooks.
#[utoipa::path(
    get,
    path = "/events",
    operation_id = "listEvents",
    tag = "Events",
    security(("token" = ["invoices:read"])),
    params(EventListQuery),
    responses((status = 200, description = "A page of events, in order.", body = EventsJson)),
)]
pub(crate) async fn list(
    _: Caller<Read>,
    State(invoicing): State<Arc<Invoicing>>,
    origin: Origin,
    Query(query): Query<EventListQuery>,
) -> Result<Json<EventsJson>, Problem> {
    let after = query.after.map_or(0, |Sequence(after)| after);
    let limit = Limit::or_default(query.limit);
    let kinds = kinds(query.types.as_deref())?;
    // Fetch one more than requested, to see whether there are more.
    let mut events = invoicing.all_events(after, &kinds, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = events.len() > limit;
    events.truncate(limit);
    Ok(Json(EventsJson {
        next_after: events.last().map_or(after, |last| last.sequence),
        more,
        events: events
            .iter()
            .map(|event| EventJson::of_shop(event, &origin))
            .collect::<Result<_, _>>()?,
    }))
}

/// Stream events
///
/// All events after `after`, followed by new ones as they happen, as server-sent events: `id` is the sequence, `event` the
/// type, and `data` the same JSON as in the list. Comments keep the connection open. The stream ends when facture stops;
/// reconnect with `Last-Event-ID`, as browsers do.
#[utoipa::path(
    get,
    path = "/events/stream",
    operation_id = "streamEvents",
    tag = "Events",
    security(("token" = ["invoices:read"])),
    params(
        ("Last-Event-ID" = Option<String>, Header, nullable = false, example = "42",
            description = "The sequence of the last event received."),
        EventStreamQuery,
    ),
    responses((status = 200, description = "An endless stream of events.", content_type = "text/event-stream", body = StreamedJson)),
)]
pub(crate) async fn stream(
    _: Caller<Read>,
    State(streams): State<EventStreams>,
    State(policy): State<CrossSitePolicy>,
    slot: StreamSlot,
    transport: StreamTransport,
    headers: HeaderMap,
    Query(query): Query<EventStreamQuery>,
) -> Result<Response, Problem> {
    policy.check(&headers, OtherSites::ApiClients)?;
    let kinds = kinds(query.types.as_deref())?;
    let after = query.after.map_or(0, |Sequence(after)| after);
    sse::all_events(streams, slot, transport, headers, after, kinds).await
}

/// A string containing JSON (JSON Schema 2020-12, Validation §8).
fn data_schema() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .content_media_type("application/json")
        .content_schema(Some(Ref::from_schema_name(EventJson::name())))
        .build()
}

/// The named kinds, or all if none are named.
fn kinds(types: Option<&str>) -> Result<Vec<EventKind>, Problem> {
    let Some(types) = types else {
        return Ok(EventKind::ALL.to_vec());
    };
    let kinds: Option<Vec<_>> = types.split(',').map(EventKind::parse).collect();
    kinds.ok_or_else(|| {
        let names = EventKind::ALL.map(EventKind::as_str).join(", ");
        invalid(
            "types",
            &format!("The types must be one or more of {names}, separated by commas."),
        )
    })
}
