//! Making, listing, reading and disabling offers.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{new_offer::NewOfferJson, parameters::OfferPath};
use crate::{
    offers::{OfferRequest, Offers},
    web::{
        api::{body::JsonBody, idempotency},
        error::Problem,
        error_json::ErrorJson,
        extract::{
            bearer::{Caller, Create, Read},
            offer::OfferInPath,
        },
        offer_json::OfferJson,
        origin::Origin,
        paths::API_PREFIX,
    },
};

/// All offers, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = OfferList)]
pub(crate) struct OffersJson {
    offers: Vec<OfferJson>,
}

/// Make an offer
///
/// One string (BOLT 12) that can be shown or printed, and paid any number of times: each payment is an invoice of its own, with
/// events, a page and the payer's note. It never expires. With an `Idempotency-Key`, the same request makes one offer no matter
/// how often and when it is sent. On a node whose address is announced, an offer that says the same is the same offer.
#[utoipa::path(
    post,
    path = "/offers",
    operation_id = "createOffer",
    tag = "Offers",
    security(("token" = ["invoices:create"])),
    params(("Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255,
        pattern = "^[\\x21-\\x7e]+$", example = "table-7",
        description = "A key that identifies this request: up to 255 visible ASCII characters, separate for each token.")),
    request_body = NewOfferJson,
    responses(
        (status = 201, description = "The offer.", body = OfferJson,
            headers(("Location" = String, description = "The path of the offer in this API."))),
        (status = 409, body = ErrorJson, description = "`idempotency_key_reused`: this key was used for a different request. \
            `offer_taken`: another program has made an offer on this node that says the same. `offer_disabled`: an offer that \
            says the same was disabled. `too_many_offers`: there are a thousand."),
        (status = 501, body = ErrorJson, description = "`offers_unavailable`: the Lightning node has no offers."),
    ),
)]
pub(crate) async fn create(
    caller: Caller<Create>,
    State(offers): State<Offers>,
    origin: Origin,
    headers: HeaderMap,
    body: JsonBody<NewOfferJson>,
) -> Result<Response, Problem> {
    let request = idempotency::key(&headers)?.map(|key| OfferRequest {
        scope: caller.grant.id.as_str().to_owned(),
        key,
    });
    let offer = offers.make(request, body.content.parse()?).await?;
    let path = format!("{API_PREFIX}/offers/{}", offer.id);
    let answer = Json(OfferJson::new(&offer, &origin));
    Ok((StatusCode::CREATED, [(header::LOCATION, path)], answer).into_response())
}

/// List offers
///
/// All of them, newest first, as the node has them.
#[utoipa::path(
    get,
    path = "/offers",
    operation_id = "listOffers",
    tag = "Offers",
    security(("token" = ["invoices:read"])),
    responses(
        (status = 200, description = "The offers.", body = OffersJson),
        (status = 501, body = ErrorJson, description = "`offers_unavailable`: the Lightning node has no offers."),
    ),
)]
pub(crate) async fn list(
    _: Caller<Read>,
    State(offers): State<Offers>,
    origin: Origin,
) -> Result<Json<OffersJson>, Problem> {
    let offers = offers.list().await?;
    Ok(Json(OffersJson {
        offers: offers
            .iter()
            .map(|offer| OfferJson::new(offer, &origin))
            .collect(),
    }))
}

/// Read an offer
///
/// As the node has it. `GET /invoices?offer_id=…` lists its payments.
#[utoipa::path(
    get,
    path = "/offers/{offer}",
    operation_id = "readOffer",
    tag = "Offers",
    security(("token" = ["invoices:read"])),
    params(OfferPath),
    responses(
        (status = 200, description = "The offer.", body = OfferJson),
        (status = 501, body = ErrorJson, description = "`offers_unavailable`: the Lightning node has no offers."),
    ),
)]
pub(crate) async fn read(
    _: Caller<Read>,
    State(offers): State<Offers>,
    origin: Origin,
    OfferInPath(id): OfferInPath,
) -> Result<Json<OfferJson>, Problem> {
    Ok(Json(OfferJson::new(&offers.find(&id).await?, &origin)))
}

/// Disable an offer
///
/// Nobody can pay it any more, also not those who have asked for its invoice. What was paid stays. It cannot be taken back.
/// Disabling it again has no effect.
#[utoipa::path(
    post,
    path = "/offers/{offer}/disable",
    operation_id = "disableOffer",
    tag = "Offers",
    security(("token" = ["invoices:create"])),
    params(OfferPath),
    responses(
        (status = 200, description = "The offer, which is disabled.", body = OfferJson),
        (status = 501, body = ErrorJson, description = "`offers_unavailable`: the Lightning node has no offers."),
    ),
)]
pub(crate) async fn disable(
    _: Caller<Create>,
    State(offers): State<Offers>,
    origin: Origin,
    OfferInPath(id): OfferInPath,
) -> Result<Json<OfferJson>, Problem> {
    Ok(Json(OfferJson::new(&offers.disable(&id).await?, &origin)))
}
