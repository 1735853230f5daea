//! What every layer runs on: supervised tasks, the clock, metrics, connections for HTTP calls and the roots that TLS
//! connections trust.

pub mod clock;
pub mod http;
pub mod metrics;
pub mod supervisor;
pub mod tls;
