//! Reads `src/` and checks the rules that `src/lib.rs` states: who may use whom, and where each crate is at home.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use facture::lightning::Method;

/// Each module and what of the others it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    (
        "main",
        &[
            "app",
            "cli",
            "clock",
            "config",
            "http",
            "lightning",
            "sandbox",
            "telemetry",
            "token",
        ],
    ),
    (
        "app",
        &[
            "access",
            "clock",
            "config",
            "control",
            "follower",
            "http",
            "invoice",
            "invoicing",
            "lightning",
            "store",
            "metrics",
            "tasks",
            "telemetry",
            "token",
            "webhook",
        ],
    ),
    ("control", &["access", "follower", "store", "token"]),
    ("metrics", &[]),
    ("tasks", &["metrics"]),
    ("cli", &["token"]),
    ("clock", &[]),
    ("telemetry", &["config"]),
    ("tls", &[]),
    ("config", &["invoice", "locale", "token"]),
    ("access", &["store", "token"]),
    ("token", &[]),
    (
        "http",
        &[
            "access",
            "clock",
            "config",
            "events",
            "invoice",
            "invoicing",
            "lightning",
            "locale",
            "metrics",
            "sandbox",
            "tasks",
            "token",
            "webhook",
        ],
    ),
    (
        "webhook",
        &["clock", "invoice", "metrics", "store", "tasks", "tls"],
    ),
    (
        "invoicing",
        &["events", "follower", "invoice", "lightning", "store"],
    ),
    (
        "follower",
        &["invoice", "lightning", "metrics", "store", "tasks"],
    ),
    ("events", &["invoice"]),
    ("lightning", &["invoice", "metrics", "tls"]),
    ("locale", &["invoice"]),
    ("store", &["events", "invoice", "metrics", "token"]),
    ("sandbox", &[]),
    ("invoice", &[]),
];

/// Where a module is used in one file only, for the reason given in `src/lib.rs`.
const ONLY_IN: &[(&str, &str, &[&str])] = &[
    ("http", "lightning", &["http/error.rs"]),
    ("http", "sandbox", &["http/state.rs"]),
];

/// Each crate and the modules that may use it.
const HOMES: &[(&str, &[&str])] = &[
    ("cln_rpc", &["lightning"]),
    ("rusqlite", &["store"]),
    ("prometheus_client", &["metrics"]),
    ("axum", &["http", "app", "control"]),
    (
        "hyper",
        &[
            "config",
            "http",
            "control",
            "webhook",
            "lightning",
            "sandbox",
        ],
    ),
    (
        "hyper_util",
        &["http", "control", "webhook", "lightning", "sandbox"],
    ),
    ("hyper_rustls", &["webhook", "lightning"]),
    ("rustls", &["tls"]),
    ("hmac", &["invoice", "webhook"]),
    ("askama", &["http"]),
    ("tower_http", &["http"]),
    ("governor", &["http"]),
    ("rfc7239", &["http"]),
    ("ipnet", &["config", "webhook"]),
    ("rustix", &["config", "control"]),
    ("if_addrs", &["webhook"]),
    ("iso_currency", &["lightning"]),
    ("tikv_jemallocator", &["main"]),
    ("socket2", &["http"]),
    ("utoipa", &["http"]),
    ("utoipa_axum", &["http"]),
    ("fluent_bundle", &["locale"]),
    ("icu_calendar", &["locale"]),
    ("icu_datetime", &["locale"]),
    ("icu_decimal", &["locale"]),
    ("icu_locale_core", &["locale"]),
    ("clap", &["cli", "main"]),
    ("anyhow", &["main", "app"]),
    ("lightning_invoice", &["invoice", "sandbox"]),
    ("base64", &["http", "invoice", "webhook"]),
    ("png", &["http"]),
    ("serde_qs", &["http"]),
    ("rust_decimal", &["invoice", "sandbox"]),
    (
        "rand",
        &[
            "invoice",
            "lightning",
            "follower",
            "http",
            "sandbox",
            "store",
            "token",
            "webhook",
        ],
    ),
    ("palette", &["config", "http"]),
    ("sha2", &["token", "http", "invoice", "webhook"]),
    ("secrecy", &["token", "invoice", "config", "lightning"]),
    ("subtle", &["token"]),
];

