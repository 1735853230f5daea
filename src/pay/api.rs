//! The server's API, by its private socket or by its address.

use std::fs;

use anyhow::{Context, bail};
use facture_runtime::{
    http::{Endpoint, HttpError},
    tls,
};
use hyper::{
    Method, Request,
    header::{self, HeaderValue},
};
use serde_json::Value;
use url::Url;

use crate::cli::payer::PayArgs;

/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Where the orders go.
pub(super) struct Api {
    endpoint: Endpoint,
    authorization: HeaderValue,
}

impl Api {
    pub(super) fn new(args: &PayArgs) -> anyhow::Result<Self> {
        let file = args.token_file.display();
        let token = fs::read_to_string(&args.token_file).with_context(|| format!("{file}"))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", token.trim()));
        let mut authorization = bearer.with_context(|| format!("{file} holds no token"))?;
        authorization.set_sensitive(true);
        let endpoint = match (&args.socket, &args.url) {
            (_, Some(url)) => by_url(url)?,
            (Some(socket), None) => Endpoint::Unix(socket.clone()),
            (None, None) => bail!("--socket or --url is missing"),
        };
        Ok(Self {
            endpoint,
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
        let mut connection = self.endpoint.open().await?;
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.endpoint.host())
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(body.into())?;
        let exchanged = connection.exchange(request, MAX_ANSWER_BYTES).await;
        let (status, body) = exchanged.map_err(|error| {
            let reason = HttpError::into_reason(error);
            anyhow::anyhow!("the server's answer was lost: {reason}")
        })?;
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        if !status.is_success() {
            let message = value["error"]["message"].as_str().unwrap_or_default();
            bail!("the server refuses: {message} ({status})");
        }
        Ok(value)
    }
}

fn by_url(url: &str) -> anyhow::Result<Endpoint> {
    let url = Url::parse(url).context("--url")?;
    if url.scheme() != "https" {
        bail!("--url: must be https");
    }
    Endpoint::tls(&url, tls::system()?).context("--url")
}
