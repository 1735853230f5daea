//! Nostr Wallet Connect (NIP-47), to receive only: what shop systems and counters that speak it ask facture for. It is a client of
//! the API of `facture serve`: it has no store and no credential that spends, and it listens to nobody: it connects to relays.
//!
//! | File | Owns |
//! | --- | --- |
//! | `config.rs` | the configuration, a file of its own |
//! | `connection.rs`, `directory.rs` | connections, and the files that they are in |
//! | `answered.rs` | which requests were answered, so that none is answered twice |
//! | `cipher.rs` | NIP-44 and NIP-04, by the names that NIP-47 has for them |
//! | `wire/` | requests, answers, notifications, the info event: as NIP-47 writes them |
//! | `act/` | a request as calls of the API |
//! | `requests.rs` | which requests are carried out, and their answers |
//! | `notifications.rs` | the event log as notifications, from a cursor |
//! | `relay/` | connections to relays, publishing |
//! | `service.rs` | the parts wired together |
//!
//! # Once
//!
//! A request is carried out under its event id as `Idempotency-Key`, answered, and then written down as answered. After a crash
//! between any two of these it may be answered again, with the same invoice.

mod act;
mod answered;
mod cipher;
pub mod config;
mod connection;
mod directory;
mod error;
mod notifications;
mod relay;
mod requests;
mod service;
mod wire;

pub use self::{
    connection::{Connection, ConnectionName, NameError, Reach},
    directory::{Directory, DirectoryError},
    error::NwcError,
    service::Service,
};
