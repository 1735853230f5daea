//! What must be true of all texts: every language has every one, with the same gaps; all are used; and a template has
//! none of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_bundle::FluentResource;
use fluent_syntax::ast;

use crate::locale::{language::Language, texts::Value};

/// Each text by its name, `name.part` for its parts, with the gaps in it.
fn texts(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(language.source().to_owned())
        .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.tag()));
    let mut texts = BTreeMap::new();
    for entry in resource.entries() {
        let ast::Entry::Message(message) = entry else {
            continue;
        };
        let name = message.id.name;
        let own = message.value.iter().map(|value| (name.to_owned(), value));
        let parts = message
            .attributes
            .iter()
            .map(|part| (format!("{name}.{}", part.id.name), &part.value));
        for (name, pattern) in own.chain(parts) {
            let mut gaps = BTreeSet::new();
            gaps_of(pattern, &mut gaps);
            let twice = texts.insert(name.clone(), gaps);
            assert!(twice.is_none(), "{}: {name} is there twice", language.tag());
        }
    }
    texts
}

fn gaps_of(pattern: &ast::Pattern<&str>, gaps: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let ast::PatternElement::Placeable { expression } = element else {
            continue;
        };
        let inline = match expression {
            ast::Expression::Inline(inline) => inline,
            ast::Expression::Select { selector, variants } => {
                for variant in variants {
                    gaps_of(&variant.value, gaps);
                }
                selector
            }
        };
        let ast::InlineExpression::VariableReference { id } = inline else {
            panic!("only gaps are filled in: {inline:?}");
        };
        gaps.insert(id.name.to_owned());
    }
}

/// The files below `folder` with this ending, and what is in them.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|is| is == ending) {
                found.push((
                    path.display().to_string(),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn every_language_has_every_text_with_the_same_gaps() {
    let english = texts(Language::English);
    for language in Language::ALL {
        assert_eq!(texts(language), english, "{}", language.tag());
    }
}

#[test]
fn no_language_repeats_the_english() {
    // What is the same in some other language too.
    let same = [
        "sat",
        "form-description",
        "desk-link-text",
        "desk-link-ask-no",
        "link-name",
        "proof-preimage",
        "way-lightning",
        "pair-shop",
        "pin",
    ];
    let english = [Language::English, Language::BritishEnglish];
    for language in Language::ALL
        .into_iter()
        .filter(|one| !english.contains(one))
    {
        let equal: Vec<_> = texts(language)
            .into_iter()
            .filter(|(name, gaps)| gaps.is_empty() && !same.contains(&name.as_str()))
            .map(|(name, _)| name)
            .filter(|name| language.say(name) == Language::English.say(name))
            .collect();
        assert!(equal.is_empty(), "{}: {equal:?}", language.tag());
    }
}

/// The words of a trouble are found by its code.
#[test]
fn all_that_is_said_is_there_and_all_that_is_there_is_said() {
    let sources = [
        files("src/web", "rs"),
        files("src/notices", "rs"),
        files("templates", "html"),
    ]
    .concat();
    let english = texts(Language::English);
    let mut said = BTreeSet::new();
    for (file, source) in sources.iter().filter(|(file, _)| !file.contains("locale/")) {
        for call in source.split(".say").skip(1) {
            let call = call
                .trim_start_matches("_with")
                .trim_start_matches('(')
                .trim_start();
            let Some(name) = call
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            assert!(
                english.contains_key(name),
                "{file}: there is no text {name}"
            );
            said.insert(name.to_owned());
        }
    }
    for (name, _) in english {
        let code = name
            .strip_prefix("trouble-")
            .map(|rest| rest.trim_end_matches(".title").replace('-', "_"));
        let used = match code {
            Some(code) => sources.iter().any(|(file, source)| {
                file.ends_with("web/error/problem.rs") && source.contains(&format!("\"{code}\""))
            }),
            None => said.contains(&name) || name == "moment-utc" || name.starts_with("span-"),
        };
        assert!(
            used || name == "trouble-invalid.title",
            "nobody says {name}"
        );
    }
}

#[test]
fn no_template_has_a_text_of_its_own() {
    for (file, source) in files("templates", "html") {
        // The lab is for developers, in English as the command line is.
        if file.contains("/lab_") {
            continue;
        }
        let mut rest = source;
        for (open, close) in [("{%", "%}"), ("{{", "}}"), ("{#", "#}")] {
            rest = without(&rest, open, close, "");
        }
        // Attributes that people read or hear.
        for attribute in [
            "aria-label=\"",
            "title=\"",
            "placeholder=\"",
            "alt=\"",
            "content=\"",
        ] {
            for value in rest.split(attribute).skip(1) {
                let value = value.split('"').next().unwrap_or_default();
                let technical = value.starts_with("width=device-width")
                    || value == "light dark"
                    || value == "0; url="
                    || value.starts_with('/');
                assert!(technical || !has_words(value), "{file}: {attribute}{value}");
            }
        }
        let text = without(&rest, "<", ">", " ");
        assert!(
            !has_words(&text),
            "{file}: {:?}",
            text.split_whitespace().collect::<Vec<_>>()
        );
    }
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// The text without what is between the two marks.
fn without(text: &str, open: &str, close: &str, instead: &str) -> String {
    let mut parts = text.split(open);
    let mut left = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, after) = part.split_once(close).expect("what is opened is closed");
        left.push_str(instead);
        left.push_str(after);
    }
    left
}

#[test]
fn plurals_follow_the_language() {
    let minutes = |language: Language, count: usize| {
        language.say_with("minutes-left", &[("minutes", Value::Count(count))])
    };
    assert!(minutes(Language::English, 1).contains("minute left"));
    assert!(minutes(Language::English, 5).contains("minutes left"));
    assert!(minutes(Language::Arabic, 2).contains("دقيقتان"));
    assert!(minutes(Language::Arabic, 5).contains("دقائق"));
    assert!(minutes(Language::Arabic, 11).contains("دقيقة"));
}
