//! `/api/v1/webhooks/{webhook}/deliveries` and `/api/v1/deliveries`: deliveries, their attempts, and redelivery.

use std::borrow::Cow;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    lists::{Limit, Sequence, invalid},
    parameters::{DeliveryInPath, DeliveryPath, WebhookInPath, WebhookPath},
};
use crate::{
    web::{
        error::Problem,
        error_json::ErrorJson,
        extract::{
            bearer::{Caller, Hooks},
            query::Query,
        },
        schema::one_of,
    },
    webhooks::Webhooks,
};
use facture_domain::hook::{Attempt, Delivery, DeliveryState, Outcome, Queued};

/// The delivery of one event to one webhook.
#[derive(Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryJson {
    /// The `webhook-id` that the receiver gets, the same at every attempt.
    #[schema(example = "msg_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    id: String,
    /// The webhook's id.
    webhook: String,
    /// The event's sequence; `null`: a test.
    #[schema(required = true)]
    sequence: Option<u64>,
    /// `pending`: waiting for an attempt; `delivered`: accepted by the receiver; `failed`: given up after three days of
    /// attempts; `dropped`: the webhook was disabled first.
    #[schema(schema_with = state_schema)]
    state: &'static str,
    /// When the next attempt is due, in seconds since 1970. `null`: it is not pending.
    #[schema(required = true)]
    next_attempt_at: Option<i64>,
    /// The number of attempts so far.
    attempts: u64,
    /// The `failure` of the last attempt. `null`: it succeeded, or there was none yet.
    #[schema(required = true)]
    failure: Option<String>,
    /// When it was created, in seconds since 1970.
    created_at: i64,
}

/// A delivery with all its attempts.
#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryDetails)]
pub(crate) struct DetailsJson {
    delivery: DeliveryJson,
    /// Oldest first.
    attempts: Vec<AttemptJson>,
}

/// One attempt at a delivery.
#[derive(Serialize, ToSchema)]
#[schema(as = Attempt)]
struct AttemptJson {
    /// When it started, in seconds since 1970.
    started_at: i64,
    /// How long it took, in milliseconds.
    duration_ms: u64,
    /// The HTTP status of the response; `null`: there was none.
    #[schema(required = true)]
    status: Option<u16>,
    /// What went wrong: `status_` and the status of a response that is not 2xx, such as `status_500`, or why there was no
    /// response: `dns` (the name has no address), `private_address` (the address is private or this machine's own, and
    /// `webhooks.allow_private` is off), `connection_refused`, `unreachable`, `tls`, `proxy` (the proxy for .onion addresses),
    /// `timeout`, `broken` or `internal`. `null`: it was accepted.
    #[schema(required = true)]
    failure: Option<String>,
    /// The beginning of the response body.
    response: String,
}

/// A page of deliveries, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryList)]
pub(crate) struct DeliveriesJson {
    deliveries: Vec<DeliveryJson>,
    /// The `cursor` for the next page, or `null` on the last page.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// The result of a redelivery.
#[derive(Serialize, ToSchema)]
#[schema(as = Redelivery)]
pub(crate) struct RedeliveryJson {
    /// The number of deliveries queued.
    queued: u64,
}

/// Which deliveries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryListQuery {
    /// The maximum number of deliveries to return.
    #[param(inline, nullable = false)]
    limit: Option<Limit>,
    /// The `next_cursor` of the previous response.
    #[param(pattern = "^[0-9]{1,18}$", nullable = false)]
    cursor: Option<String>,
}

/// Where to start.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RedeliveryStart {
    /// Events after this sequence; 0: all events.
    #[param(inline)]
    after: Sequence,
    /// Events up to this sequence; by default, to the newest.
    #[param(inline, nullable = false)]
    up_to: Option<Sequence>,
}

