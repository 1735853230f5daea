//! Forms that a page of another site sends in a visitor's name are refused: what the browser says about it
//! (`Sec-Fetch-Site`, else `Origin`) decides. Programs say neither and are let through.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError, ProtectionErrorKind};

use super::{App, error::Problem};
use crate::config::PublicUrl;

/// How long [`Hint`] is silent.
const HINT_INTERVAL: Duration = Duration::from_secs(60);

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
    let hint = Arc::new(Hint::default());
    layer.with_rejection_response(move |refused: ProtectionError| {
        if refused.kind() == ProtectionErrorKind::CrossOriginRequestFromOldBrowser {
            hint.say();
        }
        Problem::CrossSite.into_response()
    })
}

/// What the log says of a refused form that may be our own: over plain HTTP browsers send no `Sec-Fetch-Site`, and
/// behind a proxy that replaces `Host` the form's `Origin` is not the host that we see. Anybody can cause it, so it is
/// said once a minute at most.
#[derive(Default)]
struct Hint(Mutex<Option<Instant>>);

impl Hint {
    fn say(&self) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| last.elapsed() < HINT_INTERVAL) {
            return;
        }
        *last = Some(Instant::now());
        tracing::warn!(
            "a form was refused as another site's, because its Origin is not the Host of the request. If it was our own \
             form: let the proxy in front pass on Host, or set server.public_url to the address that buyers use"
        );
    }
}
