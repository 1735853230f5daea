//! Answers as CloudEvents 1.0 in binary mode (the Kafka protocol binding, §3.2).

use serde::Serialize;
use serde_json::value::RawValue;

use super::outcome::{Answer, Status, Written};

#[derive(Serialize)]
struct DataJson<'a> {
    /// The id of the command, if it was in JSON.
    command: Option<&'a str>,
    task: &'static str,
    status: &'static str,
    result: Option<&'a RawValue>,
    error: Option<&'a RawValue>,
}

pub(super) fn write(answer: &Answer, source: &str) -> Written {
    let message: &RawValue = &answer.outcome.message;
    let (result, error) = match answer.outcome.status {
        Status::Success | Status::Pending => (Some(message), None),
        Status::Error => (None, Some(message)),
    };
    let task = answer.request.task.as_str();
    let data = DataJson {
        command: answer.request.id.as_deref(),
        task,
        status: answer.outcome.status.as_str(),
        result,
        error,
    };
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("ce_specversion", "1.0".to_owned()),
        ("ce_id", answer.id()),
        ("ce_source", source.to_owned()),
        ("ce_type", format!("com.facture.answer.{task}.v1")),
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
