//! The server's API, by its private socket or by its address.

use std::fs;

use anyhow::{Context, anyhow, bail};
use facture_runtime::{
    http::{Endpoint, HttpError},
    tls,
};
use facture_sidecar::{ApiClient, ApiProblem};
use http_body_util::Full;
use hyper::{Method, Request, body::Bytes};
use serde_json::Value;
use url::Url;

use crate::cli::payer::PayArgs;

/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Where the orders go.
pub(super) struct Api {
    client: ApiClient,
}

impl Api {
    pub(super) fn new(args: &PayArgs) -> anyhow::Result<Self> {
        let file = args.token_file.display();
        let token = fs::read_to_string(&args.token_file).with_context(|| format!("{file}"))?;
        let endpoint = match (&args.socket, &args.url) {
            (_, Some(url)) => by_url(url)?,
            (Some(socket), None) => Endpoint::Unix(socket.clone()),
            (None, None) => bail!("--socket or --url is missing"),
        };
        let client = ApiClient::new(endpoint, token.trim());
        Ok(Self {
            client: client.map_err(|_| anyhow!("{file} holds no token"))?,
        })
    }

    /// Orders a payout. The same key again is the same payout.
    pub(super) async fn order(&self, key: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self.client.request(
            Method::POST,
            "/api/v1/payouts",
            Some(key),
            body.to_string().into(),
        );
        self.call(request.context("--idempotency-key")?).await
    }

    /// Reads a payout.
    pub(super) async fn find(&self, id: &str) -> anyhow::Result<Value> {
        let path = format!("/api/v1/payouts/{id}");
        let request = self.client.request(Method::GET, &path, None, Vec::new());
        self.call(request?).await
    }

    async fn call(&self, request: Request<Full<Bytes>>) -> anyhow::Result<Value> {
        let mut connection = self.client.endpoint.open().await?;
        let exchanged = connection.exchange(request, MAX_ANSWER_BYTES).await;
        let (status, body) = exchanged.map_err(|error| {
            let reason = HttpError::into_reason(error);
            anyhow!("the server's answer was lost: {reason}")
        })?;
        if !status.is_success() {
            let ApiProblem { message, .. } = ApiProblem::read(&body);
            bail!("the server refuses: {message} ({status})");
        }
        Ok(serde_json::from_slice(&body).unwrap_or_default())
    }
}

fn by_url(url: &str) -> anyhow::Result<Endpoint> {
    let url = Url::parse(url).context("--url")?;
    if url.scheme() != "https" {
        bail!("--url: must be https");
    }
    Endpoint::tls(&url, tls::system()?).context("--url")
}
