//! `/webhooks/{webhook}/deliveries`: what was sent, and sending it again. A delivery here is all messages of one event.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use url::form_urlencoded;

use super::{
    refusal::{Refusal, Thing},
    webhooks::WebhookOfStore,
};
use crate::webhooks::Webhooks;
use facture_domain::hook::{Delivery, DeliveryId, DeliveryState, EndpointId, Queued};

/// How many are listed if nothing else is asked for, and at most.
const DEFAULT_LISTED: u32 = 10;
const MAX_LISTED: u32 = 100;

/// A delivery.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryJson {
    id: String,
    /// In seconds since 1970.
    timestamp: i64,
    /// The status of the last answer; `null`: there was none.
    http_code: Option<u16>,
    error_message: Option<String>,
    status: &'static str,
}

/// `GET …/deliveries?count=…`, the newest first.
pub(crate) async fn list(
    webhook: WebhookOfStore,
    State(webhooks): State<Webhooks>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let count = match pairs.find(|(name, _)| name == "count") {
        None => DEFAULT_LISTED,
        Some((_, text)) => text
            .parse()
            .map_err(|_| Refusal::invalid("count", "must be a number"))?,
    };
    let listed = webhooks.deliveries(&webhook.endpoint.id, None, count.min(MAX_LISTED));
    let listed: Vec<_> = listed.await?.iter().map(DeliveryJson::new).collect();
    Ok(Json(listed).into_response())
}

/// `GET …/deliveries/{delivery}`
pub(crate) async fn read(
    webhook: WebhookOfStore,
    State(webhooks): State<Webhooks>,
    Path((_, _, delivery)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let found = find(&webhooks, &webhook.endpoint.id, &delivery).await?;
    Ok(Json(DeliveryJson::new(&found)).into_response())
}

/// `POST …/deliveries/{delivery}/redeliver`: 200 with the id.
pub(crate) async fn redeliver(
    webhook: WebhookOfStore,
    State(webhooks): State<Webhooks>,
    Path((_, _, delivery)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let found = find(&webhooks, &webhook.endpoint.id, &delivery).await?;
    match webhooks.redeliver(&found.id).await? {
        Queued::Due(delivery) => Ok(Json(delivery.id.as_str()).into_response()),
        Queued::Disabled => Err(Refusal::invalid("webhook", "is disabled")),
        Queued::NotFound => Err(Refusal::NotFound(Thing::Delivery)),
    }
}

/// The delivery with this id, or with that of one of its messages.
async fn find(webhooks: &Webhooks, endpoint: &EndpointId, text: &str) -> Result<Delivery, Refusal> {
    let none = || Refusal::NotFound(Thing::Delivery);
    let id = text.split_once('.').map_or(text, |(id, _)| id);
    let id = DeliveryId::parse(id).ok_or_else(none)?;
    let found = webhooks.delivery(&id).await?;
    let found = found.map(|(delivery, _)| delivery);
    found
        .filter(|delivery| delivery.endpoint == *endpoint)
        .ok_or_else(none)
}

impl DeliveryJson {
    fn new(delivery: &Delivery) -> Self {
        let status = delivery.failure.as_deref();
        let http_code = status.and_then(|failure| failure.strip_prefix("status_"));
        Self {
            id: delivery.id.as_str().to_owned(),
            timestamp: delivery.created_at.as_second(),
            http_code: match delivery.state {
                DeliveryState::Delivered => Some(200),
                _ => http_code.and_then(|code| code.parse().ok()),
            },
            error_message: delivery.failure.clone(),
            status: match delivery.state {
                DeliveryState::Delivered => "HttpSuccess",
                _ if http_code.is_some() => "HttpError",
                _ => "Failed",
            },
        }
    }
}
