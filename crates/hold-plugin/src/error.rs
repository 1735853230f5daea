//! What a call of the plugin can end in, in lightningd's codes.

use serde_json::{Value, json};

use crate::machine::Refusal;

/// lightningd's code for a parameter that is wrong.
pub(crate) const INVALID_PARAMS: i32 = -32602;

/// lightningd's code for everything else.
const FAILED: i32 = -1;

/// lightningd's code for a label that exists.
pub(crate) const DUPLICATE_LABEL: i32 = 900;

/// lightningd's code for a preimage, or payment hash, that exists.
pub(crate) const DUPLICATE_PREIMAGE: i32 = 901;

/// lightningd's code for an invoice that is not there.
pub(crate) const UNKNOWN_INVOICE: i32 = 905;

/// An error as lightningd passes it on to the caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct CallError {
    pub(crate) code: i32,
    pub(crate) message: String,
    pub(crate) data: Option<Value>,
}

impl CallError {
    /// With a code and words.
    pub(crate) fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            data: None,
        }
    }

    /// A parameter is wrong.
    pub(crate) fn param(name: &str, reason: &str) -> Self {
        Self::new(INVALID_PARAMS, format!("{name}: {reason}"))
    }

    /// What is nobody's fault.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(FAILED, message)
    }

    /// The same as cln-plugin takes it: it finds code and data in the error's text.
    pub(crate) fn into_plugin_error(self) -> cln_plugin::Error {
        let Self {
            code,
            message,
            data,
        } = self;
        let text = json!({ "code": code, "message": message, "data": data });
        cln_plugin::Error::msg(text.to_string())
    }
}

impl From<Refusal> for CallError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::DuplicateLabel => Self::new(DUPLICATE_LABEL, "Duplicate label"),
            Refusal::DuplicateHash => Self::new(DUPLICATE_PREIMAGE, "preimage already used"),
            Refusal::Unknown => Self::new(UNKNOWN_INVOICE, "Unknown invoice"),
            Refusal::OtherPreimage => Self::param("preimage", "it is another invoice's"),
            Refusal::State(state) => Self {
                code: 906,
                message: format!("Invoice status is {state}"),
                data: Some(json!({ "current_status": state })),
            },
        }
    }
}
