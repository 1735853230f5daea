//! LND, by its REST interface with a macaroon. Each call has a connection of its own; the certificate and the macaroon are
//! read for each, as LND may renew them.

mod calls;
mod client;
mod connection;
mod method;
mod payment;

pub use self::{
    client::Lnd,
    method::{Method, bakemacaroon},
};
