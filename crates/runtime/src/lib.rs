//! What every layer runs on: supervised tasks, the clock, metrics, connections for HTTP calls, which addresses may be called, the
//! roots that TLS connections trust, secrets in files, and the end of a plugin's input.

pub mod clock;
pub mod fetch;
pub mod guard;
pub mod http;
pub mod metrics;
pub mod secret_file;
pub mod supervisor;
pub mod tls;
pub mod watched_input;
