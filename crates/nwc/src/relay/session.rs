//! One connection to a relay (NIP-01, NIP-42): what is asked of it, what it says, what it is given.

use std::{convert::Infallible, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use nostr::{
    error::Error,
    event::{Event, EventId, FinalizeEvent, IntoEventBuilder, Kind},
    filter::Filter,
    message::{ClientMessage, MachineReadablePrefix, RelayMessage, SubscriptionId},
    nips::nip42::ClientAuthentication,
    types::{RelayUrl, Timestamp},
};
use tokio::{
    sync::{mpsc::error::TrySendError, watch},
    time::{Instant, Interval, MissedTickBehavior, interval, timeout},
};
use tokio_tungstenite::tungstenite::{self, Message};

use super::{
    dialer::Socket,
    publication::{Pending, Publication},
    watched::Watched,
};
use crate::{connection::Connection, wire::info_event};

/// How often a relay is asked whether it is still there, and for how long it may be silent.
const PING: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_secs(75);

/// How long a relay may take to receive a message.
const SEND_DEADLINE: Duration = Duration::from_secs(10);

/// The name of the one subscription.
const SUBSCRIPTION: &str = "nwc";

/// One connection.
pub(super) struct Session<'a> {
    url: &'a RelayUrl,
    watched: &'a Watched,
    connections: watch::Receiver<Arc<[Connection]>>,
    socket: Socket,
    heard: Instant,
}

