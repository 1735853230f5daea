//! lightningd, seen through its JSON-RPC socket or its plugin clnrest. Owns the connections, the deadlines and the translation of its
//! answers into our words; knows nothing of labels' meaning, pages or storage. The only place that uses `cln_rpc`.

mod call_error;
mod calls;
mod channels;
pub(crate) mod client;
mod connection;
mod currency;
pub(crate) mod error;
pub(crate) mod feed;
mod invoice_state;
pub(crate) mod listed;
mod method;
mod pool;
mod rest;
mod socket;
pub(crate) mod waiter;

pub use self::{
    client::{Client, Options},
    connection::Transport,
    error::Error,
    feed::{
        Feed,
        news::{Waiters, Watch},
    },
    listed::Listed,
    method::{Method, Need, createrune},
    rest::{Rest, RestError},
    waiter::{Deletion, Waiter},
};
