//! The rules of `src/lib.rs` that the compiler cannot check. Which crate may use which is in their `Cargo.toml`; here is
//! which room of this package may use which, where each library is at home, and that no room has an import cycle.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use facture_node::cln::Method;
use syn::visit::{self, Visit};

/// Each room and which of the others it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    (
        "main",
        &[
            "app",
            "backup",
            "bridge",
            "cli",
            "config",
            "desk",
            "devtools",
            "dns_record",
            "doctor",
            "executable",
            "lab",
            "nwc",
            "pay",
            "payer",
            "plugin",
            "reveal",
            "setup",
            "stopping",
            "telemetry",
            "tokens",
            "web",
        ],
    ),
    ("executable", &[]),
    ("tokens", &["app", "cli"]),
    ("stopping", &[]),
    ("desk", &["app", "cli", "config", "web"]),
    (
        "app",
        &[
            "auth",
            "bookkeeping",
            "config",
            "control",
            "counter",
            "invoices",
            "links",
            "notices",
            "offers",
            "payouts",
            "paywall",
            "pricing",
            "reveal",
            "sync",
            "telemetry",
            "users",
            "web",
            "webhooks",
        ],
    ),
    ("checks", &["app", "config", "control"]),
    ("doctor", &["checks", "cli", "config"]),
    ("setup", &["app", "checks", "cli", "config"]),
    ("cli", &[]),
    // These can spend: nothing but `main` uses them.
    ("lab", &["cli"]),
    ("bridge", &["cli", "config", "telemetry"]),
    ("nwc", &["cli", "config", "telemetry"]),
    ("payer", &["cli", "config", "telemetry"]),
    ("pay", &["cli"]),
    ("backup", &["cli"]),
    ("devtools", &["cli", "webhooks"]),
    ("dns_record", &["cli", "control"]),
    // It has lightningd's socket: no store, no pages.
    ("plugin", &["cli", "config", "control", "telemetry"]),
    ("telemetry", &["config"]),
    ("config", &["locale"]),
    ("auth", &[]),
    ("users", &[]),
    ("bookkeeping", &[]),
    (
        "web",
        &[
            "auth",
            "bookkeeping",
            "config",
            "counter",
            "invoices",
            "links",
            "locale",
            "notices",
            "offers",
            "payouts",
            "paywall",
            "pricing",
            "reveal",
            "users",
            "webhooks",
        ],
    ),
    ("webhooks", &[]),
    (
        "notices",
        &["config", "invoices", "locale", "pricing", "webhooks"],
    ),
    ("invoices", &["pricing", "sync"]),
    ("pricing", &[]),
    ("links", &["invoices", "pricing"]),
    ("counter", &["invoices", "pricing"]),
    ("offers", &[]),
    ("payouts", &["invoices"]),
    ("paywall", &["invoices"]),
    ("reveal", &["cli", "invoices"]),
    ("sync", &[]),
    ("control", &["auth", "sync", "users"]),
    ("locale", &[]),
];

/// Where a library or a crate of ours is used in these rooms or files only.
const HOMES: &[(&str, &[&str])] = &[
    (
        "anyhow",
        &[
            "main",
            "stopping",
            "app",
            "backup",
            "bridge",
            "desk",
            "devtools",
            "dns_record",
            "doctor",
            "lab",
            "nwc",
            "pay",
            "payer",
            "plugin",
            "reveal/open.rs",
            "setup",
            "tokens",
        ],
    ),
    // Passwords are hashed in one place.
    ("argon2", &["users/password.rs"]),
    ("askama", &["web", "lab"]),
    ("axum", &["web", "app", "control", "lab"]),
    ("clap", &["cli", "main"]),
    ("csv", &["web/desk/export_csv.rs"]),
    ("dialoguer", &["setup/dialog.rs"]),
    (
        "facture_node",
        &[
            "app",
            "checks",
            "invoices",
            "offers",
            "payouts/error.rs",
            "pricing",
            "reveal/service.rs",
            "sync",
            "main",
            "web/error/from.rs",
            "lab",
            "plugin/call.rs",
        ],
    ),
    // A back end by its name: who configures it, and who needs its list of methods.
    ("facture_node::cln", &["app", "main", "plugin/call.rs"]),
    ("cln_plugin", &["plugin"]),
    ("facture_hold", &["executable"]),
    (
        "facture_backup",
        &["backup", "checks/backup.rs", "cli/backup.rs"],
    ),
    ("facture_bridge", &["bridge"]),
    ("facture_lab", &["lab"]),
    ("facture_nwc", &["nwc"]),
    // What spends.
    ("facture_payer", &["payer"]),
    ("facture_sandbox", &["app", "main", "web/mode.rs"]),
    ("facture_sidecar", &["devtools", "pay", "telemetry.rs"]),
    (
        "facture_store",
        &[
            "app",
            "auth",
            "bookkeeping",
            "checks/backup.rs",
            "checks/records.rs",
            "control",
            "counter",
            "invoices",
            "links",
            "notices",
            "offers",
            "payouts",
            "paywall",
            "reveal",
            "sync",
            "users",
            "webhooks",
            "web/streams/sse.rs",
        ],
    ),
    ("fluent_bundle", &["locale"]),
    ("governor", &["web"]),
    ("hickory_proto", &["dns_record"]),
    ("hmac", &["webhooks"]),
    (
        "hyper",
        &[
            "checks/public_url.rs",
            "config",
            "control",
            "devtools",
            "pay",
            "plugin/shop.rs",
            "web",
            "webhooks",
        ],
    ),
    ("icu_calendar", &["locale"]),
    ("icu_datetime", &["locale"]),
    ("icu_decimal", &["locale"]),
    ("icu_locale_core", &["locale"]),
    ("ipnet", &["config", "webhooks"]),
    ("lettre", &["notices/mail.rs"]),
    ("png", &["web"]),
    ("rfc7239", &["web"]),
    // What is sold is encrypted in one place.
    ("ring", &["reveal/sealed.rs"]),
    ("rust_xlsxwriter", &["web/desk/export_xlsx.rs"]),
    ("rustix", &["checks", "config", "control"]),
    ("totp_rs", &["users/second_factor.rs"]),
    ("tower_http", &["web"]),
    ("utoipa", &["web"]),
];

