//! The server's API, by its private socket or by its address.

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};
use facture_runtime::{http, tls};
use hyper::{
    Method, Request, Uri,
    header::{self, HeaderValue},
};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use url::{Position, Url};

use crate::cli::payer::PayArgs;

/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Where the orders go.
pub(super) struct Api {
    place: Place,
    authorization: HeaderValue,
}

enum Place {
    Socket(PathBuf),
    Url {
        uri: Uri,
        host: HeaderValue,
        connector: HttpsConnector<HttpConnector>,
    },
}

impl Api {
    pub(super) fn new(args: &PayArgs) -> anyhow::Result<Self> {
        let file = args.token_file.display();
        let token = fs::read_to_string(&args.token_file).with_context(|| format!("{file}"))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", token.trim()));
        let mut authorization = bearer.with_context(|| format!("{file} holds no token"))?;
        authorization.set_sensitive(true);
        let place = match (&args.socket, &args.url) {
            (_, Some(url)) => by_url(url)?,
            (Some(socket), None) => Place::Socket(socket.clone()),
            (None, None) => bail!("--socket or --url is missing"),
        };
        Ok(Self {
            place,
            authorization,
        })
    }

    /// Orders a payout. The same key again is the same payout.
    pub(super) async fn order(&self, key: &str, body: &Value) -> anyhow::Result<Value> {
        let key = HeaderValue::from_str(key).context("--idempotency-key")?;
        let path = "/api/v1/payouts";
        self.call(Method::POST, path, Some(key), body.to_string())
            .await
    }

    /// Reads a payout.
    pub(super) async fn find(&self, id: &str) -> anyhow::Result<Value> {
        let path = format!("/api/v1/payouts/{id}");
        self.call(Method::GET, &path, None, String::new()).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        key: Option<HeaderValue>,
        body: String,
    ) -> anyhow::Result<Value> {
        let localhost = HeaderValue::from_static("localhost");
        let (mut connection, host) = match &self.place {
            Place::Socket(socket) => (http::Connection::open_unix(socket).await?, &localhost),
            Place::Url {
                uri,
                host,
                connector,
            } => (http::Connection::open(connector, uri).await?, host),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, host)
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let lost = |error: http::HttpError| match error {
            http::HttpError::Lost(reason) | http::HttpError::Unreadable(reason) => {
                anyhow::anyhow!("the server's answer was lost: {reason}")
            }
        };
        let answer = connection.send(request.body(body.into())?).await;
        let answer = answer.map_err(lost)?.await.map_err(lost)?;
        let status = answer.status();
        let body = http::read(answer.into_body(), MAX_ANSWER_BYTES).await;
        let body = body.map_err(lost)?;
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        if !status.is_success() {
            let message = value["error"]["message"].as_str().unwrap_or_default();
            bail!("the server refuses: {message} ({status})");
        }
        Ok(value)
    }
}

fn by_url(url: &str) -> anyhow::Result<Place> {
    let url = Url::parse(url).context("--url")?;
    if url.scheme() != "https" {
        bail!("--url: must be https");
    }
    let host = &url[Position::BeforeHost..Position::AfterPort];
    Ok(Place::Url {
        uri: url.as_str().parse().context("--url")?,
        host: HeaderValue::from_str(host).context("--url")?,
        connector: http::connector(tls::system()?),
    })
}
