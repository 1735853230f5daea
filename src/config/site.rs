//! `[site]` and `[embed]`: how the pages present themselves, and who may show them in a frame.

use std::{fmt, path::PathBuf, str::FromStr};

use palette::Srgb;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    error::refusal,
    server::PublicUrl,
    text::{Line, SiteName, list, parsed},
};
use crate::locale::Language;

/// `[site]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteConfig {
    /// The name at the top of every page.
    pub name: SiteName,
    /// The language of visitors whose browser asks for none of ours.
    pub language: Language,
    /// An image beside the name: SVG, PNG, JPEG or WebP. Empty: none.
    pub logo: PathBuf,
    /// The colour of buttons. Empty: our blue.
    pub accent: Accent,
    /// A line at the foot of every page.
    pub footer: Line,
    /// A stylesheet that comes after ours. Empty: none.
    pub stylesheet: PathBuf,
    /// Whether a buyer goes on to the shop's `redirect_url` by itself some seconds after the payment, where script runs.
    pub redirect_automatically: bool,
    /// Whether an invoice's page has a second code, for wallets that read `bitcoin:` links only.
    pub any_wallet: bool,
}

/// `[embed]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmbedConfig {
    /// The shops whose pages may show ours in a frame and are told there when an invoice is paid.
    pub origins: Origins,
}

/// A colour, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accent(pub Option<Srgb<u8>>);

/// Origins: scheme, host and port.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Origins(Vec<String>);

impl Origins {
    /// All of them with a space between, as a policy lists them; empty for none.
    pub fn listed(&self) -> String {
        self.0.join(" ")
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &String> {
        self.0.iter()
    }
}

impl FromStr for Accent {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let expected = "must be a colour, such as #1f5eff";
        let plain = text.len() == 7 && text.starts_with('#');
        let colour = plain.then(|| text.parse()).ok_or(expected)?;
        colour
            .map(|colour| Self(Some(colour)))
            .map_err(|_| expected)
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(colour) => write!(f, "#{colour:x}"),
            None => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for Accent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, str::parse)
    }
}

impl Serialize for Accent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Origins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |text: String| match text.parse() {
            Ok(url @ PublicUrl::Fixed(_)) => Ok(url.to_string()),
            _ => Err(de::Error::custom(refusal(
                &text,
                "must be an origin, such as https://shop.example, without path, user or password",
            ))),
        };
        list(deserializer)?
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
