//! The shape of the source: a task for the services behind, in JSON.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::outcome::{Answer, Outcome, Written};
use crate::signature::Secrets;

/// A task for the services behind.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskMessage)]
pub(super) struct TaskJson<'a> {
    /// The configured prefix and the task.
    task: &'a str,
    data: DataJson<'a>,
}

/// What the task is given.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskData)]
pub(super) struct DataJson<'a> {
    /// What it has come to, or why it was not carried out.
    #[schema(value_type = Value)]
    message: &'a RawValue,
    /// `success`, `error`, or `pending`: a payment that may still be made.
    status: &'static str,
}

impl<'a> DataJson<'a> {
    pub(super) fn of(outcome: &'a Outcome) -> Self {
        Self {
            message: &outcome.message,
            status: outcome.status.as_str(),
        }
    }
}

pub(super) fn write(answer: &Answer, name: &str, signing: Option<&Secrets>, now: i64) -> Written {
    let task = TaskJson {
        task: name,
        data: DataJson::of(&answer.outcome),
    };
    let mut value = serde_json::to_vec(&task).unwrap_or_default();
    if let Some(secrets) = signing {
        let mut signed = format!("{now:013}").into_bytes();
        signed.append(&mut value);
        let signature = secrets.sign(&signed);
        signed.extend_from_slice(signature.as_bytes());
        value = signed;
    }
    Written {
        value,
        headers: Vec::new(),
    }
}
