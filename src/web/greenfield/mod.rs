//! The part of BTCPay Server's Greenfield API that its plug-ins for web shops use. Its addresses, shapes, status codes and
//! words (`New`, `Settled`, `BTC-LN`) are used nowhere else. `docs/drop-ins.md` lists the intentional differences.

pub(crate) mod access;
pub(crate) mod amounts;
pub(crate) mod deliveries;
pub(crate) mod events;
pub(crate) mod hook;
pub(crate) mod invoice_json;
pub(crate) mod invoices;
pub(crate) mod method;
pub(crate) mod new_invoice;
pub(crate) mod pages;
pub(crate) mod payments;
pub(crate) mod refusal;
pub(crate) mod server;
pub(crate) mod stores;
pub(crate) mod webhook_json;
pub(crate) mod webhooks;

use axum::{
    Router,
    routing::{get, post},
};

use crate::web::state::App;

/// All routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/server/info", get(server::info))
        .route("/api/v1/api-keys/current", get(server::current_key))
        .route("/api/v1/stores", get(stores::list))
        .nest("/api/v1/stores/{store}", store())
        .route("/i/{invoice}", get(pages::checkout))
        .route("/invoice", get(pages::modal))
        .route("/modal/btcpay.js", get(pages::script))
}

/// The routes of one store.
fn store() -> Router<App> {
    Router::new()
        .route("/", get(stores::read))
        .route("/payment-methods", get(stores::payment_methods))
        .route("/payment-methods/{kind}", get(stores::old_payment_methods))
        .route("/invoices", get(invoices::list).post(invoices::create))
        .route(
            "/invoices/{invoice}",
            get(invoices::read).put(invoices::update),
        )
        .route("/invoices/{invoice}/status", post(invoices::mark))
        .route("/invoices/{invoice}/payment-methods", get(payments::read))
        .route("/webhooks", get(webhooks::list).post(webhooks::create))
        .route(
            "/webhooks/{webhook}",
            get(webhooks::read)
                .put(webhooks::update)
                .delete(webhooks::delete),
        )
        .route("/webhooks/{webhook}/deliveries", get(deliveries::list))
        .route(
            "/webhooks/{webhook}/deliveries/{delivery}",
            get(deliveries::read),
        )
        .route(
            "/webhooks/{webhook}/deliveries/{delivery}/redeliver",
            post(deliveries::redeliver),
        )
        .route("/pull-payments", post(stores::pull_payment))
}
