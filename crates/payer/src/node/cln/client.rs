//! A lightningd and how it is reached.

use std::time::Duration;

use super::session::Place;

/// A lightningd.
#[derive(Debug)]
pub struct Cln {
    pub(super) place: Place,
    /// How long a call that does not pay may take.
    pub(super) deadline: Duration,
}

impl Cln {
    /// The one at this place.
    pub fn new(place: Place, deadline: Duration) -> Self {
        Self { place, deadline }
    }
}
