//! The texts: Fluent (Mozilla's format for translations, which knows each language's plurals).

use std::{borrow::Cow, sync::OnceLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use crate::locale::language::Language;

/// What fills a gap in a text.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text, such as an amount that is written out already.
    Text(String),
    /// A number that the text's plural forms are chosen by.
    Count(usize),
}

type Texts = FluentBundle<FluentResource>;

/// Each language is read when somebody wants it: nobody pays for those that no visitor speaks.
static TEXTS: [OnceLock<Texts>; Language::ALL.len()] =
    [const { OnceLock::new() }; Language::ALL.len()];

impl Language {
    /// The text with this name.
    pub fn say(self, name: &str) -> Cow<'static, str> {
        self.text(name, None)
    }

    /// The text with this name, its gaps filled. `name.part` is a part of a text, such as the title of a trouble.
    pub fn say_with(self, name: &str, gaps: &[(&str, Value)]) -> String {
        let mut arguments = FluentArgs::new();
        for (gap, value) in gaps {
            arguments.set(*gap, FluentValue::from(value));
        }
        self.text(name, Some(&arguments)).into_owned()
    }

    fn text(self, name: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let (message, part) = name
            .split_once('.')
            .map_or((name, None), |(message, part)| (message, Some(part)));
        let texts = texts(self);
        let pattern = texts.get_message(message).and_then(|message| match part {
            None => message.value(),
            Some(part) => message.get_attribute(part).map(|found| found.value()),
        });
        let Some(pattern) = pattern else {
            tracing::error!(name, language = self.tag(), "there is no such text");
            return name.to_owned().into();
        };
        // A text without gaps is not copied.
        texts.format_pattern(pattern, arguments, &mut Vec::new())
    }

    /// The Fluent source of its texts.
    pub(super) fn source(self) -> &'static str {
        match self {
            Self::English | Self::BritishEnglish => include_str!("../../locales/en.ftl"),
            Self::French => include_str!("../../locales/fr.ftl"),
            Self::Spanish => include_str!("../../locales/es.ftl"),
            Self::SimplifiedChinese => include_str!("../../locales/zh-Hans.ftl"),
            Self::TraditionalChinese => include_str!("../../locales/zh-Hant.ftl"),
            Self::German => include_str!("../../locales/de.ftl"),
            Self::BrazilianPortuguese => include_str!("../../locales/pt-BR.ftl"),
            Self::EuropeanPortuguese => include_str!("../../locales/pt-PT.ftl"),
            Self::Japanese => include_str!("../../locales/ja.ftl"),
            Self::Arabic => include_str!("../../locales/ar.ftl"),
        }
    }
}

fn texts(language: Language) -> &'static Texts {
    TEXTS[language.place()].get_or_init(|| bundle(language))
}

fn bundle(language: Language) -> Texts {
    // A test reads every file, so nothing here fails: a tag or a line that did would be left out.
    let tag = language.tag().parse().unwrap_or_default();
    let mut texts = Texts::new_concurrent(vec![tag]);
    let resource = FluentResource::try_new(language.source().to_owned())
        .unwrap_or_else(|(readable, _)| readable);
    let _ = texts.add_resource(resource);
    // Marks around what is filled in keep its direction from disturbing the line's. Lines from left to right get along
    // without, and can be compared and copied as they look.
    texts.set_use_isolating(language.direction() == "rtl");
    texts
}

impl From<&Value> for FluentValue<'_> {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(text) => FluentValue::from(text.clone()),
            Value::Count(number) => FluentValue::from(*number),
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Count(number)
    }
}
