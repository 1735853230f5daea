//! What stays open: event streams, long polls and WebSockets, so many in all and for each client.

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::web::limits::connections::{Full, Place};
use crate::web::{error::Problem, extract::client::Client, state::App};
use facture_runtime::metrics::{self, One};

/// A place among the streams, which every handler of one takes and keeps until its end: a stream's or a WebSocket's goes
/// with it, beyond the request.
pub(crate) struct StreamPlace {
    _taken: Place<Client>,
    _counted: One,
}

impl FromRequestParts<App> for StreamPlace {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let taken = app.limits.streams.take(Some(Client::of(app, parts)));
        let taken = taken.map_err(|full| match full {
            Full::All => Problem::Overloaded,
            Full::Each => Problem::RateLimited { seconds: 5 },
        })?;
        Ok(Self {
            _taken: taken,
            _counted: metrics::stream(),
        })
    }
}
