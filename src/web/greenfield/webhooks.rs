//! `/api/v1/stores/{store}/webhooks`. A key's store has its own, which are told of its invoices only.

use axum::{
    Json,
    extract::{FromRef, FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

use super::{
    access::{ModifyWebhooks, StoreKey, parameter},
    new_invoice::Sent,
    refusal::{Refusal, Thing},
    webhook_json::{Wanted, WebhookJson},
};
use crate::{web::extract::bearer::Authenticator, webhooks::Webhooks};
use facture_domain::{
    Hook, HookFormat,
    hook::{BtcpayEndpoint, BtcpaySecret, Endpoint, EndpointChange, EndpointId, NewEndpoint},
};

/// The webhook that is named in the path, if the key's store has it.
pub(crate) struct WebhookOfStore {
    pub(crate) endpoint: Endpoint,
    pub(crate) settings: BtcpayEndpoint,
}

/// `POST …/webhooks`: 200 with the webhook and its secret.
pub(crate) async fn create(
    StoreKey { key, .. }: StoreKey<ModifyWebhooks>,
    State(webhooks): State<Webhooks>,
    Sent(sent): Sent,
) -> Result<Response, Refusal> {
    let wanted = Wanted::read(&webhooks, &sent)?;
    let new = NewEndpoint {
        kinds: wanted.kinds(),
        hook: Hook {
            url: wanted.url,
            format: HookFormat::Btcpay,
            token: None,
        },
    };
    let settings = BtcpayEndpoint {
        secret: wanted.secret.unwrap_or_else(BtcpaySecret::random),
        events: wanted.events,
        redelivery: wanted.redelivery,
    };
    let mut made = webhooks.create_btcpay(&key.shop, new, &settings).await?;
    if made.state != wanted.state {
        let change = EndpointChange {
            state: Some(wanted.state),
            ..EndpointChange::default()
        };
        let changed = webhooks.change(&made.id, change).await?;
        made = changed.unwrap_or(made);
    }
    let json = WebhookJson::new(&made, &settings).with_secret(&settings);
    Ok(Json(json).into_response())
}

/// `GET …/webhooks`
pub(crate) async fn list(
    StoreKey { key, .. }: StoreKey<ModifyWebhooks>,
    State(webhooks): State<Webhooks>,
) -> Result<Response, Refusal> {
    let all = webhooks.list_btcpay(&key.shop).await?;
    let all = all
        .iter()
        .map(|(endpoint, settings)| WebhookJson::new(endpoint, settings));
    Ok(Json(all.collect::<Vec<_>>()).into_response())
}

/// `GET …/webhooks/{webhook}`
pub(crate) async fn read(webhook: WebhookOfStore) -> Response {
    Json(WebhookJson::new(&webhook.endpoint, &webhook.settings)).into_response()
}

/// `PUT …/webhooks/{webhook}`: all of it is replaced, but for the secret when none is sent.
pub(crate) async fn update(
    webhook: WebhookOfStore,
    State(webhooks): State<Webhooks>,
    Sent(sent): Sent,
) -> Result<Response, Refusal> {
    let wanted = Wanted::read(&webhooks, &sent)?;
    let change = EndpointChange {
        kinds: Some(wanted.kinds()),
        url: Some(wanted.url),
        state: Some(wanted.state),
    };
    let settings = BtcpayEndpoint {
        secret: wanted.secret.unwrap_or(webhook.settings.secret),
        events: wanted.events,
        redelivery: wanted.redelivery,
    };
    let id = &webhook.endpoint.id;
    let changed = webhooks.change_btcpay(id, change, &settings).await?;
    let changed = changed.ok_or(Refusal::NotFound(Thing::Webhook))?;
    Ok(Json(WebhookJson::new(&changed, &settings)).into_response())
}

/// `DELETE …/webhooks/{webhook}`: 200.
pub(crate) async fn delete(
    webhook: WebhookOfStore,
    State(webhooks): State<Webhooks>,
) -> Result<StatusCode, Refusal> {
    webhooks.delete(&webhook.endpoint.id).await?;
    Ok(StatusCode::OK)
}

impl<S> FromRequestParts<S> for WebhookOfStore
where
    Arc<Authenticator>: FromRef<S>,
    Webhooks: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let none = || Refusal::NotFound(Thing::Webhook);
        let StoreKey { key, .. } =
            StoreKey::<ModifyWebhooks>::from_request_parts(parts, state).await?;
        let text = parameter(parts, state, "webhook").await.ok_or_else(none)?;
        let id = EndpointId::parse(&text).ok_or_else(none)?;
        let webhooks = Webhooks::from_ref(state);
        let found = webhooks.find_btcpay(&key.shop, &id).await?;
        let (endpoint, settings) = found.ok_or_else(none)?;
        Ok(Self { endpoint, settings })
    }
}
