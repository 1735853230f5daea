//! The orders' side: `facture serve`, by its private socket or by its address. The payer asks; nobody can call it.

use std::{fmt, fs, time::Duration};

use facture_domain::{
    PaymentHash,
    payout::{PayerId, PayoutId, PayoutState},
};
use facture_runtime::{
    http::{Endpoint, HttpError},
    secret_file::{home, secret},
    tls,
};
use facture_sidecar::{ApiClient, ApiProblem, ConfigError};
use hyper::{Method, StatusCode};
use secrecy::ExposeSecret;
use serde::Serialize;
use tokio::time::timeout;

use crate::{
    config::ServerConfig,
    wire::{BeginJson, ListJson, Order, OutcomeJson, PayoutJson, Report, WorkJson},
};

/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// How long a call may take that waits for nothing.
const DEADLINE: Duration = Duration::from_secs(15);

/// The server with the orders.
#[derive(Debug)]
pub(crate) struct Server {
    api: ApiClient,
}

/// What there is to do.
#[derive(Debug)]
pub(crate) struct Work {
    /// The orders.
    pub(crate) orders: Vec<Order>,
    /// Of the newest event when they were read: what comes later is asked for by it.
    pub(crate) sequence: Option<u64>,
}

/// A call that was not answered as it should be.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ServerError {
    /// There is no answer, or none that can be read: it is worth another try.
    #[error("{0}")]
    Unavailable(String),
    /// The token is not good for it.
    #[error("it does not accept the token of server.token_file: {0}")]
    Unauthorized(String),
    /// It refuses.
    #[error("it refuses: {message} ({status})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// For people.
        message: String,
    },
}

impl Server {
    /// The one of the configuration.
    ///
    /// # Errors
    /// [`ConfigError`] when the token or the authorities cannot be read.
    pub(crate) fn new(config: &ServerConfig) -> Result<Self, ConfigError> {
        let token = secret(&config.token_file)
            .map_err(|error| ConfigError::wrong("server.token_file", error))?;
        let endpoint = match &config.url {
            None => Endpoint::Unix(home(&config.socket)),
            Some(url) => {
                let wrong = |error: &dyn fmt::Display| ConfigError::wrong("server.ca_file", error);
                let trust = match config.ca_file.as_os_str().is_empty() {
                    true => tls::system(),
                    false => {
                        let pem = fs::read(home(&config.ca_file)).map_err(|error| wrong(&error))?;
                        tls::only(&pem)
                    }
                };
                let trust = trust.map_err(|error| wrong(&error))?;
                Endpoint::tls(url, trust)
                    .map_err(|_| ConfigError::wrong("server.url", "cannot be connected to"))?
            }
        };
        let api = ApiClient::new(endpoint, token.expose_secret())
            .map_err(|error| ConfigError::wrong("server.token_file", error))?;
        Ok(Self { api })
    }

    /// What there is to do: at once when something has changed after `after`, otherwise after `wait` at most.
    ///
    /// # Errors
    /// [`ServerError`].
    pub(crate) async fn work(
        &self,
        payer: &PayerId,
        after: Option<u64>,
        wait: Duration,
    ) -> Result<Work, ServerError> {
        let seconds = wait.as_secs();
        let mut path = format!("/api/v1/payouts/work?payer={payer}&wait={seconds}");
        if let Some(after) = after {
            path = format!("{path}&after={after}");
        }
        let answer = self
            .call(Method::GET, &path, Vec::new(), wait + DEADLINE)
            .await?;
        let page: WorkJson = serde_json::from_slice(&answer).map_err(unreadable)?;
        let orders = page.payouts.into_iter().filter_map(PayoutJson::read);
        Ok(Work {
            orders: orders.collect(),
            sequence: page.sequence,
        })
    }

    /// All payouts that some payer has begun and has not ended.
    ///
    /// # Errors
    /// [`ServerError`].
    pub(crate) async fn under_way(&self) -> Result<Vec<Order>, ServerError> {
        let mut orders = Vec::new();
        for state in [PayoutState::Paying, PayoutState::Unknown] {
            let mut after = String::new();
            loop {
                let path = format!("/api/v1/payouts?state={}&limit=100{after}", state.as_str());
                let answer = self.call(Method::GET, &path, Vec::new(), DEADLINE).await?;
                let page: ListJson = serde_json::from_slice(&answer).map_err(unreadable)?;
                orders.extend(page.payouts.into_iter().filter_map(PayoutJson::read));
                match page.next_cursor {
                    Some(next) => after = format!("&cursor={next}"),
                    None => break,
                }
            }
        }
        Ok(orders)
    }

    /// Says that a payout is begun, with this payment hash. The same again is no error.
    ///
    /// # Errors
    /// [`ServerError`].
    pub(crate) async fn begin(
        &self,
        payer: &PayerId,
        id: &PayoutId,
        payment_hash: PaymentHash,
        bolt11: Option<&str>,
    ) -> Result<(), ServerError> {
        let body = BeginJson {
            payer: payer.as_str(),
            payment_hash: payment_hash.to_string(),
            bolt11,
        };
        self.post(&format!("/api/v1/payouts/{id}/begin"), &body)
            .await
    }

    /// Says what became of a payout. The same again is no error.
    ///
    /// # Errors
    /// [`ServerError`].
    pub(crate) async fn report(
        &self,
        payer: &PayerId,
        id: &PayoutId,
        report: &Report,
    ) -> Result<(), ServerError> {
        let body = OutcomeJson::of(payer.as_str(), report);
        self.post(&format!("/api/v1/payouts/{id}/outcome"), &body)
            .await
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> Result<(), ServerError> {
        let body = serde_json::to_vec(body).map_err(unreadable)?;
        let answer = self.call(Method::POST, path, body, DEADLINE).await;
        answer.map(drop)
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        time: Duration,
    ) -> Result<Vec<u8>, ServerError> {
        let late = |_| ServerError::Unavailable(format!("no answer in {} s", time.as_secs()));
        let answer = timeout(time, self.answer(method, path, body)).await;
        answer.map_err(late).flatten()
    }

    async fn answer(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, ServerError> {
        let unavailable = |error: &dyn fmt::Display| ServerError::Unavailable(error.to_string());
        let opened = self.api.endpoint.open().await;
        let mut connection = opened.map_err(|error| unavailable(&error))?;
        let request = self.api.request(method, path, None, body);
        let request = request.map_err(|error| unavailable(&error))?;
        let exchanged = connection.exchange(request, MAX_ANSWER_BYTES).await;
        let (status, body) =
            exchanged.map_err(|error| ServerError::Unavailable(HttpError::into_reason(error)))?;
        if status.is_success() {
            return Ok(body.to_vec());
        }
        Err(refusal(status, &body))
    }
}

fn refusal(status: StatusCode, body: &[u8]) -> ServerError {
    let error = ApiProblem::read(body);
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            ServerError::Unauthorized(error.message)
        }
        // It is busy, or something between us is: the same may be accepted later.
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            ServerError::Unavailable(status.to_string())
        }
        _ if status.is_server_error() => ServerError::Unavailable(status.to_string()),
        _ => ServerError::Refused {
            status: status.as_u16(),
            message: error.message,
        },
    }
}

fn unreadable(error: serde_json::Error) -> ServerError {
    ServerError::Unavailable(format!("its answer cannot be read: {error}"))
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.api.endpoint.fmt(f)
    }
}
