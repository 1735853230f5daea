//! The command line: which records a command goes by, and what it says when something is wrong.

use std::{
    fs,
    io::{Read, Write},
    os::unix::net::UnixListener,
    path::Path,
    process::Command,
};

use clap::CommandFactory;
use facture::cli::Cli;
use tempfile::TempDir;

use crate::{
    harness::TIMEOUT,
    program::{Running, program, run, run_beside},
};

/// The paths of all commands that do something, such as `["token", "create"]`.
fn leaves(command: &clap::Command) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        let name = sub.get_name().to_owned();
        match leaves(sub) {
            below if below.is_empty() => all.push(vec![name]),
            below => all.extend(below.into_iter().map(|mut path| {
                path.insert(0, name.clone());
                path
            })),
        }
    }
    all
}

#[test]
fn every_command_with_records_lets_itself_be_told_which() {
    let mut command = Cli::command();
    command.build();
    let all = leaves(&command);
    assert!(all.len() >= 9, "{all:?}");
    for path in all {
        let arguments: Vec<_> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let (_, help, _) = run(&mut program(&arguments));
        // They only print; a lab, a payer, a bridge and the service for Nostr Wallet Connect have
        // directories and configurations of their own, a server is asked, and what was bought is opened without one.
        let without = [
            "bridge",
            "lab",
            "listen",
            "lnd-macaroon",
            "nwc",
            "pay",
            "payer",
            "replay",
            "reveal",
            "rune",
            "trigger",
        ];
        let expected = !without.contains(&path[0].as_str());
        for flag in ["--data-dir <DIRECTORY>", "--config <FILE>"] {
            // Of its own.
            if ["bridge", "nwc", "payer"].contains(&path[0].as_str())
                && flag.starts_with("--config")
            {
                continue;
            }
            assert_eq!(help.contains(flag), expected, "{path:?} {flag}: {help}");
        }
    }
}

/// A name in a directory, as text.
fn place(directory: &TempDir, name: &str) -> String {
    let path = directory.path().join(name);
    path.to_str().expect("plain").to_owned()
}

#[test]
fn a_token_goes_where_it_is_told_and_says_so() {
    let directory = tempfile::tempdir().expect("a directory");
    let place = |name| place(&directory, name);
    let configured = place("configured");
    let config = place("facture.toml");
    fs::write(&config, format!("[store]\ndata_dir = \"{configured}\"\n")).expect("a file");
    let create = ["--name", "shop", "--scope", "invoices:read"];
    for (before, after, records) in [
        (
            vec![],
            vec!["--data-dir".to_owned(), place("a")],
            place("a"),
        ),
        (
            vec!["--data-dir".to_owned(), place("b")],
            vec![],
            place("b"),
        ),
        (
            vec![],
            vec!["--config".to_owned(), config.clone()],
            configured,
        ),
    ] {
        let command = |action: &str, more: &[&str]| {
            let mut command = program(&["token"]);
            command.args(&before).arg(action).args(&after).args(more);
            command
        };
        // Nothing to list or to revoke, and nothing is made.
        for (action, more) in [("list", &[][..]), ("revoke", &["x"])] {
            let (output, _, complaint) = run(&mut command(action, more));
            assert!(!output.status.success());
            assert!(
                complaint.contains(&records) && complaint.contains("--data-dir"),
                "{complaint}"
            );
            assert!(!Path::new(&records).exists());
        }
        for said in [
            format!("records: {records} (new)\n"),
            format!("records: {records}\n"),
        ] {
            let (output, token, records) = run(&mut command("create", &create));
            assert!(output.status.success(), "{records}");
            // The token alone, for a script.
            assert!(
                token.starts_with("facture_token_") && token.lines().count() == 1,
                "{token}"
            );
            assert_eq!(records, said);
        }
        let (_, listed, said) = run(&mut command("list", &[]));
        assert_eq!(listed.lines().count(), 2, "{listed}");
        assert_eq!(said, format!("records: {records}\n"));
        let id = listed.split('\t').next().expect("an id");
        let (output, _, said) = run(&mut command("revoke", &[id]));
        assert!(
            output.status.success() && said == format!("records: {records}\n"),
            "{said}"
        );
        let (output, _, complaint) = run(&mut command("revoke", &["nobody"]));
        assert!(!output.status.success());
        assert!(
            complaint.contains("nobody") && complaint.contains(&records),
            "{complaint}"
        );
    }
}

#[tokio::test]
async fn a_server_says_which_records_it_uses() {
    let directory = tempfile::tempdir().expect("a directory");
    let data_dir = directory.path().join("records");
    let data_dir = data_dir.to_str().expect("plain");
    let mut running =
        Running::start(&["sandbox", "--listen", "127.0.0.1:0", "--data-dir", data_dir]);
    let mut printed = Vec::new();
    while printed.len() < 4 {
        printed.push(running.line().await);
    }
    assert!(
        printed.contains(&format!("records: {data_dir}")),
        "{printed:?}"
    );
    // A command beside it asks it, and says so.
    let mut create = program(&["token", "create", "--data-dir", data_dir]);
    create.args(["--name", "shop", "--scope", "invoices:read"]);
    let (output, _, said) = run_beside(create).await;
    assert!(output.status.success(), "{said}");
    assert_eq!(
        said,
        format!("records: {data_dir} (answered by the running server)\n")
    );
    assert!(running.terminate().await.success());
}

