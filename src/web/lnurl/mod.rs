//! LNURL, as wallets speak it: its own errors (HTTP 200 and `{"status":"ERROR"}`), and open to every web page (CORS), since
//! wallets may be web pages.

pub(crate) mod link;
pub(crate) mod reply;
pub(crate) mod withdraw;

use axum::{Router, routing::get};
use tower_http::cors::{Any, CorsLayer};

use crate::web::state::App;

/// All routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/lnurl/withdraw/callback", get(withdraw::claim))
        .route("/lnurl/withdraw/{secret}", get(withdraw::show))
        .layer(CorsLayer::new().allow_origin(Any))
}
