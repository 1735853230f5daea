//! Events out: every event of the log as a CloudEvent, in order, from a cursor of our own. The log is the outbox: a crash
//! sends the last ones again, with the same ids.

mod cloud_event;
mod cursor;
mod relay;
mod stream;

pub(crate) use self::{cursor::Cursor, relay::Relay};
