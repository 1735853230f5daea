//! Following an invoice over HTTP: an event stream for browsers, a long poll for the rest. Both wake up by the hub and
//! read the event log, so they cannot disagree.

pub(super) mod sse;
pub(super) mod wait;
