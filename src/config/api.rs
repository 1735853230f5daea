//! `[api]`: who may use the API.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use url::{Origin, Url};

use super::{error::refusal, number::Bounded};
use facture_domain::token::Token;

/// `[api]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiConfig {
    /// A token that may do everything, for the first steps. Never printed.
    #[serde(skip_serializing)]
    pub token: ConfiguredToken,
    /// How many requests a token may make in a minute.
    pub requests_per_minute: Bounded<1, 1_000_000>,
    /// The web pages that may use the API in a browser.
    pub allow_origins: AllowOrigins,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            token: ConfiguredToken::default(),
            requests_per_minute: Bounded::new(6000),
            allow_origins: AllowOrigins::default(),
        }
    }
}

/// Whose pages may use the API in a browser (CORS, the Fetch standard).
#[derive(Clone, Debug, PartialEq)]
pub enum AllowOrigins {
    /// Those of these origins, such as `https://shop.example`. None of them by default.
    Only(Vec<String>),
    /// All.
    Any,
}

/// A token in the configuration, or none.
#[derive(Clone, Debug, Default)]
pub struct ConfiguredToken(Option<Token>);

/// So that nobody guesses it.
const MIN_TOKEN_CHARS: usize = 24;

impl ConfiguredToken {
    /// This one.
    pub fn new(token: Token) -> Self {
        Self(Some(token))
    }

    /// The token, if there is one.
    pub fn get(&self) -> Option<&Token> {
        self.0.as_ref()
    }
}

impl Default for AllowOrigins {
    fn default() -> Self {
        Self::Only(Vec::new())
    }
}

impl AllowOrigins {
    fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut origins = Vec::new();
        for text in texts {
            if text == "*" {
                return Ok(Self::Any);
            }
            let origin = Url::parse(text).map(|url| url.origin());
            match origin {
                Ok(origin @ Origin::Tuple(..)) if origin.ascii_serialization() == text => {
                    origins.push(text.to_owned());
                }
                _ => {
                    return Err(refusal(
                        text,
                        "must be \"*\" or an origin as browsers send it, such as https://shop.example",
                    ));
                }
            }
        }
        Ok(Self::Only(origins))
    }
}

impl Serialize for AllowOrigins {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Only(origins) => origins.serialize(serializer),
            Self::Any => ["*"].serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for AllowOrigins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(List)
    }
}

/// A list as files have it, or a text with commas, as the environment has it.
struct List;

impl<'de> de::Visitor<'de> for List {
    type Value = AllowOrigins;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of origins")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<AllowOrigins, E> {
        let origins = text
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty());
        AllowOrigins::parse(origins).map_err(E::custom)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<AllowOrigins, A::Error> {
        let mut origins: Vec<String> = Vec::new();
        while let Some(origin) = list.next_element()? {
            origins.push(origin);
        }
        AllowOrigins::parse(origins.iter().map(String::as_str)).map_err(de::Error::custom)
    }
}

impl PartialEq for ConfiguredToken {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => one.hash().matches(&other.hash()),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for ConfiguredToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.is_empty() {
            Ok(Self(None))
        } else if text.len() >= MIN_TOKEN_CHARS && visible {
            Ok(Self(Some(Token::new(text))))
        } else {
            // Without the text: it may be a good part of a secret.
            Err(serde::de::Error::custom(format_args!(
                "must be at least {MIN_TOKEN_CHARS} visible ASCII characters"
            )))
        }
    }
}
