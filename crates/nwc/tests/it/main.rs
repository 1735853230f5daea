//! The service with relays that fail as they are told, and a stand-in for the API. The API itself and a client that others wrote are in
//! `tests/it/nwc.rs` of the root package.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

mod client;
mod notifications;
mod relay;
mod requests;
mod shop;
mod trouble;
mod world;
