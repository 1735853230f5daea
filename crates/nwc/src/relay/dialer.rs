//! Opening a connection to a relay.

use std::{error::Error, fs, time::Duration};

use facture_runtime::{
    guard::{self, AllowedAddresses, Connector, Policy, Proxy, Resolver},
    secret_file::home,
    tls,
};
use facture_sidecar::ConfigError;
use hyper::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use nostr::types::RelayUrl;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config, tungstenite::protocol::WebSocketConfig,
};
use tower::ServiceExt;

use crate::{config::RelaysConfig, error::NwcError};

/// The longest message of a relay, in bytes.
const MAX_MESSAGE_BYTES: usize = 256 * 1024;

/// How long a relay may take until the connection is open.
const DEADLINE: Duration = Duration::from_secs(10);

/// A connection to a relay.
pub(super) type Socket = WebSocketStream<TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>>;

/// Opens connections. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Dialer {
    connector: HttpsConnector<Connector>,
}

impl Dialer {
    /// By what the configuration says of relays. They are the owner's choice: any address may be one.
    pub(crate) fn new(config: &RelaysConfig) -> Result<Self, NwcError> {
        let proxy = match &config.proxy {
            None => Proxy::Off,
            Some(address) => {
                let uri = format!("socks5://{address}/").parse::<Uri>();
                Proxy::All(uri.map_err(|error| ConfigError::wrong("relays.proxy", error))?)
            }
        };
        let trust = match &config.ca_file {
            None => tls::system()?,
            Some(file) => {
                let wrong = |error: &dyn std::fmt::Display| {
                    ConfigError::wrong("relays.ca_file", format!("{}: {error}", file.display()))
                };
                let text = fs::read(home(file)).map_err(|error| wrong(&error))?;
                tls::only(&text).map_err(|error| wrong(&error))?
            }
        };
        let resolver = Resolver::new(Policy::new(AllowedAddresses::Any), guard::system());
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(trust)
            .https_or_http();
        let connector = https
            .enable_http1()
            .wrap_connector(Connector::new(resolver, proxy));
        Ok(Self { connector })
    }

    /// Opens one; the error says why there is none.
    pub(super) async fn dial(&self, url: &RelayUrl) -> Result<Socket, String> {
        let opening = async {
            // `ws` and `wss` are `http` and `https` until the connection is open.
            let uri = url.as_str().replacen("ws", "http", 1);
            let uri: Uri = uri.parse().map_err(|error| words(&error))?;
            let connector = self.connector.clone();
            let stream = connector
                .oneshot(uri)
                .await
                .map_err(|error| words(&*error))?;
            let config = WebSocketConfig::default()
                .max_message_size(Some(MAX_MESSAGE_BYTES))
                .max_frame_size(Some(MAX_MESSAGE_BYTES));
            let opened =
                client_async_with_config(url.as_str(), TokioIo::new(stream), Some(config)).await;
            let (socket, _) = opened.map_err(|error| words(&error))?;
            Ok(socket)
        };
        let late = |_| format!("no answer in {} s", DEADLINE.as_secs());
        timeout(DEADLINE, opening).await.map_err(late).flatten()
    }
}

/// An error with what caused it.
fn words(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}
