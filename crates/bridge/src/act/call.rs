//! Bodies and answers of calls.

use facture_sidecar::ApiError;
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

/// A body.
pub(super) fn written(body: &Map<String, Value>) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(body).map_err(|error| ApiError::Unavailable(error.to_string()))
}

/// What is needed of an answer.
pub(super) fn read<'a, T: Deserialize<'a>>(answer: &'a RawValue) -> Result<T, ApiError> {
    serde_json::from_str(answer.get())
        .map_err(|error| ApiError::Unavailable(format!("its answer cannot be read: {error}")))
}
