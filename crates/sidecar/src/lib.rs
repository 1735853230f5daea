//! What the processes beside the server (`facture payer`, `facture bridge`, `facture pay`) have in common: a configuration
//! file of their own, and requests to the server's API.

mod api;
mod config_file;
mod log;

pub use self::{
    api::{ApiClient, ApiProblem, TokenError},
    config_file::{ConfigError, parse, read},
    log::{LogConfig, LogFormat},
};
