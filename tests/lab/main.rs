//! `facture lab`, run as a user runs it: the compiled program in a home of its own. Most of it needs real nodes.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

mod checkout;
mod home;
mod side_by_side;
mod steps;
mod without_nodes;
mod workshop;
