//! Relays: connections that are opened again, what is asked of a relay, and publishing.

mod backoff;
mod dialer;
mod pool;
mod publication;
mod session;
mod task;
mod watched;

pub(crate) use self::{dialer::Dialer, pool::Pool, watched::Watched};
