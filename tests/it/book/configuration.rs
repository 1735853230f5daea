//! Every configuration in the pages is one that facture takes, and every key that they name exists.

use std::{collections::HashMap, fs, path::Path};

use facture::config::Config;
use facture_domain::EventKind;

use super::pages::pages;

/// What looks like a key and is none: sockets, a member of the API's JSON, a permission of BTCPay's.
const OTHERS: [&str; 4] = [
    "api.sock",
    "node.sock",
    "hold.decide_by_height",
    "webhooks.canmodifywebhooks",
];

#[test]
fn every_configuration_is_taken() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("config.toml");
    let mut seen = 0;
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.language == "toml") {
            fs::write(&file, &block.code).expect("written");
            seen += 1;
            // The desk wants https or loopback, which is the default.
            if let Err(error) = Config::load(Some(&file), HashMap::new()) {
                panic!("{}: {error}", block.place);
            }
        }
    }
    assert!(seen >= 8, "only {seen} were found");
}

#[test]
fn every_key_that_is_named_exists() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml");
    let example = fs::read_to_string(example).expect("the example");
    let sections: toml::Table = toml::from_str(&example).expect("TOML");
    let mut seen = 0;
    for page in pages() {
        for span in &page.spans {
            let name = span.split([' ', '=']).next().unwrap_or_default();
            let Some((section, key)) = name.split_once('.') else {
                continue;
            };
            let Some(section) = sections.get(section) else {
                continue;
            };
            let is_plain = |c: char| c.is_ascii_lowercase() || c == '_';
            let is_key = !key.is_empty() && key.chars().all(is_plain);
            if !is_key || OTHERS.contains(&name) || EventKind::parse(name).is_some() {
                continue;
            }
            seen += 1;
            assert!(section.get(key).is_some(), "{}: `{name}`", page.path);
        }
    }
    assert!(seen > 60, "only {seen} were found");
}

#[test]
fn every_example_in_json_is_json() {
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.language == "json") {
            let parsed = serde_json::from_str::<serde_json::Value>(&block.code);
            assert!(parsed.is_ok(), "{}: {parsed:?}", block.place);
        }
    }
}
