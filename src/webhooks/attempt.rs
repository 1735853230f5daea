//! One attempt to deliver.

use std::time::{Duration, Instant};

use super::{
    client::{Answer, Client},
    retry,
    sign::{self, Occasion},
};
use crate::webhooks::service::{Message, Render, Rendering, Rest};
use facture_domain::hook::{Attempt, Failure, Outcome};
use facture_runtime::{
    clock::{Clock, after},
    metrics, supervisor,
};
use facture_store::{AttemptRecord, AttemptTarget, Disposition, Outgoing, Replay, Store};

/// The pause after a fault of ours, such as a store that cannot be read. It says nothing about the receiver.
const OWN_FAULT_DELAY: Duration = Duration::from_secs(60);

/// What an attempt needs. Cheap to clone.
#[derive(Clone)]
pub(super) struct Sender {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) client: Client,
    pub(super) render: Render,
}

impl Sender {
    /// The same as [`Sender::attempt`], where a panic is a failure of ours.
    pub(super) async fn attempt_catching_panics(&self, place: u64) -> Option<AttemptRecord> {
        let started_at = self.clock.now();
        let began = Instant::now();
        let attempted = supervisor::catch_panic("webhook", self.attempt(place)).await;
        attempted.unwrap_or_else(|| {
            Some(AttemptRecord {
                place,
                target: None,
                attempt: Attempt {
                    started_at,
                    duration: began.elapsed(),
                    outcome: Outcome::Failed(Failure::Internal),
                    excerpt: String::new(),
                },
                disposition: Disposition::Retry(after(self.clock.now(), OWN_FAULT_DELAY)),
            })
        })
    }

    /// Tries the delivery at this place; `None` when it does not wait any more.
    pub(super) async fn attempt(&self, place: u64) -> Option<AttemptRecord> {
        let started_at = self.clock.now();
        let began = Instant::now();
        let (target, answer, disposition) = match self.store.outgoing(place, started_at).await {
            Ok(None) => return None,
            Ok(Some(outgoing)) => {
                let (answer, rest) = self.send(&outgoing).await;
                let now = self.clock.now();
                let schedule = retry::Schedule::of(outgoing.btcpay.as_ref(), rest);
                let disposition =
                    retry::next(&answer, outgoing.step, schedule, rand::random(), now);
                let disposition = retry::with_rest(disposition, rest);
                log(&outgoing, &answer, disposition);
                let target = AttemptTarget {
                    url: outgoing.hook.url,
                    step: outgoing.step,
                    part: outgoing.part,
                };
                (Some(target), answer, disposition)
            }
            Err(error) => {
                tracing::error!(%error, place, "a webhook's delivery cannot be read");
                let disposition = Disposition::Retry(after(started_at, OWN_FAULT_DELAY));
                (None, Answer::failed(Failure::Internal), disposition)
            }
        };
        Some(AttemptRecord {
            place,
            target,
            attempt: Attempt {
                started_at,
                duration: began.elapsed(),
                outcome: answer.outcome,
                excerpt: answer.excerpt,
            },
            disposition,
        })
    }

    /// The answer to a message, and whether the event has further ones.
    async fn send(&self, outgoing: &Outgoing) -> (Answer, Rest) {
        let message = match &outgoing.event {
            Some(event) => Message::Event(event),
            None => Message::Test(outgoing.created_at),
        };
        let occasion = match outgoing.replay {
            Replay::No => Occasion::First,
            Replay::Yes => Occasion::Replay,
        };
        let rendering = Rendering {
            message,
            format: outgoing.hook.format,
            delivery: &outgoing.id,
            endpoint: &outgoing.endpoint,
            btcpay: outgoing.btcpay.as_ref(),
            part: outgoing.part,
            occasion,
        };
        let rendered = match (self.render)(&rendering) {
            Ok(rendered) => rendered,
            Err(error) => {
                tracing::error!(%error, delivery = %outgoing.id, "a webhook's body cannot be written");
                return (Answer::failed(Failure::Internal), Rest::Nothing);
            }
        };
        let (body, rest) = (rendered.body, rendered.rest);
        let at = self.clock.now();
        let headers = match &outgoing.btcpay {
            Some(btcpay) => sign::btcpay_headers(&btcpay.secret, &body),
            None => sign::headers(&outgoing.secrets, &outgoing.id, at, &body, occasion),
        };
        let Some(headers) = headers else {
            return (Answer::failed(Failure::Internal), rest);
        };
        let answer = self.client.post(&outgoing.hook.url, &headers, body).await;
        (answer, rest)
    }
}

/// Never the whole address: it may hold a secret.
fn log(outgoing: &Outgoing, answer: &Answer, disposition: Disposition) {
    let delivery = &outgoing.id;
    let receiver = outgoing.hook.url.receiver();
    let failure = answer.outcome.failure().unwrap_or_default();
    metrics::webhook_attempted(match disposition {
        Disposition::Delivered | Disposition::NextPart => "delivered",
        Disposition::Retry(_) => "again",
        Disposition::Failed => "given_up",
        Disposition::EndpointGone => "gone",
    });
    match disposition {
        Disposition::Delivered => tracing::debug!(%delivery, receiver, "webhook delivered"),
        Disposition::NextPart => {
            tracing::debug!(%delivery, receiver, %failure, "a message of a webhook is done, the next one follows");
        }
        Disposition::Retry(at) => {
            tracing::warn!(%delivery, receiver, %failure, %at, "webhook not taken, to be tried again")
        }
        Disposition::Failed => {
            tracing::error!(%delivery, receiver, %failure, "webhook given up")
        }
        Disposition::EndpointGone => {
            tracing::error!(%delivery, receiver, endpoint = %outgoing.endpoint, "webhook's endpoint is gone and now disabled");
        }
    }
}
