//! The bridge between Apache Kafka and facture: commands in, answers and events out. It is a client of the API of
//! `facture serve`: it has no store and no credential that spends. A payment is an order that `facture payer` carries out.
//!
//! | File | Owns |
//! | --- | --- |
//! | `config/` | the configuration, a file of its own |
//! | `signature.rs` | HMAC of commands; the key by which a command is known again |
//! | `command/` | reading a command: frames of fixed width, or JSON; how old it may be |
//! | `answer/` | what became of it, in three shapes; the source's words for errors |
//! | `act/` | a command as calls of the API |
//! | `commands/` | consuming, order by key, dead letters, committing |
//! | `events/` | the event log to a topic, from a cursor |
//! | `kafka/` | connecting, checking topics, producing |
//! | `schema.rs`, `asyncapi/` | the JSON Schemas of all records, and the AsyncAPI document made of them |
//! | `metrics/` | what is counted, for Prometheus |
//! | `bridge.rs` | the parts wired together |
//!
//! # Once
//!
//! A command is consumed, carried out, answered, and then its offset is committed. After a crash between any two of these it is
//! carried out again, under the same `Idempotency-Key`, so the API answers as it did. Answers may come twice, with the
//! same content.

mod act;
mod answer;
pub mod asyncapi;
mod bridge;
mod command;
mod commands;
pub mod config;
mod error;
mod events;
mod kafka;
mod metrics;
mod schema;
mod signature;

pub use self::{bridge::Bridge, error::BridgeError};
