//! What the merchant's desk keeps and asks about sales, besides the invoices themselves: notes, deliveries of one sale.
//!
//! | File | Owns |
//! | --- | --- |
//! | `closing.rs` | [`Closing`]: what the entries of a time come to |
//! | `entries.rs` | [`Entries`]: what was received and paid back in a time, for exports |
//! | `service.rs` | [`Bookkeeping`]: notes and deliveries of a sale, and what is written down about who did what |

mod closing;
mod entries;
mod error;
mod service;

pub use self::{
    closing::{Closing, Count, Receipts, Sum, Taxed},
    entries::{Entries, Entry, Repaid, Sold},
    error::Error,
    service::Bookkeeping,
};
