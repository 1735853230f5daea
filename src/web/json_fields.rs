//! The fields of a JSON object in the APIs of other programs, whose clients send numbers as strings and the other way
//! round, and fields that we do not know.

use std::collections::HashMap;

use serde_json::{Value, value::RawValue};

use crate::web::whole_number::WholeNumber;

/// The fields, as sent, so numbers are never converted to floats. `null` counts as absent.
#[derive(Default)]
pub(crate) struct JsonFields(HashMap<String, Box<RawValue>>);

/// A field is of another type than it must be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: must be {expected}")]
pub(crate) struct FieldError {
    /// The field's name.
    pub(crate) field: String,
    /// What it must be.
    pub(crate) expected: &'static str,
}

impl JsonFields {
    /// Parses an object; `None`: it is no JSON, or something else.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().map(Self)
    }

    /// A field as sent, whatever its type.
    pub(crate) fn raw(&self, name: &str) -> Option<&RawValue> {
        let json = self.0.get(name)?;
        (json.get() != "null").then_some(json)
    }

    /// A string.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, FieldError> {
        self.read(name, "a string")
    }

    /// `true` or `false`; absent: `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, FieldError> {
        Ok(self.read(name, "true or false")?.unwrap_or(false))
    }

    /// An array of strings.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, FieldError> {
        self.read(name, "an array of strings")
    }

    /// A number, or a string with one: its digits.
    pub(crate) fn decimal(&self, name: &str) -> Result<Option<String>, FieldError> {
        let Some(json) = self.raw(name) else {
            return Ok(None);
        };
        match serde_json::from_str(json.get()) {
            Ok(Value::Number(_)) => Ok(Some(json.get().to_owned())),
            Ok(Value::String(text)) => Ok(Some(text)),
            _ => Err(wrong(name, "a number")),
        }
    }

    /// A non-negative whole number, or a string with one.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<u64>, FieldError> {
        let expected = "a whole number";
        let digits = self.decimal(name).map_err(|_| wrong(name, expected))?;
        let read = digits.map(|digits| digits.parse::<WholeNumber>());
        let read = read.transpose().map_err(|_| wrong(name, expected))?;
        Ok(read.map(|WholeNumber(number)| number))
    }

    /// An object.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>, FieldError> {
        Ok(self.read(name, "an object")?.map(Self))
    }

    fn read<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
        expected: &'static str,
    ) -> Result<Option<T>, FieldError> {
        self.raw(name)
            .map(|json| serde_json::from_str(json.get()).map_err(|_| wrong(name, expected)))
            .transpose()
    }
}

fn wrong(field: &str, expected: &'static str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> JsonFields {
        JsonFields::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn numbers_keep_their_digits() {
        let sent =
            fields(r#"{"a": 0.00012345, "b": "12.50", "c": 1e3, "d": null, "e": [1], "f": true}"#);
        assert_eq!(sent.decimal("a").unwrap().unwrap(), "0.00012345");
        assert_eq!(sent.decimal("b").unwrap().unwrap(), "12.50");
        assert_eq!(sent.whole("c").unwrap(), Some(1000));
        assert_eq!(sent.decimal("d").unwrap(), None);
        assert!(sent.decimal("e").is_err() && sent.whole("a").is_err());
        assert_eq!(sent.flag("f"), Ok(true));
        assert_eq!(sent.flag("d"), Ok(false));
        let error = sent.text("e").unwrap_err().to_string();
        assert_eq!(error, "e: must be a string");
    }

    #[test]
    fn only_objects_have_fields() {
        for text in ["", "[]", "1", "{", "null", "\"a\""] {
            assert!(JsonFields::parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
