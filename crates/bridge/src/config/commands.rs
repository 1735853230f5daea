//! `[commands]`: what is read, what is done, and where answers go.

use std::{path::PathBuf, time::Duration};

use facture_sidecar::ConfigError;
use serde::Deserialize;

use crate::command::{Task, Window};

/// `[commands]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandsConfig {
    /// The topic with the commands.
    #[serde(default = "topic")]
    pub topic: String,
    /// The consumer group. Several bridges may share one.
    #[serde(default = "group")]
    pub group: String,
    /// The topic for answers.
    pub answers: String,
    /// Other topics for answers that a command may name.
    #[serde(default)]
    pub reply_topics: Vec<String>,
    /// The topic for what is no command. Empty: the name of `topic` and `.dlq`.
    #[serde(default)]
    pub dead_letters: String,
    /// What is done. Paying is not by default.
    #[serde(default = "tasks")]
    pub tasks: Vec<String>,
    /// Files with the secrets that sign commands. Any of them fits.
    pub secret_files: Vec<PathBuf>,
    /// The shape of answers to frames.
    #[serde(default)]
    pub shape: Shape,
    /// What task names in answers begin with.
    #[serde(default = "task_prefix")]
    pub task_prefix: String,
    /// Whether answers of the shape `seed` are signed.
    #[serde(default)]
    pub signed_answers: bool,
    /// How long before its arrival a command may have been sent.
    #[serde(default = "max_age")]
    pub max_age_seconds: u64,
    /// How long after its arrival it may say that it was sent.
    #[serde(default = "max_future")]
    pub max_future_seconds: u64,
    /// How many commands may be under way at once.
    #[serde(default = "in_flight")]
    pub in_flight: u16,
}

/// The shape of the answers to frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
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

fn topic() -> String {
    "lightning-service".to_owned()
}

fn group() -> String {
    "facture-bridge".to_owned()
}

fn tasks() -> Vec<String> {
    ["decode", "create", "lookup", "cancel"]
        .map(str::to_owned)
        .into()
}

fn task_prefix() -> String {
    "lightning-".to_owned()
}

fn max_age() -> u64 {
    900
}

fn max_future() -> u64 {
    120
}

fn in_flight() -> u16 {
    64
}

impl CommandsConfig {
    pub(super) fn check(&mut self) -> Result<(), ConfigError> {
        let wrong = |key: &str, message: String| Err(ConfigError::wrong(key, message));
        if self.dead_letters.is_empty() {
            self.dead_letters = format!("{}.dlq", self.topic);
        }
        if let Some(unknown) = self.tasks.iter().find(|name| Task::parse(name).is_none()) {
            let names = Task::ALL.map(Task::as_str).join(", ");
            return wrong("commands.tasks", format!("{unknown:?} is none of {names}"));
        }
        if self.secret_files.is_empty() {
            return wrong("commands.secret_files", "must name a file".to_owned());
        }
        if self.in_flight == 0 {
            return wrong("commands.in_flight", "must be from 1 to 65535".to_owned());
        }
        let outgoing = [&self.answers, &self.dead_letters];
        if outgoing
            .into_iter()
            .chain(&self.reply_topics)
            .any(|topic| *topic == self.topic)
        {
            let message = "is a topic for answers or dead letters, too".to_owned();
            return wrong("commands.topic", message);
        }
        Ok(())
    }

    /// How old a command may be.
    pub(crate) fn window(&self) -> Window {
        Window {
            max_age: Duration::from_secs(self.max_age_seconds),
            max_future: Duration::from_secs(self.max_future_seconds),
        }
    }

    /// Whether this is done here.
    pub(crate) fn does(&self, task: Task) -> bool {
        self.tasks.iter().any(|name| name == task.as_str())
    }
}
