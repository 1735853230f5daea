//! `/api/v1/webhooks`: endpoints that receive events.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{
    body::JsonBody,
    deliveries::{DeliveryJson, queued},
    parameters::{WebhookInPath, WebhookPath},
};
use crate::{
    web::{
        error::{Invalid, Problem},
        error_json::ErrorJson,
        extract::bearer::{Caller, Hooks},
        paths::API_PREFIX,
        webhook_url,
    },
    webhooks::Webhooks,
};
use facture_domain::{
    EventKind, Hook, HookFormat,
    hook::{Disabled, Endpoint, EndpointChange, EndpointState, Kinds, NewEndpoint},
};

/// An endpoint that receives the events of all invoices.
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
    webhooks: Vec<EndpointJson>,
}

/// The webhook to create.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhook, example = json!({ "url": "https://shop.example/facture", "types": ["invoice.paid"] }))]
pub(crate) struct NewEndpointJson {
    /// Where to send events: an `http` or `https` URL of at most 2048 bytes.
    #[schema(format = "uri", max_length = 2048)]
    url: String,
    /// The types of events to send; absent or `null`: all.
    #[schema(min_items = 1)]
    types: Option<Vec<EventType>>,
}

/// The fields to change. Absent fields stay as they are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookChange, example = json!({ "state": "disabled" }))]
pub(crate) struct ChangeJson {
    /// Where to send events. Waiting deliveries go there, too.
    #[serde(default, deserialize_with = "present")]
    #[schema(format = "uri", max_length = 2048, nullable = false)]
    url: Option<String>,
    /// The types of events to send; `null`: all.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Vec<EventType>>, min_items = 1)]
    types: Option<Option<Vec<EventType>>>,
    /// Whether to send events. Disabling the webhook drops waiting deliveries.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    state: Option<SwitchJson>,
}

/// A type of event.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
pub(crate) enum EventType {
    #[serde(rename = "invoice.created")]
    Created,
    #[serde(rename = "invoice.paid")]
    Paid,
    #[serde(rename = "invoice.expired")]
    Expired,
    #[serde(rename = "invoice.cancelled")]
    Cancelled,
    #[serde(rename = "invoice.payment_proven")]
    PaymentProven,
    #[serde(rename = "invoice.renewed")]
    Renewed,
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
enum SwitchJson {
    Enabled,
    Disabled,
}

/// Create a webhook
///
/// It receives the events of all invoices from now on, signed according to Standard Webhooks 1.0.0. Read its secret to verify
/// the signatures.
#[utoipa::path(
    post,
    path = "/webhooks",
    operation_id = "createWebhook",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    request_body = NewEndpointJson,
    responses((status = 201, description = "The webhook.", body = EndpointJson,
        headers(("Location" = String, description = "The path of the webhook in this API.")))),
)]
pub(crate) async fn create(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    body: JsonBody<NewEndpointJson>,
) -> Result<Response, Problem> {
    let new = NewEndpoint {
        hook: Hook {
            url: webhook_url::parse(&webhooks, "url", &body.content.url)?,
            format: HookFormat::Standard,
            token: None,
        },
        kinds: kinds(body.content.types)?,
    };
    let made = webhooks.create(new).await?;
    let path = format!("{API_PREFIX}/webhooks/{}", made.id);
    let location = HeaderValue::from_str(&path).map_err(|_| Problem::Internal)?;
    let answer = Json(EndpointJson::new(&made));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
}

/// List webhooks
///
/// Those for all invoices, the oldest first.
#[utoipa::path(
    get,
    path = "/webhooks",
    operation_id = "listWebhooks",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    responses((status = 200, description = "All webhooks.", body = EndpointsJson)),
)]
pub(crate) async fn list(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
) -> Result<Json<EndpointsJson>, Problem> {
    let all = webhooks.list().await?;
    Ok(Json(EndpointsJson {
        webhooks: all.iter().map(EndpointJson::new).collect(),
    }))
}

