//! Bodies as Lightning Charge accepts them: JSON, or a form with optionally nested names (`metadata[a]=1`). Other
//! content types are ignored.

use std::{borrow::Cow, collections::HashMap};

use axum::{
    extract::{FromRef, FromRequest, Request},
    http::header,
};
use mediatype::MediaType;
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

use super::refusal::Refusal;
use crate::web::{
    error::Problem,
    extract::body::{FORM, JSON, receive},
    limits::bodies::{BodyLimits, Sender},
    whole_number::WholeNumber,
};

/// The fields of a body. JSON is stored as sent, so numbers are never converted to floats.
#[derive(Default)]
pub(crate) struct Body(HashMap<String, Box<RawValue>>);

/// A field that is a single value.
pub(crate) struct Scalar {
    /// The text, without the quotes of a string.
    pub(crate) text: String,
    /// The JSON as sent.
    pub(crate) json: Box<RawValue>,
}

/// Deeper nesting remains a name with brackets, as in Lightning Charge.
const MAX_DEPTH: usize = 5;

impl Scalar {
    /// The digits of a JSON number without a fraction: JavaScript wrote `1e3` and `1000.0` like this.
    pub(crate) fn digits(&self) -> Cow<'_, str> {
        match self.json.get().parse() {
            Ok(WholeNumber(number)) => Cow::Owned(number.to_string()),
            Err(_) => Cow::Borrowed(&self.text),
        }
    }
}

impl<S> FromRequest<S> for Body
where
    BodyLimits: FromRef<S>,
    S: Sync,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
        let bytes = receive(request, &BodyLimits::from_ref(state), Sender::Caller).await?;
        let media = content_type
            .as_ref()
            .and_then(|value| value.to_str().ok())
            .and_then(|text| MediaType::parse(text).ok());
        match media {
            Some(media) if media.essence() == JSON && !bytes.is_empty() => Self::json(&bytes),
            Some(media) if media.essence() == FORM => Self::form(&bytes),
            _ => Ok(Self::default()),
        }
    }
}

impl Body {
    /// Parses JSON: an object has fields, an array has none.
    fn json(bytes: &[u8]) -> Result<Self, Refusal> {
        match serde_json::from_slice(bytes) {
            Ok(fields) => Ok(Self(fields)),
            Err(_) if serde_json::from_slice::<Vec<&RawValue>>(bytes).is_ok() => {
                Ok(Self::default())
            }
            Err(_) => Err(Problem::MalformedJson.into()),
        }
    }

    fn form(bytes: &[u8]) -> Result<Self, Refusal> {
        let reader = serde_qs::Config::new()
            .max_depth(MAX_DEPTH)
            .use_form_encoding(true);
        let malformed = || Refusal::from(Problem::BadRequest);
        let fields: HashMap<String, Value> =
            reader.deserialize_bytes(bytes).map_err(|_| malformed())?;
        let fields = fields
            .into_iter()
            .map(|(name, value)| Some((name, to_raw_value(&value).ok()?)));
        Ok(Self(fields.collect::<Option<_>>().ok_or_else(malformed)?))
    }

    /// A field that is truthy in JavaScript: present, and not `null`, `false`, 0 or "".
    pub(crate) fn scalar(&self, name: &str) -> Result<Option<Scalar>, Refusal> {
        let Some(json) = self.0.get(name) else {
            return Ok(None);
        };
        let text = match serde_json::from_str(json.get()) {
            Ok(Value::Null | Value::Bool(false)) => return Ok(None),
            Ok(Value::Number(number)) if number.as_f64() == Some(0.0) => return Ok(None),
            Ok(Value::String(text)) if text.is_empty() => return Ok(None),
            Ok(Value::String(text)) => text,
            Ok(Value::Number(_) | Value::Bool(true)) => json.get().to_owned(),
            _ => {
                return Err(Refusal::Lightning(format!(
                    "{name}: should be a string or a number"
                )));
            }
        };
        Ok(Some(Scalar {
            text,
            json: json.clone(),
        }))
    }

    /// A field as sent, whatever its type.
    pub(crate) fn raw(&self, name: &str) -> Option<&RawValue> {
        self.0.get(name).map(|json| &**json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Body {
        Body::json(text.as_bytes()).ok().unwrap()
    }

    fn form(text: &str) -> Body {
        Body::form(text.as_bytes()).ok().unwrap()
    }

    fn text(body: &Body, name: &str) -> Option<String> {
        body.scalar(name).ok().unwrap().map(|scalar| scalar.text)
    }

    #[test]
    fn values_are_kept_as_they_were_sent() {
        let body =
            json(r#"{"amount": 1.10, "currency": "EUR", "metadata": {"b": 1e400, "a": [1]}}"#);
        assert_eq!(text(&body, "amount").unwrap(), "1.10");
        assert_eq!(text(&body, "currency").unwrap(), "EUR");
        assert_eq!(
            body.raw("metadata").unwrap().get(),
            r#"{"b": 1e400, "a": [1]}"#
        );
        assert!(json("[1, 2]").raw("metadata").is_none());
        assert!(Body::json(b"{").is_err() && Body::json(b"1").is_err());
    }

    #[test]
    fn nested_forms_become_objects_of_strings() {
        for text in [
            "metadata[order]=7&metadata[items][0]=a&metadata[items][1]=b+c&msatoshi=5",
            "metadata%5Border%5D=7&metadata%5Bitems%5D%5B0%5D=a&metadata%5Bitems%5D%5B1%5D=b%20c&msatoshi=5",
            "metadata[order]=7&metadata[items][]=a&metadata[items][]=b+c&msatoshi=5",
        ] {
            let body = form(text);
            let metadata: Value =
                serde_json::from_str(body.raw("metadata").unwrap().get()).unwrap();
            let expected = serde_json::json!({"order": "7", "items": ["a", "b c"]});
            assert_eq!(metadata, expected, "{text}");
            assert_eq!(self::text(&body, "msatoshi").unwrap(), "5");
        }
        assert_eq!(
            form("metadata=plain").raw("metadata").unwrap().get(),
            "\"plain\""
        );
    }

    #[test]
    fn what_is_false_in_javascript_is_absent() {
        let body = json(r#"{"a": 0, "b": "", "c": null, "d": false, "e": 0.0, "f": -0}"#);
        for name in ["a", "b", "c", "d", "e", "f", "g"] {
            assert!(text(&body, name).is_none(), "{name}");
        }
        assert_eq!(text(&form("a=0"), "a").unwrap(), "0");
        assert!(json(r#"{"a": {}}"#).scalar("a").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_the_parser_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), text in "[a-c\\[\\]=&%0-9]{0,80}") {
            let _ = (Body::json(&bytes), Body::form(&bytes), Body::form(text.as_bytes()));
        }
    }
}
