//! What became of a command.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::words::Failure;
use crate::command::{Reason, Rejected, Request};

/// What became of a command.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// How it ended.
    pub(crate) status: Status,
    /// What an answer says: the source's words for a frame, the API's JSON for a command in JSON.
    pub(crate) message: Box<RawValue>,
    /// What it is about: an invoice's label, a payout's id, a payment hash.
    pub(crate) subject: Option<String>,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It was carried out.
    Success,
    /// It was not, and will not be.
    Error,
    /// It may still be: a payment that is under way.
    Pending,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// To this.
    pub(crate) request: Request,
    /// This became of it.
    pub(crate) outcome: Outcome,
    /// It is the command that was refused for its age, which may be a repetition of one that was answered.
    pub(crate) refused_for_age: bool,
}

impl Status {
    /// The word for it.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Pending => "pending",
        }
    }
}

impl Outcome {
    /// It was carried out.
    pub(crate) fn success(message: &impl Serialize, subject: Option<String>) -> Self {
        Self::of(Status::Success, message, subject)
    }

    /// It may still be.
    pub(crate) fn pending(message: &impl Serialize, subject: Option<String>) -> Self {
        Self::of(Status::Pending, message, subject)
    }

    /// It was not carried out.
    pub(crate) fn failed(failure: &Failure, subject: Option<String>) -> Self {
        Self::of(Status::Error, failure, subject)
    }

    fn of(status: Status, message: &impl Serialize, subject: Option<String>) -> Self {
        Self {
            status,
            // Nothing of ours has keys that are no text, which alone cannot be written.
            message: to_raw_value(message).unwrap_or_else(|_| RawValue::NULL.to_owned()),
            subject,
        }
    }
}

impl Answer {
    /// To something that is no command, if its sender is to be told.
    pub(crate) fn to_rejected(rejected: &Rejected) -> Option<Self> {
        let request = rejected.request.as_deref()?.clone();
        Some(Self {
            outcome: Outcome::failed(&Failure::rejected(rejected), None),
            request,
            refused_for_age: matches!(rejected.reason, Reason::TooOld | Reason::FromFuture),
        })
    }

    /// The same whenever the command is answered.
    pub(super) fn id(&self) -> String {
        let key = self.request.replay_key.to_hex();
        match self.refused_for_age {
            false => key,
            true => format!("{key}-refused"),
        }
    }
}

/// A record to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Its value.
    pub(crate) value: Vec<u8>,
    /// Headers that belong to the shape.
    pub(crate) headers: Vec<(String, String)>,
}
