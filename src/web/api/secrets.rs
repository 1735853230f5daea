//! `/api/v1/webhooks/{webhook}/secret`: what deliveries are signed with.

use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::endpoints::OfId;
use crate::web::{
    error::Problem,
    extract::bearer::{Caller, Hooks},
    state::App,
};
use facture_domain::hook::{SecretOwner, Secrets};

/// The secrets that deliveries are signed with.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookSecrets)]
pub(crate) struct SecretsJson {
    /// The secret for verifying signatures (Standard Webhooks).
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: String,
    /// The previous secret, for a day after a rotation. Until then, deliveries carry both signatures.
    #[schema(required = true)]
    previous: Option<String>,
}

/// Whose secret.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `OfOwner` reads it")]
pub(crate) struct OwnerId {
    /// The webhook's id, or `invoices` for the addresses of all single invoices.
    #[param(example = "invoices")]
    webhook: String,
}

/// The `{webhook}` of the path, whose secret is asked for.
pub(crate) struct OfOwner(SecretOwner);

/// Read a webhook's secret
#[utoipa::path(
    get,
    path = "/webhooks/{webhook}/secret",
    operation_id = "readWebhookSecret",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(OwnerId),
    responses((status = 200, description = "The secrets that deliveries are signed with.", body = SecretsJson)),
)]
pub(crate) async fn read(
    _: Caller<Hooks>,
    State(app): State<App>,
    OfOwner(owner): OfOwner,
) -> Result<Json<SecretsJson>, Problem> {
    found(app.webhooks.secrets(&owner).await?)
}

/// Rotate a webhook's secret
///
/// Creates a new secret. The previous one stays valid for a day, during which deliveries carry both signatures.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook}/secret/rotate",
    operation_id = "rotateWebhookSecret",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(OwnerId),
    responses((status = 200, description = "The secrets that deliveries are signed with now.", body = SecretsJson)),
)]
pub(crate) async fn rotate(
    _: Caller<Hooks>,
    State(app): State<App>,
    OfOwner(owner): OfOwner,
) -> Result<Json<SecretsJson>, Problem> {
    found(app.webhooks.rotate_secret(&owner).await?)
}

fn found(secrets: Option<Secrets>) -> Result<Json<SecretsJson>, Problem> {
    let secrets = secrets.ok_or(Problem::WebhookNotFound)?;
    Ok(Json(SecretsJson {
        secret: secrets.current.reveal().to_owned(),
        previous: secrets.previous.map(|secret| secret.reveal().to_owned()),
    }))
}

impl FromRequestParts<App> for OfOwner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Ok(Path(text)) = Path::<String>::from_request_parts(parts, app).await
            && text == "invoices"
        {
            return Ok(Self(SecretOwner::Invoices));
        }
        let OfId(id) = OfId::from_request_parts(parts, app).await?;
        Ok(Self(SecretOwner::Endpoint(id)))
    }
}
