//! Commands in JSON: a CloudEvent (structured mode) whose signature is in the header `facture-signature`. What counts is
//! inside the signed value: task, id, time and the topic for the answer.

use facture_domain::payout::PayoutId;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::types::{Action, Command, Dialect, Named, Reason, Rejected, Request, Task};
use crate::signature::{ReplayKey, Secrets};

/// The longest value, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// What the type of a command begins and ends with: `com.facture.command.create.v1`.
pub(super) const TYPE: (&str, &str) = ("com.facture.command.", ".v1");

/// A command: a CloudEvent in structured mode, of which only these members count.
#[derive(Deserialize, ToSchema)]
#[schema(as = Command)]
pub(super) struct Envelope {
    /// `1.0`
    specversion: String,
    /// The sender's own id of it, which its answer names.
    #[schema(min_length = 1)]
    id: String,
    #[serde(rename = "type")]
    kind: String,
    /// When it was sent (RFC 3339).
    #[schema(format = "date-time")]
    time: String,
    /// The topic for the answer: one of those that the bridge allows.
    #[serde(default)]
    replyto: Option<String>,
    #[serde(default)]
    #[schema(value_type = Value)]
    data: Map<String, Value>,
}

/// Reads a command.
///
/// # Errors
/// [`Rejected`].
pub(super) fn read(value: &[u8], signature: &[u8], secrets: &Secrets) -> Result<Command, Rejected> {
    if value.len() > MAX_BYTES {
        let message = format!("a command has at most {MAX_BYTES} bytes");
        return Err(Rejected::new(Reason::BadLength, message));
    }
    if !secrets.verify(value, signature) {
        let message = "the signature is not ours";
        return Err(Rejected::new(Reason::BadSignature, message));
    }
    let envelope: Envelope = serde_json::from_slice(value)
        .map_err(|error| Rejected::field("value", error.to_string()))?;
    let task = envelope.kind.strip_prefix(TYPE.0);
    let task = task.and_then(|name| Task::parse(name.strip_suffix(TYPE.1)?));
    let task = task.ok_or_else(|| {
        let message = "the type must be com.facture.command.<task>.v1";
        Rejected::new(Reason::UnknownTask, message)
    })?;
    let request = Request {
        replay_key: ReplayKey::of(value),
        task,
        dialect: Dialect::Json,
        id: Some(envelope.id.clone()),
        reply_to: envelope.replyto.clone(),
    };
    let command = command(task, envelope);
    let (sent_at, action) = command.map_err(|rejected| rejected.answered_to(&request))?;
    Ok(Command {
        request,
        sent_at,
        action,
    })
}

fn command(task: Task, envelope: Envelope) -> Result<(i64, Action), Rejected> {
    if envelope.specversion != "1.0" {
        return Err(Rejected::field("specversion", "must be 1.0"));
    }
    if envelope.id.is_empty() {
        return Err(Rejected::field("id", "must not be empty"));
    }
    let time: Result<Timestamp, _> = envelope.time.parse();
    let time = time.map_err(|_| Rejected::field("time", "must be a time of RFC 3339"))?;
    let mut data = envelope.data;
    let action = match task {
        Task::Create => Action::Create(data),
        Task::Pay => Action::Pay(data),
        Task::Decode => match data.remove("string") {
            Some(Value::String(text)) => Action::Decode(text),
            _ => return Err(Rejected::field("string", "must be a text")),
        },
        Task::Lookup => Action::Lookup(named(&data)?),
        Task::Cancel => Action::Cancel(named(&data)?),
    };
    Ok((time.as_millisecond(), action))
}

/// The invoice or the payout that is named: one of both.
fn named(data: &Map<String, Value>) -> Result<Named, Rejected> {
    match (data.get("invoice"), data.get("payout")) {
        (Some(Value::String(label)), None) => Ok(Named::Invoice(label.clone())),
        (None, Some(Value::String(id))) => match PayoutId::parse(id) {
            Some(id) => Ok(Named::Payout(id)),
            None => Err(Rejected::field("payout", "must be the id of a payout")),
        },
        _ => Err(Rejected::field(
            "data",
            "must have either invoice or payout",
        )),
    }
}
