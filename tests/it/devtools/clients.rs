//! The client libraries of `clients/`: they drive a sandbox, and were made from a document that is still true.

use std::{fs, path::PathBuf, process::Command};

use facture_test_support::report::skipped;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    api::{Shop, TOKEN},
    program::{run, run_beside},
};

/// What may change without breaking a client.
const TEXTS: &[&str] = &[
    "description",
    "example",
    "examples",
    "info",
    "maxLength",
    "pattern",
    "summary",
    "tags",
    "title",
];

fn clients() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("clients")
}

fn read(file: &str) -> String {
    fs::read_to_string(clients().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What was there and is not any more; there may be more now.
fn missing(was: &Value, is: &Value, place: &str) -> Option<String> {
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => was.iter().find_map(|(name, value)| {
            // A property may have such a name, too; then it is an object.
            if TEXTS.contains(&name.as_str()) && (!value.is_object() || name == "info") {
                return None;
            }
            let place = format!("{place}/{name}");
            match is.get(name) {
                Some(is) => missing(value, is, &place),
                None => Some(place),
            }
        }),
        (Value::Array(was), Value::Array(is)) => was.iter().find_map(|value| {
            let is_there = |is: &Value| missing(value, is, place).is_none();
            (!is.iter().any(is_there)).then(|| format!("{place}: {value}"))
        }),
        _ => (was != is).then(|| format!("{place}: {was}")),
    }
}

#[tokio::test]
async fn the_document_that_they_are_made_from_is_true_and_they_are_made_from_it() {
    let shop = Shop::open().await;
    let (_, mut document) = shop.server.json("/api/v1/openapi.json").await;
    document.as_object_mut().unwrap().remove("servers");
    if std::env::var_os("FACTURE_WRITE").is_some() {
        let text = serde_json::to_string_pretty(&document).unwrap() + "\n";
        return fs::write(clients().join("openapi.json"), text).unwrap();
    }
    let text = read("openapi.json");
    let gone = missing(&serde_json::from_str(&text).unwrap(), &document, "");
    assert_eq!(gone, None, "clients/README.md says how they are made anew");
    let hash: String = Sha256::digest(&text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for file in [
        "typescript/src/operations.js",
        "python/src/facture_client/_operations.py",
        "rust/src/operations.rs",
    ] {
        assert!(read(file).contains(&hash), "{file} is of another document");
    }
    let package: Value = serde_json::from_str(&read("typescript/package.json")).unwrap();
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    let version = format!("\nversion = \"{}\"\n", env!("CARGO_PKG_VERSION"));
    assert!(read("python/pyproject.toml").contains(&version));
    assert!(text.contains(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"))));
}

#[tokio::test]
async fn the_client_for_node_drives_a_sandbox() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/node");
    if !modules.join("node_modules/standardwebhooks").exists() {
        return skipped("npm has not installed standardwebhooks in target/node");
    }
    let shop = Shop::open().await;
    let mut client = Command::new("node");
    client
        .arg(root.join("tests/clients/facture.mjs"))
        .args([shop.server.origin.as_str(), TOKEN])
        .arg(&modules)
        .arg(clients().join("typescript/src/index.js"));
    let (output, said, complaint) = run_beside(client).await;
    assert!(output.status.success(), "{said}{complaint}");
    assert_eq!(said, "done\n");
}

/// Nothing but a compiler runs: it may take its time.
#[test]
fn the_types_for_node_say_what_the_api_takes() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let compiler = root.join("target/node/node_modules/typescript/lib/tsc.js");
    if !compiler.exists() {
        return skipped("npm has not installed typescript in target/node");
    }
    let mut compile = Command::new("node");
    compile.arg(compiler).args(["--noEmit", "--strict"]);
    compile.args(["--target", "es2022", "--module", "nodenext"]);
    compile.arg(root.join("tests/clients/facture.mts"));
    let (output, said, _) = run(&mut compile);
    assert!(output.status.success(), "{said}");
}

#[tokio::test]
async fn the_client_for_python_drives_a_sandbox() {
    let shop = Shop::open().await;
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/clients/facture.py");
    let mut client = Command::new("python3");
    client
        .env("PYTHONPATH", clients().join("python/src"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(script)
        .args([shop.server.origin.as_str(), TOKEN]);
    let (output, said, complaint) = run_beside(client).await;
    assert!(output.status.success(), "{said}{complaint}");
    if said.contains("no standardwebhooks") {
        skipped("python3 has no standardwebhooks");
    }
}
