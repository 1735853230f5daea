//! `facture payer`: the program in a process of its own, against sandbox nodes that pay each other and a stand-in for the
//! orders' side; then against the server itself, and real nodes.
//!
//! ```sh
//! FACTURE_PAYER_ROUNDS=2000 cargo test --release --test payer killed -- --nocapture
//! FACTURE_PAYER_ROUNDS=50 cargo test --test payer real -- --ignored
//! ```

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

mod addresses;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../harness/mod.rs"]
mod harness;
mod killed;
mod limits;
mod lnd;
mod offers;
mod once;
mod onchain;
mod orders;
mod outcomes;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../it/program.rs"]
mod program;
mod real;
mod refund;
mod whole;
mod world;
