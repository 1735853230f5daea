//! Pay to reveal: items whose invoices have a preimage that is what is sold, or the key to it. The use cases, independent of
//! who asks.
//!
//! | File | Owns |
//! | --- | --- |
//! | `service.rs` | [`Reveals`]: offering items, selling them |
//! | `bought.rs` | what a buyer gets |
//! | `sealed.rs` | content encrypted with a preimage: sealing it, and opening it without the shop |
//! | `wallet.rs` | what a wallet gets with the invoice, and reads once it has paid |
//! | `open.rs` | `facture reveal open` |
//! | `holds.rs` | held payments: taken while there are some left |
//! | `error.rs` | why a use case failed |

mod bought;
mod error;
mod holds;
mod open;
mod sealed;
mod service;
mod wallet;

pub use self::{
    bought::{Download, Revealed},
    error::Error,
    open::run,
    sealed::{OpenError, Opened, open},
    service::{Reveals, SaleOrder, SaleRules},
    wallet::SealedText,
};
