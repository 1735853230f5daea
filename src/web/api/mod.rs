//! `/api/v1`: for programs, with a token. One file a resource; what they share is in `body.rs`, what the routes have in
//! common in the document that describes them is in `document.rs`.

pub(crate) mod body;
pub(crate) mod cors;
pub(crate) mod deliveries;
pub(crate) mod document;
pub(crate) mod endpoints;
pub(crate) mod events;
pub(crate) mod invalid;
pub(crate) mod invoices;
pub(crate) mod lists;
pub(crate) mod messages;
pub(crate) mod node;
pub(crate) mod secrets;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{any, get},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::error::Problem;
use crate::web::extract::bearer;
use crate::web::state::App;

/// Where it all is.
pub(crate) const PREFIX: &str = "/api/v1";

/// All of it. Who has no token learns nothing, not even which paths there are; but the document is for everybody.
pub(crate) fn routes(app: &App) -> Router<App> {
    let (resources, _) = resources().split_for_parts();
    let gate = from_fn_with_state(app.clone(), bearer::gate);
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
