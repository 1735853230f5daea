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
pub(crate) mod pairing;
pub(crate) mod pairing_request;
pub(crate) mod payments;
pub(crate) mod pull_payments;
pub(crate) mod refund_request;
pub(crate) mod refusal;
pub(crate) mod server;
pub(crate) mod stores;
pub(crate) mod webhook_json;
pub(crate) mod webhooks;

use axum::{
    Router,
    extract::FromRef,
    routing::{MethodRouter, get, post},
};

use crate::web::{desk::settings::Desk, paths::API_PREFIX, state::App};

/// Where a plug-in sends its owner for a key.
const PAIRING: &str = "/api-keys/authorize";

/// All routes. A trailing slash makes no difference, as in BTCPay.
pub(crate) fn routes(app: &App) -> Router<App> {
    let desk = Desk::from_ref(app);
    let pages = match desk.is_enabled() && !desk.is_apart() {
        true => pairing(),
        false => twice(PAIRING, get(pairing::closed)),
    };
    let pages = pages
        .route("/i/{invoice}", get(pages::checkout))
        .route("/invoice", get(pages::modal))
        .route("/modal/btcpay.js", get(pages::script));
    let server = [
        ("/server/info", get(server::info)),
        ("/api-keys/current", get(server::current_key)),
        ("/stores", get(stores::list)),
    ];
    let server = server
        .into_iter()
        .map(|(path, methods)| (path.to_owned(), methods));
    let store = store()
        .into_iter()
        .map(|(path, methods)| (format!("/stores/{{store}}{path}"), methods));
    server.chain(store).fold(pages, |router, (path, methods)| {
        router.merge(twice(&format!("{API_PREFIX}{path}"), methods))
    })
}

/// What belongs to the desk: where that is, there this is.
pub(crate) fn pairing() -> Router<App> {
    twice(PAIRING, get(pairing::show).post(pairing::agree))
}

/// A route, with and without a slash at its end.
fn twice(path: &str, methods: MethodRouter<App>) -> Router<App> {
    Router::new()
        .route(path, methods.clone())
        .route(&format!("{path}/"), methods)
}

/// The routes of one store.
fn store() -> [(&'static str, MethodRouter<App>); 14] {
    [
        ("", get(stores::read)),
        ("/payment-methods", get(stores::payment_methods)),
        ("/payment-methods/{kind}", get(stores::old_payment_methods)),
        ("/invoices", get(invoices::list).post(invoices::create)),
        (
            "/invoices/{invoice}",
            get(invoices::read).put(invoices::update),
        ),
        ("/invoices/{invoice}/status", post(invoices::mark)),
        ("/invoices/{invoice}/payment-methods", get(payments::read)),
        ("/invoices/{invoice}/refund", post(pull_payments::refund)),
        ("/webhooks", get(webhooks::list).post(webhooks::create)),
        (
            "/webhooks/{webhook}",
            get(webhooks::read)
                .put(webhooks::update)
                .delete(webhooks::delete),
        ),
        ("/webhooks/{webhook}/deliveries", get(deliveries::list)),
        (
            "/webhooks/{webhook}/deliveries/{delivery}",
            get(deliveries::read),
        ),
        (
            "/webhooks/{webhook}/deliveries/{delivery}/redeliver",
            post(deliveries::redeliver),
        ),
        ("/pull-payments", post(pull_payments::create)),
    ]
}