/// The crates of the workspace whose files are looked at, the root package first.
const CRATES: [&str; 14] = [
    "src",
    "crates/backup/src",
    "crates/bridge/src",
    "crates/domain/src",
    "crates/hold-plugin/src",
    "crates/lab/src",
    "crates/lnd-rest/src",
    "crates/node/src",
    "crates/nwc/src",
    "crates/payer/src",
    "crates/runtime/src",
    "crates/sandbox/src",
    "crates/sidecar/src",
    "crates/store/src",
];

/// The files that may name the router's whole state: routers. Everything else names the substates that it needs.
const ROUTERS: [&str; 10] = [
    "web/mod.rs",
    "web/api/mod.rs",
    "web/api/resources.rs",
    "web/charge/mod.rs",
    "web/desk/mod.rs",
    "web/greenfield/mod.rs",
    "web/lnbits/mod.rs",
    "web/lnurl/mod.rs",
    "web/sandbox/mod.rs",
    "web/paywall/mod.rs",
];

/// A file of a crate, as a module.
struct File {
    /// Its path in the crate's `src`, such as `web/health.rs`.
    name: String,
    /// Its module, such as `["web", "health"]`; empty for the crate's root.
    module: Vec<String>,
    text: String,
    /// All paths in it, outside of its tests, that begin with `crate`, `self`, `super`, a library or a name in scope.
    paths: Vec<Vec<String>>,
}

#[test]
fn rooms_use_only_what_they_may() {
    let files = files("src");
    for file in &files {
        let room = room(file);
        if room == "lib" {
            continue;
        }
        let allowed = MAY_USE.iter().find(|(name, _)| *name == room);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{room} is not in the list of rooms"));
        for path in file.paths.iter().filter(|path| path.len() > 1) {
            // `main` is a crate of its own and names the library.
            if path[0] != "crate" && path[0] != "facture" {
                continue;
            }
            let used = path[1].as_str();
            assert!(
                used == room
                    || allowed.contains(&used)
                    || MAY_USE.iter().all(|(name, _)| *name != used),
                "{}: {room} may not use {used}",
                file.name
            );
        }
    }
}

#[test]
fn every_library_is_at_home_in_few_rooms() {
    for file in files("src") {
        for (library, homes) in HOMES {
            let named: Vec<&str> = library.split("::").collect();
            let used = file.paths.iter().any(|path| {
                path.len() >= named.len() && path.iter().zip(&named).all(|(a, b)| a == b)
            });
            assert!(
                !used
                    || homes.contains(&room(&file).as_str())
                    || homes.contains(&file.name.as_str()),
                "{}: {library} is at home in {homes:?}",
                file.name
            );
        }
    }
}

/// To read a file you need what it imports first: with a cycle there is no first. A room's front (`mod.rs`) declares its
/// files and re-exports what others need; inside the room each file names the one that defines what it uses.
#[test]
fn no_crate_has_an_import_cycle() {
    for root in CRATES {
        let files = files(root);
        let graph = imports(&files);
        let mut state = BTreeMap::new();
        for name in graph.keys() {
            if let Some(cycle) = cycle_from(name, &graph, &mut state, &mut Vec::new()) {
                panic!("{root}: {}", cycle.join(" -> "));
            }
        }
    }
}

