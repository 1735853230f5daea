//! Core Lightning: by lightningd's socket, or by its plugin clnrest with a rune. Each call has a connection of its own, on
//! which the node is first asked who it is.

mod calls;
mod method;
mod refusal;
mod session;

use std::time::Duration;

pub use self::{
    method::Method,
    session::{Place, Rest, RestError},
};

/// A lightningd.
#[derive(Debug)]
pub struct Cln {
    place: Place,
    /// How long a call that does not pay may take.
    deadline: Duration,
}

impl Cln {
    /// The one at this place.
    pub fn new(place: Place, deadline: Duration) -> Self {
        Self { place, deadline }
    }
}
