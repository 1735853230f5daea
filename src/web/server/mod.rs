//! The listener: accepting, how long a connection may be idle, and stopping.

pub(crate) mod connection;
pub(crate) mod listener;
pub(crate) mod timeouts;
