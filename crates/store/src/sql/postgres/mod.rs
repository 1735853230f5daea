//! PostgreSQL: its connections, dialect, values and tables.
//!
//! | File | Owns |
//! | --- | --- |
//! | `url.rs` | `PostgresUrl`: which database, and how the way there is secured |
//! | `runtime.rs` | the thread that talks to the server, and waiting for it |
//! | `server.rs` | `Server`: making connections |
//! | `session.rs` | a connection: statements and transactions that read |
//! | `owner.rs` | `Owner`: the one connection that writes |
//! | `dialect.rs`, `value.rs` | statements and values as PostgreSQL has them |
//! | `cluster.rs`, `proxy.rs` | servers and databases for tests, and a line to one that is cut |
//! | `tables.rs`, `migrations/` | the tables |

#[cfg(test)]
pub(crate) mod cluster;
pub(crate) mod owner;
#[cfg(test)]
pub(crate) mod proxy;
pub(crate) mod server;
pub(crate) mod session;
pub(crate) mod tables;
pub(crate) mod url;

mod dialect;
pub(crate) mod runtime;
mod value;
