//! What a command of the plugin can end in, in lightningd's codes.

use serde_json::{Value, json};

use crate::control::{ApiError, ClientError};

/// An error as lightningd passes it on to the caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct CommandError {
    code: i32,
    message: String,
    data: Option<Value>,
}

/// lightningd's code for a parameter that is wrong.
const INVALID_PARAMS: i32 = -32602;

/// lightningd's code for everything else.
const FAILED: i32 = -1;

/// lightningd's code for an invoice that is not there.
const UNKNOWN_INVOICE: i32 = 905;

impl CommandError {
    /// These parameters cannot be understood.
    pub(super) fn params(message: impl Into<String>) -> Self {
        Self::new(INVALID_PARAMS, message)
    }

    /// One parameter is wrong.
    pub(super) fn param(name: &str, reason: &str) -> Self {
        Self::params(format!("{name}: {reason}"))
    }

    /// It cannot be done now.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::new(FAILED, message)
    }

    fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            data: None,
        }
    }

    /// The same as cln-plugin takes it: it finds code and data in the error's text.
    pub(super) fn into_plugin_error(self) -> cln_plugin::Error {
        let Self {
            code,
            message,
            data,
        } = self;
        let text = json!({ "code": code, "message": message, "data": data });
        cln_plugin::Error::msg(text.to_string())
    }
}

impl From<ClientError> for CommandError {
    fn from(error: ClientError) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<ApiError> for CommandError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Client(error) => error.into(),
            ApiError::NotFound => Self::new(
                UNKNOWN_INVOICE,
                "label: facture has no invoice with this label",
            ),
            ApiError::Refused {
                code,
                message,
                field,
            } => {
                let data = json!({ "code": code });
                let refused = match field.as_deref() {
                    // As the command's parameter is called.
                    Some("amount_msat" | "amount_sat") => Self::param("amount", &message),
                    Some(field) => Self::param(field, &message),
                    None => Self::failed(message),
                };
                Self {
                    data: Some(data),
                    ..refused
                }
            }
        }
    }
}
