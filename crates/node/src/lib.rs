//! The Lightning node.

pub mod cln;
