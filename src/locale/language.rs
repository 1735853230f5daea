//! The languages there are, and which of them a visitor gets.

use std::{cmp::Reverse, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A language that the pages speak.
#[derive(Clone, Copy, Debug, Default, Hash, PartialEq, Eq)]
pub enum Language {
    /// `en`
    #[default]
    English,
    /// `fr`
    French,
    /// `es`
    Spanish,
    /// `zh-Hant`: also for readers of simplified characters, who read it more easily than English.
    Chinese,
    /// `de`
    German,
    /// `pt`
    Portuguese,
    /// `ja`
    Japanese,
    /// `ar`
    Arabic,
}

/// A text that names none of our languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of en, fr, es, zh-Hant, de, pt, ja, ar")]
pub struct UnknownLanguage;

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::English,
        Self::French,
        Self::Spanish,
        Self::Chinese,
        Self::German,
        Self::Portuguese,
        Self::Japanese,
        Self::Arabic,
    ];

    /// Its place in the list of all.
    pub(super) fn place(self) -> usize {
        let place = Self::ALL.iter().position(|one| *one == self);
        place.unwrap_or_default()
    }

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Chinese => "zh-Hant",
            Self::German => "de",
            Self::Portuguese => "pt",
            Self::Japanese => "ja",
            Self::Arabic => "ar",
        }
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Chinese => "繁體中文",
            Self::German => "Deutsch",
            Self::Portuguese => "Português",
            Self::Japanese => "日本語",
            Self::Arabic => "العربية",
        }
    }

    /// The direction of its lines, as HTML's `dir`.
    pub fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// The first of our languages that a visitor wants, by an `Accept-Language` header (RFC 9110 §12.5.4). Unreadable
    /// parts are passed over.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut wanted: Vec<(u16, Self)> = header.split(',').filter_map(weighted).collect();
        // Stable: of equals the first.
        wanted.sort_by_key(|(weight, _)| Reverse(*weight));
        wanted.first().map(|(_, language)| *language)
    }
}

/// One part of the header, with its weight in thousandths; `None` when it is unwanted or not ours.
fn weighted(part: &str) -> Option<(u16, Language)> {
    let mut pieces = part.split(';').map(str::trim);
    let language = pieces.next()?.parse().ok()?;
    let weight = match pieces.next() {
        None => 1000,
        Some(weight) => thousandths(weight.strip_prefix("q=")?)?,
    };
    (weight > 0).then_some((weight, language))
}

/// `0`, `0.8`, `1.000`.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = format!("{fraction:0<3}").parse::<u16>().ok()?;
    match (whole, plain) {
        ("0", true) => Some(fraction),
        ("1", true) if fraction == 0 => Some(1000),
        _ => None,
    }
}

/// By the first part of the tag: `pt-BR` and `pt-PT` are Portuguese.
impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        let wanted = first_part(tag);
        let found = Self::ALL
            .into_iter()
            .find(|language| first_part(language.tag()).eq_ignore_ascii_case(wanted));
        found.ok_or(UnknownLanguage)
    }
}

fn first_part(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // Without the value, which may be a secret under the wrong key.
        text.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_visitor_gets_the_language_they_want_most() {
        for (header, expected) in [
            (
                "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5",
                Some(Language::French),
            ),
            ("nl, en;q=0.5, de;q=0.8", Some(Language::German)),
            ("zh-TW,zh;q=0.9,en;q=0.8", Some(Language::Chinese)),
            ("pt-BR", Some(Language::Portuguese)),
            ("AR-eg", Some(Language::Arabic)),
            ("de;q=0, ja;q=0.001", Some(Language::Japanese)),
            ("es ; q=1.000, en", Some(Language::Spanish)),
            ("en;q=NaN, fr;q=1e3, de;q=2, es;q=0.5555, ja;q=", None),
            ("nl, *", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn tags_can_be_read_back() {
        for language in Language::ALL {
            assert_eq!(language.tag().parse(), Ok(language));
        }
        assert_eq!("e".parse::<Language>(), Err(UnknownLanguage));
    }

    proptest! {
        #[test]
        fn no_header_makes_the_reader_panic(header in any::<String>()) {
            let _ = Language::accepted(&header);
        }

        #[test]
        fn the_heaviest_wins(weights in proptest::collection::vec(1..=1000_u16, 1..8)) {
            let parts: Vec<String> = Language::ALL.iter().zip(&weights).map(|(language, weight)| {
                format!("{};q={}.{:03}", language.tag(), weight / 1000, weight % 1000)
            }).collect();
            let most = weights.iter().max().unwrap();
            let first = weights.iter().position(|weight| weight == most).unwrap();
            prop_assert_eq!(Language::accepted(&parts.join(", ")), Some(Language::ALL[first]));
        }
    }
}
