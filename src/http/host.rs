//! The host that a request names: one, and well-formed (RFC 9112 §3.2). hyper takes any.

use axum::{
    extract::Request,
    http::{HeaderMap, Version, header, uri::Authority},
};

/// Not so of requests with several hosts, with one that is none, and of those that must name one and do not.
pub(super) fn is_sound(request: &Request) -> bool {
    let headers = request.headers();
    match headers.get_all(header::HOST).iter().count() {
        0 => request.version() < Version::HTTP_11,
        1 => is_empty(headers) || named(headers).is_some(),
        _ => false,
    }
}

/// The host and its port, if there is one.
pub(super) fn named(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let authority: Authority = host.parse().ok()?;
    let plain = authority.host() == host || authority.port_u16().is_some();
    (plain && !host.contains('@')).then_some(host)
}

/// For targets without one.
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

    proptest! {
        #[test]
        fn whatever_is_taken_stays_within_a_link(host in "[ -~]{0,40}") {
            if sees(&host) {
                let url = url::Url::parse(&format!("http://{host}/p"));
                // A name that no resolver would take is harmless.
                if let Ok(url) = url {
                    prop_assert_eq!(url.path(), "/p");
                    prop_assert!(url.username().is_empty() && url.query().is_none());
                }
                prop_assert!(!host.contains(['"', '<', '>', '/', ' ', '\\']));
            }
        }
    }
}
