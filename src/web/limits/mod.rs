//! Limits for everybody: requests, new invoices, bodies, streams, connections.

pub(crate) mod bodies;
pub(crate) mod connections;
pub(crate) mod creation;
pub(crate) mod rate;
pub(crate) mod streams;
