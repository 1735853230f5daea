//! The pages in a real Chromium, driven through chromedriver: every state on every screen, the QR code read back from the
//! picture, the weight, the time from payment to "paid", and what impatient people do. Where `chromium` or
//! `chromedriver` is not on PATH, each test says that it was skipped.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod harness;

mod audit;
mod buyers;
mod chromium;
mod counter;
mod desk_shop;
mod framed;
mod held;
mod journeys;
mod keyboard;
#[cfg(feature = "lab")]
mod lab_wallet;
mod links;
mod matrix;
mod modal;
mod network;
mod paid;
mod pictures;
mod pin;
mod qr;
mod reveal;
mod shop;
mod silence;
mod states;
mod street;
mod weight;