/// List a webhook's deliveries
///
/// Newest first. Completed deliveries are deleted after some time.
#[utoipa::path(
    get,
    path = "/webhooks/{webhook}/deliveries",
    operation_id = "listDeliveries",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(WebhookPath, DeliveryListQuery),
    responses((status = 200, description = "A page of deliveries, newest first.", body = DeliveriesJson)),
)]
pub(crate) async fn list(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    WebhookInPath(id): WebhookInPath,
    Query(query): Query<DeliveryListQuery>,
) -> Result<Json<DeliveriesJson>, Problem> {
    let before: Option<u64> = query
        .cursor
        .map(|text| text.parse())
        .transpose()
        .map_err(|_| {
            invalid(
                "cursor",
                "The cursor must be the next_cursor of an earlier response.",
            )
        })?;
    webhooks.find(&id).await?.ok_or(Problem::WebhookNotFound)?;
    let limit = Limit::or_default(query.limit);
    // Fetch one more than requested, to see whether there are more.
    let mut deliveries = webhooks.deliveries(&id, before, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = deliveries.len() > limit;
    deliveries.truncate(limit);
    Ok(Json(DeliveriesJson {
        next_cursor: deliveries
            .last()
            .filter(|_| more)
            .map(|last| last.place.to_string()),
        deliveries: deliveries.iter().map(DeliveryJson::new).collect(),
    }))
}

/// Read a delivery
///
/// Includes all attempts and the beginning of each response.
#[utoipa::path(
    get,
    path = "/deliveries/{delivery}",
    operation_id = "readDelivery",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(DeliveryPath),
    responses((status = 200, description = "The delivery.", body = DetailsJson)),
)]
pub(crate) async fn read(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    DeliveryInPath(id): DeliveryInPath,
) -> Result<Json<DetailsJson>, Problem> {
    let found = webhooks.delivery(&id).await?;
    let (delivery, attempts) = found.ok_or(Problem::DeliveryNotFound)?;
    Ok(Json(DetailsJson {
        delivery: DeliveryJson::new(&delivery),
        attempts: attempts.into_iter().map(AttemptJson::new).collect(),
    }))
}

/// Redeliver
///
/// Sends the event again with the same `webhook-id` and the header `facture-replayed: true`.
#[utoipa::path(
    post,
    path = "/deliveries/{delivery}/redeliver",
    operation_id = "redeliver",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(DeliveryPath),
    responses(
        (status = 202, description = "The delivery, which has been queued.", body = DeliveryJson),
        (status = 409, description = "`webhook_disabled`: the webhook is disabled.", body = ErrorJson),
    ),
)]
pub(crate) async fn redeliver(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    DeliveryInPath(id): DeliveryInPath,
) -> Result<Response, Problem> {
    let delivery = queued(webhooks.redeliver(&id).await?, Problem::DeliveryNotFound)?;
    Ok((StatusCode::ACCEPTED, Json(DeliveryJson::new(&delivery))).into_response())
}

/// Redeliver all events after a sequence
///
/// Includes events that were never sent to the webhook. All of them have the header `facture-replayed: true`.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook}/redeliver",
    operation_id = "redeliverAfter",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(WebhookPath, RedeliveryStart),
    responses(
        (status = 202, description = "The number of deliveries queued.", body = RedeliveryJson),
        (status = 409, description = "`webhook_disabled`: the webhook is disabled.", body = ErrorJson),
    ),
)]
pub(crate) async fn redeliver_after(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    WebhookInPath(id): WebhookInPath,
    Query(RedeliveryStart { after, up_to }): Query<RedeliveryStart>,
) -> Result<Response, Problem> {
    let up_to = up_to.map(|Sequence(up_to)| up_to);
    let again = webhooks.redeliver_after(&id, after.0, up_to).await?;
    let queued = queued(again, Problem::WebhookNotFound)?;
    Ok((StatusCode::ACCEPTED, Json(RedeliveryJson { queued })).into_response())
}

/// The queued deliveries, or the reason that there are none.
pub(crate) fn queued<T>(queued: Queued<T>, not_found: Problem) -> Result<T, Problem> {
    match queued {
        Queued::Due(due) => Ok(due),
        Queued::Disabled => Err(Problem::WebhookDisabled),
        Queued::NotFound => Err(not_found),
    }
}

fn state_schema() -> utoipa::openapi::schema::Object {
    one_of(["pending", "delivered", "failed", "dropped"])
}

impl DeliveryJson {
    pub(crate) fn new(delivery: &Delivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            webhook: delivery.endpoint.to_string(),
            sequence: delivery.sequence,
            state: delivery.state.as_str(),
            next_attempt_at: match delivery.state {
                DeliveryState::Pending(at) => Some(at.as_second()),
                DeliveryState::Delivered | DeliveryState::Failed | DeliveryState::Dropped => None,
            },
            attempts: delivery.attempts,
            failure: delivery.failure.clone(),
            created_at: delivery.created_at.as_second(),
        }
    }
}

impl AttemptJson {
    fn new(attempt: Attempt) -> Self {
        let status = match attempt.outcome {
            Outcome::Answered(status) => Some(status),
            Outcome::Failed(_) => None,
        };
        Self {
            started_at: attempt.started_at.as_second(),
            duration_ms: u64::try_from(attempt.duration.as_millis()).unwrap_or(u64::MAX),
            status,
            failure: attempt.outcome.failure().map(Cow::into_owned),
            response: attempt.excerpt,
        }
    }
}
