//! The parameters of a check.

use axum::http::StatusCode;
use url::form_urlencoded;

use crate::web::error::Problem;
use facture_domain::{Msat, paywall::ResourceName};

/// What a proxy asks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Query {
    /// What the visitor wants to see.
    pub(super) resource: ResourceName,
    /// The price; only the sandbox takes it from here.
    pub(super) price: Option<Msat>,
    /// How the proxy wants to hear that somebody is not let in.
    pub(super) denial: Denial,
}

/// How a proxy hears that somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denial {
    /// By an answer that the visitor can be given: 402, with an invoice.
    Offer,
    /// By a 401, without an invoice: nginx's `auth_request` knows no 402.
    Unauthorized,
}

impl Query {
    /// Reads the part after the question mark.
    ///
    /// # Errors
    /// [`Problem::Invalid`], which names the parameter.
    pub(super) fn parse(query: &str) -> Result<Self, Problem> {
        let value = |name| optional(query, name);
        let resource = value("resource")?
            .ok_or_else(|| wrong("resource", "missing", "The parameter resource is missing."))?;
        let resource = ResourceName::parse(&resource).map_err(|error| {
            let message = format!("The parameter resource {error}.");
            wrong("resource", "invalid", &message)
        })?;
        let price = value("price_sat")?.map(|price| {
            let sat = price.bytes().all(|byte| byte.is_ascii_digit());
            let sat = sat.then(|| price.parse().ok().and_then(Msat::from_sat));
            let price = sat.flatten().filter(|price| price.msat() > 0);
            price.ok_or_else(|| {
                let message = "The parameter price_sat must be a whole number of satoshis, from 1.";
                wrong("price_sat", "invalid", message)
            })
        });
        let denial = match value("status")?.as_deref() {
            None | Some("402") => Denial::Offer,
            Some("401") => Denial::Unauthorized,
            Some(_) => {
                let message = "The parameter status must be 401 or 402.";
                return Err(wrong("status", "invalid", message));
            }
        };
        Ok(Self {
            resource,
            price: price.transpose()?,
            denial,
        })
    }
}

/// What is wrong with a parameter.
pub(super) fn wrong(field: &str, code: &'static str, message: &str) -> Problem {
    Problem::invalid(field, code, message)
}

fn optional(query: &str, name: &str) -> Result<Option<String>, Problem> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let mut values = pairs.filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (value, None) => Ok(value.map(|(_, value)| value.into_owned())),
        (_, Some(_)) => {
            let message = format!("The parameter {name} was sent twice.");
            Err(wrong(name, "repeated", &message))
        }
    }
}

impl Denial {
    /// The status.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Offer => StatusCode::PAYMENT_REQUIRED,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        for (query, field) in [
            ("", "resource"),
            ("resource=", "resource"),
            ("resource=Article", "resource"),
            ("resource=%FF", "resource"),
            ("resource=a&resource=b", "resource"),
            ("resource=a&price_sat=0", "price_sat"),
            ("resource=a&price_sat=1.5", "price_sat"),
            ("resource=a&price_sat=%2B1", "price_sat"),
            ("resource=a&price_sat=99999999999999999999", "price_sat"),
            ("resource=a&status=200", "status"),
        ] {
            match Query::parse(query) {
                Err(Problem::Invalid(invalid)) => assert_eq!(invalid.field, field, "{query}"),
                other => panic!("{query}: {other:?}"),
            }
        }
        let read = Query::parse("resource=a&price_sat=7&status=401").unwrap();
        assert_eq!(read.price, Msat::from_sat(7));
        assert_eq!(read.denial, Denial::Unauthorized);
    }
}