/// Read a webhook
#[utoipa::path(
    get,
    path = "/webhooks/{webhook}",
    operation_id = "readWebhook",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(WebhookPath),
    responses((status = 200, description = "The webhook.", body = EndpointJson)),
)]
pub(crate) async fn read(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    WebhookInPath(id): WebhookInPath,
) -> Result<Json<EndpointJson>, Problem> {
    found(webhooks.find(&id).await?)
}

/// Change a webhook
#[utoipa::path(
    patch,
    path = "/webhooks/{webhook}",
    operation_id = "changeWebhook",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(WebhookPath),
    request_body = ChangeJson,
    responses((status = 200, description = "The webhook as it is now.", body = EndpointJson)),
)]
pub(crate) async fn change(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    WebhookInPath(id): WebhookInPath,
    body: JsonBody<ChangeJson>,
) -> Result<Json<EndpointJson>, Problem> {
    let ChangeJson { url, types, state } = body.content;
    let change = EndpointChange {
        url: url
            .map(|text| webhook_url::parse(&webhooks, "url", &text))
            .transpose()?,
        kinds: types.map(kinds).transpose()?,
        state: state.map(|state| match state {
            SwitchJson::Enabled => EndpointState::Enabled,
            SwitchJson::Disabled => EndpointState::Disabled(Disabled::ByOwner),
        }),
    };
    found(webhooks.change(&id, change).await?)
}

/// Delete a webhook
///
/// Drops waiting deliveries and deletes the records of all deliveries.
#[utoipa::path(
    delete,
    path = "/webhooks/{webhook}",
    operation_id = "deleteWebhook",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(WebhookPath),
    responses((status = 204, description = "The webhook has been deleted.")),
)]
pub(crate) async fn delete(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    WebhookInPath(id): WebhookInPath,
) -> Result<StatusCode, Problem> {
    found(webhooks.delete(&id).await?).map(|_| StatusCode::NO_CONTENT)
}

/// Send a test
///
/// Sends an event of the type `webhook.test` immediately; it is retried like any other.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook}/test",
    operation_id = "testWebhook",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(WebhookPath),
    responses(
        (status = 202, description = "The delivery, which has been queued.", body = DeliveryJson),
        (status = 409, description = "`webhook_disabled`: the webhook is disabled.", body = ErrorJson),
    ),
)]
pub(crate) async fn test(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    WebhookInPath(id): WebhookInPath,
) -> Result<Response, Problem> {
    let delivery = queued(webhooks.test(&id).await?, Problem::WebhookNotFound)?;
    Ok((StatusCode::ACCEPTED, Json(DeliveryJson::new(&delivery))).into_response())
}

fn found(endpoint: Option<Endpoint>) -> Result<Json<EndpointJson>, Problem> {
    let endpoint = endpoint.ok_or(Problem::WebhookNotFound)?;
    Ok(Json(EndpointJson::new(&endpoint)))
}

fn kinds(types: Option<Vec<EventType>>) -> Result<Kinds, Problem> {
    match types {
        None => Ok(Kinds::All),
        Some(types) if types.is_empty() => Err(Problem::Invalid(Invalid {
            field: "types".to_owned(),
            code: "body_invalid",
            message: "The types must be null for all, or an array of at least one.".to_owned(),
        })),
        Some(types) => Ok(Kinds::Only(
            types.into_iter().map(EventKind::from).collect(),
        )),
    }
}

/// A field that is there, whatever it holds.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl EndpointJson {
    fn new(endpoint: &Endpoint) -> Self {
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
            EventType::Paid => Self::Paid,
            EventType::Expired => Self::Expired,
            EventType::Cancelled => Self::Cancelled,
            EventType::PaymentProven => Self::PaymentProven,
            EventType::Renewed => Self::Renewed,
        }
    }
}

impl From<EventKind> for EventType {
    fn from(kind: EventKind) -> Self {
        match kind {
            EventKind::Created => Self::Created,
            EventKind::Paid => Self::Paid,
            EventKind::Expired => Self::Expired,
            EventKind::Cancelled => Self::Cancelled,
            EventKind::PaymentProven => Self::PaymentProven,
            EventKind::Renewed => Self::Renewed,
        }
    }
}
