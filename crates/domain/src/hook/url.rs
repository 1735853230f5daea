//! The address of a webhook.

use std::fmt;

use url::{Host, Url};

/// An http or https address with a host. It may hold a secret in its path or query: only the host is for the log.
#[derive(Clone, PartialEq, Eq)]
pub struct HookUrl(Url);

/// The text is no address that events can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookUrlError {
    /// Longer than [`HookUrl::MAX_BYTES`].
    #[error("must be at most {} bytes", HookUrl::MAX_BYTES)]
    TooLong,
    /// Not an http or https address with a host.
    #[error("must be an absolute http or https URL, such as https://shop.example/paid")]
    NotHttp,
    /// It names a user or a password.
    #[error("must not contain a user name or password")]
    Credentials,
    /// It has a fragment, which is never sent.
    #[error("must not contain a fragment (#…)")]
    Fragment,
    /// Nothing can listen on port 0.
    #[error("must not use port 0")]
    Port,
}

impl HookUrl {
    /// The longest address, in bytes.
    pub const MAX_BYTES: usize = 2048;

    /// Reads an address. Numbers that stand for an IPv4 address, such as `0x7f000001`, become one (WHATWG URL).
    ///
    /// # Errors
    /// [`HookUrlError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, HookUrlError> {
        // Escapes make a text longer: what is kept must be short too.
        if text.len() > Self::MAX_BYTES {
            return Err(HookUrlError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| HookUrlError::NotHttp)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(HookUrlError::NotHttp);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(HookUrlError::Credentials);
        }
        if url.fragment().is_some() {
            return Err(HookUrlError::Fragment);
        }
        if url.port() == Some(0) {
            return Err(HookUrlError::Port);
        }
        if url.as_str().len() > Self::MAX_BYTES {
            return Err(HookUrlError::TooLong);
        }
        Ok(Self(url))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Name or number of who receives.
    pub fn host(&self) -> Option<Host<&str>> {
        self.0.host()
    }

    /// Host and port: who receives, however many addresses it has.
    pub fn receiver(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        let port = self.0.port_or_known_default().unwrap_or_default();
        format!("{host}:{port}")
    }
}

impl fmt::Debug for HookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HookUrl({}…)", self.receiver())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_of_the_web_are_taken() {
        for (text, receiver) in [
            ("https://shop.example/paid?key=1", "shop.example:443"),
            ("http://Shop.Example", "shop.example:80"),
            ("http://127.1:8080/x", "127.0.0.1:8080"),
            ("http://2130706433/", "127.0.0.1:80"),
            ("http://[::ffff:127.0.0.1]/", "[::ffff:7f00:1]:80"),
            ("https://münchen.example/", "xn--mnchen-3ya.example:443"),
        ] {
            assert_eq!(HookUrl::parse(text).unwrap().receiver(), receiver, "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_a_reason() {
        let long = format!("https://shop.example/{}", "x".repeat(HookUrl::MAX_BYTES));
        let escaped = format!("https://shop.example/{}", "é".repeat(700));
        for (text, error) in [
            ("", HookUrlError::NotHttp),
            ("shop.example/paid", HookUrlError::NotHttp),
            ("ftp://shop.example/", HookUrlError::NotHttp),
            ("javascript:alert(1)", HookUrlError::NotHttp),
            ("https://", HookUrlError::NotHttp),
            ("https://a:b@shop.example/", HookUrlError::Credentials),
            ("https://a@shop.example/", HookUrlError::Credentials),
            ("https://shop.example/#x", HookUrlError::Fragment),
            ("https://shop.example:0/", HookUrlError::Port),
            (&long, HookUrlError::TooLong),
            (&escaped, HookUrlError::TooLong),
        ] {
            assert_eq!(HookUrl::parse(text), Err(error), "{text:.60}");
        }
    }

    #[test]
    fn the_log_sees_the_host_only() {
        let url = HookUrl::parse("https://shop.example/secret?key=secret").unwrap();
        assert!(!format!("{url:?}").contains("secret"));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = HookUrl::parse(&text);
        }

        #[test]
        fn what_was_read_can_be_read_again(path in "[ -~]{0,40}", host in "[a-z]{1,9}") {
            if let Ok(url) = HookUrl::parse(&format!("https://{host}/{path}")) {
                prop_assert_eq!(HookUrl::parse(url.as_str()), Ok(url));
            }
        }
    }
}
