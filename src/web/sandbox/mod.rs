//! `/sandbox/v1`: the sandbox's controls for programs, which play the buyer's wallet, a payer, the clock and the chain. With a
//! real node there are no such routes.
//!
//! | File | Owns |
//! | --- | --- |
//! | `document.rs` | the routes' OpenAPI document |
//! | `invoices.rs` | paying an invoice, letting it expire |
//! | `payouts.rs` | playing a payer |
//! | `wallet.rs` | the buyer's wallet where it receives: invoices, claimed vouchers |
//! | `time.rs` | the node's clock, blocks |
//! | `events.rs` | making an event of a type happen |
//! | `scenario.rs` | what has to be done for each type |
//! | `until.rs` | waiting until something is in the records |

mod document;
mod events;
mod invoices;
mod payouts;
mod scenario;
mod time;
mod until;
mod wallet;

use std::sync::Arc;

use axum::{Router, extract::FromRef, middleware::from_fn_with_state, routing::get};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    error::Problem,
    extract::bearer::{self, Authenticator},
    mode::Mode,
    paths::SANDBOX_PREFIX,
    state::App,
};

/// The routes; none with a real node. Each needs a token, but the document does not.
pub(crate) fn routes(app: &App) -> Router<App> {
    let Mode::Sandbox(_) = Mode::from_ref(app) else {
        return Router::new();
    };
    let (controls, document) = controls().split_for_parts();
    let gate = from_fn_with_state(Arc::<Authenticator>::from_ref(app), bearer::require_token);
    let nothing = async || Problem::PageNotFound;
    Router::new()
        .nest(SANDBOX_PREFIX, controls.fallback(nothing).layer(gate))
        .route(
            &format!("{SANDBOX_PREFIX}/openapi.json"),
            get(async move |origin| document::answer(document, &origin)),
        )
}

fn controls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(invoices::pay))
        .routes(routes!(invoices::hold))
        .routes(routes!(invoices::expire))
        .routes(routes!(payouts::pay))
        .routes(routes!(payouts::fail))
        .routes(routes!(payouts::lose_track))
        .routes(routes!(wallet::create))
        .routes(routes!(wallet::claim))
        .routes(routes!(time::advance))
        .routes(routes!(time::mine))
        .routes(routes!(events::list, events::trigger))
}
