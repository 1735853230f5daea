//! The envelope of a request, with the checks lightningd makes before it looks at the command, in its order. What a
//! method does is the commands' business.

use super::filter::Filter;
use super::reply::RpcError;
use super::token::{Kind, Token};

const INVALID_REQUEST: i32 = -32600;

/// A call.
#[derive(Debug)]
pub(super) struct Request<'a> {
    /// The id as written, quotes included.
    pub(super) id: &'a str,
    /// The method.
    pub(super) method: &'a str,
    /// Its parameters: an object or an array, if the client did it right.
    pub(super) params: &'a Token<'a>,
    filter: Option<&'a Token<'a>>,
}

/// A request that is no call; what to answer.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The id to answer with.
    pub(super) id: String,
    /// The error.
    pub(super) error: RpcError,
}

/// Reads an envelope that is known to have a `jsonrpc` member.
pub(super) fn read<'a>(token: &'a Token<'a>) -> Result<Request<'a>, Refusal> {
    let id = match token.member("id") {
        None => return Err(refusal("null", INVALID_REQUEST, "No id")),
        Some(id) if matches!(id.kind(), Kind::Object(_) | Kind::List(_)) => {
            return Err(refusal(
                "null",
                INVALID_REQUEST,
                "Expected string/primitive for id",
            ));
        }
        Some(id) => id.full(),
    };
    match token.member("jsonrpc") {
        Some(version) if version.is_text() && version.text() == "2.0" => {}
        _ => {
            return Err(refusal(
                "null",
                INVALID_REQUEST,
                "jsonrpc: \"2.0\" must be specified in the request",
            ));
        }
    }
    let Some(method) = token.member("method") else {
        return Err(refusal(id, INVALID_REQUEST, "No method"));
    };
    let Some(params) = token.member("params") else {
        return Err(refusal(id, INVALID_REQUEST, "No params"));
    };
    if !method.is_text() {
        return Err(refusal(id, INVALID_REQUEST, "Expected string for method"));
    }
    Ok(Request {
        id,
        method: method.text(),
        params,
        filter: token.member("filter"),
    })
}

impl Request<'_> {
    /// What of the result the client wants.
    ///
    /// # Errors
    /// -32602 when the `filter` member is wrong.
    pub(super) fn filter(&self) -> Result<Filter, RpcError> {
        self.filter.map_or(Ok(Filter::Keep), Filter::parse)
    }
}

/// The error after which lightningd reads nothing more from a connection.
pub(super) fn malformed(message: &str, bytes: &[u8]) -> RpcError {
    RpcError::new(
        INVALID_REQUEST,
        format!("{message} '{}'", String::from_utf8_lossy(bytes)),
    )
}

fn refusal(id: &str, code: i32, message: &str) -> Refusal {
    Refusal {
        id: id.to_owned(),
        error: RpcError::new(code, message),
    }
}
