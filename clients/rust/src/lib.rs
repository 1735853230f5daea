//! A client of facture, a self-hosted Lightning checkout. `README.md` says how it is used.
//!
//! | File | Owns |
//! | --- | --- |
//! | `client.rs` | [`Facture`]: calls, and repeating them |
//! | `operations.rs` | the operations of the API, made from its OpenAPI document |
//! | `models.rs` | what is sent and read most |
//! | `error.rs` | what can go wrong |
//! | `webhook.rs` | verifying webhooks |

mod client;
mod error;
mod models;
mod operations;
mod webhook;

pub use self::{
    client::{Call, Facture},
    error::{ApiError, Error},
    models::{Amount, Event, EventPage, Invoice, NewInvoice},
    operations::{DOCUMENT_SHA256, Operation, Repeat},
    webhook::{WebhookError, verify_webhook},
};
