//! The web: every route, the layers around them, pages and JSON. It turns requests into calls of `invoicing` and the
//! results into answers; it never sees the node.

pub(crate) mod allowed;
pub(crate) mod amount_json;
pub(crate) mod api;
pub(crate) mod assets;
pub(crate) mod buyer;
pub(crate) mod charge;
pub(crate) mod error;
pub(crate) mod event_json;
mod explanation;
pub(crate) mod extract;
pub(crate) mod fast_path;
pub(crate) mod health;
pub(crate) mod invoice_json;
pub(crate) mod limits;
pub(crate) mod log_budget;
pub(crate) mod metrics;
pub(crate) mod middleware;
pub(crate) mod origin;
pub(crate) mod repeated;
pub(crate) mod server;
pub(crate) mod state;
pub(crate) mod streams;
pub(crate) mod theme;
pub(crate) mod webhook_body;
pub(crate) mod whole_number;

use axum::{Router, middleware::from_fn_with_state, routing::get};

use self::error::Problem;
pub use self::state::{App, Mode};
#[cfg(test)]
pub(crate) use crate::web::middleware::around;
pub use crate::web::{
    fast_path::replay::Web,
    metrics::metrics,
    server::listener::{Bounds, listen, serve},
    theme::LookError,
    webhook_body::delivery_body,
};

/// The whole web interface.
pub fn web(app: App) -> Web {
    let routes = routes(&app);
    Web::new(app.clone(), routes.with_state(app))
}

fn routes(app: &App) -> Router<App> {
    let reads = Router::new()
        // For merchants and buyers, in a browser or with `Accept: application/json`.
        .route("/", get(buyer::form::show))
        .route("/check_invoice/{label}", get(buyer::checkout::show))
        .route("/check_invoice/{label}/qr.svg", get(buyer::checkout::svg))
        .route("/check_invoice/{label}/qr.png", get(buyer::checkout::png))
        .route("/check_invoice/{label}/status", get(buyer::status::show))
        .route("/check_invoice/{label}/events", get(streams::sse::events))
        .route("/check_invoice/{label}/wait", get(streams::wait::wait))
        .route("/static/{*path}", get(assets::serve))
        .route("/api/docs", get(buyer::api::show))
        // For whoever runs it.
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));
    // Who loads again what was posted comes back to the page that it was posted from.
    let from_form = get(buyer::posted::to_form);
    let from_invoice = get(buyer::posted::to_invoice);
    let mut acts = Router::new()
        .route("/create_invoice", from_form.post(buyer::form::create))
        .route(
            "/check_invoice/{label}/renew",
            from_invoice.clone().post(buyer::renew::renew),
        )
        .route(
            "/check_invoice/{label}/proof",
            from_invoice.clone().post(buyer::proof::compare),
        );
    if let Mode::Sandbox(_) = app.mode {
        acts = acts.route(
            "/sandbox/{label}/pay",
            from_invoice.post(buyer::sandbox::pay),
        );
    }
    if app.charge.enabled {
        acts = acts.merge(charge::routes());
    }
    let routes = reads
        .merge(acts.layer(from_fn_with_state(
            app.clone(),
            crate::web::middleware::cross_site::forms,
        )))
        .merge(api::routes(app))
        .fallback(async || Problem::PageNotFound);
    middleware::around(routes, app)
}
