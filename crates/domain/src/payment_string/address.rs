//! Lightning Addresses (LUD-16).

use std::fmt;

use url::Url;

use super::{error::PaymentStringError, web_url};

/// A Lightning Address: `name@host`, or `name+tag@host`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightningAddress {
    /// The name, with its tag: small letters, digits, `-`, `_`, `.` and `+`.
    user: String,
    /// The URL that a wallet would ask.
    url: Url,
}

/// The longest name, in characters: as mail has it (RFC 5321).
const MAX_USER: usize = 64;

impl LightningAddress {
    pub(super) fn parse(text: &str) -> Result<Self, PaymentStringError> {
        let wrong = |reason| Err(PaymentStringError::Address(reason));
        if text.starts_with('₿') {
            return wrong("names with ₿ (BIP 353) are not looked up; try it without the ₿");
        }
        let Some((user, host)) = text.split_once('@') else {
            return wrong("it has no @");
        };
        // The standard knows small letters only, but people type capitals.
        let user = user.to_ascii_lowercase();
        if user.is_empty() || user.len() > MAX_USER {
            return wrong("the name before the @ must have 1 to 64 characters");
        }
        if !user.bytes().all(is_allowed) {
            return wrong("the name before the @ may have letters a to z, digits, -, _, . and +");
        }
        if !Self::is_user(&user) {
            return wrong("there is no name before the @");
        }
        let plain = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'[' | b']')
        };
        if host.is_empty() || !host.bytes().all(plain) {
            return wrong("what follows the @ must be a host");
        }
        let host_and_path = format!("{host}/.well-known/lnurlp/{user}");
        let url = web_url::with_scheme_of_host(&host_and_path)
            .map_err(|_| PaymentStringError::Address("what follows the @ must be a host"))?;
        Ok(Self { user, url })
    }

    /// Whether this can stand before the @: small letters, digits, `-`, `_`, `.`, and `+` before a tag.
    pub fn is_user(text: &str) -> bool {
        (1..=MAX_USER).contains(&text.len())
            && text.bytes().all(is_allowed)
            && !text.starts_with('+')
            && !matches!(text, "." | "..")
    }

    /// The name, with its tag.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The host.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The URL that a wallet would ask.
    pub fn url(&self) -> &Url {
        &self.url
    }
}

fn is_allowed(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'+')
}

/// `name@host`, in small letters.
impl fmt::Display for LightningAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.host())?;
        match self.url.port() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}
