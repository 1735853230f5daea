//! How much anybody may do: requests, new invoices, streams.

mod bodies;
mod creation;
mod places;
mod rate;
mod streams;

pub(super) use self::{
    bodies::{Bodies, Room, Sender},
    creation::Creation,
    places::{Full, Place, Places},
    rate::Rate,
    streams::StreamPlace,
};
use super::client::Client;
use crate::{config::Config, token::TokenId};

/// All that is counted.
pub(super) struct Limits {
    /// Requests of each token. Those of one that is not valid are not counted: there would be no end of them.
    pub(super) requests: Rate<TokenId>,
    /// Invoices that strangers make.
    pub(super) creation: Creation,
    /// Bodies that are received.
    pub(super) bodies: Bodies,
    streams: Places<Client>,
}

impl Limits {
    pub(super) fn new(config: &Config) -> Self {
        let limits = &config.limits;
        Self {
            requests: Rate::per_minute(config.api.requests_per_minute.value()),
            creation: Creation::new(limits),
            bodies: Bodies::new(limits.body_memory()),
            streams: Places::new(limits.streams.size(), limits.streams_per_client.size()),
        }
    }
}
