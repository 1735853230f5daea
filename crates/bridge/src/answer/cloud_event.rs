//! Answers as CloudEvents 1.0 in binary mode (the Kafka protocol binding, §3.2).

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::outcome::{Answer, Status, Written};
use crate::command::Task;

/// What became of a command.
#[derive(Serialize, ToSchema)]
#[schema(as = Answer)]
pub(super) struct DataJson<'a> {
    /// The id of the command, if it was in JSON.
    #[schema(required = true)]
    command: Option<&'a str>,
    task: &'static str,
    /// `success`, `error`, or `pending`: a payment that may still be made.
    status: &'static str,
    /// What it has come to. `null`: an error.
    #[schema(required = true, value_type = Value)]
    result: Option<&'a RawValue>,
    /// Why it was not carried out. `null`: it was, or may still be.
    #[schema(required = true, value_type = Value)]
    error: Option<&'a RawValue>,
}

/// The type of the answer to a command with this task.
pub(crate) fn answer_type(task: Task) -> String {
    format!("com.facture.answer.{}.v1", task.as_str())
}

pub(super) fn write(answer: &Answer, source: &str) -> Written {
    let message: &RawValue = &answer.outcome.message;
    let (result, error) = match answer.outcome.status {
        Status::Success | Status::Pending => (Some(message), None),
        Status::Error => (None, Some(message)),
    };
    let task = answer.request.task;
    let data = DataJson {
        command: answer.request.id.as_deref(),
        task: task.as_str(),
        status: answer.outcome.status.as_str(),
        result,
        error,
    };
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("ce_specversion", "1.0".to_owned()),
        ("ce_id", answer.id()),
        ("ce_source", source.to_owned()),
        ("ce_type", answer_type(task)),
    ];
    if let Some(subject) = &answer.outcome.subject {
        headers.push(("ce_subject", subject.clone()));
    }
    let headers = headers.into_iter();
    Written {
        value: serde_json::to_vec(&data).unwrap_or_default(),
        headers: headers
            .map(|(name, text)| (name.to_owned(), text))
            .collect(),
    }
}
