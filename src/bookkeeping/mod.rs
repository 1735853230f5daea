//! What the merchant's desk keeps and asks about sales, besides the invoices themselves: notes, deliveries of one sale.
//!
//! | File | Owns |
//! | --- | --- |
//! | `entries.rs` | [`Entries`]: what was received and paid back in a time, for exports |
//! | `service.rs` | [`Bookkeeping`]: notes and deliveries of a sale, and what is written down about who did what |

mod entries;
mod error;
mod service;

pub use self::{
    entries::{Entries, Entry, Repaid, Sold},
    error::Error,
    service::Bookkeeping,
};
