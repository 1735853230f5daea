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

/// How a text begins when LND stops while it carries out the call.
const STOPPING: &str = "routerrpc server shutting down";

/// gRPC's codes of a call that was broken off: cancelled, its time over, no connection. They come from the gateway in front of
/// LND as well, which cannot tell how far LND came.
const BROKEN_OFF: [i32; 3] = [1, 4, 14];

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
    /// It was broken off: it may have been carried out.
    Lost(String),
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
        } else if NOT_READY.iter().any(begins) {
            Meaning::NotReady(message)
        } else if BROKEN_OFF.contains(&code) || message.starts_with(STOPPING) {
            Meaning::Lost(message)
        } else {
            Meaning::Refused { code, message }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(code: i32, message: &str) -> Meaning {
        let body = serde_json::json!({ "error": { "code": code, "message": message } });
        Refusal::read(body.to_string().as_bytes())
            .unwrap()
            .meaning()
    }

    #[test]
    fn only_what_lnd_says_before_it_begins_was_not_carried_out() {
        for (code, message) in [
            (2, "wallet locked, unlock it to enable full RPC access"),
            (14, "waiting to start, RPC services not available"),
        ] {
            let not_ready = Meaning::NotReady(message.to_owned());
            assert_eq!(meaning(code, message), not_ready);
        }
        for (code, message) in [
            (1, "context canceled"),
            (4, "context deadline exceeded"),
            (14, "error reading from server: EOF"),
            (2, "routerrpc server shutting down"),
        ] {
            assert_eq!(meaning(code, message), Meaning::Lost(message.to_owned()));
        }
        let message = "invoice expired".to_owned();
        assert_eq!(meaning(2, &message), Meaning::Refused { code: 2, message });
    }
}
