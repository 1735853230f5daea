//! The node's time, as far as it is known. lightningd and LND have no call that tells it; their HTTP servers say it with every
//! answer.

use hyper::header::{self, HeaderMap};
use jiff::Timestamp;

/// What is known of a node's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeTime {
    /// Its time, as its HTTP server says it.
    Told(Timestamp),
    /// It is reached by a socket of this machine, by whose clock it goes.
    SameMachine,
    /// Nothing.
    Unknown,
}

impl From<Option<Timestamp>> for NodeTime {
    fn from(told: Option<Timestamp>) -> Self {
        told.map_or(Self::Unknown, Self::Told)
    }
}

/// The time in a `Date` header (RFC 9110 §6.6.1).
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let date = headers.get(header::DATE)?.to_str().ok()?;
    let date = httpdate::parse_http_date(date).ok()?;
    Timestamp::try_from(date).ok()
}
