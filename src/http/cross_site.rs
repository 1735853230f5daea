//! Forms that a page of another site sends in a visitor's name are refused: what the browser says about it
//! (`Sec-Fetch-Site`, else `Origin`) decides. Programs say neither and are let through.

use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::{App, error::Problem};
use crate::config::PublicUrl;

/// For all routes that do something but those of the API: there nothing is done in the name of a browser. Our own address
/// is known even where a proxy says another host; the shops that may show our pages may send our forms, too.
pub(super) fn refused(
    app: &App,
) -> CsrfLayer<impl Fn(ProtectionError) -> Response + Clone + use<>> {
    let own = match &app.public_url {
        PublicUrl::Fixed(_) => Some(app.public_url.to_string()),
        PublicUrl::AsVisited => None,
    };
    let mut layer = CsrfLayer::new();
    for origin in app.embed.origins.iter().chain(own.as_ref()) {
        layer = match layer.clone().add_trusted_origin(origin) {
            Ok(layer) => layer,
            Err(error) => {
                tracing::error!(%error, "forms of this origin are refused");
                layer
            }
        };
    }
    layer.with_rejection_response(|_| Problem::CrossSite.into_response())
}
