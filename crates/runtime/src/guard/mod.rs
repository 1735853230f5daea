//! Connecting to addresses that others name, without reaching what only this machine can reach (SSRF).

mod address;
mod resolve;

pub use self::{
    address::{AllowedAddresses, Policy},
    resolve::{Lookup, ResolveError, Resolver, system},
};