/// A re-export is a way around a border: what a room gets from a crate, its users would get too.
#[test]
fn nothing_is_re_exported_from_another_crate() {
    for root in CRATES {
        for file in files(root) {
            assert!(
                !file.text.contains("pub use facture_")
                    && !file.text.contains("pub(crate) use facture_"),
                "{root}/{}",
                file.name
            );
        }
    }
}

/// A handler or an extractor that names the whole state can reach everything, and everything that the state is made of
/// would import itself.
#[test]
fn only_routers_name_the_whole_state() {
    let files = files("src");
    let graph = imports(&files);
    let using: BTreeSet<_> = graph
        .iter()
        .filter(|(_, used)| used.contains("web/state.rs"))
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(using, BTreeSet::from(ROUTERS));
}

/// What can be called is listed in one place: the transports take nothing but a `Method`, the plugin passes nothing else on,
/// and nobody else talks to lightningd.
#[test]
fn calls_leave_by_two_transports_and_from_one_list() {
    let everywhere: Vec<(&str, File)> = CRATES
        .iter()
        .filter(|root| !["crates/payer/src", "crates/sandbox/src"].contains(root))
        .flat_map(|root| files(root).into_iter().map(|file| (*root, file)))
        .collect();
    for (transport, only) in [
        ("\"jsonrpc\"", &["cln/socket.rs", "plugin/call.rs"][..]),
        (".call_typed(", &[]),
        ("\"/v1/", &["cln/rest.rs"]),
    ] {
        for (_, file) in &everywhere {
            assert!(
                !file.text.contains(transport) || only.contains(&file.name.as_str()),
                "{transport} in {}",
                file.name
            );
        }
    }
    let mut lists = everywhere.iter();
    let (_, list) = lists
        .find(|(_, file)| file.name == "cln/method.rs")
        .expect("the list");
    let names = Method::ALL.map(Method::name);
    // Whatever is in quotes before `need` is the name of a method, and is in the list.
    let (named, _) = list
        .text
        .split_once("fn need")
        .expect("the names come first");
    let quoted: Vec<_> = named.split('"').skip(1).step_by(2).collect();
    assert_eq!(quoted, names);
}

/// What spends has lists of its own, and is named nowhere else but in the lab and the sandbox.
#[test]
fn what_spends_is_named_in_the_payers_lists_only() {
    for root in CRATES {
        if ["crates/lab/src", "crates/sandbox/src"].contains(&root) {
            continue;
        }
        for file in files(root) {
            for (call, only) in [
                ("\"xpay\"", "node/cln/method.rs"),
                ("v2/router/send", "node/lnd/method.rs"),
                ("call_raw(", "node/cln/session.rs"),
            ] {
                let is_list = root == "crates/payer/src" && file.name == only;
                let code = file.text.split("#[cfg(test)]\nmod").next();
                let named = code.is_some_and(|code| code.contains(call));
                assert!(!named || is_list, "{call} in {root}/{}", file.name);
            }
        }
    }
}

/// The plugin that holds payments has lightningd's socket, and a list of its own: nothing in it spends.
#[test]
fn the_plugin_that_holds_payments_makes_few_calls() {
    let mut calls = BTreeSet::new();
    for file in files("crates/hold-plugin/src") {
        let talks = file.paths.iter().any(|path| path[0] == "cln_rpc");
        assert_eq!(talks, file.name == "lightningd.rs", "{}", file.name);
        if talks {
            let named = file.text.split(".call(\"").skip(1);
            calls.extend(named.filter_map(|rest| rest.split('"').next().map(str::to_owned)));
            // No call without its name.
            let all = file.text.matches(".call(").count();
            assert_eq!(all, file.text.matches(".call(\"").count());
        }
    }
    let known = [
        "createinvoice",
        "delinvoice",
        "getinfo",
        "invoice",
        "listconfigs",
        "listinvoices",
        "waitinvoice",
    ];
    assert_eq!(calls, known.map(str::to_owned).into());
}

#[test]
fn files_are_small_and_say_what_they_are_for() {
    for root in CRATES {
        for file in files(root) {
            let code = file
                .text
                .split("#[cfg(test)]\nmod")
                .next()
                .unwrap_or_default();
            let lines = code.lines().count();
            let is_test = file.name.ends_with("tests.rs");
            assert!(
                is_test || lines <= 400,
                "{} has {lines} lines without its tests",
                file.name
            );
            assert!(
                file.text.starts_with("//!"),
                "{} does not say what it is for",
                file.name
            );
        }
    }
}

