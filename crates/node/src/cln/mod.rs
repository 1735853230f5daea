//! lightningd, seen through its JSON-RPC socket or its plugin clnrest. Owns the connections, the deadlines and the translation of its
//! answers into our words; knows nothing of labels' meaning, pages or storage. The only place that uses `cln_rpc`.

mod call_error;
mod calls;
mod channels;
mod client;
mod connection;
mod currency;
mod error;
mod invoice_state;
mod listed;
mod method;
mod pool;
mod rest;
mod socket;
mod waiter;

pub use self::{
    calls::{Autoclean, Deleted, Made, NodeInfo},
    client::{Client, Options},
    connection::Door,
    currency::CurrencyError,
    error::Error,
    invoice_state::State,
    listed::Listed,
    method::{Method, Need, createrune},
    rest::{Rest, RestError},
    waiter::{Deletion, Gone, Waiter},
};
