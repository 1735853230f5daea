//! `facture bridge` with a real Apache Kafka (`.ci/kafka`), the sandbox's server, and another Kafka client on the other side.
//! Needs Java 17, Maven and Python; `real`, bitcoind with lightningd or lnd.
//!
//! ```sh
//! .ci/kafka install
//! python3 -m venv target/kafka/python
//! target/kafka/python/bin/pip install -r .ci/requirements-kafka.txt
//! cargo test --test kafka -- --ignored
//! # The long form of `killed`, one by one: as many messages and SIGKILLs, as long without a broker, as many moves, one a second.
//! FACTURE_KAFKA_COMMANDS=100000 FACTURE_KAFKA_KILLS=200 cargo test --test kafka everything_is_killed -- --ignored --nocapture
//! FACTURE_KAFKA_AWAY_SECONDS=600 cargo test --test kafka broker_is_away -- --ignored --nocapture
//! FACTURE_KAFKA_COMMANDS=100000 FACTURE_KAFKA_MOVES=300 cargo test --test kafka partitions_move -- --ignored --nocapture
//! ```

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]
#![allow(clippy::print_stdout, reason = "a long run says what it did")]

mod commands;
mod documents;
mod examples;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../harness/mod.rs"]
mod harness;
mod killed;
mod others;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../it/program.rs"]
mod program;
mod real;
mod secured;
mod world;
