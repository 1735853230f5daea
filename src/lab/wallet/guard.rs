//! What every request to the wallet page must fulfil, and the headers of every answer: a page of another site can send a
//! form here too, and a name of its own can be made to point at this machine (DNS rebinding).

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// No script at all.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The names by which this page can be reached. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Host(Arc<[String; 2]>);

impl Host {
    /// This machine's, with a port.
    pub(super) fn at(port: u16) -> Self {
        Self(Arc::new([
            format!("127.0.0.1:{port}"),
            format!("localhost:{port}"),
        ]))
    }

    /// Why a request is refused; `None` if it is not.
    fn refuses(&self, headers: &HeaderMap, is_safe: bool) -> Option<&'static str> {
        let said = |name| {
            let value = headers.get(name)?;
            Some(value.to_str().unwrap_or("not text"))
        };
        let host = said(header::HOST).unwrap_or_default();
        if !self.0.iter().any(|name| name == host) {
            return Some("This page is at 127.0.0.1.");
        }
        if is_safe {
            return None;
        }
        // Browsers send at least one of them with a form; programs that are no browser send neither.
        let same_origin =
            said(header::ORIGIN).is_none_or(|origin| origin.strip_prefix("http://") == Some(host));
        let same_site = said(SEC_FETCH_SITE).is_none_or(|site| site == "same-origin");
        (!same_origin || !same_site).then_some("Another site sent this form.")
    }
}

/// Refuses what does not come from this page, and adds the headers.
pub(super) async fn guard(State(host): State<Host>, request: Request, next: Next) -> Response {
    let refused = host.refuses(request.headers(), request.method().is_safe());
    let mut response = match refused {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    response.headers_mut().extend([
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("same-origin"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(headers: &[(HeaderName, &'static str)], is_safe: bool) -> bool {
        let headers = headers.iter().cloned();
        let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
        Host::at(8000)
            .refuses(&HeaderMap::from_iter(headers), is_safe)
            .is_some()
    }

    #[test]
    fn only_this_machines_names_are_served() {
        for host in ["127.0.0.1:8000", "localhost:8000"] {
            assert!(!refused(&[(header::HOST, host)], true), "{host}");
        }
        for host in ["127.0.0.1", "127.0.0.1:8001", "evil.example:8000", ""] {
            assert!(refused(&[(header::HOST, host)], true), "{host}");
        }
        assert!(refused(&[], true));
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        let host = (header::HOST, "127.0.0.1:8000");
        let origin = |origin| (header::ORIGIN, origin);
        let site = |site| (SEC_FETCH_SITE, site);
        assert!(!refused(std::slice::from_ref(&host), false), "a program");
        let own = [
            host.clone(),
            origin("http://127.0.0.1:8000"),
            site("same-origin"),
        ];
        assert!(!refused(&own, false));
        for other in [
            origin("http://evil.example"),
            origin("http://localhost:8000"),
            origin("https://127.0.0.1:8000"),
            origin("http://127.0.0.1:8001"),
            origin("null"),
            site("cross-site"),
            site("same-site"),
            site("none"),
        ] {
            assert!(refused(&[host.clone(), other.clone()], false), "{other:?}");
            assert!(!refused(&[host.clone(), other], true), "reading is allowed");
        }
    }
}
