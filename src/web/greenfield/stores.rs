//! `/api/v1/stores`: the one store of a key, and how it can be paid.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    access::{Key, StoreKey, ViewStoreSettings},
    method::{LIGHTNING, OLD_LIGHTNING},
    refusal::{Refusal, Thing},
};
use crate::config::InvoiceConfig;
use facture_domain::{ShopId, StorePermission};

/// `GET /api/v1/stores`
pub(crate) async fn list(
    key: Key,
    State(defaults): State<Arc<InvoiceConfig>>,
) -> Result<Response, Refusal> {
    key.check(StorePermission::ViewStoreSettings)?;
    Ok(Json(json!([store(&key.shop, &defaults)])).into_response())
}

/// `GET /api/v1/stores/{store}`
pub(crate) async fn read(
    StoreKey { key, .. }: StoreKey<ViewStoreSettings>,
    State(defaults): State<Arc<InvoiceConfig>>,
) -> Response {
    Json(store(&key.shop, &defaults)).into_response()
}

/// `GET /api/v1/stores/{store}/payment-methods`
pub(crate) async fn payment_methods(_: StoreKey<ViewStoreSettings>) -> Response {
    let method = json!({ "paymentMethodId": LIGHTNING, "enabled": true, "config": {} });
    Json(json!([method])).into_response()
}

/// `GET /api/v1/stores/{store}/payment-methods/{kind}`: the older lists, one for each kind.
pub(crate) async fn old_payment_methods(
    _: StoreKey<ViewStoreSettings>,
    Path((_, kind)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let method = json!({ "cryptoCode": "BTC", "paymentMethod": OLD_LIGHTNING, "enabled": true });
    let methods = match kind.to_lowercase().as_str() {
        "lightningnetwork" => json!([method]),
        "onchain" => json!([]),
        _ => return Err(Refusal::NotFound(Thing::PaymentMethod)),
    };
    Ok(Json(methods).into_response())
}

/// Times in seconds.
fn store(shop: &ShopId, defaults: &InvoiceConfig) -> Value {
    json!({
        "id": shop.as_str(),
        "name": shop.as_str(),
        "website": null,
        "archived": false,
        "defaultCurrency": "BTC",
        "invoiceExpiration": defaults.expiry().seconds(),
        "monitoringExpiration": 0,
        "speedPolicy": "HighSpeed",
        "defaultPaymentMethod": LIGHTNING,
        "paymentTolerance": 0,
        "anyoneCanCreateInvoice": false,
        "requiresRefundEmail": false,
    })
}
