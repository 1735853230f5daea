//! The sandbox node against the recorded exchanges, the real client libraries, and faults.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

mod compare;
mod fixtures;
mod support;

mod clients;
mod faults;
mod lifecycle;
mod ordering;
mod payments;
mod persistence;
mod protocol;
mod story;
mod streams;
mod waiting;
