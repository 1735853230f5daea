//! What a wallet tells about the payer (LUD-18).

use serde_json::{Map, Value};

/// A thing that a shop may ask a wallet for. The payer need not tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayerField {
    /// What the payer is called.
    Name,
    /// Where the payer gets mail.
    Email,
}

/// What a wallet told: JSON, of which each byte counts, since the hash in the invoice is of it too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerData {
    json: String,
    told: Vec<(PayerField, String)>,
}

/// Why it is not taken; the words go on after "the parameter payerdata".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayerDataError {
    /// Nothing was asked for.
    #[error("was not asked for")]
    NotAsked,
    /// More than [`PayerData::MAX_BYTES`].
    #[error("must have at most {} bytes", PayerData::MAX_BYTES)]
    TooLong,
    /// No JSON object, or one with control characters, which lightningd refuses.
    #[error("must be a JSON object in one line")]
    Unreadable,
    /// A field that was not asked for.
    #[error("has the field {0}, which was not asked for")]
    UnknownField(String),
    /// A field that is no text of a line.
    #[error("has a field {} that is not a text of at most {} characters in one line", .0.as_str(), PayerField::MAX_CHARACTERS)]
    BadField(PayerField),
}

impl PayerField {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Name, Self::Email];

    /// The most characters of what is told: as many as an address for mail may have.
    pub const MAX_CHARACTERS: usize = 254;

    /// Its name in LUD-18.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
        }
    }

    /// Reads its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    fn read(self, value: Value) -> Result<Option<String>, PayerDataError> {
        let text = match value {
            Value::Null => return Ok(None),
            Value::String(text) => text,
            _ => return Err(PayerDataError::BadField(self)),
        };
        let fits = text.chars().count() <= Self::MAX_CHARACTERS;
        if !fits || text.chars().any(char::is_control) {
            return Err(PayerDataError::BadField(self));
        }
        Ok((!text.trim().is_empty()).then_some(text))
    }
}

impl PayerData {
    /// The most bytes.
    pub const MAX_BYTES: usize = 2000;

    /// Reads what a wallet sent, where a shop asked for these fields.
    ///
    /// # Errors
    /// [`PayerDataError`].
    pub fn parse(json: String, asked: &[PayerField]) -> Result<Self, PayerDataError> {
        if asked.is_empty() {
            return Err(PayerDataError::NotAsked);
        }
        if json.len() > Self::MAX_BYTES {
            return Err(PayerDataError::TooLong);
        }
        let one_line = !json.chars().any(char::is_control);
        let fields: Map<String, Value> = serde_json::from_str(&json)
            .ok()
            .filter(|_| one_line)
            .ok_or(PayerDataError::Unreadable)?;
        let mut told = Vec::new();
        for (name, value) in fields {
            let field = PayerField::parse(&name).filter(|field| asked.contains(field));
            let field = field.ok_or(PayerDataError::UnknownField(name))?;
            if let Some(text) = field.read(value)? {
                told.push((field, text));
            }
        }
        Ok(Self { json, told })
    }

    /// What was sent, byte for byte.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// What was told of this; `None`: nothing.
    pub fn get(&self, field: PayerField) -> Option<&str> {
        let mut told = self.told.iter();
        let found = told.find(|(known, _)| *known == field);
        found.map(|(_, text)| text.as_str())
    }

    /// What was told; nothing that is empty.
    pub fn told(&self) -> &[(PayerField, String)] {
        &self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<PayerData, PayerDataError> {
        PayerData::parse(json.to_owned(), &[PayerField::Name])
    }

    #[test]
    fn what_was_asked_for_is_read_and_each_byte_kept() {
        let json = r#"{ "name":"Anna B\u00e9" }"#;
        let data = read(json).unwrap();
        assert_eq!(data.as_json(), json);
        assert_eq!(data.told(), [(PayerField::Name, "Anna Bé".to_owned())]);
        assert_eq!(data.get(PayerField::Name), Some("Anna Bé"));
        assert_eq!(data.get(PayerField::Email), None);
        for nothing in ["{}", r#"{"name":null}"#, r#"{"name":" "}"#] {
            assert_eq!(read(nothing).unwrap().told(), [], "{nothing}");
        }
    }

    #[test]
    fn what_is_not_taken_is_said() {
        for (json, error) in [
            ("", PayerDataError::Unreadable),
            ("[]", PayerDataError::Unreadable),
            ("{\"name\":\n\"A\"}", PayerDataError::Unreadable),
            (
                r#"{"email":"a@b.example"}"#,
                PayerDataError::UnknownField("email".to_owned()),
            ),
            (r#"{"name":7}"#, PayerDataError::BadField(PayerField::Name)),
            (
                r#"{"name":"A\nB"}"#,
                PayerDataError::BadField(PayerField::Name),
            ),
        ] {
            assert_eq!(read(json), Err(error), "{json}");
        }
        let long = format!(r#"{{"name":"{}"}}"#, "a".repeat(255));
        assert_eq!(read(&long), Err(PayerDataError::BadField(PayerField::Name)));
        assert_eq!(read(&" ".repeat(2001)), Err(PayerDataError::TooLong));
        let nobody = PayerData::parse("{}".to_owned(), &[]);
        assert_eq!(nobody, Err(PayerDataError::NotAsked));
    }
}
