//! Limits for event streams, long polls and WebSockets, in total and per client.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};

use crate::{
    config::LimitsConfig,
    web::{
        error::Problem,
        extract::client::{Client, Proxies},
        limits::connections::{Slot, Slots, SlotsExhausted},
    },
};
use facture_runtime::metrics::{self, One};

/// The limits for streams. Cheap to clone: all clones share the counts.
#[derive(Clone)]
pub(crate) struct StreamLimits(Slots<Client>);

/// A slot for a stream. Every handler of one takes it and holds it until the stream ends: for event streams and
/// WebSockets, that is longer than the request.
pub(crate) struct StreamSlot {
    _taken: Slot<Client>,
    _counted: One,
}

impl StreamLimits {
    /// Uses the configured limits.
    pub(crate) fn new(limits: &LimitsConfig) -> Self {
        Self(Slots::new(
            limits.streams.size(),
            limits.streams_per_client.size(),
        ))
    }
}

impl<S> FromRequestParts<S> for StreamSlot
where
    StreamLimits: FromRef<S>,
    Proxies: FromRef<S>,
    S: Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let StreamLimits(slots) = StreamLimits::from_ref(state);
        let client = Client::of(&Proxies::from_ref(state), parts);
        let taken = slots.take(Some(client)).map_err(|full| match full {
            SlotsExhausted::Total => Problem::Overloaded,
            SlotsExhausted::PerKey => Problem::RateLimited { seconds: 5 },
        })?;
        Ok(Self {
            _taken: taken,
            _counted: metrics::stream(),
        })
    }
}
