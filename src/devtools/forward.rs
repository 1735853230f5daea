//! One event to one address, until it is accepted or given up; what the receiver answers is said.

use std::{
    io::{self, Write},
    time::Duration,
};

use anyhow::Context;
use tokio::time::{Instant, sleep};

use super::event::ReadEvent;
use crate::webhooks::{Occasion, ReceiverAnswer, SingleReceiver};
use facture_domain::{
    HookUrl,
    hook::{HookSecret, Outcome},
};

/// How often an event is sent that the receiver does not accept.
const MAX_ATTEMPTS: u32 = 5;

/// The first and the longest pause between two attempts.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(8));

/// Sends events to one address.
pub(super) struct Forwarder {
    receiver: SingleReceiver,
    occasion: Occasion,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forwarded {
    /// It was accepted.
    Accepted,
    /// It was refused so often that it is not sent any more.
    GivenUp,
}

impl Forwarder {
    pub(super) fn new(url: &str, secret: HookSecret, occasion: Occasion) -> anyhow::Result<Self> {
        let url = HookUrl::parse(url).context("--forward-to")?;
        Ok(Self {
            receiver: SingleReceiver::new(url, secret)?,
            occasion,
        })
    }

    /// Sends an event. A receiver that is not there is waited for; one that answers is asked a few times.
    pub(super) async fn send(&self, event: &ReadEvent) -> io::Result<Forwarded> {
        let subject = event.subject();
        let mut refused = 0;
        let mut pause = PAUSES.0;
        loop {
            let began = Instant::now();
            let sent = self
                .receiver
                .send(&event.kind, &subject, event.body(), self.occasion);
            let ReceiverAnswer { outcome, excerpt } = sent.await;
            let took = began.elapsed().as_millis();
            let said = match outcome.failure() {
                None => describe(outcome),
                Some(failure) => format!("{failure} {}", one_line(&excerpt)),
            };
            let line = format!("  {} {} ms", said.trim_end(), took);
            let next = match outcome {
                _ if outcome.is_success() => Some(Forwarded::Accepted),
                Outcome::Answered(410) => Some(Forwarded::GivenUp),
                Outcome::Answered(_) => {
                    refused += 1;
                    (refused >= MAX_ATTEMPTS).then_some(Forwarded::GivenUp)
                }
                Outcome::Failed(_) => None,
            };
            let mut out = io::stdout();
            match next {
                Some(Forwarded::Accepted) => {
                    writeln!(out, "{line}")?;
                    return Ok(Forwarded::Accepted);
                }
                Some(Forwarded::GivenUp) => {
                    writeln!(out, "{line}, given up")?;
                    return Ok(Forwarded::GivenUp);
                }
                None => writeln!(out, "{line}, again in {} s", pause.as_secs())?,
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }
}

fn describe(outcome: Outcome) -> String {
    match outcome {
        Outcome::Answered(status) => format!("status_{status}"),
        Outcome::Failed(failure) => failure.as_str().to_owned(),
    }
}

/// The beginning of an answer, without what could play with the terminal.
fn one_line(excerpt: &str) -> String {
    let beginning: String = excerpt.chars().take(200).collect();
    match beginning.is_empty() {
        true => beginning,
        false => format!("{beginning:?}"),
    }
}
