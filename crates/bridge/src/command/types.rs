//! What a command is, and what is none.

use facture_domain::payout::PayoutId;
use serde_json::{Map, Value};

use crate::signature::ReplayKey;

/// The header with the signature of a command in JSON.
pub(crate) const SIGNATURE_HEADER: &str = "facture-signature";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Task {
    /// What a string to pay says.
    Decode,
    /// A new invoice.
    Create,
    /// A payout.
    Pay,
    /// How an invoice or a payout stands. In JSON only.
    Lookup,
    /// That an invoice or a payout is taken back. In JSON only.
    Cancel,
}

/// How a command was written. Its answer is in the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Fields of fixed width.
    Frame,
    /// A CloudEvent in JSON.
    Json,
}

/// What a command asks of the API.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    /// To say what this string asks for.
    Decode(String),
    /// The body of `POST /api/v1/invoices`.
    Create(Map<String, Value>),
    /// The body of `POST /api/v1/payouts`.
    Pay(Map<String, Value>),
    /// How something stands.
    Lookup(Named),
    /// To take something back.
    Cancel(Named),
}

/// An invoice or a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// The label of an invoice. The API says whether it is one.
    Invoice(String),
    /// The id of a payout.
    Payout(PayoutId),
}

/// A command whose signature is good.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Command {
    /// Who wants it, and where the answer goes.
    pub(crate) request: Request,
    /// When it was sent, in milliseconds since 1970, as its sender says.
    pub(crate) sent_at: i64,
    /// What it asks for.
    pub(crate) action: Action,
}

/// What an answer needs to know of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// What makes it the same command.
    pub(crate) replay_key: ReplayKey,
    /// What is asked for.
    pub(crate) task: Task,
    /// How it was written.
    pub(crate) dialect: Dialect,
    /// The sender's own id of it.
    pub(crate) id: Option<String>,
    /// The topic for the answer, if the sender names one inside the signed part.
    pub(crate) reply_to: Option<String>,
}

/// Why something is no command. These words are in a header of the dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    /// No length that a command has.
    BadLength,
    /// The signature is missing or not ours.
    BadSignature,
    /// There is no such task.
    UnknownTask,
    /// A field does not say what it should.
    BadField,
    /// It was sent too long before it arrived.
    TooOld,
    /// It says that it was sent after it arrived.
    FromFuture,
    /// The broker did not say when it arrived: the topic does not have `message.timestamp.type=LogAppendTime`.
    NoArrivalTime,
    /// This bridge does not do that.
    TaskOff,
}

/// Something that is no command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejected {
    /// Why.
    pub(crate) reason: Reason,
    /// The field, of [`Reason::BadField`].
    pub(crate) field: Option<&'static str>,
    /// The same for people.
    pub(crate) message: String,
    /// Who is told, if the signature is good and the task is known.
    pub(crate) request: Option<Box<Request>>,
}

impl Task {
    /// All.
    pub(crate) const ALL: [Self; 5] = [
        Self::Decode,
        Self::Create,
        Self::Pay,
        Self::Lookup,
        Self::Cancel,
    ];

    /// Its name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Create => "create",
            Self::Pay => "pay",
            Self::Lookup => "lookup",
            Self::Cancel => "cancel",
        }
    }

    /// The one with this name, exactly.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.as_str() == name)
    }
}

impl Reason {
    /// All.
    pub(crate) const ALL: [Self; 8] = [
        Self::BadLength,
        Self::BadSignature,
        Self::UnknownTask,
        Self::BadField,
        Self::TooOld,
        Self::FromFuture,
        Self::NoArrivalTime,
        Self::TaskOff,
    ];

    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::BadLength => "bad_length",
            Self::BadSignature => "bad_signature",
            Self::UnknownTask => "unknown_task",
            Self::BadField => "bad_field",
            Self::TooOld => "too_old",
            Self::FromFuture => "from_future",
            Self::NoArrivalTime => "no_arrival_time",
            Self::TaskOff => "task_off",
        }
    }
}

impl Rejected {
    pub(super) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self {
            reason,
            field: None,
            message: message.into(),
            request: None,
        }
    }

    pub(super) fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field),
            ..Self::new(Reason::BadField, message)
        }
    }

    /// The same, with an answer to who sent this request.
    pub(crate) fn answered_to(self, request: &Request) -> Self {
        Self {
            request: Some(Box::new(request.clone())),
            ..self
        }
    }
}
