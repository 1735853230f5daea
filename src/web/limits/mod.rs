//! How much anybody may do: requests, new invoices, streams.

pub(crate) mod bodies;
pub(crate) mod connections;
pub(crate) mod creation;
pub(crate) mod rate;
pub(crate) mod streams;

use self::{bodies::Bodies, creation::Creation, rate::Rate};
use crate::config::Config;
use crate::web::extract::client::Client;
use crate::web::limits::connections::Places;
use facture_domain::token::TokenId;

/// All that is counted.
pub(crate) struct Limits {
    /// Requests of each token. Those of one that is not valid are not counted: there would be no end of them.
    pub(crate) requests: Rate<TokenId>,
    /// Invoices that strangers make.
    pub(crate) creation: Creation,
    /// Bodies that are received.
    pub(crate) bodies: Bodies,
    streams: Places<Client>,
}

impl Limits {
    pub(crate) fn new(config: &Config) -> Self {
        let limits = &config.limits;
        Self {
            requests: Rate::per_minute(config.api.requests_per_minute.value()),
            creation: Creation::new(limits),
            bodies: Bodies::new(limits.body_memory()),
            streams: Places::new(limits.streams.size(), limits.streams_per_client.size()),
        }
    }
}
