//! What a price in another currency is in bitcoin, as a wallet was told. The wallet brings it back when it asks for the invoice, so
//! nothing is stored for those who only look, and a rate that moves in between changes nothing.
//!
//! Its text is base64url(JSON) `.` base64url(tag); the tag is the first 16 bytes of HMAC-SHA256(label key, "wallet quote" ‖ 0 ‖
//! what is sold ‖ 0 ‖ the price ‖ 0 ‖ JSON).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::{
    amount::Msat,
    currency::Currency,
    our_labels::OurLabels,
    price::Price,
    rate::{FixedPrice, Rate, RatePrice},
};

/// What a wallet was told that a price is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletQuote {
    /// The amount, and the rate.
    pub fixed: FixedPrice,
    /// Until when it counts.
    pub until: Timestamp,
}

/// As it is written down. The currency is that of the price.
#[derive(Deserialize, Serialize)]
struct Written {
    msat: u64,
    rate: String,
    source: String,
    at: i64,
    until: i64,
}

/// The most characters of a quote that is read.
const MAX_TEXT: usize = 1000;

impl OurLabels {
    /// The quote as a text for an address: for this that is sold, at this price.
    pub fn sign_quote(&self, sold: &str, price: &Price, quote: &WalletQuote) -> String {
        let WalletQuote { fixed, until } = quote;
        let written = Written {
            msat: fixed.amount.msat(),
            rate: fixed.rate.price.to_string(),
            source: fixed.rate.source.clone(),
            at: fixed.rate.at.as_second(),
            until: until.as_second(),
        };
        // Numbers and texts can always be written.
        let json = serde_json::to_vec(&written).unwrap_or_default();
        let tag = self.quote_tag(sold, price, &json);
        let [json, tag] = [&json[..], &tag].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        format!("{json}.{tag}")
    }

    /// Reads a quote. `None`: it is not one of ours, or is for something else, or for another price.
    pub fn read_quote(&self, sold: &str, price: &Price, text: &str) -> Option<WalletQuote> {
        let (json, tag) = text.split_once('.').filter(|_| text.len() <= MAX_TEXT)?;
        let json = URL_SAFE_NO_PAD.decode(json).ok()?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        let expected = self.quote_tag(sold, price, &json);
        if !bool::from(expected[..].ct_eq(&tag)) {
            return None;
        }
        let written: Written = serde_json::from_slice(&json).ok()?;
        Some(WalletQuote {
            fixed: FixedPrice {
                amount: Msat::from_msat(written.msat)?,
                rate: Rate {
                    currency: Currency::parse(price.currency()).ok()?,
                    price: RatePrice::parse(&written.rate).ok()?,
                    source: written.source,
                    at: Timestamp::from_second(written.at).ok()?,
                },
            },
            until: Timestamp::from_second(written.until).ok()?,
        })
    }

    fn quote_tag(&self, sold: &str, price: &Price, json: &[u8]) -> [u8; 16] {
        let price = price.to_string();
        let parts = [sold.as_bytes(), &[0], price.as_bytes(), &[0], json];
        self.key().hmac("wallet quote", &parts)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{LabelKey, LabelPrefix, LabelScheme};

    fn ours() -> OurLabels {
        let key = LabelKey::parse(&"07".repeat(32)).unwrap();
        OurLabels::new(LabelPrefix::default(), key, LabelScheme::Chosen, [])
    }

    fn price(amount: &str) -> Price {
        Price::parse(amount, "EUR").unwrap()
    }

    fn quote() -> WalletQuote {
        let second = |second| Timestamp::from_second(second).unwrap();
        WalletQuote {
            fixed: FixedPrice {
                amount: Msat::from_sat(2840).unwrap(),
                rate: Rate {
                    currency: Currency::parse("EUR").unwrap(),
                    price: RatePrice::parse("88050.25").unwrap(),
                    source: "kraken,node:coinbase".to_owned(),
                    at: second(1_795_195_100),
                },
            },
            until: second(1_795_195_220),
        }
    }

    #[test]
    fn a_quote_is_read_back_and_only_for_what_it_is() {
        let text = ours().sign_quote("coffee", &price("2.5"), &quote());
        let read = |sold, amount, text: &str| ours().read_quote(sold, &price(amount), text);
        assert_eq!(read("coffee", "2.50", &text), Some(quote()));
        assert_eq!(read("tea", "2.5", &text), None);
        assert_eq!(read("coffee", "2.6", &text), None);
        let other = OurLabels::new(
            LabelPrefix::default(),
            LabelKey::random(),
            LabelScheme::Chosen,
            [],
        );
        assert_eq!(other.read_quote("coffee", &price("2.5"), &text), None);
        let (json, tag) = text.split_once('.').unwrap();
        let forged = URL_SAFE_NO_PAD.decode(json).unwrap();
        let forged = String::from_utf8(forged)
            .unwrap()
            .replace("2840000", "2841000");
        let forged = format!("{}.{tag}", URL_SAFE_NO_PAD.encode(forged));
        assert_eq!(read("coffee", "2.5", &forged), None);
        let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        assert!(text.bytes().all(url_safe), "{text}");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            prop_assert_eq!(ours().read_quote("coffee", &price("1"), &text), None);
        }
    }
}
