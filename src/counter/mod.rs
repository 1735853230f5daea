//! The counter: what its buttons sell, and sales to somebody who stands there. The use cases, independent of who asks.
//!
//! | File | Owns |
//! | --- | --- |
//! | `service.rs` | [`Counter`]: adding, changing, removing and listing items |
//! | `sell.rs` | sales: their price, and their invoice |
//! | `error.rs` | why a use case failed |

mod error;
mod sell;
mod service;

pub use self::{
    error::Error,
    sell::Selling,
    service::{Counter, CounterRules},
};
