//! `/api/v1`: the API for programs with a token. There is one file per resource. `body.rs` holds what they share, and
//! `document.rs` the parts of the OpenAPI document that all routes have in common.

pub(crate) mod answers;
pub(crate) mod body;
pub(crate) mod cors;
pub(crate) mod decode;
pub(crate) mod decoded_json;
pub(crate) mod deliveries;
pub(crate) mod document;
pub(crate) mod endpoint_json;
pub(crate) mod endpoints;
pub(crate) mod events;
pub(crate) mod idempotency;
pub(crate) mod invalid;
pub(crate) mod invoices;
pub(crate) mod items;
pub(crate) mod links;
pub(crate) mod lists;
pub(crate) mod messages;
pub(crate) mod new_invoice;
pub(crate) mod node;
pub(crate) mod offers;
pub(crate) mod parameters;
pub(crate) mod payouts;
pub(crate) mod resources;
pub(crate) mod secrets;
pub(crate) mod vouchers;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::FromRef,
    middleware::from_fn_with_state,
    routing::{any, get},
};

use super::error::Problem;
use crate::{
    auth::Access,
    web::{
        extract::bearer::{self, Authenticator},
        paths::API_PREFIX,
        state::{App, Routing},
    },
};

/// All routes of the API. Without a token, a caller learns nothing, not even which paths exist; only the document is
/// public.
pub(crate) fn routes(app: &App) -> Router<App> {
    let (resources, _) = resources::all().split_for_parts();
    let gate = from_fn_with_state(Arc::<Authenticator>::from_ref(app), bearer::require_token);
    let nothing = async || Problem::PageNotFound;
    let all = Router::new()
        .nest(API_PREFIX, resources.fallback(nothing).layer(gate.clone()))
        // Nesting does not cover this path.
        .route("/api/v1/", any(nothing).layer(gate))
        .route("/api/v1/openapi.json", get(document::serve));
    match cors::layer(&Arc::<Routing>::from_ref(app).allow_origins) {
        Some(cors) => all.layer(cors),
        None => all,
    }
}

/// The resources for the owner, without a token: whoever can use the control socket can make tokens, too.
pub(crate) fn owners_routes() -> Router<App> {
    let (resources, _) = resources::all().split_for_parts();
    Router::new().nest(API_PREFIX, resources.layer(Extension(Access::owner())))
}
