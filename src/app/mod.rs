//! The composition root: builds the parts, joins them and runs them until it is told to stop.
//!
//! | File | Owns |
//! | --- | --- |
//! | `backend.rs` | which node, and how it is reached |
//! | `parts.rs` | what the server and the commands share: store, node, follower |
//! | `checkout.rs` | the server: joined, run, stopped |
//! | `commands.rs` | the commands that do something once |

mod backend;
mod checkout;
mod commands;
mod parts;

pub use self::{
    checkout::Checkout,
    commands::{AnsweredBy, Tokens, has_records, import_charge, reconcile},
};
