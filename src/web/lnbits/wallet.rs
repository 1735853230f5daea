//! `/api/v1/wallet`.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::access::InvoiceKey;

/// What a key can spend, in msat: nothing.
pub(crate) const BALANCE: u64 = 0;

/// `GET /api/v1/wallet`: the shop's name. The balance of a key that can only receive is 0.
pub(crate) async fn read(key: InvoiceKey) -> Response {
    Json(json!({ "name": key.shop.as_str(), "balance": BALANCE })).into_response()
}
