//! Answers: what became of a command, in the three shapes that can be configured.
//!
//! An answer to the same command has the same content whenever it is made, so that a command that comes again, or is carried out
//! again after a crash, is not answered twice in different words. Therefore it has no time of its own.

mod celery;
mod cloud_event;
mod seed;
pub mod words;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

pub use self::words::Failure;
use crate::{
    command::{Reason, Rejected, Request},
    signature::Secrets,
};

/// The shape of the answers to frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// `{"task": "lightning-create", "data": {"message": …, "status": "success"}}`
    #[default]
    Seed,
    /// The same task and data as a message of Celery's protocol 2, as kombu's transport for Kafka writes it.
    Celery,
    /// A CloudEvent in binary mode.
    CloudEvents,
}

/// What became of a command.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// What an answer says: the source's words for a frame, the API's JSON for a command in JSON.
    pub message: Box<RawValue>,
    /// What it is about: an invoice's label, a payout's id, a payment hash.
    pub subject: Option<String>,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was carried out.
    Success,
    /// It was not, and will not be.
    Error,
    /// It may still be: a payment that is under way.
    Pending,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// To this.
    pub request: Request,
    /// This became of it.
    pub outcome: Outcome,
    /// It is the command that was refused for its age, which may be a repetition of one that was answered.
    pub refused_for_age: bool,
}

/// A record to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its value.
    pub value: Vec<u8>,
    /// Headers that belong to the shape.
    pub headers: Vec<(String, String)>,
}

/// What all answers have in common.
#[derive(Clone, Debug)]
pub struct Writer {
    /// Of answers to frames. Commands in JSON are answered by CloudEvents.
    pub shape: Shape,
    /// What task names in `seed` and `celery` begin with.
    pub task_prefix: String,
    /// The source of CloudEvents.
    pub source: String,
    /// Signs answers of the shape `seed`: 13 digits, the JSON, 64 digits of HMAC-SHA256 over both.
    pub signing: Option<Secrets>,
}

impl Status {
    /// The word for it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Pending => "pending",
        }
    }
}

impl Outcome {
    /// It was carried out.
    pub fn success(message: &impl Serialize, subject: Option<String>) -> Self {
        Self::of(Status::Success, message, subject)
    }

    /// It may still be.
    pub fn pending(message: &impl Serialize, subject: Option<String>) -> Self {
        Self::of(Status::Pending, message, subject)
    }

    /// It was not carried out.
    pub fn failed(failure: &Failure, subject: Option<String>) -> Self {
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
    pub fn to_rejected(rejected: &Rejected) -> Option<Self> {
        let request = rejected.request.clone()?;
        Some(Self {
            outcome: Outcome::failed(&Failure::rejected(rejected), None),
            request,
            refused_for_age: matches!(rejected.reason, Reason::TooOld | Reason::FromFuture),
        })
    }

    /// The same whenever the command is answered.
    fn id(&self) -> String {
        let key = self.request.replay_key.to_hex();
        match self.refused_for_age {
            false => key,
            true => format!("{key}-refused"),
        }
    }
}

impl Writer {
    /// Writes an answer for this topic, at this time in milliseconds since 1970.
    pub fn write(&self, answer: &Answer, topic: &str, now: i64) -> Written {
        use crate::command::Dialect;
        let name = format!("{}{}", self.task_prefix, answer.request.task.as_str());
        match (answer.request.dialect, self.shape) {
            (Dialect::Json, _) | (Dialect::Frame, Shape::CloudEvents) => {
                cloud_event::write(answer, &self.source)
            }
            (Dialect::Frame, Shape::Seed) => seed::write(answer, &name, self.signing.as_ref(), now),
            (Dialect::Frame, Shape::Celery) => celery::write(answer, &name, topic),
        }
    }
}

#[cfg(test)]
mod tests;
