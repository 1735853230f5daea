//! Values that several sections have.

use serde::{Deserialize, Deserializer, de::Error as _};
use url::Url;

use facture_domain::Msat;

/// An address that is `https`, host and port, and nothing else.
pub(super) fn https_origin<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Url>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let url = Url::parse(&text).ok().filter(|url| {
        url.scheme() == "https"
            && url.host().is_some()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    match url {
        Some(url) => Ok(Some(url)),
        None => Err(D::Error::custom(
            "must be like https://node.example:3010, with no path, user or password",
        )),
    }
}

/// An amount in whole satoshis, from 0 on.
pub(super) fn sat<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Msat, D::Error> {
    let number = i64::deserialize(deserializer)?;
    let amount = u64::try_from(number).ok().and_then(Msat::from_sat);
    amount.ok_or_else(|| D::Error::custom("must be from 0 satoshis to 21 million bitcoin"))
}

/// The same, where it may be missing.
pub(super) fn some_sat<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Msat>, D::Error> {
    sat(deserializer).map(Some)
}
