//! The plugin that holds payments, in a real lightningd, with a payer that pays.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

mod calls;
mod parts;
mod shop;
