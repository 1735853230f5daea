//! Values that are checked texts: each is read once, from a file, the environment or a default, and is right from
//! then on.

use serde::{Deserialize, Deserializer, Serialize, de};
use url::{Host, Url};

use super::error::refusal;

/// A text for people: one line, not empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SiteName(String);

impl SiteName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SiteName {
    fn default() -> Self {
        Self("facture".to_owned())
    }
}

impl<'de> Deserialize<'de> for SiteName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| {
            let text = text.trim();
            if text.is_empty() || text.chars().any(char::is_control) {
                return Err("must be a single line of text");
            }
            Ok(Self(text.to_owned()))
        })
    }
}

/// A text for people: one line, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Line(String);

impl Line {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| {
            if text.chars().any(char::is_control) {
                return Err("must be a single line of text");
            }
            Ok(Self(text.trim().to_owned()))
        })
    }
}

/// Reads a text and parses it; the parser's complaint becomes the error, to which the key's name is added.
pub(super) fn parsed<'de, D, T, E>(
    deserializer: D,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: std::fmt::Display,
{
    let text = String::deserialize(deserializer)?;
    parse(&text).map_err(|error| de::Error::custom(refusal(&text, error)))
}

/// Reads several texts: a list in a file, one text with spaces or commas in the environment.
pub(super) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    list_of(deserializer, &[' ', ','])
}

/// The same with these characters between the parts of a text.
pub(super) fn list_of<'de, D: Deserializer<'de>>(
    deserializer: D,
    separators: &[char],
) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum ListOrText {
        List(Vec<String>),
        Text(String),
    }
    Ok(match ListOrText::deserialize(deserializer)? {
        ListOrText::List(list) => list,
        ListOrText::Text(text) => text
            .split(separators)
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

/// An address that is scheme, host and port, and nothing else.
pub(super) fn origin(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(
        url.host(),
        Some(Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_))
    ) && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    plain.then_some(url)
}
