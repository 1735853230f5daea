//! Reads a command's parameters, by name or by position, with lightningd's rules and messages: values are looked at in
//! the order they were sent, the first bad one ends it. The messages carry the token, as lightningd's do with
//! `--developer`; without it lightningd hides the token from the client.

use super::reply::RpcError;
use super::token::{Kind, Token};

/// lightningd's code for bad parameters.
pub(super) const INVALID_PARAMS: i32 = -32602;

/// A parameter of a command.
#[derive(Debug, Clone, Copy)]
pub(super) struct Param {
    /// Its name.
    pub(super) name: &'static str,
    /// Whether a call must have it.
    pub(super) need: Need,
}

/// Whether a call must have a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// It must.
    Required,
    /// It need not.
    Optional,
}

/// A parameter that must be there.
pub(super) const fn required(name: &'static str) -> Param {
    Param {
        name,
        need: Need::Required,
    }
}

/// A parameter that may be left out.
pub(super) const fn optional(name: &'static str) -> Param {
    Param {
        name,
        need: Need::Optional,
    }
}

/// Hands each parameter of the call to `set` with its name.
///
/// # Errors
/// -32602 for unknown, repeated, missing or too many parameters, and what `set` finds wrong.
pub(super) fn read(
    params: &Token<'_>,
    spec: &[Param],
    mut set: impl FnMut(&'static str, &Token<'_>) -> Result<(), RpcError>,
) -> Result<(), RpcError> {
    let mut seen = vec![false; spec.len()];
    match params.kind() {
        Kind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let Some(param) = spec.get(index) else {
                    return Err(RpcError::new(
                        INVALID_PARAMS,
                        format!(
                            "too many parameters: got {}, expected {}",
                            items.len(),
                            spec.len()
                        ),
                    ));
                };
                if item.is_primitive() && item.text().starts_with('n') {
                    continue;
                }
                seen[index] = true;
                set(param.name, item)?;
            }
        }
        Kind::Object(members) => {
            for (name, value) in members {
                let Some(index) = spec.iter().position(|param| param.name == *name) else {
                    return Err(unknown(name));
                };
                if seen[index] {
                    return Err(RpcError::new(
                        INVALID_PARAMS,
                        format!("duplicate json names: {name}"),
                    ));
                }
                seen[index] = true;
                set(spec[index].name, value)?;
            }
        }
        Kind::Text | Kind::Primitive => {
            return Err(RpcError::new(
                INVALID_PARAMS,
                "Expected array or object for params",
            ));
        }
    }
    match spec
        .iter()
        .zip(seen)
        .find(|(param, seen)| param.need == Need::Required && !seen)
    {
        Some((param, _)) => Err(RpcError::new(
            INVALID_PARAMS,
            format!("missing required parameter: {}", param.name),
        )),
        None => Ok(()),
    }
}

fn unknown(name: &str) -> RpcError {
    RpcError::new(
        INVALID_PARAMS,
        format!(
            "unknown parameter: {name}, this may be caused by a failure to autodetect key=value-style parameters. \
             Please try using the -k flag and explicit key=value pairs of parameters."
        ),
    )
}

/// The error for a value that the parameter cannot have.
pub(super) fn bad(name: &str, token: &Token<'_>, message: &str) -> RpcError {
    RpcError::new(
        INVALID_PARAMS,
        format!("{name}: {message}: invalid token '{}'", token.full()),
    )
}

/// A label: the raw text of a string or a number.
pub(super) fn label(name: &str, token: &Token<'_>) -> Result<String, RpcError> {
    let number = token.is_primitive()
        && token
            .text()
            .starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if token.is_text() || number {
        Ok(token.text().to_owned())
    } else {
        Err(bad(name, token, "should be a string or number"))
    }
}

/// A string with JSON's short escapes; lightningd refuses `\u`.
pub(super) fn escaped_string(name: &str, token: &Token<'_>) -> Result<String, RpcError> {
    let refused = || bad(name, token, "should be a string (without \\u)");
    if !token.is_text() {
        return Err(refused());
    }
    let mut text = String::with_capacity(token.text().len());
    let mut characters = token.text().chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('t') => '\t',
                Some('r') => '\r',
                Some(plain @ ('"' | '\\' | '/')) => plain,
                _ => return Err(refused()),
            },
            plain => plain,
        });
    }
    Ok(text)
}

/// An unsigned number, also in a string, also octal or hexadecimal; a minus counts down from 2^64, as in C.
pub(super) fn u64(name: &str, token: &Token<'_>) -> Result<u64, RpcError> {
    c_number(token.text()).ok_or_else(|| bad(name, token, "should be an unsigned 64 bit integer"))
}

