//! Connecting to addresses that others name, without reaching what only this machine can reach (SSRF).

mod address;
mod connect;
mod resolve;

pub use self::{
    address::{AllowedAddresses, Policy},
    connect::{Connector, Proxy, ProxyError, is_onion},
    resolve::{Lookup, ResolveError, Resolver, system},
};
