//! Reading what a client sends: the members of a JSON body and of a query, as protobuf's JSON reader takes them.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// A body's members.
pub(super) struct Body(Map<String, Value>);

impl Body {
    /// Reads a body that may have these members and no others.
    pub(super) fn read(bytes: &[u8], members: &[&str]) -> Result<Self, Refusal> {
        let value = serde_json::from_slice(bytes).map_err(|error| {
            Refusal::invalid(if error.is_eof() {
                "unexpected EOF".to_owned()
            } else {
                format!("proto: syntax error {error}")
            })
        })?;
        let Value::Object(object) = value else {
            return Err(Refusal::invalid("proto: syntax error: unexpected token"));
        };
        match object.keys().find(|name| !members.contains(&name.as_str())) {
            Some(odd) => Err(Refusal::invalid(format!(
                "proto: (line 1:2): unknown field {odd:?}"
            ))),
            None => Ok(Self(object)),
        }
    }

    /// A text; empty when it is absent.
    pub(super) fn text(&self, name: &str) -> Result<String, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(odd) => Err(wrong_type("string", odd)),
        }
    }

    /// A switch; off when it is absent.
    pub(super) fn switch(&self, name: &str) -> Result<bool, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(switch)) => Ok(*switch),
            Some(odd) => Err(wrong_type("bool", odd)),
        }
    }

    /// A signed integer, as text or as a number; 0 when it is absent.
    pub(super) fn integer(&self, name: &str) -> Result<i64, Refusal> {
        let found = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(0),
            Some(found) => found,
        };
        let read = match found {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        };
        read.ok_or_else(|| wrong_type("int64", found))
    }

    /// Bytes; none when they are absent.
    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        let text = self.text(name)?;
        let decoded = STANDARD.decode(&text).or_else(|_| URL_SAFE.decode(&text));
        decoded.map_err(|_| wrong_type("bytes", &Value::String(text)))
    }

    /// 32 bytes of this kind; `None` when they are absent.
    pub(super) fn bytes32(&self, name: &str, kind: &str) -> Result<Option<[u8; 32]>, Refusal> {
        let bytes = self.bytes(name)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let length = bytes.len();
        bytes
            .try_into()
            .map(Some)
            .map_err(|_| Refusal::unknown(format!("invalid {kind} length of {length}, want 32")))
    }
}

fn wrong_type(kind: &str, odd: &Value) -> Refusal {
    Refusal::invalid(format!(
        "proto: (line 1:15): invalid value for {kind} type: {odd}"
    ))
}

/// A number in a query; 0 when it is absent.
pub(super) fn query_number(query: &str, name: &str) -> Result<u64, Refusal> {
    let Some(text) = query_text(query, name) else {
        return Ok(0);
    };
    text.parse().map_err(|_| {
        Refusal::invalid(format!(
            "parsing field {name:?}: strconv.ParseUint: parsing {text:?}: invalid syntax"
        ))
    })
}

/// Whether a switch of a query is on.
pub(super) fn query_switch(query: &str, name: &str) -> bool {
    query_text(query, name) == Some("true")
}

fn query_text<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(found, _)| *found == name)
        .map(|(_, text)| text)
}

/// A payment hash in a path, in base64 for URLs.
pub(super) fn path_hash(text: &str) -> Result<[u8; 32], Refusal> {
    let bytes = URL_SAFE
        .decode(text.replace("%3D", "="))
        .map_err(|_| Refusal::invalid("type mismatch, parameter: r_hash, error: illegal base64"))?;
    let length = bytes.len();
    bytes
        .try_into()
        .map_err(|_| Refusal::unknown(format!("invalid hash length of {length}, want 32")))
}
