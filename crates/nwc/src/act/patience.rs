//! A server that is away for a moment, as when it is restarted.

use std::time::Duration;

use facture_sidecar::ApiError;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep};

use crate::wire::{Code, Failure};

/// How long a server that is away is asked again. Clients wait ten seconds at least.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause in between.
const PAUSE: Duration = Duration::from_millis(250);

/// Makes a call until it is answered, or for some seconds. The call must be one that may be made twice.
pub(super) async fn patiently<T, F>(call: impl Fn() -> F) -> Result<T, Failure>
where
    T: DeserializeOwned,
    F: Future<Output = Result<Box<RawValue>, ApiError>>,
{
    let end = Instant::now() + PATIENCE;
    let answer = loop {
        match call().await {
            Ok(answer) => break answer,
            Err(ApiError::Unavailable(_)) if Instant::now() < end => sleep(PAUSE).await,
            Err(error) => return Err(failure(error)),
        }
    };
    serde_json::from_str(answer.get()).map_err(|error| {
        tracing::error!(%error, "the server's answer cannot be read");
        Failure::new(Code::Internal, "the shop's server answers something else")
    })
}

/// What a client is told. What concerns the shop's owner alone is in the log.
fn failure(error: ApiError) -> Failure {
    match error {
        ApiError::Unavailable(reason) => {
            tracing::warn!(reason, "the server does not answer");
            Failure::new(Code::Internal, "the shop's server does not answer")
        }
        ApiError::Unauthorized(reason) => {
            tracing::error!(reason, "the server does not accept server.token_file");
            Failure::new(Code::Internal, "the shop's server refuses")
        }
        ApiError::Refused { message, .. } => Failure::new(Code::Other, message),
    }
}
