//! The shop's own data of an invoice, which lightningd does not know.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use crate::{
    breakdown::Breakdown, channel::Channel, label::Label, price::Price, rate::Rate, shop::ShopId,
    warning::Warning,
};

/// The shop's own data of an invoice, given when it was requested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The shop's own order number.
    pub order_id: Option<OrderId>,
    /// Whatever the shop wants to find again.
    pub metadata: Option<Metadata>,
    /// Where the buyer continues after the payment.
    pub redirect_url: Option<RedirectUrl>,
    /// The price in another currency, from which the amount was made.
    pub quote: Option<Quote>,
    /// The exchange rate by which the amount was made from the quote; `None`: by none, or it is not known.
    pub rate: Option<Rate>,
    /// How the quote is made up; `None`: the shop did not say.
    pub breakdown: Option<Breakdown>,
    /// The expired invoice that this one replaces.
    pub renewal_of: Option<Label>,
    /// Of a renewal: when the first of the order's invoices expired.
    pub first_expired_at: Option<Timestamp>,
    /// The node's warnings when it created the invoice.
    pub warnings: Vec<Warning>,
    /// By which way it was asked for, and an invoice in whose place it was made; `None`: not known.
    pub channel: Option<Channel>,
    /// The shop whose key asked for it; `None`: it was asked for otherwise.
    pub shop: Option<ShopId>,
    /// Who sold it at the counter, by the name of that time; `None`: it was not sold there.
    pub cashier: Option<String>,
}

/// The shop's own number of an order: a line of text. Not unique: an order may need several invoices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderId(String);

/// Any JSON, stored byte for byte: numbers stay as exact as they were sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata(String);

/// An address on the web, for the buyer's browser: `http` or `https`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUrl(String);

/// A price as it was quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The currency's code, such as `EUR`.
    pub currency: String,
    /// The amount in decimal digits, as it was sent.
    pub amount: String,
}

/// Why part of an order cannot be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// An order number that is empty, too long or has control characters.
    #[error(
        "must be 1 to {} bytes, without line breaks and other control characters",
        OrderId::MAX_BYTES
    )]
    OrderId,
    /// Too much metadata.
    #[error("must be at most {} bytes of JSON", Metadata::MAX_BYTES)]
    Metadata,
    /// Not an address for a browser.
    #[error(
        "must be an address that begins with http:// or https://, of at most {} bytes, without a password",
        RedirectUrl::MAX_BYTES
    )]
    RedirectUrl,
}

impl Quote {
    /// Whether the price in bitcoin came by a rate, which is soon another one.
    pub fn is_fiat(&self) -> bool {
        !Price::is_bitcoin(&self.currency)
    }
}

impl OrderId {
    /// The most bytes it may have.
    pub const MAX_BYTES: usize = 255;

    /// Checks an order number.
    ///
    /// # Errors
    /// [`OrderError::OrderId`].
    pub fn parse(text: String) -> Result<Self, OrderError> {
        let fits = (1..=Self::MAX_BYTES).contains(&text.len());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text))
        } else {
            Err(OrderError::OrderId)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Metadata {
    /// The most bytes it may have.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Accepts any JSON.
    ///
    /// # Errors
    /// [`OrderError::Metadata`] when it is too large.
    pub fn new(json: &RawValue) -> Result<Self, OrderError> {
        let text = json.get();
        if text.len() <= Self::MAX_BYTES {
            Ok(Self(text.to_owned()))
        } else {
            Err(OrderError::Metadata)
        }
    }

    /// From the store: it was checked when it was written.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// Where a shop that was made for Lightning Charge wants the buyer to go on: its `checkout.redirect_url`.
    pub fn checkout_redirect(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct WithCheckout {
            checkout: Checkout,
        }
        #[derive(Deserialize)]
        struct Checkout {
            redirect_url: String,
        }
        let WithCheckout { checkout } = serde_json::from_str(&self.0).ok()?;
        Some(checkout.redirect_url)
    }

    /// The JSON as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RedirectUrl {
    /// The most bytes it may have.
    pub const MAX_BYTES: usize = 2048;

    /// Reads an address. Others than `http` and `https`, such as `javascript:`, would run in the page's name.
    ///
    /// # Errors
    /// [`OrderError::RedirectUrl`].
    pub fn parse(text: &str) -> Result<Self, OrderError> {
        let url = Url::parse(text).map_err(|_| OrderError::RedirectUrl)?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.as_str().len() <= Self::MAX_BYTES;
        if plain {
            Ok(Self(url.into()))
        } else {
            Err(OrderError::RedirectUrl)
        }
    }

    /// From the store: it was checked when it was written.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The address, in the form that browsers send.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_redirect_goes_to_the_web_only() {
        for text in [
            "https://shop.example/thanks?order=7#top",
            "http://localhost:8080/",
        ] {
            assert_eq!(RedirectUrl::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "",
            "/thanks",
            "//shop.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "https://user@shop.example/",
            "https://user:password@shop.example/",
            "ftp://shop.example/",
        ] {
            assert_eq!(
                RedirectUrl::parse(text),
                Err(OrderError::RedirectUrl),
                "{text}"
            );
        }
        let long = format!("https://shop.example/{}", "a".repeat(2048));
        assert!(RedirectUrl::parse(&long).is_err());
    }

    #[test]
    fn an_order_number_is_a_line() {
        let parse = |text: &str| OrderId::parse(text.to_owned());
        assert_eq!(parse("7-b é").unwrap().as_str(), "7-b é");
        for text in ["", "a\nb", "a\u{7f}", &"x".repeat(256)] {
            assert_eq!(parse(text), Err(OrderError::OrderId), "{text:?}");
        }
    }

    #[test]
    fn metadata_keeps_its_bytes() {
        let text = r#"{"b": 1.10, "a": 123456789012345678901234567890}"#;
        let json = RawValue::from_string(text.to_owned()).unwrap();
        assert_eq!(Metadata::new(&json).unwrap().as_str(), text);
        let large = RawValue::from_string(format!("\"{}\"", "x".repeat(16 * 1024))).unwrap();
        assert_eq!(Metadata::new(&large), Err(OrderError::Metadata));
    }

    proptest! {
        #[test]
        fn no_redirect_can_break_a_header(text in "\\PC*|https?://[ -~\r\n]{0,40}") {
            if let Ok(url) = RedirectUrl::parse(&text) {
                prop_assert!(url.as_str().bytes().all(|byte| (0x21..0x7f).contains(&byte)));
                prop_assert!(url.as_str().starts_with("http"));
            }
        }
    }
}
