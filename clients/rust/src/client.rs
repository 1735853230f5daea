//! Calls of the API.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode, Url, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    error::{ApiError, Error},
    models::{EventPage, Invoice, NewInvoice},
    operations::{Operation, Repeat},
};

/// How often a call is repeated.
const RETRIES: u32 = 4;

/// The first pause, and the longest that the client makes by itself.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// The longest pause that a server may ask for.
const MAX_ASKED: Duration = Duration::from_secs(60);

/// How long an answer may take: longer than the API waits.
const TIMEOUT: Duration = Duration::from_secs(75);

/// A facture. Calls are repeated when that is harmless: with an `Idempotency-Key`, which is made up if none is given.
#[derive(Clone, Debug)]
pub struct Facture {
    client: reqwest::Client,
    url: Url,
    token: String,
}

/// What a call has besides its operation.
#[derive(Clone, Debug, Default)]
pub struct Call<'c> {
    /// The parts of the path, by their names.
    pub path: &'c [(&'static str, &'c str)],
    /// The query.
    pub query: &'c [(&'static str, String)],
    /// The body, as JSON.
    pub body: Option<Value>,
    /// Under which the call is one call however often it is made.
    pub idempotency_key: Option<&'c str>,
}

impl Facture {
    /// With a client of its own, which follows no redirects: the token is for one server.
    ///
    /// # Errors
    /// [`Error::Address`], [`Error::Connection`] when the HTTP client cannot be made.
    pub fn new(url: &str, token: &str) -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .build();
        Self::with_client(client.map_err(Error::Connection)?, url, token)
    }

    /// With this HTTP client, which should follow no redirects.
    ///
    /// # Errors
    /// [`Error::Address`].
    pub fn with_client(client: reqwest::Client, url: &str, token: &str) -> Result<Self, Error> {
        let url = Url::parse(url).ok().filter(Url::has_host);
        Ok(Self {
            client,
            url: url.ok_or(Error::Address)?,
            token: token.to_owned(),
        })
    }

    /// Calls an operation. An answer without a body is `null`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn call<T: DeserializeOwned>(
        &self,
        operation: &Operation,
        call: Call<'_>,
    ) -> Result<T, Error> {
        let body = self.answer(operation, &call).await?;
        let body = if body.is_empty() { b"null" } else { &*body };
        serde_json::from_slice(body).map_err(Error::Unreadable)
    }

    /// `createInvoice`. With a key, such as the order's number, it is one invoice also after your program was restarted.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn create_invoice(
        &self,
        new: &NewInvoice,
        idempotency_key: Option<&str>,
    ) -> Result<Invoice, Error> {
        let call = Call {
            body: Some(serde_json::to_value(new).map_err(Error::Unreadable)?),
            idempotency_key,
            ..Call::default()
        };
        self.call(&Operation::CREATE_INVOICE, call).await
    }

    /// `readInvoice`
    ///
    /// # Errors
    /// [`Error`].
    pub async fn read_invoice(&self, label: &str) -> Result<Invoice, Error> {
        let call = Call {
            path: &[("label", label)],
            ..Call::default()
        };
        self.call(&Operation::READ_INVOICE, call).await
    }

    /// `waitForInvoice`: waits up to so many seconds, at most 60, for it to be paid, held, expired or cancelled, and
    /// returns it as it is then.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn wait_for_invoice(&self, label: &str, seconds: u32) -> Result<Invoice, Error> {
        let call = Call {
            path: &[("label", label)],
            query: &[("timeout", seconds.to_string())],
            ..Call::default()
        };
        let changed: Option<Invoice> = self.call(&Operation::WAIT_FOR_INVOICE, call).await?;
        match changed {
            Some(invoice) => Ok(invoice),
            None => self.read_invoice(label).await,
        }
    }

    /// `cancelInvoice`
    ///
    /// # Errors
    /// [`Error`].
    pub async fn cancel_invoice(&self, label: &str) -> Result<Invoice, Error> {
        let call = Call {
            path: &[("label", label)],
            body: Some(json!({})),
            ..Call::default()
        };
        self.call(&Operation::CANCEL_INVOICE, call).await
    }

    /// `listEvents`: what happened after this sequence, in order. Store `next_after` and go on from there.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn events(&self, after: u64) -> Result<EventPage, Error> {
        let call = Call {
            query: &[("after", after.to_string())],
            ..Call::default()
        };
        self.call(&Operation::LIST_EVENTS, call).await
    }

    async fn answer(&self, operation: &Operation, call: &Call<'_>) -> Result<Vec<u8>, Error> {
        let url = self.target(operation, call)?;
        let made_up = format!("{:032x}", rand::random::<u128>());
        let key = call.idempotency_key.unwrap_or(&made_up);
        let retries = match operation.repeat {
            Repeat::Never => 0,
            Repeat::Always | Repeat::WithKey => RETRIES,
        };
        let mut attempt = 0;
        loop {
            let answer = self.send(operation, &url, call, key).await;
            let pause = match answer {
                Ok(response) if is_retried(response.status()) && attempt < retries => {
                    pause(attempt).max(asked(&response))
                }
                Ok(response) => match read(response).await {
                    Err(Error::Connection(_)) if attempt < retries => pause(attempt),
                    read => return read,
                },
                Err(_) if attempt < retries => pause(attempt),
                Err(error) => return Err(Error::Connection(error)),
            };
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    async fn send(
        &self,
        operation: &Operation,
        url: &Url,
        call: &Call<'_>,
        key: &str,
    ) -> Result<Response, reqwest::Error> {
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap_or_default();
        let request = self
            .client
            .request(method, url.clone())
            .bearer_auth(&self.token);
        let request = request.header(header::ACCEPT, "application/json");
        let request = match operation.repeat {
            Repeat::WithKey => request.header("Idempotency-Key", key),
            Repeat::Always | Repeat::Never => request,
        };
        match &call.body {
            Some(body) => request.json(body).send().await,
            None => request.send().await,
        }
    }

    /// The address, its gaps filled.
    fn target(&self, operation: &Operation, call: &Call<'_>) -> Result<Url, Error> {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            for part in operation.path.split('/').skip(1) {
                let name = part
                    .strip_prefix('{')
                    .and_then(|part| part.strip_suffix('}'));
                segments.push(match name {
                    None => part,
                    Some(name) => {
                        let given = call.path.iter().find(|(given, _)| *given == name);
                        given.ok_or(Error::Path(name))?.1
                    }
                });
            }
        }
        for (name, value) in call.query {
            url.query_pairs_mut().append_pair(name, value);
        }
        Ok(url)
    }
}

async fn read(response: Response) -> Result<Vec<u8>, Error> {
    let status = response.status();
    let body = response.bytes().await.map_err(Error::Connection)?;
    match status.is_success() {
        true => Ok(body.into()),
        false => Err(Error::Api(ApiError::read(status.as_u16(), &body))),
    }
}

/// Whether it is worth another try: the call was not carried out, or not yet.
fn is_retried(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 502 | 503 | 504)
}

/// Twice as long each time, and not in step with others.
fn pause(attempt: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << attempt).min(MAX_PAUSE);
    let jitter = rand::random_range(50..=100);
    longest * jitter / 100
}

/// What the server asks for, within limits.
fn asked(response: &Response) -> Duration {
    let after = response.headers().get(header::RETRY_AFTER);
    let seconds = after.and_then(|after| after.to_str().ok()?.parse().ok());
    seconds
        .map_or(Duration::ZERO, Duration::from_secs)
        .min(MAX_ASKED)
}
