//! `/api/v1`: for programs, with a token. One file a resource; what they share is in `body.rs`, what the routes have in
//! common in the document that describes them is in `document.rs`.

pub(crate) mod answers;
pub(crate) mod body;
pub(crate) mod cors;
pub(crate) mod deliveries;
pub(crate) mod document;
pub(crate) mod endpoint_json;
pub(crate) mod endpoints;
pub(crate) mod events;
pub(crate) mod invalid;
pub(crate) mod invoices;
pub(crate) mod lists;
pub(crate) mod messages;
pub(crate) mod new_invoice;
pub(crate) mod node;
pub(crate) mod parameters;
pub(crate) mod resources;
pub(crate) mod secrets;

use std::sync::Arc;

use axum::{
    Router,
    extract::FromRef,
    middleware::from_fn_with_state,
    routing::{any, get},
};

use super::error::Problem;
use crate::web::{
    extract::bearer::{self, Authenticator},
    paths::API_PREFIX,
    state::{App, Routing},
};

/// All of it. Who has no token learns nothing, not even which paths there are; but the document is for everybody.
pub(crate) fn routes(app: &App) -> Router<App> {
    let (resources, _) = resources::all().split_for_parts();
    let gate = from_fn_with_state(Arc::<Authenticator>::from_ref(app), bearer::require_token);
    let nothing = async || Problem::PageNotFound;
    let all = Router::new()
        .nest(API_PREFIX, resources.fallback(nothing).layer(gate.clone()))
        // Nesting leaves this one out.
        .route("/api/v1/", any(nothing).layer(gate))
        .route("/api/v1/openapi.json", get(document::serve));
    match cors::layer(&Arc::<Routing>::from_ref(app).allow_origins) {
        Some(cors) => all.layer(cors),
        None => all,
    }
}
