//! The composition root: builds the parts, joins them and runs them until it is told to stop.
//!
//! | File | Owns |
//! | --- | --- |
//! | `backend.rs` | which node, and how it is reached |
//! | `parts.rs` | what the server and the commands share: store, node, follower |
//! | `checkout.rs` | the server: joined, run, stopped |
//! | `configured.rs` | what the use cases are told of the configuration |
//! | `records.rs` | where the records are, and opening them |
//! | `commands.rs` | the commands that do something once |
//! | `options.rs` | options of the parts, as configured |
//! | `notices.rs` | notices: what writes and sends them |
//! | `first_owner.rs` | the link by which the desk gets its first owner |
//! | `server_status.rs` | how a server is, for `facture doctor` |
//! | `sample_links.rs`, `sample_items.rs` | a sandbox's payment links, and what its counter sells |
//! | `sample_sales.rs`, `sample_day.rs` | sales of a sandbox that never were |

mod backend;
mod checkout;
mod commands;
mod first_owner;
mod notices;
mod options;
mod parts;
mod records;
mod sample_day;
mod sample_items;
mod sample_links;
mod sample_sales;
mod server_status;

pub use self::{
    backend::{is_open_socket, node},
    checkout::Checkout,
    commands::{AnsweredBy, DeskUsers, Tokens, import_charge, reconcile},
    first_owner::{first_owner_file, invite_first_owner},
    records::{has_records, need_file, place_of_records},
    sample_items::make_sample_items,
    sample_links::make_sample_links,
};
