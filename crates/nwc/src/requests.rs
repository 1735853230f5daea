//! Requests: which ones are carried out, once each, and their answers.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, RateLimiter};
use nostr::{
    error::Error,
    event::{Event, EventBuilder, FinalizeEvent, Kind, Tag},
    key::PublicKey,
    types::Timestamp,
};
use serde_json::Value;
use tokio::{
    sync::{Semaphore, mpsc, watch},
    task::JoinSet,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    act::Actor,
    answered::Answered,
    cipher::Cipher,
    connection::Connection,
    directory::Directory,
    relay::Pool,
    wire::{Code, Failure, Request, answer},
};

/// How far a client's clock may be ahead.
pub(crate) const AHEAD: Duration = Duration::from_secs(120);

/// The longest request, encrypted, in bytes.
const MAX_CONTENT: usize = 64 * 1024;

/// How many requests are carried out at once.
const AT_ONCE: usize = 32;

/// How long an answer is worth anything to a client that waits.
const ANSWER_PATIENCE: Duration = Duration::from_secs(60);

/// How long requests that are under way may take when the service stops.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// What carries out requests.
pub(crate) struct Requests {
    pub(crate) connections: watch::Receiver<Arc<[Connection]>>,
    pub(crate) directory: Directory,
    pub(crate) answered: Mutex<Answered>,
    pub(crate) limiter: DefaultKeyedRateLimiter<PublicKey>,
    pub(crate) max_age: Duration,
    pub(crate) actor: Actor,
    pub(crate) pool: Arc<Pool>,
}

/// A request is not carried out, and not answered.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Ignored {
    #[error("it is no request of a connection")]
    Strange,
    #[error("its connection was revoked")]
    Revoked,
    #[error("it is too long")]
    TooLong,
    #[error("it is too old, or from the future")]
    NotNow,
    #[error("its signature is wrong")]
    Forged,
    #[error("it is here already")]
    Again,
}

impl Requests {
    /// Carries out what comes until `stop`, and ends what is under way.
    pub(crate) async fn run(self, mut events: mpsc::Receiver<Event>, stop: CancellationToken) {
        let requests = Arc::new(self);
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut under_way = JoinSet::new();
        loop {
            let event = tokio::select! {
                event = events.recv() => event,
                () = stop.cancelled() => None,
            };
            let Some(event) = event else { break };
            while under_way.try_join_next().is_some() {}
            match requests.admit(&event) {
                Err(reason) => tracing::debug!(id = %event.id, %reason, "a request is ignored"),
                Ok(connection) => {
                    let requests = Arc::clone(&requests);
                    let place = Arc::clone(&places).acquire_owned().await;
                    under_way.spawn(async move {
                        requests.serve(&connection, &event).await;
                        drop(place);
                    });
                }
            }
        }
        if timeout(LAST_ANSWERS, under_way.join_all()).await.is_err() {
            tracing::warn!("some requests were not answered");
        }
    }

    /// Whose request it is, if it is to be carried out.
    fn admit(&self, event: &Event) -> Result<Connection, Ignored> {
        let connection = self.connection_of(event).ok_or(Ignored::Strange)?;
        if !self.directory.has(&connection.name) {
            return Err(Ignored::Revoked);
        }
        if event.content.len() > MAX_CONTENT {
            return Err(Ignored::TooLong);
        }
        let (now, signed_at) = (Timestamp::now(), event.created_at);
        let is_old = signed_at.as_secs().saturating_add(self.max_age.as_secs()) < now.as_secs();
        let is_ahead = signed_at.as_secs() > now.as_secs().saturating_add(AHEAD.as_secs());
        if is_old || is_ahead || event.is_expired_at(now) {
            return Err(Ignored::NotNow);
        }
        // Before it is known: a forged one with the same id must not take its place.
        event.verify().map_err(|_| Ignored::Forged)?;
        let answered = self.answered.lock();
        let is_new =
            answered.is_ok_and(|mut answered| answered.begin(event.id, signed_at.as_secs()));
        is_new.then_some(connection).ok_or(Ignored::Again)
    }

    fn connection_of(&self, event: &Event) -> Option<Connection> {
        if event.kind != Kind::WalletConnectRequest {
            return None;
        }
        let service = event.tags.public_keys().next()?;
        let connections = self.connections.borrow();
        let mut known = connections.iter();
        known
            .find(|known| known.client == event.pubkey && known.service.public_key() == service)
            .cloned()
    }

    async fn serve(&self, connection: &Connection, event: &Event) {
        let Some((cipher, text)) = self.outcome(connection, event).await else {
            return;
        };
        let published = match response(connection, event, cipher, &text) {
            Ok(response) => {
                let relays = &connection.relays;
                let published = self.pool.publish(relays, &response, ANSWER_PATIENCE).await;
                published.map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        let Ok(mut answered) = self.answered.lock() else {
            return;
        };
        match published {
            Ok(()) => {
                answered.forget_old();
                if let Err(error) = answered.done(event.id) {
                    tracing::error!(%error, "what was answered cannot be written down");
                }
            }
            Err(reason) => {
                answered.failed(event.id);
                tracing::warn!(connection = %connection.name, reason, "an answer was not delivered");
            }
        }
    }

    /// What is answered, and how it is encrypted; `None`: nothing, as it cannot be read.
    async fn outcome(&self, connection: &Connection, event: &Event) -> Option<(Cipher, String)> {
        let Ok(cipher) = Cipher::of(event) else {
            let message = "the encryption is not known: nip44_v2 and nip04 are";
            let failure = Failure::new(Code::UnsupportedEncryption, message);
            return Some((Cipher::Nip44, answer("unknown", &Err(failure))));
        };
        let text = match cipher.decrypt(connection, &event.content) {
            Ok(text) => text,
            Err(error) => {
                tracing::warn!(connection = %connection.name, %error, "a request cannot be decrypted");
                return None;
            }
        };
        let request = match Request::read(&text) {
            Ok(request) => request,
            Err(error) => {
                let failure = Failure::new(Code::Other, format!("it is no request: {error}"));
                return Some((cipher, answer("unknown", &Err(failure))));
            }
        };
        let outcome = self.act(connection, event, &request).await;
        Some((cipher, answer(&request.method, &outcome)))
    }

    async fn act(
        &self,
        connection: &Connection,
        event: &Event,
        request: &Request,
    ) -> Result<Value, Failure> {
        if self.limiter.check_key(&connection.client).is_err() {
            let message = "too many requests: try again in a minute";
            return Err(Failure::new(Code::RateLimited, message));
        }
        let outcome = self.actor.act(connection, event.id, request).await;
        let code = outcome.as_ref().err().map(|failure| failure.code);
        tracing::info!(connection = %connection.name, method = request.name(), ?code, "a request");
        outcome
    }
}

/// The limit of a connection.
pub(crate) fn limiter(per_minute: std::num::NonZeroU32) -> DefaultKeyedRateLimiter<PublicKey> {
    RateLimiter::keyed(governor::Quota::per_minute(per_minute))
}

/// The event of an answer.
fn response(
    connection: &Connection,
    request: &Event,
    cipher: Cipher,
    text: &str,
) -> Result<Event, Error> {
    let content = cipher.encrypt(connection, text)?;
    EventBuilder::new(Kind::WalletConnectResponse, content)
        .tag(Tag::public_key(connection.client))
        .tag(Tag::event(request.id))
        .finalize(&connection.service)
}