/// As `u64`, but within 32 bits.
pub(super) fn u32(name: &str, token: &Token<'_>) -> Result<u32, RpcError> {
    c_number(token.text())
        .and_then(|number| number.try_into().ok())
        .ok_or_else(|| bad(name, token, "should be an unsigned 32 bit integer"))
}

/// A count of blocks.
pub(super) fn integer(name: &str, token: &Token<'_>) -> Result<u32, RpcError> {
    c_number(token.text())
        .and_then(|number| number.try_into().ok())
        .ok_or_else(|| bad(name, token, "should be an integer"))
}

fn c_number(text: &str) -> Option<u64> {
    if let Some(rest) = text.strip_prefix('-') {
        return c_number(rest)
            .filter(|_| !rest.starts_with('-'))
            .map(u64::wrapping_neg);
    }
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    if digits.starts_with('+') {
        None
    } else {
        u64::from_str_radix(digits, radix).ok()
    }
}

/// `true` or `false`, not in a string.
pub(super) fn boolean(name: &str, token: &Token<'_>) -> Result<bool, RpcError> {
    match (token.is_primitive(), token.text()) {
        (true, "true") => Ok(true),
        (true, "false") => Ok(false),
        _ => Err(bad(name, token, "should be 'true' or 'false'")),
    }
}

/// 32 bytes in hexadecimal; `message` is what the error says.
pub(super) fn hex32(name: &str, token: &Token<'_>, message: &str) -> Result<[u8; 32], RpcError> {
    <[u8; 32] as bitcoin::hex::FromHex>::from_hex(token.text())
        .map_err(|_| bad(name, token, message))
}

/// An amount in millisatoshi: digits, or digits with `msat`, `sat` or `btc`.
pub(super) fn msat(token: &Token<'_>) -> Option<u64> {
    let text = token.text();
    let digits = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let (whole, rest) = text.split_at(digits);
    match rest {
        "" | "msat" => whole.parse().ok(),
        "sat" => shifted(whole, 3),
        "btc" => shifted(whole, 11),
        _ => {
            let fraction = rest.strip_prefix('.')?.strip_suffix("btc")?;
            if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let places = 11_u32.checked_sub(fraction.len().try_into().ok()?)?;
            shifted(whole, 11)?.checked_add(shifted(fraction, places)?)
        }
    }
}

fn shifted(digits: &str, places: u32) -> Option<u64> {
    digits
        .parse::<u64>()
        .ok()?
        .checked_mul(10_u64.checked_pow(places)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Token<'_> {
        Token::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn amounts() {
        let cases = [
            ("1000", Some(1000)),
            ("\"1sat\"", Some(1000)),
            ("\"2000msat\"", Some(2000)),
            ("\"0.00000001btc\"", Some(1000)),
            ("\"21000001btc\"", Some(2_100_000_100_000_000_000)),
            ("1.5", None),
            ("-5", None),
            ("1e4", None),
            ("\"lots\"", None),
            ("20000000000000000000000", None),
            ("\"1.50USD\"", None),
        ];
        for (text, expected) in cases {
            assert_eq!(msat(&token(text)), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_as_c_reads_them() {
        let cases = [
            ("600", Some(600)),
            ("0x10", Some(16)),
            ("010", Some(8)),
            ("0", Some(0)),
            ("-1", Some(u64::MAX)),
            ("1.5", None),
        ];
        for (text, expected) in cases {
            assert_eq!(c_number(text), expected, "{text}");
        }
    }

    #[test]
    fn positions_and_names() {
        let spec = [required("a"), optional("b")];
        let read_all = |text: &str| {
            let mut got = Vec::new();
            read(&token(text), &spec, |name, value| {
                got.push(format!("{name}={}", value.text()));
                Ok(())
            })
            .map(|()| got)
            .map_err(|error| error.message)
        };
        assert_eq!(read_all("[1,2]").unwrap(), ["a=1", "b=2"]);
        assert_eq!(read_all("[1,null]").unwrap(), ["a=1"]);
        assert_eq!(
            read_all("[1,2,3]").unwrap_err(),
            "too many parameters: got 3, expected 2"
        );
        assert_eq!(
            read_all(r#"{"b":1}"#).unwrap_err(),
            "missing required parameter: a"
        );
        assert_eq!(
            read_all(r#"{"a":1,"a":2}"#).unwrap_err(),
            "duplicate json names: a"
        );
        assert_eq!(
            read_all("7").unwrap_err(),
            "Expected array or object for params"
        );
    }
}
