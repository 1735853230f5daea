//! The routes of LNbits' API that tills, gadgets and bots use with an invoice key. Its addresses, shapes, status codes and
//! words are used nowhere else. `docs/drop-ins.md` lists the intentional differences.

pub(crate) mod access;
pub(crate) mod hook;
pub(crate) mod new_payment;
pub(crate) mod payment_json;
pub(crate) mod payments;
pub(crate) mod refusal;
pub(crate) mod socket;
pub(crate) mod wallet;

use axum::{Router, extract::FromRef, routing::get};
use std::sync::Arc;

use crate::web::{
    api::cors,
    state::{App, Routing},
};

/// All routes.
pub(crate) fn routes(app: &App) -> Router<App> {
    let routes = Router::new()
        .route(
            "/api/v1/payments",
            get(payments::list).post(payments::create),
        )
        .route("/api/v1/payments/{payment_hash}", get(payments::read))
        .route("/api/v1/wallet", get(wallet::read))
        .route("/api/v1/ws/{item}", get(socket::socket));
    match cors::layer(&Arc::<Routing>::from_ref(app).allow_origins) {
        Some(cors) => routes.layer(cors),
        None => routes,
    }
}
