//! How a running server is, and how a visit of its public address arrived there: what `facture doctor` asks.

use hyper::Method;
use serde::{Deserialize, Serialize};

use super::client::{Client, ClientError};

/// How a running server is.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ServerStatus {
    /// Its version.
    pub version: String,
    /// How it stands with its node.
    pub node: NodeLink,
    /// How long ago it was last certain that the records had everything, in seconds; `None`: not since the start.
    pub confirmed_seconds_ago: Option<u64>,
    /// Why the records cannot be read; `None` where they can.
    pub records_error: Option<String>,
    /// The webhooks.
    pub webhooks: WebhookStatus,
    /// Whether a payer was there lately.
    pub payer: PayerPresence,
}

/// How a server stands with its node.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeLink {
    /// Not reached yet since the start.
    Connecting,
    /// It follows it.
    Following,
    /// Lost, for this reason.
    Disconnected(String),
}

/// How a server's webhooks are.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct WebhookStatus {
    /// How many deliveries wait.
    pub waiting: u64,
    /// Receivers that do not take what is sent to them.
    pub failing: Vec<String>,
    /// Receivers of endpoints that are switched off.
    pub disabled: Vec<String>,
}

/// Whether a payer was there.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PayerPresence {
    /// In the last minute.
    Present,
    /// Not in the last minute, or not since the start.
    NotSeen,
}

/// A visit that a server was told to expect, as it arrived there.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct ArrivedVisit {
    /// The host that it named.
    pub host: Option<String>,
    /// Who connected to the server.
    pub peer: String,
    /// By which way it came.
    pub way: ArrivedBy,
    /// What a proxy says that the visitor used: `http` or `https`.
    pub forwarded_scheme: Option<String>,
}

/// By which way a visit arrived.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ArrivedBy {
    /// Nothing says that there was a proxy.
    Direct,
    /// A proxy that is trusted, and that named the visitor.
    TrustedProxy,
    /// A proxy that is trusted, and that did not name the visitor.
    SilentProxy,
    /// A proxy that is not trusted: it names the visitor to no effect.
    UntrustedProxy,
}

/// What the visit must say to be recognised.
#[derive(Deserialize)]
struct ExpectedVisitJson {
    probe: String,
}

/// The visit, if it arrived.
#[derive(Deserialize)]
struct VisitJson {
    visit: Option<ArrivedVisit>,
}

impl Client {
    /// How the server is.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn status(&mut self) -> Result<ServerStatus, ClientError> {
        self.call(Method::GET, "/status", &()).await
    }

    /// Has the server expect a visit of `/healthz?probe=` and the text that this returns. Only the last one is expected.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn expect_visit(&mut self) -> Result<String, ClientError> {
        let ExpectedVisitJson { probe } = self.call(Method::POST, "/visits", &()).await?;
        Ok(probe)
    }

    /// The visit that was expected; `None` when it has not arrived.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn visit(&mut self, probe: &str) -> Result<Option<ArrivedVisit>, ClientError> {
        let path = format!("/visits/{probe}");
        let VisitJson { visit } = self.call(Method::GET, &path, &()).await?;
        Ok(visit)
    }
}
