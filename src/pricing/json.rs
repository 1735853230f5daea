//! A number in a JSON document, with its digits as they stand: no float is in between.

use std::{borrow::Cow, collections::HashMap};

use facture_domain::JsonPath;
use serde_json::value::RawValue;

/// The number at a place in a document; `None` when there is none. Some sources have their numbers in strings.
pub(super) fn number(document: &[u8], path: &JsonPath) -> Option<String> {
    let mut value: &RawValue = serde_json::from_slice(document).ok()?;
    for step in path.steps() {
        value = member(value, &step)?;
    }
    let text = value.get();
    match text.starts_with('"') {
        true => serde_json::from_str(text).ok(),
        false => Some(text.to_owned()),
    }
}

fn member<'a>(value: &'a RawValue, step: &str) -> Option<&'a RawValue> {
    if value.get().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
        return items.get(step.parse::<usize>().ok()?).copied();
    }
    let members: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_str(value.get()).ok()?;
    match (step, members.len()) {
        ("*", 1) => members.into_values().next(),
        ("*", _) => None,
        (name, _) => members.get(name).copied(),
    }
}

#[cfg(test)]
mod tests {
    use facture_domain::{Currency, RateSource};

    use super::*;

    /// The shapes of the public sources.
    #[test]
    fn every_public_source_is_understood() {
        let euro = Currency::parse("EUR").unwrap();
        for (name, document, number) in [
            (
                "kraken",
                r#"{"error":[],"result":{"XXBTZEUR":{"c":["56123.40000","0.1"]}}}"#,
                Some("56123.40000"),
            ),
            ("kraken", r#"{"error":["EQuery:Unknown asset pair"]}"#, None),
            (
                "coinbase",
                r#"{"data":{"amount":"56123.4","base":"BTC","currency":"EUR"}}"#,
                Some("56123.4"),
            ),
            (
                "bitstamp",
                r#"{"last":"56123","timestamp":"1795194712"}"#,
                Some("56123"),
            ),
            (
                "coingecko",
                r#"{"bitcoin":{"eur":56123.12345678901}}"#,
                Some("56123.12345678901"),
            ),
            (
                "blockchain.info",
                r#"{"USD":{"last":1},"EUR":{"15m":2,"last":56123.1}}"#,
                Some("56123.1"),
            ),
            (
                "binance",
                r#"{"symbol":"BTCEUR","price":"56123.10000000"}"#,
                Some("56123.10000000"),
            ),
            (
                "mempool.space",
                r#"{"time":1795194712,"USD":60000,"EUR":56123}"#,
                Some("56123"),
            ),
            ("mempool.space", r#"{"time":1795194712,"USD":60000}"#, None),
            ("mempool.space", "[]", None),
            ("mempool.space", "<html>", None),
            ("mempool.space", "", None),
        ] {
            let Ok(RateSource::Web(source)) = RateSource::parse(name) else {
                panic!("{name}");
            };
            let found = super::number(document.as_bytes(), &source.price(euro));
            assert_eq!(found.as_deref(), number, "{name} {document}");
        }
    }

    #[test]
    fn the_only_member_is_found_whatever_its_name_is() {
        let Ok(RateSource::Web(source)) =
            RateSource::parse("https://rates.example/#/Data/BTC-{currency}/VALUE")
        else {
            panic!();
        };
        let path = source.price(Currency::parse("EUR").unwrap());
        let document = br#"{"Data":{"BTC-EUR":{"VALUE":56123.5}}}"#;
        assert_eq!(number(document, &path).as_deref(), Some("56123.5"));
        let Ok(RateSource::Web(source)) = RateSource::parse("https://rates.example/#/*/x") else {
            panic!();
        };
        let path = source.price(Currency::parse("EUR").unwrap());
        assert_eq!(number(br#"{"a":{"x":1}}"#, &path).as_deref(), Some("1"));
        assert_eq!(number(br#"{"a":{"x":1},"b":{}}"#, &path), None);
    }
}
