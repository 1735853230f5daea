//! Rules: which event is told to whom.

use jiff::Timestamp;

use super::{failure::NoticeFailure, target::NoticeTarget};

/// What can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeEvent {
    /// A sale was paid.
    SalePaid,
    /// A webhook endpoint of the shop was disabled, because it said that it is gone.
    EndpointGone,
    /// The node is away, and later that it is back.
    NodeAway,
    /// The node can receive little, and later that it can receive enough.
    LittleReceivable,
    /// Prices in other currencies have no exchange rate, and later that they have one.
    NoRate,
}

/// A rule that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNoticeRule {
    /// What is told.
    pub event: NoticeEvent,
    /// To whom.
    pub target: NoticeTarget,
}

/// A rule as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRule {
    /// Its number; later ones are higher.
    pub number: u64,
    /// What is told.
    pub event: NoticeEvent,
    /// To whom.
    pub target: NoticeTarget,
    /// Of a condition: since when it holds, as was told; `None`: it does not, or that was not told.
    pub told_since: Option<Timestamp>,
    /// Why the last attempt failed; `None`: it did not, or there was none.
    pub trouble: Option<NoticeTrouble>,
    /// How many notices wait.
    pub waiting: u64,
}

/// Why notices do not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeTrouble {
    /// Why.
    pub failure: NoticeFailure,
    /// What the server answered; empty: nothing.
    pub answer: String,
    /// When that was.
    pub at: Timestamp,
}

/// A notice that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndeliveredNotice {
    /// What it was about.
    pub event: NoticeEvent,
    /// To whom it was to go.
    pub target: NoticeTarget,
    /// When it was written.
    pub created_at: Timestamp,
    /// What the server answered at last; empty: nothing.
    pub answer: String,
}

impl NoticeEvent {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::SalePaid,
        Self::EndpointGone,
        Self::NodeAway,
        Self::LittleReceivable,
        Self::NoRate,
    ];

    /// Its name in the store and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SalePaid => "sale_paid",
            Self::EndpointGone => "endpoint_gone",
            Self::NodeAway => "node_away",
            Self::LittleReceivable => "little_receivable",
            Self::NoRate => "no_rate",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == name)
    }
}
