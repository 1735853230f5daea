//! Tools for those who write what receives events: `facture listen` prints a server's events and forwards them, `facture
//! replay` sends some again, `facture trigger` makes one happen in a sandbox. They are clients of the API.
//!
//! | File | Owns |
//! | --- | --- |
//! | `api.rs` | the server and its API |
//! | `event.rs` | an event as it is read, printed and forwarded |
//! | `forward.rs` | sending one event until it is accepted or given up, and saying what was answered |
//! | `newest.rs` | where the log ends |
//! | `listen.rs`, `replay.rs`, `trigger.rs` | a command each |

mod api;
mod event;
mod forward;
mod listen;
mod newest;
mod replay;
mod trigger;

pub use self::{listen::listen, replay::replay, trigger::trigger};
