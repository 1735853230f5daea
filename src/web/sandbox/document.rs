//! The OpenAPI document of the sandbox's controls.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;
use utoipa::OpenApi;

use crate::web::{error_json::ErrorJson, origin::Origin, paths::SANDBOX_PREFIX};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "facture's sandbox",
        description = "Controls of `facture sandbox`: they play the buyer's wallet, a payer, the clock and the chain. A server with a \
            real node has none of these routes. Every request needs a token whose scopes include invoices:create.",
        license(name = "MIT", identifier = "MIT"),
    ),
    components(schemas(ErrorJson))
)]
struct Frame;

/// The document of these routes, with the address of the request.
pub(super) fn answer(routes: utoipa::openapi::OpenApi, origin: &Origin) -> Response {
    let document = Frame::openapi().nest(SANDBOX_PREFIX, routes);
    // Serializing any of its parts cannot fail.
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["servers"] = json!([{ "url": origin.as_str() }]);
    // Here it has codes of its own.
    document["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"] =
        json!({ "type": "string" });
    document["security"] = json!([{ "token": [] }]);
    document["components"]["securitySchemes"] =
        json!({ "token": { "type": "http", "scheme": "bearer" } });
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, document.to_string()).into_response()
}
