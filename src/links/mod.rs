//! Payment links: pages on which anybody can order the same thing again and again. The use cases, independent of who asks.
//!
//! | File | Owns |
//! | --- | --- |
//! | `service.rs` | [`Links`]: making, changing, stopping and finding links |
//! | `order.rs` | orders: what a buyer asks for, and its invoice |
//! | `wallet.rs` | what a wallet is told that asks a link itself (LNURL-pay), and orders by it |
//! | `error.rs` | why a use case failed |

mod error;
mod order;
mod service;
mod wallet;

pub use self::{
    error::Error,
    order::{LinkOrder, OrderWay},
    service::{LinkRules, Links},
    wallet::{WalletError, WalletOffer, WalletOrder},
};
