//! The shape of the source: a task for the services behind, in JSON.

use serde::Serialize;
use serde_json::value::RawValue;

use super::outcome::{Answer, Outcome, Written};
use crate::signature::Secrets;

#[derive(Serialize)]
struct TaskJson<'a> {
    task: &'a str,
    data: DataJson<'a>,
}

/// What the task is given.
#[derive(Serialize)]
pub(super) struct DataJson<'a> {
    message: &'a RawValue,
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
