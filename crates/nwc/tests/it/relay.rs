//! A relay that a test can shut, tear its connections, and let say anything.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use futures_util::{SinkExt, StreamExt};
use nostr::{
    event::{Event, Kind},
    filter::{Filter, MatchEventOptions},
    message::{ClientMessage, RelayMessage, SubscriptionId},
    nips::nip42,
    types::RelayUrl,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::broadcast,
    task::JoinSet,
};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};
use tokio_util::task::AbortOnDropHandle;

/// Whom the relay serves.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Door {
    /// Everybody.
    Open,
    /// Who has said who it is (NIP-42).
    Authenticated,
}

/// A relay. Without a task of its own it is away.
pub(crate) struct TestRelay {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: Option<AbortOnDropHandle<()>>,
}

struct Shared {
    door: Door,
    kept: Mutex<Vec<Event>>,
    live: broadcast::Sender<Said>,
}

/// What all connections are told.
#[derive(Clone)]
enum Said {
    Event(Box<Event>),
    /// Any text, whoever listens.
    Text(String),
}

impl TestRelay {
    pub(crate) async fn open() -> Self {
        Self::with(Door::Open).await
    }

    pub(crate) async fn with(door: Door) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut relay = Self {
            address: listener.local_addr().unwrap(),
            shared: Arc::new(Shared {
                door,
                kept: Mutex::default(),
                live: broadcast::Sender::new(1000),
            }),
            task: None,
        };
        relay.serve(listener);
        relay
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// From now on it is away.
    pub(crate) async fn close(&mut self) {
        let task = self.task.take().expect("it is there");
        task.abort();
        // Its place can be taken when it has ended.
        let _ = task.await;
    }

    /// It is back.
    pub(crate) async fn reopen(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.serve(listener);
    }

    /// Says this to all connections.
    pub(crate) fn say(&self, text: &str) {
        let _ = self.shared.live.send(Said::Text(text.to_owned()));
    }

    /// Gives an event to those who listen for it, whatever is wrong with it.
    pub(crate) fn publish(&self, event: &Event) {
        let _ = self.shared.live.send(Said::Event(Box::new(event.clone())));
    }

    /// The next event of a kind that it is given.
    pub(crate) fn published(&self, kind: Kind) -> impl Future<Output = Event> + use<> {
        let mut live = self.shared.live.subscribe();
        async move {
            loop {
                match live.recv().await.unwrap() {
                    Said::Event(event) if event.kind == kind => return *event,
                    _ => {}
                }
            }
        }
    }

    fn serve(&mut self, listener: TcpListener) {
        let shared = Arc::clone(&self.shared);
        let url = RelayUrl::parse(&self.url()).unwrap();
        self.task = Some(AbortOnDropHandle::new(tokio::spawn(async move {
            let mut visits = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                visits.spawn(visit(stream, Arc::clone(&shared), url.clone()));
            }
        })));
    }
}

type Socket = WebSocketStream<TcpStream>;

async fn visit(stream: TcpStream, shared: Arc<Shared>, url: RelayUrl) {
    let Ok(mut socket) = accept_async(stream).await else {
        return;
    };
    let mut live = shared.live.subscribe();
    let mut subscriptions: Vec<(SubscriptionId, Vec<Filter>)> = Vec::new();
    let mut is_known = shared.door == Door::Open;
    if !is_known {
        say(&mut socket, &RelayMessage::auth("challenge")).await;
    }
    loop {
        tokio::select! {
            message = socket.next() => {
                let Some(Ok(message)) = message else { return };
                let Message::Text(text) = message else { continue };
                match ClientMessage::from_json(&*text).unwrap() {
                    ClientMessage::Auth(event) => {
                        is_known = event.verify().is_ok() && nip42::is_valid_auth_event(&event, &url, "challenge");
                        say(&mut socket, &RelayMessage::ok(event.id, is_known, "")).await;
                    }
                    ClientMessage::Event(event) if !is_known => {
                        say(&mut socket, &RelayMessage::ok(event.id, false, "auth-required: who is it")).await;
                    }
                    ClientMessage::Req { subscription_id, .. } if !is_known => {
                        let id = subscription_id.into_owned();
                        say(&mut socket, &RelayMessage::closed(id, "auth-required: who is it")).await;
                    }
                    ClientMessage::Event(event) => {
                        let event = event.into_owned();
                        // As relays for NIP-47 should, it keeps what is ephemeral, too.
                        if event.kind != Kind::WalletConnectResponse {
                            shared.kept.lock().unwrap().push(event.clone());
                        }
                        say(&mut socket, &RelayMessage::ok(event.id, true, "")).await;
                        let _ = shared.live.send(Said::Event(Box::new(event)));
                    }
                    ClientMessage::Req { subscription_id, filters } => {
                        let id = subscription_id.into_owned();
                        let filters: Vec<_> = filters.into_iter().map(|filter| filter.into_owned()).collect();
                        let kept = shared.kept.lock().unwrap().clone();
                        for event in kept.into_iter().filter(|event| fits(&filters, event)) {
                            say(&mut socket, &RelayMessage::event(id.clone(), event)).await;
                        }
                        say(&mut socket, &RelayMessage::eose(id.clone())).await;
                        subscriptions.retain(|(known, _)| *known != id);
                        subscriptions.push((id, filters));
                    }
                    _ => {}
                }
            }
            said = live.recv() => match said.unwrap() {
                Said::Text(text) => {
                    let _ = socket.send(Message::text(text)).await;
                }
                Said::Event(event) => {
                    for (id, filters) in &subscriptions {
                        if fits(filters, &event) {
                            say(&mut socket, &RelayMessage::event(id.clone(), (*event).clone())).await;
                        }
                    }
                }
            },
        }
    }
}

fn fits(filters: &[Filter], event: &Event) -> bool {
    let mut filters = filters.iter();
    filters.any(|filter| filter.match_event(event, MatchEventOptions::default()))
}

async fn say(socket: &mut Socket, message: &RelayMessage<'_>) {
    // Who has gone is noticed at the next read.
    let _ = socket.send(Message::text(message.as_json())).await;
}
