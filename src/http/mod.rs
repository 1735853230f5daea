//! The web: every route, the layers around them, pages and JSON. It turns requests into calls of `invoicing` and the
//! results into answers; it never sees the node.

mod again;
mod allowed;
mod amount_json;
mod api;
mod assets;
mod auth;
mod charge;
mod client;
mod cross_site;
mod delivery_body;
mod error;
mod event_json;
mod exposition;
mod extract;
mod handover;
mod health;
mod host;
mod invoice_json;
mod kept;
mod layers;
mod limit;
mod log_budget;
mod look;
mod origin;
mod packed;
mod pages;
mod patience;
mod render;
mod repeated;
mod serve;
mod state;
mod streams;
mod ticking;
mod visitor;
mod wants;
mod whole_number;

use axum::{Router, middleware::from_fn_with_state, routing::get};

use self::error::Problem;
#[cfg(test)]
pub(crate) use self::layers::around;
pub use self::{
    again::Web,
    delivery_body::delivery_body,
    exposition::metrics,
    look::LookError,
    serve::{Bounds, listen, serve},
    state::{App, Mode},
};

/// The whole web interface.
pub fn web(app: App) -> Web {
    let routes = routes(&app);
    Web::new(app.clone(), routes.with_state(app))
}

fn routes(app: &App) -> Router<App> {
    let reads = Router::new()
        // For merchants and buyers, in a browser or with `Accept: application/json`.
        .route("/", get(pages::form::show))
        .route("/check_invoice/{label}", get(pages::checkout::show))
        .route("/check_invoice/{label}/qr.svg", get(pages::checkout::svg))
        .route("/check_invoice/{label}/qr.png", get(pages::checkout::png))
        .route("/check_invoice/{label}/status", get(pages::status::show))
        .route("/check_invoice/{label}/events", get(streams::sse::events))
        .route("/check_invoice/{label}/wait", get(streams::wait::wait))
        .route("/static/{*path}", get(assets::serve))
        .route("/api/docs", get(pages::api::show))
        // For whoever runs it.
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));
    // Who loads again what was posted comes back to the page that it was posted from.
    let from_form = get(pages::posted::to_form);
    let from_invoice = get(pages::posted::to_invoice);
    let mut acts = Router::new()
        .route("/create_invoice", from_form.post(pages::form::create))
        .route(
            "/check_invoice/{label}/renew",
            from_invoice.clone().post(pages::renew::renew),
        )
        .route(
            "/check_invoice/{label}/proof",
            from_invoice.clone().post(pages::proof::compare),
        );
    if let Mode::Sandbox(_) = app.mode {
        acts = acts.route(
            "/sandbox/{label}/pay",
            from_invoice.post(pages::sandbox::pay),
        );
    }
    if app.charge.enabled {
        acts = acts.merge(charge::routes());
    }
    let routes = reads
        .merge(acts.layer(from_fn_with_state(app.clone(), cross_site::forms)))
        .merge(api::routes(app))
        .fallback(async || Problem::PageNotFound);
    layers::around(routes, app)
}