/// A socket of a program that is not lightningd: it reads once and answers this, or nothing for ever.
fn stranger(socket: &Path, answer: Option<&'static [u8]>) {
    let listener = UnixListener::bind(socket).expect("a socket");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            std::thread::spawn(move || {
                let read = stream.read(&mut [0; 1024]);
                match answer {
                    Some(answer) => drop(read.and_then(|_| stream.write_all(answer))),
                    // Until the other side gives up.
                    None => while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {},
                }
            });
        }
    });
}

#[tokio::test]
async fn a_node_that_cannot_be_used_is_named_once_and_nothing_is_said_twice() {
    let directory = tempfile::Builder::new()
        .prefix("f")
        .tempdir()
        .expect("a directory");
    let place = |name| place(&directory, name);
    fs::write(place("file"), "").expect("a file");
    stranger(Path::new(&place("hangs")), None);
    stranger(Path::new(&place("chatters")), Some(b"hello\n\n"));
    stranger(Path::new(&place("leaves")), Some(b""));
    stranger(
        Path::new(&place("other")),
        Some(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n"),
    );
    let data_dir = place("records");
    let on = |node: &str, import: bool| {
        let mut command = match import {
            false => program(&["reconcile", "--data-dir", &data_dir]),
            true => program(&[
                "import-charge",
                "--data-dir",
                &data_dir,
                "/nowhere/charge.db",
            ]),
        };
        command.env("FACTURE_NODE__DEADLINE_SECONDS", "1");
        command.env("FACTURE_LOG__FILTER", "error");
        match node.starts_with("https") {
            true => {
                command.env("FACTURE_NODE__REST_URL", node);
                command.env("FACTURE_NODE__RUNE", "abc=");
            }
            false => drop(command.args(["--rpc-file", node])),
        }
        command
    };
    let mut all: Vec<(String, Command)> = Vec::new();
    for node in ["nobody", "file", "hangs", "chatters", "leaves", "other"].map(place) {
        all.push((node.clone(), on(&node, false)));
        all.push((node.clone(), on(&node, true)));
    }
    let rest = "https://localhost:1".to_owned();
    all.push((rest.clone(), on(&rest, false)));
    let nowhere = "/nowhere/lightning-rpc".to_owned();
    all.push((
        nowhere.clone(),
        program(&["sandbox", "--rpc-file", &nowhere]),
    ));
    let file = place("file");
    all.push((file.clone(), program(&["serve", "--data-dir", &file])));
    for (named, command) in all {
        let (output, _, complaint) = run_beside(command).await;
        assert!(!output.status.success());
        assert_eq!(complaint.matches(&named).count(), 1, "{named}: {complaint}");
        let mut clauses: Vec<_> = complaint.trim().split(": ").collect();
        let count = clauses.len();
        clauses.sort_unstable();
        clauses.dedup();
        assert_eq!(clauses.len(), count, "{complaint}");
    }
}

/// What a later release would leave behind.
fn write_newer_schema(file: &Path) {
    let records = rusqlite::Connection::open(file).expect("opened");
    records
        .execute(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'of a later release', 0)",
            [],
        )
        .expect("written");
}

#[tokio::test]
async fn records_of_a_newer_facture_are_refused_in_plain_words() {
    let directory = tempfile::tempdir().expect("a directory");
    let data_dir = directory.path().to_str().expect("plain");
    let create = [
        "token",
        "create",
        "--name",
        "x",
        "--scope",
        "admin",
        "--data-dir",
        data_dir,
    ];
    assert!(run(&mut program(&create)).0.status.success());
    write_newer_schema(&directory.path().join("facture.db"));
    for command in [
        &mut program(&["token", "list", "--data-dir", data_dir]),
        &mut program(&["serve", "--listen", "127.0.0.1:0", "--data-dir", data_dir]),
        &mut program(&["reconcile", "--data-dir", data_dir]),
    ] {
        let (output, _, complaint) = run(command);
        assert!(!output.status.success());
        let start = format!(
            "facture: cannot use the data directory {data_dir}: these records were written by a newer facture (schema 9999)"
        );
        assert!(complaint.starts_with(&start), "{complaint}");
        assert!(
            complaint.contains("backup") && !complaint.contains("migration"),
            "{complaint}"
        );
    }
}

#[tokio::test]
async fn a_refused_form_that_may_be_ours_is_explained_in_the_log_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = directory.path().join("log");
    let mut running = Running::logged(program(&["sandbox", "--listen", "127.0.0.1:0"]), &log);
    let visitor = running.visitor().await;
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(TIMEOUT)
        .build()
        .expect("a client");
    let send = async |header: &str, value: &str| {
        let form = client
            .post(format!("{}/create_invoice", visitor.origin()))
            .form(&[("amount", "5")])
            .header(header, value);
        form.send().await.expect("an answer").status()
    };
    let hint = "server.public_url";
    let logged = || fs::read_to_string(&log).expect("a log");
    // Surely another site's: no word about proxies.
    assert_eq!(send("sec-fetch-site", "cross-site").await, 403);
    assert!(!logged().contains(hint), "{}", logged());
    // Our own page, through a proxy that drops Host, from a browser on plain HTTP: it cannot be told from another site's.
    for _ in 0..3 {
        assert_eq!(send("origin", "http://pay.example").await, 403);
    }
    assert_eq!(logged().matches(hint).count(), 1, "{}", logged());
    assert!(running.terminate().await.success());
}
