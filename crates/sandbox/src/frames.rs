//! Cuts the bytes of a connection into JSON texts, as forgiving and as strict as lightningd's tokenizer: commas may be
//! missing or too many, control characters may stand raw in strings, anything else that is no JSON spoils the whole
//! buffer. It must not look inside a text: that is `token`'s work.

use std::ops::Range;

/// What a buffer holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// The complete texts from the front; bytes after the last one may be the beginning of another.
    Texts(Vec<Range<usize>>),
    /// Somewhere in the buffer is something that no further byte can turn into JSON. lightningd reads the whole
    /// buffer first, so even complete requests in front of it are lost.
    Broken,
}

/// Finds the complete JSON texts in `buffer`.
pub(super) fn scan(buffer: &[u8]) -> Scan {
    Scanner { buffer, at: 0 }.run().unwrap_or(Scan::Broken)
}

/// No further byte can make this JSON.
struct Invalid;

struct Scanner<'a> {
    buffer: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn run(&mut self) -> Option<Scan> {
        let mut texts = Vec::new();
        let mut open: Vec<u8> = Vec::new();
        let mut start = 0;
        while let Some(&byte) = self.buffer.get(self.at) {
            if open.is_empty() {
                start = self.at;
            }
            let complete = match byte {
                // A zero byte is the end of the text for lightningd, for ever.
                0 => break,
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {
                    self.at += 1;
                    continue;
                }
                b'{' | b'[' => {
                    open.push(byte);
                    self.at += 1;
                    true
                }
                b'}' | b']' => {
                    let opening = if byte == b'}' { b'{' } else { b'[' };
                    if open.pop() != Some(opening) {
                        return None;
                    }
                    self.at += 1;
                    true
                }
                b'"' => self.string().ok()?,
                b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => self.primitive().ok()?,
                _ => return None,
            };
            if !complete {
                break;
            }
            if open.is_empty() {
                texts.push(start..self.at);
            }
        }
        Some(Scan::Texts(texts))
    }

    /// Steps over a string; false when its end has not arrived.
    fn string(&mut self) -> Result<bool, Invalid> {
        let mut at = self.at + 1;
        while let Some(&byte) = self.buffer.get(at) {
            match byte {
                0 => return Ok(false),
                b'"' => {
                    self.at = at + 1;
                    return Ok(true);
                }
                b'\\' => match self.buffer.get(at + 1) {
                    None => return Ok(false),
                    Some(b'"' | b'/' | b'\\' | b'b' | b'f' | b'r' | b'n' | b't') => at += 2,
                    Some(b'u') => {
                        let end = self.buffer.len().min(at + 6);
                        if !self.buffer[at + 2..end].iter().all(u8::is_ascii_hexdigit) {
                            return Err(Invalid);
                        }
                        at = end;
                    }
                    Some(_) => return Err(Invalid),
                },
                _ => at += 1,
            }
        }
        Ok(false)
    }

    /// Steps over a number, `true`, `false` or `null`; false when what ends it has not arrived.
    fn primitive(&mut self) -> Result<bool, Invalid> {
        let rest = &self.buffer[self.at..];
        for (length, &byte) in rest.iter().enumerate() {
            match byte {
                b'\t' | b'\r' | b'\n' | b' ' | b',' | b']' | b'}' => {
                    self.at += length;
                    return Ok(true);
                }
                0 => return Ok(false),
                33..=126 => {}
                _ => return Err(Invalid),
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(input: &str) -> Vec<&str> {
        match scan(input.as_bytes()) {
            Scan::Texts(ranges) => ranges.into_iter().map(|range| &input[range]).collect(),
            Scan::Broken => panic!("broken: {input:?}"),
        }
    }

    #[test]
    fn texts_need_no_separator() {
        assert_eq!(
            texts(r#"{"a":1}{"b":"}"}  [2]"#),
            [r#"{"a":1}"#, r#"{"b":"}"}"#, "[2]"]
        );
    }

    #[test]
    fn an_unfinished_text_waits() {
        for input in [
            "",
            "\n\n",
            "{",
            r#"{"a"#,
            r#"{"a":"\"#,
            r#"{"a":"\u00"#,
            "{\"a\":1",
            "12",
        ] {
            assert_eq!(texts(input), Vec::<&str>::new(), "{input:?}");
        }
        assert_eq!(texts("{} {"), ["{}"]);
    }

    #[test]
    fn forgives_what_lightningd_forgives() {
        assert_eq!(texts("{\"a\":\"\x01\n\",}"), ["{\"a\":\"\x01\n\",}"]);
    }

    #[test]
    fn one_bad_byte_spoils_all() {
        for input in [
            "{}}",
            "{]",
            "hello}",
            r#"{"a":"\x"}"#,
            r#"{"a":"\u00zz"}"#,
            "{\"a\":1\u{e9}}",
        ] {
            assert_eq!(scan(input.as_bytes()), Scan::Broken, "{input:?}");
        }
    }
}
