//! The parameters of a wallet's request.

use url::form_urlencoded;

use super::reply::LnurlError;

/// The one value of a parameter that must be there.
pub(super) fn required(query: &str, name: &str) -> Result<String, LnurlError> {
    optional(query, name)?
        .filter(|value| !value.is_empty())
        .ok_or_else(|| LnurlError(format!("The parameter {name} is missing.")))
}

/// The one value of a parameter that may be there.
pub(super) fn optional(query: &str, name: &str) -> Result<Option<String>, LnurlError> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let mut values = pairs.filter(|(key, _)| key == name);
    match (values.next(), values.next()) {
        (value, None) => Ok(value.map(|(_, value)| value.into_owned())),
        (_, Some(_)) => Err(LnurlError(format!("The parameter {name} was sent twice."))),
    }
}
