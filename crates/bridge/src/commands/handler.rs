//! One command, from the record to its answer.

use std::{sync::Arc, time::Duration};

use facture_runtime::clock::Clock;
use krafka::{ConsumerRecord, Record, TimestampType};
use tokio::time::sleep;

use super::dead_letter;
use crate::{
    act::Actor,
    answer::{Answer, Failure, Outcome, Writer},
    command::{self, Command, Dialect, Reason, Rejected, SIGNATURE_HEADER},
    config::CommandsConfig,
    kafka::Sink,
    metrics::Metrics,
    signature::{SIGNATURE_DIGITS, Secrets},
};

/// The first and the longest pause while the server or its node does not answer.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Headers of a command that its answer has, too.
const COPIED: [&str; 2] = ["correlation-id", "reply-to"];

/// What handles commands.
pub(crate) struct Handler {
    pub(crate) config: CommandsConfig,
    pub(crate) secrets: Secrets,
    pub(crate) actor: Actor,
    pub(crate) writer: Writer,
    pub(crate) sink: Arc<Sink>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) clock: Clock,
}

impl Handler {
    /// Handles a record to its end: it is answered, or a dead letter, or both.
    pub(super) async fn handle(&self, record: &ConsumerRecord) {
        let answer = match self.read(record) {
            Ok(command) => {
                let outcome = self.carry_out(&command, record.timestamp).await;
                Some(Answer {
                    request: command.request,
                    outcome,
                    refused_for_age: false,
                })
            }
            Err(rejected) => {
                self.metrics.dead_letter(rejected.reason);
                let topic = &self.config.dead_letters;
                let letter = dead_letter::record(topic, record, &rejected, self.now());
                self.sink.send(letter).await;
                Answer::to_rejected(&rejected)
            }
        };
        if let Some(answer) = answer {
            self.sink.send(self.answer(&answer, record)).await;
            self.metrics
                .answered(answer.request.task, &answer.outcome.status);
        }
    }

    fn read(&self, record: &ConsumerRecord) -> Result<Command, Rejected> {
        let value = record.value.as_deref().unwrap_or_default();
        let signature = record.header(SIGNATURE_HEADER);
        let signature = signature.map(|signature| signature.map_or(&b""[..], |text| text));
        let command = command::read(value, signature, &self.secrets)?;
        let arrived_at = match record.timestamp_type {
            TimestampType::LogAppendTime => Some(record.timestamp),
            _ => None,
        };
        self.config.window().check(&command, arrived_at)?;
        if !self.config.does(command.request.task) {
            return Err(Rejected {
                reason: Reason::TaskOff,
                field: None,
                message: "this bridge does not do that".to_owned(),
                request: Some(Box::new(command.request)),
            });
        }
        Ok(command)
    }

    /// Tries until there is an answer. A command is given up when it is so old that nobody could send it again: whoever was
    /// told that it failed is right. An order is never given up, as it may be written down already.
    async fn carry_out(&self, command: &Command, arrived_at: i64) -> Outcome {
        let max_age = i64::try_from(self.config.window().max_age.as_millis()).unwrap_or(i64::MAX);
        let good_until = arrived_at.max(command.sent_at).saturating_add(max_age);
        let mut pause = PAUSES.0;
        loop {
            let not_now = match self.actor.carry_out(command).await {
                Ok(outcome) => return outcome,
                Err(not_now) => not_now,
            };
            let task = command.request.task.as_str();
            tracing::warn!(task, reason = not_now.reason, "a command waits");
            if !not_now.may_be_ordered && self.now() > good_until {
                return Outcome::failed(&Failure::node_down("node_unavailable"), None);
            }
            self.metrics.retried();
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    fn answer(&self, answer: &Answer, record: &ConsumerRecord) -> Record {
        let topic = self.topic(answer, record);
        let written = self.writer.write(answer, topic, self.now());
        let mut reply = Record::new(topic, written.value);
        let subject = answer
            .outcome
            .subject
            .as_ref()
            .map(|text| text.clone().into());
        if let Some(key) = record.key.clone().or(subject) {
            reply = reply.key(key);
        }
        for (name, text) in written.headers {
            reply = reply.header(name, text);
        }
        for name in COPIED {
            if let Some(Some(text)) = record.header(name) {
                reply = reply.header(name, text.clone());
            }
        }
        reply
            .header("request-topic", record.topic.to_string())
            .header("request-partition", record.partition.to_string())
            .header("request-offset", record.offset.to_string())
            .header("request-signature", signature(answer, record))
    }

    /// The topic that the command names, if that is allowed: inside the signed part, or of a frame in a header.
    fn topic<'a>(&'a self, answer: &'a Answer, record: &'a ConsumerRecord) -> &'a str {
        let named = match answer.request.dialect {
            Dialect::Json => answer.request.reply_to.as_deref(),
            Dialect::Frame => record.header_str("reply-to"),
        };
        let allowed =
            named.filter(|name| self.config.reply_topics.iter().any(|topic| topic == name));
        allowed.unwrap_or(&self.config.answers)
    }

    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }
}

/// The command's signature, by which its sender knows it.
fn signature(answer: &Answer, record: &ConsumerRecord) -> Vec<u8> {
    let value = record.value.as_deref().unwrap_or_default();
    match answer.request.dialect {
        Dialect::Frame => value[value.len().saturating_sub(SIGNATURE_DIGITS)..].to_vec(),
        Dialect::Json => {
            let header = record.header(SIGNATURE_HEADER).flatten();
            header.map_or_else(Vec::new, |text| text.to_vec())
        }
    }
}
