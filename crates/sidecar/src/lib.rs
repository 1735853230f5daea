//! What the processes beside the server (`facture payer`, `facture bridge`, `facture nwc`, `facture pay`, `facture listen`) have
//! in common: a configuration file of their own, requests to the server's API, its stream of events and how far it was read.

mod api;
mod config_file;
mod cursor;
mod event_lines;
mod log;
mod server;
mod stream;

pub use self::{
    api::{ApiClient, ApiProblem, TokenError},
    config_file::{ConfigError, parse, read},
    cursor::Cursor,
    log::{LogConfig, LogFormat},
    server::{ApiError, Server, path_of},
    stream::{EventStream, StreamError},
};
