//! The sandbox node: a lightningd stand-in on a unix socket, for the demo and for tests. It answers as the recorded
//! exchanges with lightningd v26.06.6 show, makes real invoices on regtest, for offers too, and pays them when told to; its
//! one channel and its exchange rates are fixed texts, it has money without end for the nodes that it was connected to and
//! for a buyer's wallet, and it shares no types with the client that talks to it. In `lnd` the same ledger speaks LND's REST interface.

#![cfg_attr(
    not(feature = "lnd"),
    expect(dead_code, reason = "some of the ledger is for LND's calls only")
)]

mod bolt11;
mod bolt12;
mod books;
mod buyer;
mod carry;
mod clock;
mod commands;
mod connection;
mod either;
#[cfg(feature = "faults")]
mod faults;
mod filter;
mod frames;
mod home;
mod http;
mod journal;
mod ledger;
mod liquidity;
#[cfg(feature = "lnd")]
mod lnd;
mod mutex;
mod node;
mod offer_wallet;
mod offering;
mod offers;
mod outgoing;
mod params;
mod paying;
mod payment;
mod private_file;
mod reply;
mod request;
mod rest;
mod sandbox_node;
mod socket;
mod token;

pub use self::either::Sandbox;
#[cfg(feature = "faults")]
pub use self::faults::{CallFault, Calls, Faults, Hanging, Hold};
pub use self::liquidity::{CapacityWarning, OnchainFallback, Syncing};
#[cfg(feature = "lnd")]
pub use self::lnd::{SandboxLnd, Stage};
pub use self::offer_wallet::OfferNotPaid;
pub use self::outgoing::{Failure, OutgoingPayment, OutgoingStatus};
pub use self::payment::{PayError, PayOutcome, Payment};
pub use self::rest::Rune;
pub use self::sandbox_node::SandboxNode;
