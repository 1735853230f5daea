//! The server's API, by its address or by its private socket.

use std::{fs, time::Duration};

use anyhow::{Context, anyhow, bail};
use facture_runtime::{
    http::{Endpoint, HttpError},
    tls,
};
use facture_sidecar::{ApiClient, ApiProblem};
use hyper::{Method, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use url::Url;

use crate::cli::devtools::ServerArgs;

/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// How long a call may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// The server.
pub(super) struct Api {
    pub(super) client: ApiClient,
}

/// An answer that says that something was not done.
#[derive(Debug, thiserror::Error)]
#[error("the server refuses: {} ({status})", problem.message)]
pub(super) struct Refused {
    pub(super) status: StatusCode,
    pub(super) problem: ApiProblem,
}

impl Api {
    pub(super) fn new(args: &ServerArgs) -> anyhow::Result<Self> {
        let token = match (&args.token, &args.token_file) {
            (Some(token), _) => token.clone(),
            (None, Some(file)) => {
                fs::read_to_string(file).with_context(|| file.display().to_string())?
            }
            (None, None) => bail!("--token or --token-file is missing"),
        };
        let endpoint = match &args.socket {
            Some(socket) => Endpoint::Unix(socket.clone()),
            None => by_url(&args.url)?,
        };
        let client = ApiClient::new(endpoint, token.trim());
        Ok(Self {
            client: client.map_err(|_| anyhow!("that is not a token"))?,
        })
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        self.call(Method::GET, path, Vec::new()).await
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Vec<u8>,
    ) -> anyhow::Result<T> {
        self.call(Method::POST, path, body).await
    }

    /// Errors are [`Refused`] where the server said no.
    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> anyhow::Result<T> {
        let request = self.client.request(method, path, None, body)?;
        let exchange = async {
            let mut connection = self.client.endpoint.open().await?;
            let exchanged = connection.exchange(request, MAX_ANSWER_BYTES).await;
            exchanged.map_err(|error| {
                let reason = HttpError::into_reason(error);
                anyhow!("the server's answer was lost: {reason}")
            })
        };
        let (status, body) = timeout(DEADLINE, exchange)
            .await
            .map_err(|_| anyhow!("the server does not answer"))
            .flatten()?;
        if !status.is_success() {
            let problem = ApiProblem::read(&body);
            return Err(Refused { status, problem }.into());
        }
        serde_json::from_slice(&body).context("the server's answer cannot be read")
    }
}

fn by_url(text: &str) -> anyhow::Result<Endpoint> {
    let url = Url::parse(text).context("--url")?;
    if url.scheme() == "https" {
        return Endpoint::tls(&url, tls::system()?).context("--url");
    }
    Endpoint::loopback(&url).map_err(|_| {
        anyhow!("--url: must be https, or http on this machine, for the token is sent")
    })
}
