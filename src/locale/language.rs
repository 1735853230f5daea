//! The languages of the pages, and the choice among them for a visitor.

use std::{cmp::Reverse, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, Hash, PartialEq, Eq)]
pub enum Language {
    /// `en`: dates as in the United States.
    #[default]
    English,
    /// `en-GB`: the texts of `en`, dates with the day before the month.
    BritishEnglish,
    /// `fr`
    French,
    /// `es`
    Spanish,
    /// `zh-Hans`
    SimplifiedChinese,
    /// `zh-Hant`
    TraditionalChinese,
    /// `de`
    German,
    /// `pt-BR`
    BrazilianPortuguese,
    /// `pt-PT`
    EuropeanPortuguese,
    /// `ja`
    Japanese,
    /// `ar`
    Arabic,
}

/// A tag of a language that the pages do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of en, en-GB, fr, es, zh-Hans, zh-Hant, de, pt-BR, pt-PT, ja, ar")]
pub struct UnknownLanguage;

/// Regions that write English dates with the day first (most of CLDR's children of `en-001`).
const DAY_FIRST: [&str; 14] = [
    "001", "150", "AU", "GB", "GI", "HK", "IE", "IM", "IN", "JE", "MT", "NZ", "SG", "ZA",
];

/// The script of traditional Chinese, and the regions that use it.
const TRADITIONAL: [&str; 4] = ["Hant", "HK", "MO", "TW"];

/// Regions that follow the Portuguese of Portugal (CLDR's children of `pt-PT`).
const EUROPEAN: [&str; 11] = [
    "AO", "CH", "CV", "GQ", "GW", "LU", "MO", "MZ", "PT", "ST", "TL",
];

impl Language {
    /// All languages, in the order in which the pages offer them. The first variant of a language is the default for
    /// scripts and regions that name no other.
    pub const ALL: [Self; 11] = [
        Self::English,
        Self::BritishEnglish,
        Self::French,
        Self::Spanish,
        Self::SimplifiedChinese,
        Self::TraditionalChinese,
        Self::German,
        Self::BrazilianPortuguese,
        Self::EuropeanPortuguese,
        Self::Japanese,
        Self::Arabic,
    ];

    /// Its index in [`Self::ALL`].
    pub(super) fn place(self) -> usize {
        let place = Self::ALL.iter().position(|one| *one == self);
        place.unwrap_or_default()
    }

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::BritishEnglish => "en-GB",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::SimplifiedChinese => "zh-Hans",
            Self::TraditionalChinese => "zh-Hant",
            Self::German => "de",
            Self::BrazilianPortuguese => "pt-BR",
            Self::EuropeanPortuguese => "pt-PT",
            Self::Japanese => "ja",
            Self::Arabic => "ar",
        }
    }

    /// Its name in the language itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::BritishEnglish => "English (UK)",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::SimplifiedChinese => "简体中文",
            Self::TraditionalChinese => "繁體中文",
            Self::German => "Deutsch",
            Self::BrazilianPortuguese => "Português (Brasil)",
            Self::EuropeanPortuguese => "Português (Portugal)",
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

    /// The language that a visitor prefers, by an `Accept-Language` header (RFC 9110 §12.5.4). Parts that
    /// are malformed or name other languages are ignored.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut wanted: Vec<(u16, Self)> = header.split(',').filter_map(weighted).collect();
        // Stable: among equals, the first wins.
        wanted.sort_by_key(|(weight, _)| Reverse(*weight));
        wanted.first().map(|(_, language)| *language)
    }
}

/// One part of the header, with its weight in thousandths; `None` for an excluded or unknown language.
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

/// A language with any script and region: `pt` is Brazil's Portuguese, `zh` and `zh-SG` are simplified Chinese, `zh-HK`
/// is traditional Chinese, `fr-CH` is French.
impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        let language = subtags(tag).next().unwrap_or_default();
        let is_named = |one: &Self| {
            let own = subtags(one.tag()).next();
            own.is_some_and(|own| own.eq_ignore_ascii_case(language))
        };
        let first = Self::ALL
            .into_iter()
            .find(is_named)
            .ok_or(UnknownLanguage)?;
        // A single character begins an extension, in which "tw" would not be a region.
        let has_one_of = |names: &[&str]| {
            let mut subtags = subtags(tag).skip(1).take_while(|subtag| subtag.len() > 1);
            subtags.any(|subtag| names.iter().any(|name| subtag.eq_ignore_ascii_case(name)))
        };
        Ok(match first {
            Self::English if has_one_of(&DAY_FIRST) => Self::BritishEnglish,
            // The script says more than the region: `zh-Hans-HK`.
            Self::SimplifiedChinese if has_one_of(&["Hans"]) => first,
            Self::SimplifiedChinese if has_one_of(&TRADITIONAL) => Self::TraditionalChinese,
            Self::BrazilianPortuguese if has_one_of(&EUROPEAN) => Self::EuropeanPortuguese,
            _ => first,
        })
    }
}

fn subtags(tag: &str) -> impl Iterator<Item = &str> {
    tag.split(['-', '_'])
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
            (
                "zh-TW,zh;q=0.9,en;q=0.8",
                Some(Language::TraditionalChinese),
            ),
            (
                "zh-CN,zh;q=0.9,zh-TW;q=0.8",
                Some(Language::SimplifiedChinese),
            ),
            ("pt-PT,pt;q=0.9", Some(Language::EuropeanPortuguese)),
            ("pt,pt-PT;q=0.9", Some(Language::BrazilianPortuguese)),
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
        let listed = UnknownLanguage.to_string();
        let listed = listed.trim_start_matches("must be one of ").split(", ");
        assert!(listed.eq(Language::ALL.map(Language::tag)));
    }

    #[test]
    fn scripts_and_regions_choose_among_variants() {
        for (tags, language) in [
            ("en en-US en_CA en-Latn-US", Language::English),
            (
                "en-GB EN-gb en_AU en-IE en-001 en-GB-oxendict",
                Language::BritishEnglish,
            ),
            (
                "zh zh-CN zh-SG zh-Hans-HK zh-MY zh-cmn-Hans-CN zh-u-rg-twzzzz",
                Language::SimplifiedChinese,
            ),
            (
                "zh-TW zh-HK zh-MO zh-hant zh-Hant-CN zh_TW",
                Language::TraditionalChinese,
            ),
            ("pt pt-BR pt-US pt-Latn-BR", Language::BrazilianPortuguese),
            ("pt-PT pt_pt pt-AO pt-MZ", Language::EuropeanPortuguese),
            ("fr-CH fr-x-pt", Language::French),
        ] {
            for tag in tags.split(' ') {
                assert_eq!(tag.parse(), Ok(language), "{tag}");
            }
        }
        for tag in ["e", "", "-", "pts", "enGB", "nl-PT"] {
            assert_eq!(tag.parse::<Language>(), Err(UnknownLanguage), "{tag}");
        }
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
