//! Payment links: pages on which anybody can order the same thing again and again. The use cases, independent of who asks.
//!
//! | File | Owns |
//! | --- | --- |
//! | `service.rs` | [`Links`]: making, changing, stopping and finding links |
//! | `order.rs` | orders: what a buyer asks for, and its invoice |
//! | `error.rs` | why a use case failed |

mod error;
mod order;
mod service;

pub use self::{
    error::Error,
    order::LinkOrder,
    service::{LinkRules, Links},
};
