//! Offering, reading, listing and withdrawing items.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    new_item::NewItemJson,
    parameters::{ItemInPath, ItemPath},
};
use crate::{
    reveal::Reveals,
    web::{
        api::body::JsonBody,
        error::Problem,
        error_json::ErrorJson,
        extract::bearer::{Caller, Items},
        item_json::ShopItemJson,
        paths::API_PREFIX,
    },
};

/// All items.
#[derive(Serialize, ToSchema)]
#[schema(as = ItemList)]
pub(crate) struct ItemsJson {
    items: Vec<ShopItemJson>,
}

/// List items
///
/// All that are offered, in the order in which they first were; those of the configuration, too. What is sold is never shown.
#[utoipa::path(
    get,
    path = "/items",
    operation_id = "listItems",
    tag = "Items",
    security(("token" = ["items"])),
    responses((status = 200, description = "The items.", body = ItemsJson)),
)]
pub(crate) async fn list(
    _: Caller<Items>,
    State(reveals): State<Reveals>,
) -> Result<Json<ItemsJson>, Problem> {
    let items = reveals.items().await?;
    Ok(Json(ItemsJson {
        items: items.iter().map(ShopItemJson::new).collect(),
    }))
}

/// Offer an item
///
/// From now on, `/reveal/<item>` sells it: its button, or a POST with `Accept: application/json`, makes an invoice, whose page
/// shows what was bought once it is paid. An item with this id is changed: what was sold before stays as it was, and is counted
/// in the stock. Repeating it has no effect.
#[utoipa::path(
    put,
    path = "/items/{item}",
    operation_id = "offerItem",
    tag = "Items",
    security(("token" = ["items"])),
    params(ItemPath),
    request_body = NewItemJson,
    responses(
        (status = 200, description = "The item, which was offered before.", body = ShopItemJson),
        (status = 201, description = "The item, which is new.", body = ShopItemJson,
            headers(("Location" = String, description = "The path of the item in this API."))),
        (status = 409, body = ErrorJson, description = "`item_of_configuration`: the item is in the configuration. \
            `too_many_items`: a thousand items are offered."),
        (status = 501, body = ErrorJson, description = "`word_unavailable`: a word can be sold on Core Lightning only."),
    ),
)]
pub(crate) async fn offer(
    _: Caller<Items>,
    State(reveals): State<Reveals>,
    ItemInPath(id): ItemInPath,
    body: JsonBody<NewItemJson>,
) -> Result<Response, Problem> {
    let path = format!("{API_PREFIX}/items/{id}");
    let (item, is_new) = reveals.offer(body.content.parse(id)?, None).await?;
    let body = Json(ShopItemJson::new(&item));
    Ok(match is_new {
        true => (StatusCode::CREATED, [(header::LOCATION, path)], body).into_response(),
        false => body.into_response(),
    })
}

/// Read an item
#[utoipa::path(
    get,
    path = "/items/{item}",
    operation_id = "readItem",
    tag = "Items",
    security(("token" = ["items"])),
    params(ItemPath),
    responses(
        (status = 200, description = "The item.", body = ShopItemJson),
        (status = 501, body = ErrorJson, description = "`word_unavailable`: a word can be sold on Core Lightning only."),
    ),
)]
pub(crate) async fn read(
    _: Caller<Items>,
    State(reveals): State<Reveals>,
    ItemInPath(id): ItemInPath,
) -> Result<Json<ShopItemJson>, Problem> {
    let item = reveals.item(&id).await?;
    Ok(Json(ShopItemJson::new(&item)))
}

/// Withdraw an item
///
/// It is not offered any more. Invoices that can still be paid are, and what was sold stays with its buyers.
#[utoipa::path(
    delete,
    path = "/items/{item}",
    operation_id = "withdrawItem",
    tag = "Items",
    security(("token" = ["items"])),
    params(ItemPath),
    responses(
        (status = 204, description = "It is not offered any more."),
        (status = 409, body = ErrorJson, description = "`item_of_configuration`: the item is in the configuration."),
    ),
)]
pub(crate) async fn withdraw(
    _: Caller<Items>,
    State(reveals): State<Reveals>,
    ItemInPath(id): ItemInPath,
) -> Result<StatusCode, Problem> {
    reveals.withdraw(&id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
