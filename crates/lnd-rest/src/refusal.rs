//! An answer that is a refusal, and what it means: its code says little, so its text has to.

use serde::Deserialize;

/// How a text begins when the macaroon is the reason: too little in it, none, no macaroon at all, another node's, revoked,
/// over or for another address.
const FORBIDDEN: [&str; 9] = [
    "permission denied",
    "expected 1 macaroon",
    "verification failed",
    "cannot get macaroon",
    "cannot retrieve macaroon",
    "caveat ",
    "cannot determine data format of binary-encoded macaroon",
    "unmarshal v",
    "encoding/hex",
];

/// How a text begins while LND starts or its wallet is locked. Even a node that unlocks its wallet by itself says that it is
/// locked for some tenths of a second.
const NOT_READY: [&str; 4] = [
    "wallet locked",
    "wallet not created",
    "the RPC server is in the process of starting up",
    "waiting to start",
];

/// gRPC's "unavailable".
const UNAVAILABLE: i32 = 14;

/// The longest text of LND that is passed on, in characters.
const MAX_TEXT: usize = 300;

/// A refusal: the body of an error, of a call or as a line in a stream.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Refusal {
    code: i32,
    message: String,
}

/// What a refusal means. Texts are LND's, of at most 300 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The macaroon does not allow it: it was not carried out.
    Forbidden(String),
    /// LND starts, or its wallet is locked: it was not carried out.
    NotReady(String),
    /// It was refused.
    Refused {
        /// gRPC's code.
        code: i32,
        /// Why.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Stream { error: Refusal },
    Call(Refusal),
}

impl Refusal {
    /// Reads the body of an answer with another status than 200; `None` when it is not LND's.
    pub fn read(body: &[u8]) -> Option<Self> {
        match serde_json::from_slice(body).ok()? {
            Body::Call(refusal) | Body::Stream { error: refusal } => Some(refusal),
        }
    }

    /// What it means.
    pub fn meaning(self) -> Meaning {
        let Self { code, message } = self;
        let message: String = message.chars().take(MAX_TEXT).collect();
        let begins = |with: &&str| message.starts_with(*with);
        if FORBIDDEN.iter().any(begins) {
            Meaning::Forbidden(message)
        } else if code == UNAVAILABLE || NOT_READY.iter().any(begins) {
            Meaning::NotReady(message)
        } else {
            Meaning::Refused { code, message }
        }
    }
}
