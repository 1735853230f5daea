//! Parameters in the paths of the API: how the document describes them, and their extractors.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use utoipa::IntoParams;

use crate::web::error::Problem;
use facture_domain::hook::{DeliveryId, EndpointId, SecretOwner};

/// Which invoice.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `OurLabel` reads it")]
pub(crate) struct LabelPath {
    /// The invoice's label.
    #[param(example = "facture_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    label: String,
}

/// Which endpoint.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `WebhookInPath` reads it")]
pub(crate) struct WebhookPath {
    /// The webhook's id.
    #[param(example = "we_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    webhook: String,
}

/// The `{webhook}` of the path.
pub(crate) struct WebhookInPath(pub(crate) EndpointId);

/// Which delivery.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `DeliveryInPath` reads it")]
pub(crate) struct DeliveryPath {
    /// The delivery's id, which the receiver gets as `webhook-id`.
    #[param(example = "msg_2f0c7a4b9d1e4c5f8a6b3d2e1f0c9b8a")]
    delivery: String,
}

/// The `{delivery}` of the path.
pub(crate) struct DeliveryInPath(pub(crate) DeliveryId);

/// Whose secret.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described; `OwnerInPath` reads it")]
pub(crate) struct OwnerPath {
    /// The webhook's id, or `invoices` for the addresses of all single invoices.
    #[param(example = "invoices")]
    webhook: String,
}

/// The `{webhook}` of the path whose secret is requested.
pub(crate) struct OwnerInPath(pub(crate) SecretOwner);

impl<S: Send + Sync> FromRequestParts<S> for WebhookInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        text.ok()
            .and_then(|Path(text)| EndpointId::parse(&text))
            .map(Self)
            .ok_or(Problem::WebhookNotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DeliveryInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        text.ok()
            .and_then(|Path(text)| DeliveryId::parse(&text))
            .map(Self)
            .ok_or(Problem::DeliveryNotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OwnerInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if let Ok(Path(text)) = Path::<String>::from_request_parts(parts, state).await
            && text == "invoices"
        {
            return Ok(Self(SecretOwner::Invoices));
        }
        let WebhookInPath(id) = WebhookInPath::from_request_parts(parts, state).await?;
        Ok(Self(SecretOwner::Endpoint(id)))
    }
}