/// A route of the API comes with its description; the document itself and what is not there are the exceptions.
#[test]
fn no_route_of_the_api_is_left_out_of_its_document() {
    let files = files("src");
    let api = files
        .iter()
        .filter(|file| file.name.starts_with("web/api/"));
    let routes: Vec<_> = api
        .flat_map(|file| file.text.lines().filter(|line| line.contains(".route(")))
        .map(str::trim)
        .collect();
    assert_eq!(
        routes,
        [
            ".route(\"/api/v1/\", any(nothing).layer(gate))",
            ".route(\"/api/v1/openapi.json\", get(document::serve));"
        ]
    );
}

/// The room of a file of the root package: its first folder, or itself.
fn room(file: &File) -> String {
    let first = file.name.split('/').next().unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

/// Which file uses which, by name.
fn imports(files: &[File]) -> BTreeMap<&str, BTreeSet<&str>> {
    let by_module: BTreeMap<&[String], &str> = files
        .iter()
        .filter(|file| file.name != "main.rs")
        .map(|file| (file.module.as_slice(), file.name.as_str()))
        .collect();
    let mut graph = BTreeMap::new();
    for file in files.iter().filter(|file| file.name != "main.rs") {
        let used = file.paths.iter().filter_map(|path| {
            let absolute = absolute(&file.module, path, &by_module)?;
            let longest = (0..=absolute.len())
                .rev()
                .find_map(|end| by_module.get(&absolute[..end]));
            longest.copied().filter(|used| *used != file.name)
        });
        graph.insert(file.name.as_str(), used.collect());
    }
    graph
}

/// A path from the crate's root on; `None` when it leads out of the crate.
fn absolute(
    module: &[String],
    path: &[String],
    by_module: &BTreeMap<&[String], &str>,
) -> Option<Vec<String>> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let (base, rest) = match path[0].as_str() {
        "crate" => (&module[..0], &path[1..]),
        "self" => (module, &path[1..]),
        "super" => (
            &module[..module.len().checked_sub(supers)?],
            &path[supers..],
        ),
        child => {
            let mut inside = module.to_vec();
            inside.push(child.to_owned());
            by_module.contains_key(inside.as_slice()).then_some(())?;
            (module, path)
        }
    };
    let rest = rest.iter().filter(|part| *part != "self");
    Some(base.iter().chain(rest).cloned().collect())
}

#[derive(Clone, Copy, PartialEq)]
enum Visited {
    Open,
    Done,
}

/// A cycle that can be reached from a file, if there is one.
fn cycle_from<'a>(
    name: &'a str,
    graph: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    state: &mut BTreeMap<&'a str, Visited>,
    way: &mut Vec<&'a str>,
) -> Option<Vec<&'a str>> {
    way.push(name);
    match state.get(name) {
        Some(Visited::Done) => {
            way.pop();
            return None;
        }
        Some(Visited::Open) => {
            let begin = way
                .iter()
                .position(|seen| *seen == name)
                .unwrap_or_default();
            return Some(way[begin..].to_vec());
        }
        None => {}
    }
    state.insert(name, Visited::Open);
    for used in &graph[name] {
        if let Some(cycle) = cycle_from(used, graph, state, way) {
            return Some(cycle);
        }
    }
    state.insert(name, Visited::Done);
    way.pop();
    None
}

/// Every file of a crate.
fn files(root: &str) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    assert!(!paths.is_empty(), "{}", root.display());
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).expect("below the root");
        let name = name.to_str().expect("plain names").to_owned();
        let mut module: Vec<String> = name
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect();
        if let Some("mod" | "lib" | "main") = module.last().map(String::as_str) {
            module.pop();
        }
        let text = fs::read_to_string(&path).expect("it can be read");
        let mut used = Paths::default();
        used.visit_file(&syn::parse_file(&text).expect("it is Rust"));
        File {
            name,
            module,
            text,
            paths: used.0,
        }
    };
    paths.into_iter().map(read).collect()
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

/// Every path of a file but those of its tests.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl Paths {
    fn of_use(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |name: &syn::Ident| {
            let mut path = before.to_vec();
            path.push(name.to_string());
            path
        };
        match tree {
            syn::UseTree::Path(path) => self.of_use(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.0.push(with(&name.ident)),
            syn::UseTree::Rename(rename) => self.0.push(with(&rename.ident)),
            syn::UseTree::Glob(_) => self.0.push(before.to_vec()),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.of_use(tree, before);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let is_test = module.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute
                    .parse_args::<syn::Path>()
                    .is_ok_and(|cfg| cfg.is_ident("test"))
        });
        if is_test {
            return;
        }
        let mut inside = Self::default();
        visit::visit_item_mod(&mut inside, module);
        // Its `super` is this file.
        self.0.extend(inside.0.into_iter().map(|mut path| {
            if path[0] == "super" {
                path[0] = "self".to_owned();
            }
            path
        }));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.of_use(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let parts = path.segments.iter().map(|part| part.ident.to_string());
            self.0.push(parts.collect());
        }
        visit::visit_path(self, path);
    }
}
