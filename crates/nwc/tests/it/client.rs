//! A client of Nostr Wallet Connect, as its app has it.

use std::time::Duration;

use facture_nwc::Connection;
use futures_util::{SinkExt, StreamExt};
use nostr::{
    event::{Event, EventBuilder, EventId, FinalizeEvent, Kind, Tag},
    filter::Filter,
    key::Keys,
    message::{ClientMessage, RelayMessage, SubscriptionId},
    nips::{nip04, nip44, nip47::NostrWalletConnectUri},
    types::Timestamp,
};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{interval, timeout},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// No test waits longer than this for anything.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// What an app was given.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) uri: NostrWalletConnectUri,
    pub(crate) keys: Keys,
}

/// An app that is connected to a relay.
pub(crate) struct Client {
    pub(crate) app: App,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl App {
    /// By what `facture nwc connect` printed.
    pub(crate) fn new(uri: &str) -> Self {
        let uri = NostrWalletConnectUri::parse(uri).unwrap();
        let keys = Keys::new(uri.secret.clone());
        Self { uri, keys }
    }

    /// A request, as it is signed now.
    pub(crate) fn request(&self, method: &str, params: &Value) -> Event {
        self.signed(self.builder(method, params))
    }

    /// The same before it is signed, by NIP-44.
    pub(crate) fn builder(&self, method: &str, params: &Value) -> EventBuilder {
        let text = json!({ "method": method, "params": params }).to_string();
        let (secret, service) = (self.keys.secret_key(), &self.uri.public_key);
        let content = nip44::encrypt(secret, service, text, nip44::Version::V2).unwrap();
        self.encrypted(content)
            .tag(Tag::custom("encryption", ["nip44_v2"]))
    }

    /// A request with this content.
    pub(crate) fn encrypted(&self, content: String) -> EventBuilder {
        EventBuilder::new(Kind::WalletConnectRequest, content)
            .tag(Tag::public_key(self.uri.public_key))
    }

    pub(crate) fn signed(&self, builder: EventBuilder) -> Event {
        builder.finalize(&self.keys).unwrap()
    }

    /// What an answer or a notification says.
    pub(crate) fn read(&self, event: &Event) -> Value {
        let (secret, service) = (self.keys.secret_key(), &self.uri.public_key);
        let text = match event.content.contains("?iv=") {
            true => nip04::decrypt(secret, service, &event.content),
            false => nip44::decrypt(secret, service, &event.content),
        };
        serde_json::from_str(&text.unwrap()).unwrap()
    }

    /// Connects to a relay, and waits until the service is there.
    pub(crate) async fn at(&self, relay: &str) -> Client {
        let (socket, _) = connect_async(relay).await.unwrap();
        let mut client = Client {
            app: self.clone(),
            socket,
        };
        let filter = Filter::new().author(self.uri.public_key);
        let subscription = SubscriptionId::new("app");
        client.say(&ClientMessage::req(subscription, filter)).await;
        client.next(Kind::WalletConnectInfo).await;
        client
    }
}

impl Client {
    pub(crate) async fn send(&mut self, event: &Event) {
        self.say(&ClientMessage::event(event.clone())).await;
    }

    /// Sends a request and waits for its answer.
    pub(crate) async fn call(&mut self, method: &str, params: Value) -> Value {
        let request = self.app.request(method, &params);
        self.send(&request).await;
        self.answer(request.id).await
    }

    /// The same of one that must be answered by a result.
    pub(crate) async fn result(&mut self, method: &str, params: Value) -> Value {
        let answer = self.call(method, params).await;
        assert_eq!(answer["error"], Value::Null, "{answer}");
        assert_eq!(answer["result_type"], method);
        answer["result"].clone()
    }

    /// The code of the error that a request is answered by.
    pub(crate) async fn error(&mut self, method: &str, params: Value) -> String {
        let answer = self.call(method, params).await;
        assert_eq!(answer["result"], Value::Null, "{answer}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(!message.is_empty());
        answer["error"]["code"].as_str().unwrap().to_owned()
    }

    /// Waits for the answer to a request, which must be the next one.
    pub(crate) async fn answer(&mut self, request: EventId) -> Value {
        let event = self.next(Kind::WalletConnectResponse).await;
        let asked: Vec<_> = event.tags.event_ids().collect();
        assert_eq!(asked, [request], "another request is answered");
        let client: Vec<_> = event.tags.public_keys().collect();
        assert_eq!(client, [self.app.keys.public_key()]);
        self.app.read(&event)
    }

    /// Waits for a payment to be told, by NIP-44.
    pub(crate) async fn told(&mut self) -> Value {
        let event = self.next(Kind::WalletConnectNotificationNip44V2).await;
        self.app.read(&event)
    }

    /// Waits for an event of a kind.
    pub(crate) async fn next(&mut self, kind: Kind) -> Event {
        let next = async {
            loop {
                let message = self.socket.next().await.expect("the relay is there");
                let Message::Text(text) = message.unwrap() else {
                    continue;
                };
                if let Ok(RelayMessage::Event { event, .. }) = RelayMessage::from_json(&*text)
                    && event.kind == kind
                {
                    event.verify().unwrap();
                    return event.into_owned();
                }
            }
        };
        let next = timeout(TIMEOUT, next).await;
        next.unwrap_or_else(|_| panic!("no {kind:?} in time"))
    }

    async fn say(&mut self, message: &ClientMessage<'_>) {
        let text = Message::text(message.as_json());
        self.socket.send(text).await.unwrap();
    }
}

/// A connection and the app that it was made for.
pub(crate) fn app(uri: &str, connection: &Connection) -> App {
    let app = App::new(uri);
    assert!(!format!("{connection:?}").contains(&app.keys.secret_key().to_secret_hex()));
    app
}

/// Waits until something holds.
pub(crate) async fn until(holds: impl Fn() -> bool) {
    let mut tick = interval(Duration::from_millis(20));
    let waiting = async {
        while !holds() {
            tick.tick().await;
        }
    };
    timeout(TIMEOUT, waiting).await.expect("in time");
}

/// So long ago, or in the future.
pub(crate) fn seconds_from_now(seconds: i64) -> Timestamp {
    let now = i64::try_from(Timestamp::now().as_secs()).unwrap();
    Timestamp::try_from(now + seconds).unwrap()
}
