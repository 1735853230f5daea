//! The host in a request: exactly one, and well-formed (RFC 9112 §3.2). hyper accepts anything.

use axum::{
    extract::Request,
    http::{HeaderMap, Version, header, uri::Authority},
};

/// Whether the host is valid, and present where it is required. Repeated ones are refused together with other headers
/// that must not be repeated (`repeated_headers.rs`).
pub(crate) fn is_sound(request: &Request) -> bool {
    let headers = request.headers();
    match headers.contains_key(header::HOST) {
        false => request.version() < Version::HTTP_11,
        true => is_empty(headers) || named(headers).is_some(),
    }
}

/// The host and its port, if there is one.
pub(crate) fn named(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let authority: Authority = host.parse().ok()?;
    let plain = authority.host() == host || authority.port_u16().is_some();
    (plain && !host.contains('@')).then_some(host)
}

/// A host without its port.
pub(crate) fn name(host: &str) -> &str {
    match host.rsplit_once(':') {
        // The colons of an IPv6 address are in brackets.
        Some((name, port)) if !port.ends_with(']') => name,
        _ => host,
    }
}

/// For targets without a host.
fn is_empty(headers: &HeaderMap) -> bool {
    headers
        .get(header::HOST)
        .is_some_and(|host| host.is_empty())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn sees(host: &str) -> bool {
        let mut headers = HeaderMap::new();
        let Ok(value) = HeaderValue::from_str(host) else {
            return false;
        };
        headers.insert(header::HOST, value);
        named(&headers).is_some()
    }

    #[test]
    fn hosts_with_and_without_a_port_are_taken() {
        for host in [
            "shop.example",
            "shop.example:8080",
            "127.0.0.1",
            "[::1]",
            "[::1]:80",
        ] {
            assert!(sees(host), "{host}");
        }
        for host in [
            "", "a b", "x:y", "x:", "user@x", "x/y", "x?y", "[::1", "x:99999", "<b>", "\"", "x\\y",
        ] {
            assert!(!sees(host), "{host}");
        }
    }

    #[test]
    fn a_name_has_no_port() {
        for (host, expected) in [
            ("shop.example", "shop.example"),
            ("shop.example:8080", "shop.example"),
            ("[::1]", "[::1]"),
            ("[::1]:80", "[::1]"),
        ] {
            assert_eq!(name(host), expected);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_taken_stays_within_a_link(host in "[ -~]{0,40}") {
            if sees(&host) {
                let url = url::Url::parse(&format!("http://{host}/p"));
                // A name that no resolver would accept is harmless.
                if let Ok(url) = url {
                    prop_assert_eq!(url.path(), "/p");
                    prop_assert!(url.username().is_empty() && url.query().is_none());
                }
                prop_assert!(!host.contains(['"', '<', '>', '/', ' ', '\\']));
            }
        }
    }
}
