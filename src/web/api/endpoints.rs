//! `/api/v1/webhooks`: endpoints that receive events.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    body::JsonBody,
    deliveries::{DeliveryJson, queued},
    endpoint_json::{ChangeJson, EndpointJson, EndpointsJson, NewEndpointJson, SwitchJson, kinds},
    parameters::{WebhookInPath, WebhookPath},
};
use crate::{
    web::{
        error::Problem,
        error_json::ErrorJson,
        extract::bearer::{Caller, Hooks},
        paths::API_PREFIX,
        webhook_url,
    },
    webhooks::Webhooks,
};
use facture_domain::{
    Hook, HookFormat,
    hook::{Disabled, Endpoint, EndpointChange, EndpointState, NewEndpoint},
};

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
