//! One request: a [`Method`] and what goes with it.

use facture_domain::PaymentHash;
use hyper::body::Bytes;
use serde_json::Value;

use super::method::Method;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// The path and the query.
    pub(super) target: String,
    pub(super) body: Option<Bytes>,
}

impl Request {
    /// Without parameters.
    pub(super) fn plain(method: Method) -> Self {
        Self::to(method, String::new())
    }

    /// With a JSON body.
    pub(super) fn with_body(method: Method, body: &Value) -> Self {
        Self {
            body: Some(body.to_string().into()),
            ..Self::plain(method)
        }
    }

    /// With a query of these names and values, all of them plain.
    pub(super) fn with_query(method: Method, query: &[(&str, String)]) -> Self {
        let mut end = String::new();
        for (name, value) in query {
            let separator = if end.is_empty() { '?' } else { '&' };
            end = format!("{end}{separator}{name}={value}");
        }
        Self::to(method, end)
    }

    /// `LookupInvoice`, the one that has the hash in hexadecimal.
    pub(super) fn lookup(payment_hash: PaymentHash) -> Self {
        Self::to(Method::LookupInvoice, payment_hash.to_string())
    }

    fn to(method: Method, end: String) -> Self {
        Self {
            method,
            target: format!("/{}{end}", method.path()),
            body: None,
        }
    }
}
