//! The bridge between Apache Kafka and facture: commands in, answers and events out. It is a client of the API of
//! `facture serve`: it has no store and no credential that spends. A payment is an order that `facture payer` carries out.
//!
//! | File | Owns |
//! | --- | --- |
//! | `signature.rs` | HMAC of commands; the key by which a command is known again |
//! | `command/` | reading a command: frames of fixed width, or JSON |
//! | `answer/` | what became of it, in three shapes; the source's words for errors |

pub mod answer;
pub mod command;
pub mod signature;
