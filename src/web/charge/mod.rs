//! The API of Lightning Charge 0.4.26, so that shops made for it go on working: its addresses, shapes, status codes and
//! words (`msatoshi`, `payreq`, `rhash`), which are nowhere else. README.md lists where it differs on purpose.

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

/// All of it. A slash at the end makes no difference, as in Lightning Charge.
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
