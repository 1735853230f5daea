//! What prices in other currencies are in bitcoin. A rate is the median of several independent sources, no older and no
//! further apart than the configuration says; otherwise there is none, and no invoice.
//!
//! | File | Owns |
//! | --- | --- |
//! | `service.rs` | asking the sources, all at the same time; rates that several requests share |
//! | `quorum.rs` | what the sources say together |
//! | `web.rs` | asking a server |
//! | `json.rs` | finding a number in a JSON document, with its digits |
//! | `error.rs` | why there is no rate |

mod error;
mod json;
mod quorum;
mod service;
mod web;

pub use self::{
    error::NoRate,
    quorum::Quorum,
    service::{Options, Pricing},
};
