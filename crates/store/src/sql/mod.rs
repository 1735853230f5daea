//! SQL as the rest of this crate sees it: statements, parameters and rows, whichever engine is below. No other file but
//! those of an engine names its library.
//!
//! | File | Owns |
//! | --- | --- |
//! | `connection.rs` | [`Connection`]: a session with the database; [`Statements`]: where statements run |
//! | `statement.rs` | [`Statement`], its rows and a [`Row`] |
//! | `value.rs` | what a column or a parameter can be; Rust's types as one |
//! | `params.rs` | [`Params`]: the parameters of a statement |
//! | `durability.rs` | [`Durability`]: what a commit waits for |
//! | `sqlite.rs` | SQLite: its transactions and values |
//! | `postgres/` | PostgreSQL |
//! | `error.rs` | [`Error`] |
//!
//! Statements are written so that all engines understand them. Parameters are `?1`, `?2`, … or `?` alone, never mixed.

mod connection;
mod durability;
pub(crate) mod error;
mod params;
pub(crate) mod postgres;
mod sqlite;
mod statement;
mod value;

pub use self::error::Error;
pub(crate) use self::{
    connection::{Connection, Statements, all},
    durability::Durability,
    error::Result,
    params::Params,
    sqlite::Sqlite,
    statement::{OptionalExtension, Row, Statement},
    value::ToSql,
};
