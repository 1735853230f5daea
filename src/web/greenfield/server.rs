//! `/api/v1/server/info` and `/api/v1/api-keys/current`: what plug-ins ask first.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{access::Key, method::LIGHTNING};
use crate::invoices::{Invoicing, Link};
use facture_domain::{ShopId, StorePermission};

/// The version of BTCPay Server whose API this is. Plug-ins compare it.
const VERSION: &str = "2.4.0";

/// `GET /api/v1/server/info`
pub(crate) async fn info(_: Key, State(invoicing): State<Arc<Invoicing>>) -> Response {
    Json(json!({
        "version": VERSION,
        "implementation": "facture",
        "onion": null,
        "supportedPaymentMethods": [LIGHTNING],
        "fullySynched": matches!(invoicing.link(), Link::Following),
        "syncStatus": [],
    }))
    .into_response()
}

/// `GET /api/v1/api-keys/current`: the permissions name the one store. The key itself is not repeated.
pub(crate) async fn current_key(key: Key) -> Response {
    let permissions = key.permissions();
    let permissions = permissions.map(|permission| in_store(permission, &key.shop));
    Json(json!({
        "apiKey": key.id,
        "label": key.label,
        "permissions": permissions.collect::<Vec<_>>(),
    }))
    .into_response()
}

/// A permission for one store, as BTCPay writes it: `btcpay.store.canviewinvoices:tea`.
pub(crate) fn in_store(permission: StorePermission, shop: &ShopId) -> String {
    format!("{}:{shop}", permission.as_str())
}
