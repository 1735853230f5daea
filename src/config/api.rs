//! `[api]`: who may use the API.

use serde::{Deserialize, Deserializer, Serialize};

use crate::token::Token;

/// `[api]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiConfig {
    /// A token that may do everything, for the first steps. Never printed.
    #[serde(skip_serializing)]
    pub token: ConfiguredToken,
}

/// A token in the configuration, or none.
#[derive(Clone, Debug, Default)]
pub struct ConfiguredToken(Option<Token>);

/// So that nobody guesses it.
const SHORTEST: usize = 24;

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
        } else if text.len() >= SHORTEST && visible {
            Ok(Self(Some(Token::new(text))))
        } else {
            // Without the text: it may be a good part of a secret.
            Err(serde::de::Error::custom(format_args!(
                "must be at least {SHORTEST} visible ASCII characters"
            )))
        }
    }
}
