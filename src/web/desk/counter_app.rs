//! What makes an app of the counter that a phone can install: the manifest, the worker that has its shell, and the page that says that
//! there is no connection. None of it is secret, and browsers ask for it without a session.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    counter,
    frame::{Frame, Frames},
};
use crate::web::{
    buyer::{
        pages::{Money, Pages},
        shell::html,
    },
    error::Problem,
    etag::short_hash,
    extract::visitor::Visitor,
};

/// The page that says that there is no connection.
const OFFLINE: &str = "/desk/counter-offline";

/// The worker without what it keeps.
const WORKER: &str = include_str!("counter-worker.js");

#[derive(Template)]
#[template(path = "desk/counter_offline.html")]
struct OfflinePage {
    frame: Frame,
    again: String,
}

/// `GET /desk/counter.webmanifest`
pub(crate) async fn manifest(State(pages): State<Pages>, visitor: Visitor) -> Response {
    let language = visitor.language;
    let name = language.say("counter");
    let manifest = json!({
        "id": counter::PATH,
        "name": format!("{name} · {}", pages.site_name()),
        "short_name": name,
        "lang": language.tag(),
        "dir": language.direction(),
        "start_url": counter::PATH,
        "scope": "/desk",
        "display": "standalone",
        "background_color": "#0f1115",
        "theme_color": "#0f1115",
        "icons": [{ "src": pages.icon(), "sizes": "any", "purpose": "any" }],
    });
    let media = HeaderValue::from_static("application/manifest+json");
    ([(header::CONTENT_TYPE, media)], Json(manifest)).into_response()
}

/// `GET /desk/counter-worker.js`: it keeps the page that says that there is no connection, and what that shows. Pages with sales,
/// codes or names it keeps none of.
pub(crate) async fn worker(State(pages): State<Pages>) -> Response {
    let shell = json!([
        OFFLINE,
        pages.stylesheet(),
        pages.desk_stylesheet(),
        pages.icon(),
    ]);
    let name = short_hash(format!("{shell}{WORKER}").as_bytes());
    let script = format!("const SHELL = {shell};\nconst NAME = \"counter-{name}\";\n{WORKER}");
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/javascript; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, script).into_response()
}

/// `GET /desk/counter-offline`
pub(crate) async fn offline(frames: Frames) -> Result<Response, Problem> {
    html(&OfflinePage {
        frame: frames.of_stranger().at(OFFLINE),
        again: counter::PATH.to_owned(),
    })
}
