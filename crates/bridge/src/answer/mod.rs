//! Answers: what became of a command, in the three shapes that can be configured.
//!
//! An answer to the same command has the same content whenever it is made, so that a command that comes again, or is carried out
//! again after a crash, is not answered twice in different words. Therefore it has no time of its own.

mod celery;
mod cloud_event;
mod outcome;
mod seed;
mod words;

pub(crate) use self::{
    cloud_event::answer_type,
    outcome::{Answer, Outcome, Status, Written},
    words::Failure,
};
use crate::{command::Dialect, config::Shape, schema::Schemas, signature::Secrets};

/// What all answers have in common.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    /// Of answers to frames. Commands in JSON are answered by CloudEvents.
    pub(crate) shape: Shape,
    /// What task names in `seed` and `celery` begin with.
    pub(crate) task_prefix: String,
    /// The source of CloudEvents.
    pub(crate) source: String,
    /// Signs answers of the shape `seed`: 13 digits, the JSON, 64 digits of HMAC-SHA256 over both.
    pub(crate) signing: Option<Secrets>,
}

impl Writer {
    /// Writes an answer for this topic, at this time in milliseconds since 1970.
    pub(crate) fn write(&self, answer: &Answer, topic: &str, now: i64) -> Written {
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

/// The schemas of what answers are made of: `TaskMessage`, `CeleryMessage`, `Answer`, `Failure` and what they refer to.
pub(crate) fn schemas() -> Schemas {
    Schemas::default()
        .with::<seed::TaskJson<'_>>()
        .with::<cloud_event::DataJson<'_>>()
        .with::<Failure>()
        .and("CeleryMessage", celery::schema())
}

#[cfg(test)]
mod tests;
