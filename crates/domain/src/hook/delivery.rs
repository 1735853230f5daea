//! A delivery: one event on its way to one endpoint, with all attempts.

use std::{borrow::Cow, time::Duration};

use jiff::Timestamp;

use crate::hook::id::{DeliveryId, EndpointId};

/// A delivery as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its number, which the receiver sees as `webhook-id`.
    pub id: DeliveryId,
    /// Its place among all deliveries, rising: the newest has the highest.
    pub place: u64,
    /// Where it goes.
    pub endpoint: EndpointId,
    /// The event's place in the log; `None`: a test.
    pub sequence: Option<u64>,
    /// Its state.
    pub state: DeliveryState,
    /// The number of attempts so far.
    pub attempts: u64,
    /// What went wrong at the last attempt ([`Outcome::failure`]); `None`: nothing, or there was none yet.
    pub failure: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// Waiting for the next attempt, at this time.
    Pending(Timestamp),
    /// The receiver accepted it.
    Delivered,
    /// Given up after days of attempts.
    Failed,
    /// Its endpoint was disabled or deleted first.
    Dropped,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took, in whole milliseconds.
    pub duration: Duration,
    /// The outcome.
    pub outcome: Outcome,
    /// The beginning of what was answered, at most [`Attempt::EXCERPT_BYTES`].
    pub excerpt: String,
}

/// The outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver answered with this HTTP status.
    Answered(u16),
    /// There was no answer.
    Failed(Failure),
}

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The name has no address.
    Dns,
    /// The address is private, or this machine's own, and such are not allowed.
    PrivateAddress,
    /// Nothing listens there.
    ConnectionRefused,
    /// There is no route to it.
    Unreachable,
    /// The connection could not be secured.
    Tls,
    /// There is no proxy for this kind of address, it cannot be reached, or it does not get there.
    Proxy,
    /// The deadline passed.
    TimedOut,
    /// The connection broke, or the answer was not HTTP.
    Broken,
    /// We could not render the message. The log has the cause.
    Internal,
}

impl Attempt {
    /// The most bytes of an answer that are stored.
    pub const EXCERPT_BYTES: usize = 1000;
}

impl DeliveryState {
    /// The name: `pending`, `delivered`, `failed` or `dropped`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending(_) => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

impl Outcome {
    /// Whether the receiver has taken it: any 2xx, nothing else (Standard Webhooks 1.0.0).
    pub fn is_success(self) -> bool {
        matches!(self, Self::Answered(200..=299))
    }

    /// What went wrong, in one word: a [`Failure`], or the status as `status_500`. `None` when the receiver has taken it.
    pub fn failure(self) -> Option<Cow<'static, str>> {
        match self {
            _ if self.is_success() => None,
            Self::Answered(status) => Some(format!("status_{status}").into()),
            Self::Failed(failure) => Some(failure.as_str().into()),
        }
    }
}

impl Failure {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Dns,
        Self::PrivateAddress,
        Self::ConnectionRefused,
        Self::Unreachable,
        Self::Tls,
        Self::Proxy,
        Self::TimedOut,
        Self::Broken,
        Self::Internal,
    ];

    /// The name: one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::PrivateAddress => "private_address",
            Self::ConnectionRefused => "connection_refused",
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::Proxy => "proxy",
            Self::TimedOut => "timeout",
            Self::Broken => "broken",
            Self::Internal => "internal",
        }
    }

    /// Reads a name, also one of those that were written until 2026-11.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "unresolved" => Some(Self::Dns),
            "refused" => Some(Self::PrivateAddress),
            _ => Self::ALL
                .into_iter()
                .find(|failure| failure.as_str() == name),
        }
    }
}

/// The result of requesting a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queued<T> {
    /// It is due now.
    Due(T),
    /// Nothing is sent to this endpoint.
    Disabled,
    /// There is no such endpoint or delivery.
    NotFound,
}

/// The deliveries waiting for an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// How many deliveries.
    pub waiting: u64,
    /// When the oldest of them was created; `None` when nothing waits.
    pub oldest: Option<Timestamp>,
}
