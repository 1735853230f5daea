//! The listener: accepting connections, idle timeouts, and shutdown.

pub(crate) mod connection;
pub(crate) mod listener;
pub(crate) mod timeouts;
