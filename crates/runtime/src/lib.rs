//! What every layer runs on: supervised tasks, the clock, metrics and the roots that TLS connections trust.

pub mod clock;
pub mod metrics;
pub mod supervisor;
pub mod tls;
