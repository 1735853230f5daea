//! Whatever a person may paste in order to pay: one parser for all of it. Pure: nothing is asked, neither a node nor the
//! host that an LNURL or a Lightning Address names.
//!
//! | Text | Result | Source |
//! | --- | --- | --- |
//! | `lnbc…`, in small or capital letters | [`Way::Bolt11`] | BOLT 11 |
//! | `lno1…`, `lnr1…`, `lni1…`, joined by `+` | [`Way::Bolt12`] | BOLT 12 |
//! | `lnurl1…`, `lnurlp://…`, `https://…?lightning=lnurl1…` | [`Way::Lnurl`] | LUD-01, LUD-17 |
//! | `name@host`, `name+tag@host` | [`Way::LightningAddress`] | LUD-16 |
//! | `bitcoin:…?lightning=…&lno=…` | the best of its ways, and its [`UriTerms`] | BIP 321 |
//! | `bc1…`, `bitcoin:bc1…` | [`Way::Onchain`] | BIP 321 |
//!
//! A Lightning text may have `lightning:` before it, and spaces around it. What we write ourselves is [`PaymentUri`].

mod address;
mod bolt12;
mod bolt12_reading;
mod error;
mod lnurl;
mod onchain;
mod payment_uri;
mod request;
mod text;
mod uri;
mod way;
mod web_url;

use url::Url;

use self::text::scheme;
pub use self::{
    address::LightningAddress,
    bolt12::{Bolt12, Bolt12Kind},
    bolt12_reading::{Bolt12Fields, Bolt12Reading},
    error::PaymentStringError,
    lnurl::{Lnurl, LnurlKind},
    onchain::OnchainAddress,
    payment_uri::PaymentUri,
    request::{PaymentMemo, PaymentRequest},
    text::MAX_BYTES,
    uri::UriTerms,
    way::Way,
};

/// A text that says how to pay, as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentString {
    /// How to pay.
    pub way: Way,
    /// What the `bitcoin:` URI said that it was in.
    pub uri: Option<UriTerms>,
}

impl PaymentString {
    /// Reads a text.
    ///
    /// # Errors
    /// [`PaymentStringError`], which says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, PaymentStringError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PaymentStringError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(PaymentStringError::TooLong);
        }
        match scheme(text) {
            Some(("bitcoin", rest)) => {
                let (way, terms) = uri::parse(rest)?;
                Ok(Self {
                    way,
                    uri: Some(terms),
                })
            }
            Some(("http" | "https", _)) => Ok(Self::only(fallback(text)?)),
            _ => Ok(Self::only(Way::parse(text)?)),
        }
    }

    fn only(way: Way) -> Self {
        Self { way, uri: None }
    }
}

/// A link for wallets and browsers alike, which names the LNURL in its query (LUD-01).
fn fallback(text: &str) -> Result<Way, PaymentStringError> {
    let url = Url::parse(text).map_err(|_| PaymentStringError::Link)?;
    let mut named = url.query_pairs();
    let named = named.find(|(key, _)| key.eq_ignore_ascii_case("lightning"));
    let (_, value) = named.ok_or(PaymentStringError::Link)?;
    match scheme(value.trim()) {
        Some(("bitcoin" | "http" | "https", _)) => Err(PaymentStringError::Link),
        _ => Way::parse(value.trim()),
    }
}

#[cfg(test)]
mod tests;
