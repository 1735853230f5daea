//! The Lightning node.

pub mod cln;
mod http;
pub mod lnd;
