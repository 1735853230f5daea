//! Reading what a client sends: the members of a JSON body and of a query, as protobuf's JSON reader takes them.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// A body's members.
pub(super) struct Body<'a> {
    text: &'a [u8],
    members: Map<String, Value>,
}

impl<'a> Body<'a> {
    /// Reads a body that may have these members and no others.
    pub(super) fn read(text: &'a [u8], known: &[&str]) -> Result<Self, Refusal> {
        let value = serde_json::from_slice(text).map_err(|error| {
            Refusal::invalid(if error.is_eof() {
                "unexpected EOF".to_owned()
            } else {
                format!("proto: syntax error {error}")
            })
        })?;
        let Value::Object(object) = value else {
            return Err(Refusal::invalid("proto: syntax error: unexpected token"));
        };
        let mut members = Map::new();
        for (name, value) in object {
            let snake = snake_case(&name);
            if !known.contains(&snake.as_str()) {
                let place = place(text, name_at(text, &name));
                return Err(Refusal::invalid(format!(
                    "proto: {place}: unknown field {name:?}"
                )));
            }
            // As if it were absent.
            if !value.is_null() {
                members.insert(snake, value);
            }
        }
        Ok(Self { text, members })
    }

    /// Whether the client sent a member.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// A text; empty when it is absent.
    pub(super) fn text(&self, name: &str) -> Result<String, Refusal> {
        match self.members.get(name) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(self.wrong_type(name, "string")),
        }
    }

    /// A switch; off when it is absent.
    pub(super) fn switch(&self, name: &str) -> Result<bool, Refusal> {
        match self.members.get(name) {
            None => Ok(false),
            Some(Value::Bool(switch)) => Ok(*switch),
            Some(_) => Err(self.wrong_type(name, "bool")),
        }
    }

    /// A signed integer, as text or as a number; 0 when it is absent.
    pub(super) fn integer(&self, name: &str) -> Result<i64, Refusal> {
        let read = match self.members.get(name) {
            None => return Ok(0),
            Some(Value::String(text)) => text.parse().ok(),
            Some(other) => other.as_i64(),
        };
        read.ok_or_else(|| self.wrong_type(name, "int64"))
    }

    /// The same without a sign.
    pub(super) fn unsigned(&self, name: &str) -> Result<u64, Refusal> {
        let read = match self.members.get(name) {
            None => return Ok(0),
            Some(Value::String(text)) => text.parse().ok(),
            Some(other) => other.as_u64(),
        };
        read.ok_or_else(|| self.wrong_type(name, "uint64"))
    }

    /// Bytes; none when they are absent.
    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        let text = self.text(name)?;
        let decoded = STANDARD.decode(&text).or_else(|_| URL_SAFE.decode(&text));
        decoded.map_err(|_| self.wrong_type(name, "bytes"))
    }

    /// 32 bytes of this kind; `None` when they are absent.
    pub(super) fn bytes32(&self, name: &str, kind: &str) -> Result<Option<[u8; 32]>, Refusal> {
        if self.bytes(name)?.is_empty() {
            return Ok(None);
        }
        self.exactly_32(name, kind).map(Some)
    }

    /// 32 bytes of this kind, which must be there.
    pub(super) fn exactly_32(&self, name: &str, kind: &str) -> Result<[u8; 32], Refusal> {
        let bytes = self.bytes(name)?;
        let length = bytes.len();
        bytes
            .try_into()
            .map_err(|_| Refusal::unknown(format!("invalid {kind} length of {length}, want 32")))
    }

    fn wrong_type(&self, name: &str, kind: &str) -> Refusal {
        let found = self.members.get(name).unwrap_or(&Value::Null);
        let after = name_at(self.text, name) + name.len() + 2;
        let rest = self.text.get(after..).unwrap_or_default();
        let skipped = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b':' | b'\t' | b'\n' | b'\r'))
            .count();
        let place = place(self.text, after + skipped);
        Refusal::invalid(format!(
            "proto: {place}: invalid value for {kind} type: {found}"
        ))
    }
}

/// Names may also be in camel case.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// Where a member's name begins, quotes included.
fn name_at(text: &[u8], name: &str) -> usize {
    let quoted = format!("\"{name}\"");
    let mut windows = text.windows(quoted.len());
    windows
        .position(|window| window == quoted.as_bytes())
        .unwrap_or_default()
}

/// How protobuf's JSON reader names a place.
fn place(text: &[u8], at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    let column = before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count();
    format!("(line {}:{})", lines + 1, column + 1)
}

/// A number in a query; 0 when it is absent.
pub(super) fn query_number(query: &str, name: &str) -> Result<u64, Refusal> {
    query_value(query, name, "ParseUint", |text| text.parse().ok())
}

/// Whether a switch of a query is on.
pub(super) fn query_switch(query: &str, name: &str) -> Result<bool, Refusal> {
    query_value(query, name, "ParseBool", |text| match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    })
}

fn query_value<T: Default>(
    query: &str,
    name: &str,
    reader: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, Refusal> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let Some((_, text)) = pairs.find(|(found, _)| *found == name) else {
        return Ok(T::default());
    };
    read(text).ok_or_else(|| {
        Refusal::invalid(format!(
            "parsing field {name:?}: strconv.{reader}: parsing {text:?}: invalid syntax"
        ))
    })
}
