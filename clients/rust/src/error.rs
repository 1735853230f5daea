//! What can go wrong.

use serde::Deserialize;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The API says what is wrong.
    #[error("{0}")]
    Api(ApiError),
    /// There was no answer, also after the retries: whether the call was carried out is not known.
    #[error("no answer")]
    Connection(#[source] reqwest::Error),
    /// The answer is not what the API's document says.
    #[error("the answer cannot be read")]
    Unreadable(#[source] serde_json::Error),
    /// The server's address is none.
    #[error("the address of the server must begin with http:// or https://")]
    Address,
    /// A part of the operation's path is missing; its name.
    #[error("the path needs {0}")]
    Path(&'static str),
}

/// What the API says is wrong. Branch on `code`; new codes may be added.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, thiserror::Error)]
#[error("{code}: {message}")]
#[non_exhaustive]
pub struct ApiError {
    /// The HTTP status.
    #[serde(skip)]
    pub status: u16,
    /// For programs.
    pub code: String,
    /// For developers, in English.
    #[serde(default)]
    pub message: String,
    /// The field that is wrong.
    pub field: Option<String>,
    /// By which the server's log has it.
    pub request_id: Option<String>,
}

impl ApiError {
    /// Reads an answer. That of a proxy has the code `unknown`.
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Body {
            error: ApiError,
        }
        match serde_json::from_slice(body) {
            Ok(Body { error }) => Self { status, ..error },
            Err(_) => Self {
                status,
                code: "unknown".to_owned(),
                message: format!("the server answers {status}"),
                field: None,
                request_id: None,
            },
        }
    }
}
