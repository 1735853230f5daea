//! LNURL, as wallets speak it: its own errors (HTTP 200 and `{"status":"ERROR"}`), and open to every web page (CORS), since
//! wallets may be web pages.

mod address;
pub(crate) mod again;
mod item_pay;
pub(crate) mod link;
mod link_pay;
mod parameters;
mod pay;
mod pay_answers;
pub(crate) mod reply;
mod session;
mod success;
mod verify;
pub(crate) mod withdraw;

use axum::{Router, routing::get};
use tower_http::cors::{Any, CorsLayer};

use crate::web::state::App;

/// All routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/.well-known/lnurlp/{user}", get(pay::show))
        .route("/lnurl/pay/{user}/{request}", get(pay::invoice))
        .route("/lnurl/l/{slug}", get(link_pay::show))
        .route("/lnurl/l/{slug}/{request}", get(link_pay::invoice))
        .route("/lnurl/reveal/{item}", get(item_pay::show))
        .route("/lnurl/reveal/{item}/{request}", get(item_pay::invoice))
        .route("/lnurl/verify/{label}", get(verify::show))
        .route("/lnurl/withdraw/callback", get(withdraw::claim))
        .route("/lnurl/withdraw/{secret}", get(withdraw::show))
        .layer(CorsLayer::new().allow_origin(Any))
}
