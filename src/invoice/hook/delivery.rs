//! A delivery: one event on its way to one endpoint, with all attempts.

use std::time::Duration;

use jiff::Timestamp;

use super::{DeliveryId, EndpointId};

/// A delivery as it is kept.
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
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is tried, again and again if need be, next at this time.
    Pending(Timestamp),
    /// The receiver has taken it.
    Delivered,
    /// It was tried for days and is given up.
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
    /// What came of it.
    pub outcome: Outcome,
    /// The beginning of what was answered, at most [`Attempt::EXCERPT_BYTES`].
    pub excerpt: String,
}

/// What came of an attempt.
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
    Unresolved,
    /// The address is private, and such are not allowed.
    Refused,
    /// Nobody listens there, or the connection was not secured.
    Unreachable,
    /// The deadline passed.
    TimedOut,
    /// The connection broke, or what came was no HTTP.
    Broken,
    /// We could not make what is to be sent. The log has the cause.
    Internal,
}

impl Attempt {
    /// How much of an answer is kept.
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
}

impl Failure {
    /// The name: one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unresolved => "unresolved",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timeout",
            Self::Broken => "broken",
            Self::Internal => "internal",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Unresolved,
            Self::Refused,
            Self::Unreachable,
            Self::TimedOut,
            Self::Broken,
            Self::Internal,
        ]
        .into_iter()
        .find(|failure| failure.as_str() == name)
    }
}
