//! The API of Lightning Charge 0.4.26, so that shops built for it continue to work. Its addresses, shapes, status codes
//! and terms (`msatoshi`, `payreq`, `rhash`) are used nowhere else. docs/charge.md lists the intentional differences.

pub(crate) mod access;
pub(crate) mod body;
pub(crate) mod checkout;
pub(crate) mod hook;
pub(crate) mod info;
pub(crate) mod invoice;
pub(crate) mod refusal;
pub(crate) mod stream;
pub(crate) mod wait;
pub(crate) mod wire;

use axum::{
    Router,
    routing::{get, post},
};

use crate::web::state::App;

/// All routes. A trailing slash makes no difference, as in Lightning Charge.
pub(crate) fn routes() -> Router<App> {
    [
        ("/info", get(info::read)),
        ("/invoice", post(invoice::create)),
        ("/invoices", get(invoice::list)),
        ("/invoice/{id}", get(invoice::read).delete(invoice::delete)),
        ("/invoice/{id}/wait", get(wait::wait)),
        ("/invoice/{id}/webhook", post(hook::add)),
        ("/payment-stream", get(stream::events)),
        ("/ws", get(stream::socket)),
        ("/checkout/{id}", get(checkout::show)),
        ("/checkout/{id}/wait", get(wait::buyer)),
        ("/checkout/{id}/status", get(checkout::status)),
        ("/checkout/{id}/qr.png", get(checkout::qr)),
    ]
    .into_iter()
    .fold(Router::new(), |router, (path, methods)| {
        router
            .route(path, methods.clone())
            .route(&format!("{path}/"), methods)
    })
}
