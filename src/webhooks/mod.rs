//! Webhooks: tells endpoints what happens (Standard Webhooks 1.0.0). A delivery is written in the unit of work of its
//! event, so none is lost; here it is sent, again and again if need be, until it is taken or given up. Every event is
//! told at least once, each time with the same id.
//!
//! | File | Owns |
//! | --- | --- |
//! | `dispatcher.rs` | which delivery is tried when |
//! | `claims.rs` | what is under way, and fairness between receivers |
//! | `attempt.rs` | one attempt |
//! | `recorder.rs` | what came of attempts, into the store |
//! | `retry.rs` | when a delivery is tried again |
//! | `sign.rs` | signatures |
//! | `single.rs` | one message to one address, for the commands |
//! | `client.rs`, `destination.rs` | HTTP; which addresses are allowed, and connections to them, are in the runtime crate (`guard`) |

pub(crate) mod attempt;
pub(crate) mod claims;
pub(crate) mod client;
mod destination;
pub(crate) mod dispatcher;
mod error;
pub(crate) mod recorder;
pub(crate) mod retry;
mod service;
pub(crate) mod sign;
mod single;

pub(crate) use self::client::{Answer, Client};
pub use self::service::{
    DestinationRefused, Message, Options, Render, RenderError, Rendered, Rendering, Rest, Webhooks,
};
pub use self::{
    dispatcher::Dispatcher,
    error::Error,
    sign::Occasion,
    single::{ReceiverAnswer, SingleReceiver},
};
