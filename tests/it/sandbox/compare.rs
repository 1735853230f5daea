//! Compares answers: the same members in the same order, the same types, the same values where a value can be
//! foretold. Learns which of the sandbox's hashes and strings stand for the recorded ones.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Members whose values differ from node to node and from run to run.
const FREE: &[&str] = &[
    "address",
    "alias",
    "binding",
    "blockheight",
    "bolt11",
    "color",
    "created_at",
    "destination",
    "expires_at",
    "features",
    "id",
    "invoice",
    "lightning-dir",
    "paid_at",
    "payee",
    "payment_hash",
    "payment_preimage",
    "payment_secret",
    "signature",
];

/// Members that only a node with real channels writes.
const ABSENT: &[&str] = &["warning_capacity", "warning_deadends"];

/// JSON that remembers the order of its members.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads an answer. A raw control character within a string is no JSON, but lightningd writes it.
    pub(super) fn read(text: &str) -> Json {
        let strict = text.trim().replace('\u{1}', "\\u0001");
        serde_json::from_str(&strict).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

/// Recorded values and the sandbox's own in their place.
#[derive(Debug, Default)]
pub(super) struct Bindings(HashMap<String, String>);

impl Bindings {
    /// The text with the sandbox's values in place of the recorded ones.
    pub(super) fn translate(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (recorded, own) in &self.0 {
            text = text
                .replace(recorded, own)
                .replace(&recorded.to_uppercase(), &own.to_uppercase());
        }
        text
    }

    /// Compares two answers and learns from them.
    pub(super) fn compare(&mut self, recorded: &str, own: &str) -> Result<(), String> {
        let recorded = Json::read(&self.translate(recorded));
        self.same("", &recorded, &Json::read(own))
    }

    fn same(&mut self, at: &str, recorded: &Json, own: &Json) -> Result<(), String> {
        let name = at.rsplit('.').next().unwrap_or_default();
        match (recorded, own) {
            (Json::Object(recorded), Json::Object(own)) => {
                let wanted: Vec<&(String, Json)> = recorded
                    .iter()
                    .filter(|(name, _)| !ABSENT.contains(&name.as_str()))
                    .collect();
                let names = |members: &mut dyn Iterator<Item = &String>| {
                    members.cloned().collect::<Vec<_>>().join(",")
                };
                let (a, b) = (
                    names(&mut wanted.iter().map(|(name, _)| name)),
                    names(&mut own.iter().map(|(name, _)| name)),
                );
                if a != b {
                    return Err(format!("{at}: members {a} became {b}"));
                }
                wanted
                    .iter()
                    .zip(own)
                    .try_for_each(|((name, recorded), (_, own))| {
                        self.same(&format!("{at}.{name}"), recorded, own)
                    })
            }
            (Json::List(_), Json::List(_)) if FREE.contains(&name) => Ok(()),
            (Json::List(recorded), Json::List(own)) => {
                if recorded.len() != own.len() {
                    return Err(format!(
                        "{at}: {} items became {}",
                        recorded.len(),
                        own.len()
                    ));
                }
                recorded
                    .iter()
                    .zip(own)
                    .try_for_each(|(recorded, own)| self.same(at, recorded, own))
            }
            (Json::Text(recorded), Json::Text(own)) if FREE.contains(&name) => {
                if recorded.len() >= 64 && recorded != own {
                    self.0.insert(recorded.clone(), own.clone());
                }
                Ok(())
            }
            (Json::Number(recorded), Json::Number(own)) if FREE.contains(&name) => {
                // Both whole, or both with nine decimals.
                if recorded.contains('.') == own.contains('.') {
                    Ok(())
                } else {
                    Err(format!("{at}: {recorded}, {own}"))
                }
            }
            (recorded, own) if recorded == own => Ok(()),
            (recorded, own) => Err(format!("{at}: {recorded:?} became {own:?}")),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Json;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
                Ok(Json::Bool(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
                Ok(Json::Number(value.to_string()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
                Ok(Json::Number(value.to_string()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
                Ok(Json::Number(format!("{value:?}")))
            }

            fn visit_str<E>(self, value: &str) -> Result<Json, E> {
                Ok(Json::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Json::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
                let mut object = Vec::new();
                while let Some(member) = members.next_entry()? {
                    object.push(member);
                }
                Ok(Json::Object(object))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[test]
fn order_types_and_values_matter() {
    let same = |a: &str, b: &str| Bindings::default().compare(a, b).is_ok();
    assert!(same(
        r#"{"label":"x","expires_at":5}"#,
        r#"{"label":"x","expires_at":6}"#
    ));
    assert!(!same(
        r#"{"label":"x","expires_at":5}"#,
        r#"{"expires_at":5,"label":"x"}"#
    ));
    assert!(!same(r#"{"label":"x"}"#, r#"{"label":"y"}"#));
    assert!(!same(r#"{"expires_at":5}"#, r#"{"expires_at":"5"}"#));
    assert!(!same(r#"{"created_at":5.5}"#, r#"{"created_at":5}"#));
}
