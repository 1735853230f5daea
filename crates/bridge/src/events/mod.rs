//! Events out: every event of the log as a CloudEvent, in order, from a cursor of our own. The log is the outbox: a crash
//! sends the last ones again, with the same ids. From the same log and with the same cursor, the state of each invoice to a
//! compacted topic.

mod cloud_event;
mod invoices;
mod relay;
mod window;

#[cfg(test)]
pub(crate) use self::cloud_event::ApiEvent;
pub(crate) use self::{
    cloud_event::{STRUCTURED, event_type},
    invoices::Cleanup,
    relay::Relay,
};
