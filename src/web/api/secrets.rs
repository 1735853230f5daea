//! `/api/v1/webhooks/{webhook}/secret`: the secrets that sign deliveries.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::parameters::{OwnerInPath, OwnerPath};
use crate::{
    web::{
        error::Problem,
        extract::bearer::{Caller, Hooks},
    },
    webhooks::Webhooks,
};
use facture_domain::hook::Secrets;

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

/// Read a webhook's secret
#[utoipa::path(
    get,
    path = "/webhooks/{webhook}/secret",
    operation_id = "readWebhookSecret",
    tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(OwnerPath),
    responses((status = 200, description = "The secrets that deliveries are signed with.", body = SecretsJson)),
)]
pub(crate) async fn read(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    OwnerInPath(owner): OwnerInPath,
) -> Result<Json<SecretsJson>, Problem> {
    found(webhooks.secrets(&owner).await?)
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
    params(OwnerPath),
    responses((status = 200, description = "The secrets that deliveries are signed with now.", body = SecretsJson)),
)]
pub(crate) async fn rotate(
    _: Caller<Hooks>,
    State(webhooks): State<Webhooks>,
    OwnerInPath(owner): OwnerInPath,
) -> Result<Json<SecretsJson>, Problem> {
    found(webhooks.rotate_secret(&owner).await?)
}

fn found(secrets: Option<Secrets>) -> Result<Json<SecretsJson>, Problem> {
    let secrets = secrets.ok_or(Problem::WebhookNotFound)?;
    Ok(Json(SecretsJson {
        secret: secrets.current.reveal().to_owned(),
        previous: secrets.previous.map(|secret| secret.reveal().to_owned()),
    }))
}
