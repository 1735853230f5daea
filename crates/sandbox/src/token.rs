//! A JSON text as a tree of tokens that keep their raw text. lightningd compares labels and echoes ids as they were
//! written, so nothing is unescaped here and numbers stay text; giving tokens a meaning is `params`' work.

/// Nesting beyond this is refused instead of exhausting the stack.
const MAX_DEPTH: usize = 128;

/// One JSON value and the text that it was written as.
#[derive(Debug, Clone)]
pub(super) struct Token<'a> {
    full: &'a str,
    kind: Kind<'a>,
}

/// What sort of value a token is.
#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    /// Members in the order written; names are raw, too.
    Object(Vec<(&'a str, Token<'a>)>),
    /// An array.
    List(Vec<Token<'a>>),
    /// A string.
    Text,
    /// A number, `true`, `false` or `null`: whatever stands there without quotes.
    Primitive,
}

impl<'a> Token<'a> {
    /// Reads one text that `frames::scan` found; `None` when its structure is wrong or a string is not UTF-8.
    pub(super) fn parse(text: &'a [u8]) -> Option<Token<'a>> {
        let mut parser = Parser {
            text: std::str::from_utf8(text).ok()?,
            at: 0,
        };
        parser.value(0)
    }

    /// The text as written, with the quotes of a string.
    pub(super) fn full(&self) -> &'a str {
        self.full
    }

    /// The text as written, without the quotes of a string.
    pub(super) fn text(&self) -> &'a str {
        match self.kind {
            Kind::Text => &self.full[1..self.full.len() - 1],
            _ => self.full,
        }
    }

    /// What sort of value this is, with its parts.
    pub(super) fn kind(&self) -> &Kind<'a> {
        &self.kind
    }

    /// Whether this is a string.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text)
    }

    /// Whether this is a number, `true`, `false` or `null`.
    pub(super) fn is_primitive(&self) -> bool {
        matches!(self.kind, Kind::Primitive)
    }

    /// The first member of that name, if this is an object.
    pub(super) fn member(&self, name: &str) -> Option<&Token<'a>> {
        match &self.kind {
            Kind::Object(members) => members
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The member of that name, or the first item, and what is left without it.
    pub(super) fn split_off(&self, name: &str) -> Option<(Token<'a>, Token<'a>)> {
        let mut left = self.clone();
        let taken = match &mut left.kind {
            Kind::Object(members) => {
                let index = members.iter().position(|(key, _)| *key == name)?;
                members.remove(index).1
            }
            Kind::List(items) if !items.is_empty() => items.remove(0),
            _ => return None,
        };
        Some((taken, left))
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn value(&mut self, depth: usize) -> Option<Token<'a>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let start = self.at;
        let kind = match self.peek()? {
            b'{' => self.object(depth)?,
            b'[' => self.list(depth)?,
            b'"' => {
                self.string()?;
                Kind::Text
            }
            b'}' | b']' | b',' | b':' => return None,
            _ => {
                self.skip_while(|byte| {
                    !matches!(byte, b'\t' | b'\r' | b'\n' | b' ' | b',' | b']' | b'}')
                });
                Kind::Primitive
            }
        };
        Some(Token {
            full: &self.text[start..self.at],
            kind,
        })
    }

    fn object(&mut self, depth: usize) -> Option<Kind<'a>> {
        let mut members = Vec::new();
        self.at += 1;
        loop {
            self.skip_separators();
            if self.peek()? == b'}' {
                self.at += 1;
                return Some(Kind::Object(members));
            }
            let name = self.string()?;
            self.skip_space();
            if self.peek()? != b':' {
                return None;
            }
            self.at += 1;
            self.skip_space();
            members.push((name, self.value(depth + 1)?));
            self.skip_space();
            if !matches!(self.peek()?, b',' | b'}') {
                return None;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Kind<'a>> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.skip_separators();
            if self.peek()? == b']' {
                self.at += 1;
                return Some(Kind::List(items));
            }
            items.push(self.value(depth + 1)?);
        }
    }

    /// Steps over a string and gives what stands between its quotes.
    fn string(&mut self) -> Option<&'a str> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        self.at = start;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let text = &self.text[start..self.at];
        self.at += 1;
        Some(text)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b'\t' | b'\r' | b'\n' | b' '));
    }

    fn skip_separators(&mut self) {
        self.skip_while(|byte| matches!(byte, b'\t' | b'\r' | b'\n' | b' ' | b','));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Token<'_>> {
        Token::parse(text.as_bytes())
    }

    #[test]
    fn keeps_the_raw_text() {
        let token = parse(r#"{"id": "a\"\u00e9", "n": 1.50, "deep": {"x": [1, true]}}"#).unwrap();
        assert_eq!(token.member("id").unwrap().full(), r#""a\"\u00e9""#);
        assert_eq!(token.member("id").unwrap().text(), r#"a\"\u00e9"#);
        assert_eq!(token.member("n").unwrap().text(), "1.50");
        assert_eq!(token.member("deep").unwrap().full(), r#"{"x": [1, true]}"#);
        assert!(token.member("none").is_none());
    }

    #[test]
    fn the_structure_must_be_right() {
        assert!(parse(r#"{"a":1,,"b":2,}"#).is_some());
        for text in [
            r#"{"a":1 "b":2}"#,
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{1:2}"#,
            r#"["a":1]"#,
            r#"{"a":1 2}"#,
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
        assert!(Token::parse(b"{\"a\":\"\xff\"}").is_none());
        assert!(parse(&"[".repeat(100_000)).is_none());
    }
}
