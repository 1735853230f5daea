//! Making, changing, listing, reading, stopping and opening links.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    new_link::NewLinkJson,
    parameters::{LinkInPath, LinkPath},
};
use crate::{
    links::Links,
    web::{
        api::body::JsonBody,
        error::Problem,
        error_json::ErrorJson,
        extract::bearer::{Caller, ManageLinks},
        link_json::ShopLinkJson,
        origin::Origin,
        paths::API_PREFIX,
    },
};
use facture_domain::Slug;

/// All links, in the order in which they were made.
#[derive(Serialize, ToSchema)]
#[schema(as = LinkList)]
pub(crate) struct LinksJson {
    links: Vec<ShopLinkJson>,
}

async fn found(links: &Links, slug: &Slug, origin: &Origin) -> Result<ShopLinkJson, Problem> {
    let link = links.find(slug).await?;
    Ok(ShopLinkJson::new(&link, links.rules(), origin))
}

/// List links
///
/// All of them, in the order in which they were made; those that were stopped, too.
#[utoipa::path(
    get,
    path = "/links",
    operation_id = "listLinks",
    tag = "Links",
    security(("token" = ["links"])),
    responses((status = 200, description = "The links.", body = LinksJson)),
)]
pub(crate) async fn list(
    _: Caller<ManageLinks>,
    State(links): State<Links>,
    origin: Origin,
) -> Result<Json<LinksJson>, Problem> {
    let all = links.list().await?;
    let all = all
        .iter()
        .map(|link| ShopLinkJson::new(link, links.rules(), &origin));
    Ok(Json(LinksJson {
        links: all.collect(),
    }))
}

/// Make or change a link
///
/// From now on, anybody can order on its page, `/l/<link>`, as often as they like. A link with this name is changed: invoices that
/// were made before stay as they are, and are counted in the limit. Whether it is stopped does not change. Repeating it has no
/// effect.
#[utoipa::path(
    put,
    path = "/links/{link}",
    operation_id = "putLink",
    tag = "Links",
    security(("token" = ["links"])),
    params(LinkPath),
    request_body = NewLinkJson,
    responses(
        (status = 200, description = "The link, which was there before.", body = ShopLinkJson),
        (status = 201, description = "The link, which is new.", body = ShopLinkJson,
            headers(("Location" = String, description = "The path of the link in this API."))),
        (status = 409, body = ErrorJson, description = "`too_many_links`: there are a thousand links."),
    ),
)]
pub(crate) async fn put(
    _: Caller<ManageLinks>,
    State(links): State<Links>,
    origin: Origin,
    LinkInPath(slug): LinkInPath,
    body: JsonBody<NewLinkJson>,
) -> Result<Response, Problem> {
    let is_new = links.put(slug.clone(), body.content.parse()?).await?;
    let path = format!("{API_PREFIX}/links/{slug}");
    let body = Json(found(&links, &slug, &origin).await?);
    Ok(match is_new {
        true => (StatusCode::CREATED, [(header::LOCATION, path)], body).into_response(),
        false => body.into_response(),
    })
}

/// Read a link
#[utoipa::path(
    get,
    path = "/links/{link}",
    operation_id = "readLink",
    tag = "Links",
    security(("token" = ["links"])),
    params(LinkPath),
    responses((status = 200, description = "The link.", body = ShopLinkJson)),
)]
pub(crate) async fn read(
    _: Caller<ManageLinks>,
    State(links): State<Links>,
    origin: Origin,
    LinkInPath(slug): LinkInPath,
) -> Result<Json<ShopLinkJson>, Problem> {
    Ok(Json(found(&links, &slug, &origin).await?))
}

/// Stop a link
///
/// Nothing can be ordered by it any more. Invoices that can still be paid are. Stopping it again has no effect.
#[utoipa::path(
    post,
    path = "/links/{link}/stop",
    operation_id = "stopLink",
    tag = "Links",
    security(("token" = ["links"])),
    params(LinkPath),
    responses((status = 200, description = "The link, which is stopped.", body = ShopLinkJson)),
)]
pub(crate) async fn stop(
    _: Caller<ManageLinks>,
    State(links): State<Links>,
    origin: Origin,
    LinkInPath(slug): LinkInPath,
) -> Result<Json<ShopLinkJson>, Problem> {
    links.stop(slug.clone(), None).await?;
    Ok(Json(found(&links, &slug, &origin).await?))
}

/// Open a link again
///
/// That was stopped. Opening one that is open has no effect.
#[utoipa::path(
    post,
    path = "/links/{link}/open",
    operation_id = "openLink",
    tag = "Links",
    security(("token" = ["links"])),
    params(LinkPath),
    responses((status = 200, description = "The link, which is not stopped.", body = ShopLinkJson)),
)]
pub(crate) async fn open(
    _: Caller<ManageLinks>,
    State(links): State<Links>,
    origin: Origin,
    LinkInPath(slug): LinkInPath,
) -> Result<Json<ShopLinkJson>, Problem> {
    links.reopen(slug.clone(), None).await?;
    Ok(Json(found(&links, &slug, &origin).await?))
}