/// Why it has ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum SessionError {
    #[error("the connection has ended")]
    Closed,
    #[error("it is silent")]
    Silent,
    #[error("it does not receive")]
    Stuck,
    #[error("it refuses requests to be listened for: {0}")]
    Refused(String),
    #[error(transparent)]
    Socket(#[from] tungstenite::Error),
    #[error(transparent)]
    Event(#[from] Error),
}

impl<'a> Session<'a> {
    /// Over this connection.
    pub(super) fn new(url: &'a RelayUrl, watched: &'a Watched, socket: Socket) -> Self {
        Self {
            url,
            watched,
            connections: watched.connections.clone(),
            socket,
            heard: Instant::now(),
        }
    }

    /// Runs until the connection ends.
    pub(super) async fn run(mut self, pending: &mut Pending) -> Result<Infallible, SessionError> {
        self.begin(pending).await?;
        let mut ping = every(PING);
        loop {
            tokio::select! {
                message = self.socket.next() => {
                    let message = message.ok_or(SessionError::Closed)??;
                    self.heard = Instant::now();
                    if let Message::Text(text) = message {
                        self.hear(&text, pending).await?;
                    }
                }
                Some(publication) = pending.queue.recv() => {
                    self.publish(publication, pending).await?;
                }
                Ok(()) = self.connections.changed() => self.subscribe().await?,
                _ = ping.tick() => {
                    if self.heard.elapsed() > SILENCE {
                        return Err(SessionError::Silent);
                    }
                    pending.sent.retain(|_, publication| publication.is_due());
                    self.send(Message::Ping(Default::default())).await?;
                }
            }
        }
    }

    /// Listens, and sends again what was not answered on an earlier connection.
    async fn begin(&mut self, pending: &mut Pending) -> Result<(), SessionError> {
        self.connections.mark_unchanged();
        self.subscribe().await?;
        pending.sent.retain(|_, publication| publication.is_due());
        for publication in pending.sent.values() {
            self.say(&ClientMessage::event(publication.event.clone()))
                .await?;
        }
        Ok(())
    }

    /// Listens for requests to the connections of this relay, and says what their services can do.
    async fn subscribe(&mut self) -> Result<(), SessionError> {
        let connections = self.served();
        if connections.is_empty() {
            return Ok(());
        }
        let since = Timestamp::now() - self.watched.max_age;
        let filter = Filter::new()
            .kind(Kind::WalletConnectRequest)
            .authors(connections.iter().map(|connection| connection.client))
            .pubkeys(
                connections
                    .iter()
                    .map(|connection| connection.service.public_key()),
            )
            .since(since);
        // The same name again replaces the one before.
        let subscription = SubscriptionId::new(SUBSCRIPTION);
        self.say(&ClientMessage::req(subscription, filter)).await?;
        for connection in &connections {
            let info = info_event(connection)?;
            self.say(&ClientMessage::event(info)).await?;
        }
        Ok(())
    }

    /// The connections whose clients are at this relay.
    fn served(&self) -> Vec<Connection> {
        let connections = self.watched.connections.borrow();
        let here = connections
            .iter()
            .filter(|connection| connection.relays.contains(self.url));
        here.cloned().collect()
    }

    /// What the relay says. What is no message of the protocol is passed over.
    async fn hear(&mut self, text: &str, pending: &mut Pending) -> Result<(), SessionError> {
        let message = match RelayMessage::from_json(text) {
            Ok(message) => message,
            Err(error) => {
                tracing::debug!(relay = %self.url, %error, "no message of the protocol");
                return Ok(());
            }
        };
        match message {
            RelayMessage::Event { event, .. } => self.take(event.into_owned()),
            RelayMessage::Ok {
                event_id,
                status,
                message,
            } => self.ended(event_id, status, &message, pending),
            RelayMessage::Auth { challenge } => {
                self.authenticate(&challenge).await?;
                self.begin(pending).await?;
            }
            RelayMessage::Closed { message, .. } if !wants_authentication(&message) => {
                return Err(SessionError::Refused(beginning(&message)));
            }
            RelayMessage::Notice(notice) => {
                let notice = beginning(&notice);
                tracing::debug!(relay = %self.url, notice, "the relay says something");
            }
            // What else there is was not asked for.
            _ => {}
        }
        Ok(())
    }

    /// A request, if nothing is wrong with it, which others check.
    fn take(&self, event: Event) {
        if let Err(TrySendError::Full(event)) = self.watched.requests.try_send(event) {
            tracing::warn!(relay = %self.url, id = %event.id, "too many requests: one is dropped");
        }
    }

    fn ended(&self, id: EventId, accepted: bool, message: &str, pending: &mut Pending) {
        // It is sent again when this client has said who it is.
        if !accepted && wants_authentication(message) {
            return;
        }
        let Some(publication) = pending.sent.remove(&id) else {
            if !accepted {
                let message = beginning(message);
                tracing::warn!(relay = %self.url, message, "the relay refuses an event");
            }
            return;
        };
        let reason = || format!("{}: {}", self.url, beginning(message));
        publication.end(accepted.then_some(()).ok_or_else(reason));
    }

    /// Says who this client is: each service that has clients here.
    async fn authenticate(&mut self, challenge: &str) -> Result<(), SessionError> {
        for connection in self.served() {
            let answer = ClientAuthentication::new(challenge, self.url.clone());
            let event = answer.into_event_builder().finalize(&connection.service)?;
            self.say(&ClientMessage::auth(event)).await?;
        }
        Ok(())
    }

    async fn publish(
        &mut self,
        publication: Publication,
        pending: &mut Pending,
    ) -> Result<(), SessionError> {
        if !publication.is_due() {
            return Ok(());
        }
        let message = ClientMessage::event(publication.event.clone());
        // Before it is sent: whatever happens then, it is sent again.
        pending.sent.insert(publication.event.id, publication);
        self.say(&message).await
    }

    async fn say(&mut self, message: &ClientMessage<'_>) -> Result<(), SessionError> {
        self.send(Message::text(message.try_as_json()?)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), SessionError> {
        let sent = timeout(SEND_DEADLINE, self.socket.send(message)).await;
        Ok(sent.map_err(|_| SessionError::Stuck)??)
    }
}

/// As much of a text that somebody else wrote as belongs into a log.
fn beginning(text: &str) -> String {
    text.chars().take(200).collect()
}

fn wants_authentication(message: &str) -> bool {
    MachineReadablePrefix::parse(message) == Some(MachineReadablePrefix::AuthRequired)
}

fn every(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