#[test]
fn modules_use_only_what_they_may() {
    for (module, file, text) in sources() {
        let allowed = MAY_USE.iter().find(|(name, _)| *name == module);
        let (_, allowed) =
            allowed.unwrap_or_else(|| panic!("{module} is not in the list of modules"));
        for used in used_modules(&text) {
            assert!(
                used == module || allowed.contains(&used.as_str()),
                "{file}: {module} may not use {used}"
            );
            for (of, what, files) in ONLY_IN {
                let exempt = *of != module || *what != used || files.contains(&file.as_str());
                assert!(exempt, "{file}: in {module} only {files:?} may use {used}");
            }
        }
    }
}

#[test]
fn every_crate_is_at_home_in_few_places() {
    for (module, file, text) in sources() {
        for (name, homes) in HOMES {
            let used = text.match_indices(&format!("{name}::")).any(|(at, _)| {
                !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
            });
            assert!(
                !used || homes.contains(&module.as_str()),
                "{file}: {name} is at home in {homes:?}"
            );
        }
    }
}

/// What can be called is listed in one place: the transports take nothing but a `Method`, and nobody else talks to
/// lightningd.
#[test]
fn calls_leave_by_two_doors_and_from_one_list() {
    for (door, only) in [
        ("\"jsonrpc\"", "lightning/socket.rs"),
        (".call_typed(", ""),
        ("\"/v1/", "lightning/rest.rs"),
    ] {
        let users: Vec<_> = sources()
            .into_iter()
            .filter(|(module, _, text)| module != "sandbox" && text.contains(door))
            .map(|(_, file, _)| file)
            .collect();
        assert!(users.iter().all(|file| file == only), "{door}: {users:?}");
    }
    let list = sources()
        .into_iter()
        .find(|(_, file, _)| file == "lightning/method.rs");
    let (_, _, list) = list.expect("the list");
    let names = Method::ALL.map(Method::name);
    // Whatever is in quotes before `need` is the name of a method, and is in the list.
    let (named, _) = list.split_once("fn need").expect("the names come first");
    let quoted: Vec<_> = named.split('"').skip(1).step_by(2).collect();
    assert_eq!(quoted, names);
}

#[test]
fn files_are_small() {
    for (_, file, text) in sources()
        .into_iter()
        .filter(|(_, file, _)| !file.ends_with("/tests.rs"))
    {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().count();
        assert!(lines <= 400, "{file} has {lines} lines without its tests");
        assert!(
            text.starts_with("//!"),
            "{file} does not say what it is for"
        );
    }
}

/// A route of the API comes with its description; the document itself and what is not there are the exceptions.
#[test]
fn no_route_of_the_api_is_left_out_of_its_document() {
    let api = sources()
        .into_iter()
        .filter(|(_, file, _)| file.starts_with("http/api/"));
    let routes: Vec<_> = api
        .flat_map(|(_, _, text)| {
            let routes = text.lines().filter(|line| line.contains(".route("));
            routes
                .map(|line| line.trim().to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        routes,
        [
            ".route(\"/api/v1/\", any(nothing).layer(gate))",
            ".route(\"/api/v1/openapi.json\", get(document::serve));"
        ]
    );
}

/// The modules named after `crate::`, in paths and in groups.
fn used_modules(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => used.extend(first_word(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (index, character) in group.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        _ if start && !character.is_whitespace() => {
                            used.extend(first_word(&group[index..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    used
}

fn first_word(text: &str) -> Option<String> {
    let end = text.find(|character: char| !character.is_alphanumeric() && character != '_')?;
    let word = &text[..end];
    word.starts_with(|character: char| character.is_ascii_lowercase())
        .then(|| word.to_owned())
}

/// Every file: its module, its path in `src/`, its text.
fn sources() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut sources = Vec::new();
    for path in files {
        let relative = path
            .strip_prefix(&root)
            .expect("below src")
            .to_str()
            .expect("plain names")
            .to_owned();
        let module = relative
            .split('/')
            .next()
            .expect("a name")
            .trim_end_matches(".rs")
            .to_owned();
        if module == "lib" {
            continue;
        }
        // `main` is a crate of its own and names the library.
        let text = fs::read_to_string(&path)
            .expect("it can be read")
            .replace("use facture::", "use crate::");
        sources.push((module, relative, text));
    }
    assert!(sources.len() > 20, "all of src");
    sources
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("it can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
