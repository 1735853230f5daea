//! Core Lightning, through lightningd's JSON-RPC socket or its plugin clnrest: connections, deadlines, the translation of
//! answers into the domain's words, and following its indexes (`feed/`). Knows nothing of the meaning of labels, of the web
//! or of the store. The only place that uses `cln_rpc`.

mod call_error;
mod calls;
mod channels;
pub(crate) mod client;
mod connection;
mod currency;
mod decode;
pub(crate) mod error;
pub(crate) mod feed;
pub(crate) mod holds;
mod invoice_state;
pub(crate) mod listed;
mod method;
mod offers;
mod pool;
mod rest;
mod rights;
mod rune;
mod socket;
mod time;
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
    method::{Method, Need, RuneScope, createrune},
    rest::{Rest, RestError},
    waiter::{Deletion, Waiter},
};
