//! What spends, and nothing else does: it takes orders from `facture serve`, pays them within limits of its own, and says
//! how that went. It listens to nobody, and uses nothing of the crate that the checkout asks its node with.
//!
//! | File | Owns |
//! | --- | --- |
//! | `config/` | the configuration, a file of its own |
//! | `journal/` | what was begun, sent and paid, on the disk before a call that spends; what it adds up to |
//! | `limits/` | what may be spent, counted from the journal alone |
//! | `approval.rs`, `approving.rs`, `totp.rs` | the owner's approval of large payouts: a file, or a code of an authenticator app |
//! | `wire.rs`, `server.rs` | the orders, as the API writes them; asking for them and reporting |
//! | `destination/`, `prepare.rs` | from an order to the one invoice that is paid |
//! | `node/` | the node that pays, and the lists of calls that may be sent to it |
//! | `engine.rs`, `execute.rs`, `settle.rs` | one payout through all its steps |
//! | `resolve.rs`, `resolution.rs` | payouts whose end is not known, here or at the server: what the node knows of them is reported; they are never paid |
//! | `payer.rs` | the loop: what is open is asked at the node first, then new work |
//!
//! # Once
//!
//! The steps of a payout are: check the limits, write `begun`, tell the server, write `sending`, ask the node to pay, write
//! the outcome, report it. What is written is on the disk before the next step. After a crash, the journal says how far a
//! payout came, and the node says what became of its payment hash; a node makes one payment for a hash, so the same invoice
//! may be sent again when the node knows nothing of it. Another invoice is never paid for the same payout.

mod approval;
mod approving;
pub mod config;
mod destination;
mod engine;
mod execute;
pub mod journal;
mod limits;
pub mod node;
mod payer;
mod prepare;
mod resolution;
mod resolve;
mod server;
mod settle;
mod totp;
mod wire;

pub use self::{
    approval::{ApproveError, approve, pending, waiting},
    payer::{Payer, PayerError},
    resolution::Resolution,
    resolve::{ResolveError, Resolver, UnresolvedPayout},
    totp::TotpSecret,
};
