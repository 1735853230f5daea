//! What goes wrong with a call on a connection, before the client knows it as its own [`Error`].

use std::io;

use cln_rpc::RpcError;
use serde_json::Value;

use super::{
    error::{Error, UNKNOWN_METHOD},
    method::Method,
};
use facture_domain::NodeId;

/// So long an answer may be, in bytes. A page of 100 invoices has some 200 kB, a thousand channels have some megabytes.
pub(super) const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Why a call on a connection failed, still without its method's name.
pub(super) enum CallError {
    Unreachable(io::Error),
    OtherNode { expected: NodeId, found: NodeId },
    Forbidden { method: Method, reason: String },
    Busy,
    Lost(String),
    Unreadable(String),
    Rejected(i32, String, Option<Value>),
    Malformed(String),
}

impl CallError {
    pub(super) fn into_error(self, method: Method) -> Error {
        match self {
            Self::Unreachable(error) => Error::Unreachable(error),
            Self::OtherNode { expected, found } => Error::OtherNode { expected, found },
            Self::Forbidden { method, reason } => Error::Forbidden { method, reason },
            Self::Busy => Error::Busy,
            Self::Lost(reason) => Error::Lost { method, reason },
            Self::Unreadable(reason) => Error::Unreadable { method, reason },
            Self::Rejected(UNKNOWN_METHOD, ..) if Method::OF_PLUGIN.contains(&method) => {
                Error::NoPlugin { method }
            }
            Self::Rejected(UNKNOWN_METHOD, ..) => Error::TooOld { method },
            Self::Rejected(code, message, data) => Error::Rejected {
                method,
                code,
                message,
                data,
            },
            Self::Malformed(reason) => Error::Malformed { method, reason },
        }
    }
}

impl From<RpcError> for CallError {
    /// lightningd's refusals have a code. clnrest asks it by `cln_rpc`, whose own failures have none; those it passes on,
    /// too, and they can be told apart by their words only (`ClnRpc::call_raw_request` of cln-rpc 0.7).
    fn from(error: RpcError) -> Self {
        match error.code {
            Some(code) => Self::Rejected(code, error.message, error.data),
            None if error.message.starts_with("Invalid response") => Self::Malformed(error.message),
            None if error.message.starts_with("reading response") => {
                Self::Unreadable(error.message)
            }
            None => Self::Lost(error.message),
        }
    }
}
