//! The plugin that holds payments, in a real lightningd, with a payer that pays.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod harness;

mod calls;
mod checkout;
mod limits;
mod parts;
mod restarts;
mod shop;
