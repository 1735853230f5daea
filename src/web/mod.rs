//! The web interface: all routes, the layers around them, pages and JSON. It translates requests into calls of
//! `invoices` and the results into responses; of the node it only sees errors (`error/from.rs`).

pub(crate) mod amount_json;
pub(crate) mod api;
pub(crate) mod assets;
mod breakdown_json;
pub(crate) mod buyer;
pub(crate) mod charge;
pub(crate) mod compression;
pub(crate) mod desk;
pub(crate) mod error;
pub(crate) mod error_json;
pub(crate) mod etag;
pub(crate) mod event_json;
mod explanation;
pub(crate) mod extract;
pub(crate) mod fast_path;
pub(crate) mod greenfield;
pub(crate) mod health;
mod hold_json;
pub(crate) mod invoice_json;
pub(crate) mod item_json;
pub(crate) mod json_fields;
pub(crate) mod limits;
pub(crate) mod link_json;
pub(crate) mod lnbits;
pub(crate) mod lnurl;
pub(crate) mod log_budget;
pub(crate) mod metrics;
pub(crate) mod middleware;
pub(crate) mod mode;
pub(crate) mod money_text;
pub(crate) mod offer_json;
pub(crate) mod origin;
pub(crate) mod paths;
pub(crate) mod payout_json;
pub(crate) mod paywall;
pub(crate) mod probe;
pub(crate) mod rate_json;
pub(crate) mod request_id;
pub(crate) mod request_schema;
pub(crate) mod sandbox;
pub(crate) mod schema;
pub(crate) mod server;
pub(crate) mod state;
pub(crate) mod streams;
pub(crate) mod theme;
pub(crate) mod time_left;
pub(crate) mod webhook_body;
pub(crate) mod webhook_url;
pub(crate) mod whole_number;

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::FromRef, middleware::from_fn_with_state, routing::get};

use self::{
    desk::settings::Desk,
    error::Problem,
    limits::bodies::BodyLimits,
    metrics::MetricsState,
    middleware::cross_site::{self, CrossSitePolicy},
    state::Routing,
};
pub use self::{
    fast_path::Web,
    mode::Mode,
    server::listener::{ConnectionLimits, listen, serve},
    state::{App, UseCases},
    theme::ThemeError,
};
use crate::webhooks::Render;

/// The whole web interface.
pub fn web(app: App) -> Web {
    let routes = wrap(routes(&app), &app);
    serving(routes, app)
}

/// The merchant's desk alone, for a listener of its own.
pub fn desk(app: App) -> Web {
    let pairing = match Arc::<Routing>::from_ref(&app).greenfield {
        true => greenfield::pairing(),
        false => Router::new(),
    };
    let routes = wrap(desk::alone(&app).merge(pairing), &app);
    serving(routes, app)
}

/// The API alone, for the private socket in the data directory.
pub fn private_api(app: &App) -> Router {
    wrap(
        api::routes(app)
            .merge(sandbox::routes(app))
            .fallback(async || Problem::PageNotFound),
        app,
    )
    .with_state(app.clone())
}

/// The API for the owner of the records, who needs no token, and what finds out whether the public address leads here: for
/// the control socket and nothing else.
pub fn owners_api(app: &App) -> Router {
    wrap(api::owners_routes().merge(probe::owners_routes()), app).with_state(app.clone())
}

/// The metrics, for a separate listener.
pub fn metrics(app: &App) -> Router {
    metrics::routes(MetricsState {
        invoicing: FromRef::from_ref(app),
        webhooks: FromRef::from_ref(app),
        notices: FromRef::from_ref(app),
    })
}

/// Renders the bodies of webhooks.
pub fn delivery_body(app: &App) -> Render {
    webhook_body::renderer(FromRef::from_ref(app))
}

/// These routes, preceded by the fast path.
pub(crate) fn serving(routes: Router<App>, app: App) -> Web {
    Web::new(
        FromRef::from_ref(&app),
        FromRef::from_ref(&app),
        routes.with_state(app),
    )
}

