//! Notices: the people of a shop are told what happens, by mail, ntfy or Telegram, as rules made at the desk say.
//!
//! A notice is a row of the store before it is sent: of a sale it is written from the event log by its rule's cursor, in the
//! unit of work that moves the cursor. So none is lost, and none is written twice. After a crash in the middle of sending one
//! may be sent twice. Nothing here is in the way of a payment.
//!
//! | File | Owns |
//! | --- | --- |
//! | `service.rs` | the rules, for the desk, and the test of one |
//! | `notifier.rs` | writes notices of sales, and sends what waits |
//! | `queues.rs` | when a rule's notices are sent again, and how often a target is written to |
//! | `conditions.rs` | watches what holds for a while: the node is away, it can receive little, there is no rate |
//! | `texts.rs` | what notices say, in the shop's language |
//! | `channels.rs`, `mail.rs`, `ntfy.rs`, `telegram.rs` | the ways to send |
//! | `http_reply.rs` | what the answer of an HTTP server means |

mod channels;
mod conditions;
mod error;
mod http_reply;
mod mail;
mod notifier;
mod ntfy;
mod queues;
mod reply;
mod service;
mod telegram;
mod texts;

pub use self::{
    channels::ChannelOptions,
    conditions::{ConditionLimits, ConditionWatch},
    error::Error,
    notifier::Notifier,
    reply::NotSent,
    service::Notices,
    texts::Texts,
};
