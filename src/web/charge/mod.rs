//! The API of Lightning Charge 0.4.26, so that shops made for it go on working: its addresses, shapes, status codes and
//! words (`msatoshi`, `payreq`, `rhash`), which are nowhere else. README.md lists where it differs on purpose.

pub(crate) mod access;
pub(crate) mod body;
pub(crate) mod checkout;
pub(crate) mod hook;
pub(crate) mod invoice;
pub(crate) mod refusal;
pub(crate) mod stream;
pub(crate) mod wait;
pub(crate) mod wire;

use std::time::Duration;

use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Serialize;

pub(crate) use self::hook::body as hook_body;
use self::{
    access::{Caller, Id},
    refusal::Refusal,
};
use crate::{
    invoices::Age,
    web::{extract::bearer::Read, state::App},
};

/// The longest that `/invoice/{id}/wait` may take.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// All of it. A slash at the end makes no difference, as in Lightning Charge.
pub(crate) fn routes() -> Router<App> {
    [
        ("/info", get(info)),
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

/// Of lightningd's `getinfo`, what programs asked for.
#[derive(Serialize)]
struct InfoJson {
    id: String,
    alias: String,
    version: String,
    blockheight: u32,
    network: String,
}

/// `GET /info`
async fn info(_: Caller<Read>, State(app): State<App>) -> Result<Response, Refusal> {
    let info = app.invoicing.node(Age::New).await;
    let info = info.map_err(|error| Refusal::of_node(&error))?;
    Ok(Json(InfoJson {
        id: info.id.to_string(),
        alias: info.alias,
        version: info.version,
        blockheight: info.block_height,
        network: info.network,
    })
    .into_response())
}