/// These routes with all middleware around them.
pub(crate) fn wrap(routes: Router<App>, app: &App) -> Router<App> {
    let routing = Arc::<Routing>::from_ref(app);
    let wait = match routing.charge {
        true => charge::wait::MAX_WAIT,
        false => Duration::from_secs(streams::wait::MAX_SECONDS),
    };
    let body = BodyLimits::from_ref(app).timeout();
    let timeout = routing.node_deadline * 3 + body + wait;
    middleware::wrap(routes, FromRef::from_ref(app), timeout)
}

fn routes(app: &App) -> Router<App> {
    let reads = Router::new()
        // For merchants and buyers, in a browser or with `Accept: application/json`.
        .route("/", get(buyer::form::show))
        .route("/check_invoice/{label}", get(buyer::checkout::show))
        .route("/check_invoice/{label}/qr.svg", get(buyer::checkout::svg))
        .route("/check_invoice/{label}/qr.png", get(buyer::checkout::png))
        .route(
            "/check_invoice/{label}/any.svg",
            get(buyer::checkout::any_svg),
        )
        .route(
            "/check_invoice/{label}/any.png",
            get(buyer::checkout::any_png),
        )
        .route("/check_invoice/{label}/status", get(buyer::status::show))
        .route("/check_invoice/{label}/events", get(streams::sse::events))
        .route("/check_invoice/{label}/wait", get(streams::wait::wait))
        .route(
            "/check_invoice/{label}/content",
            get(buyer::content::content),
        )
        .route("/check_invoice/{label}/sealed", get(buyer::content::sealed))
        .route("/offer/{offer}", get(buyer::offer::show))
        .route("/offer/{offer}/qr.svg", get(buyer::offer::svg))
        .route("/offer/{offer}/qr.png", get(buyer::offer::png))
        .route("/l/{slug}/poster", get(buyer::poster::show))
        .route("/voucher/{secret}", get(buyer::voucher::show))
        .route("/static/{*path}", get(assets::serve))
        .route("/api/docs", get(buyer::api::show))
        // For operators.
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));
    // A browser that reloads a form submission is redirected to the page of the form.
    let from_form = get(buyer::posted::to_form);
    let from_invoice = get(buyer::posted::to_invoice);
    let mut acts = Router::new()
        .route("/create_invoice", from_form.post(buyer::form::create))
        .route(
            "/reveal/{item}",
            get(buyer::reveal::show).post(buyer::reveal::buy),
        )
        .route("/l/{slug}", get(buyer::link::show).post(buyer::link::order))
        .route(
            "/check_invoice/{label}/renew",
            from_invoice.clone().post(buyer::renew::renew),
        )
        .route(
            "/check_invoice/{label}/proof",
            from_invoice.clone().post(buyer::proof::compare),
        );
    if let Mode::Sandbox(_) = Mode::from_ref(app) {
        acts = acts
            .route(
                "/sandbox/{label}/pay",
                from_invoice.post(buyer::sandbox::pay),
            )
            .route(
                "/sandbox/offer/{offer}/pay",
                get(buyer::posted::to_offer).post(buyer::sandbox::pay_offer),
            );
    }
    if Arc::<Routing>::from_ref(app).charge {
        acts = acts.merge(charge::routes());
    }
    let lnbits = match Arc::<Routing>::from_ref(app).lnbits {
        true => lnbits::routes(app),
        false => Router::new(),
    };
    let greenfield = match Arc::<Routing>::from_ref(app).greenfield {
        true => greenfield::routes(app),
        false => Router::new(),
    };
    reads
        .merge(acts.layer(from_fn_with_state(
            CrossSitePolicy::from_ref(app),
            cross_site::forms,
        )))
        .merge(lnurl::routes())
        .merge(paywall::routes())
        .merge(lnbits)
        .merge(greenfield)
        .merge(api::routes(app))
        .merge(sandbox::routes(app))
        .merge(match Desk::from_ref(app).is_apart() {
            true => Router::new(),
            false => desk::routes(app),
        })
        .fallback(async || Problem::PageNotFound)
}
