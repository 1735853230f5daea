//! `/api/v1`: for programs, with a token. One file a resource; what they share is in `body.rs`, what the routes have in
//! common in the document that describes them is in `document.rs`.

pub(super) mod answers;
mod body;
mod cors;
mod deliveries;
pub(super) mod document;
mod endpoints;
mod events;
mod invoices;
mod lists;
mod node;
mod secrets;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{any, get},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{App, auth, error::Problem};

/// Where it all is.
pub(super) const PREFIX: &str = "/api/v1";

/// All of it. Who has no token learns nothing, not even which paths there are; but the document is for everybody.
pub(super) fn routes(app: &App) -> Router<App> {
    let (resources, _) = resources().split_for_parts();
    let gate = from_fn_with_state(app.clone(), auth::gate);
    let nothing = async || Problem::PageNotFound;
    let all = Router::new()
        .nest(PREFIX, resources.fallback(nothing).layer(gate.clone()))
        // Nesting leaves this one out.
        .route("/api/v1/", any(nothing).layer(gate))
        .route("/api/v1/openapi.json", get(document::serve));
    match cors::layer(&app.allow_origins) {
        Some(cors) => all.layer(cors),
        None => all,
    }
}

/// Every route with its description: a route without one is not possible.
fn resources() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(invoices::create, lists::list))
        .routes(routes!(invoices::read))
        .routes(routes!(invoices::wait))
        .routes(routes!(invoices::cancel))
        .routes(routes!(events::list))
        .routes(routes!(events::stream))
        .routes(routes!(endpoints::create, endpoints::list))
        .routes(routes!(
            endpoints::read,
            endpoints::change,
            endpoints::delete
        ))
        .routes(routes!(secrets::read))
        .routes(routes!(secrets::rotate))
        .routes(routes!(endpoints::test))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::redeliver_after))
        .routes(routes!(deliveries::read))
        .routes(routes!(deliveries::redeliver))
        .routes(routes!(node::read))
}
