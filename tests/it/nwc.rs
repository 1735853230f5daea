//! `facture nwc`, the program, with an app and a relay that others wrote: npm's `@getalby/sdk` and `@nostr-relay/core`, which `.ci/run`
//! installs. What relays do wrong is in `crates/nwc/tests`.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
};

use facture::web::Mode;
use facture_test_support::report::skipped;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdout},
    time::timeout,
};

use crate::{
    api::{TOKEN, config_with_token},
    harness::{Server, TIMEOUT},
    paywall::pay,
    program::{Running, program, run},
    world::Sandbox,
};

/// Where the service has what it needs.
struct Home(TempDir);

/// The app of the script, and its relay.
struct App {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Home {
    fn new(relay: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        let token = home.path("token");
        fs::write(&token, TOKEN).unwrap();
        fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).unwrap();
        let config = format!(
            "state_dir = {:?}\n[server]\nsocket = {:?}\ntoken_file = {token:?}\n[relays]\nurls = [{relay:?}]\n",
            home.path("state"),
            home.path("records/api.sock"),
        );
        fs::write(home.path("nwc.toml"), config).unwrap();
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn config(&self) -> String {
        self.path("nwc.toml").to_str().unwrap().to_owned()
    }

    /// `facture nwc` with these arguments; what it prints and what it complains.
    fn run(&self, args: &[&str]) -> (String, String) {
        let config = self.config();
        let args = [&["nwc", "--config", &config], args].concat();
        let (_, out, err) = run(&mut program(&args));
        (out.trim().to_owned(), err)
    }
}

impl App {
    fn start(modules: &Path) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut child = tokio::process::Command::new("node")
            .args(["--no-warnings", "--experimental-websocket"])
            .arg(root.join("tests/clients/nwc.mjs"))
            .arg(modules)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node");
        let said = BufReader::new(child.stdout.take().expect("piped")).lines();
        Self { child, said }
    }

    /// What it says next; its standard error says why it says nothing.
    async fn line(&mut self) -> String {
        let line = timeout(TIMEOUT, self.said.next_line()).await;
        line.expect("in time").expect("text").expect("more")
    }
}

#[tokio::test]
async fn an_app_of_others_makes_an_invoice_and_is_told_that_it_was_paid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/node/node_modules");
    if ["@getalby/sdk", "@nostr-relay/core", "ws"]
        .iter()
        .any(|name| !modules.join(name).exists())
    {
        return skipped("npm has not installed @getalby/sdk and a relay in target/node");
    }
    let mut app = App::start(&modules);
    let home = Home::new(&app.line().await);
    let sandbox = Sandbox::start().await;
    let records = home.path("records");
    let settings = [("STORE__DATA_DIR", records.to_str().unwrap())];
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let server = Server::start(config_with_token(&settings), mode).await;
    let (uri, _) = home.run(&["connect", "--name", "till-2"]);
    let mut service = Running::start(&["nwc", "--config", &home.config()]);
    assert!(service.line().await.starts_with("facture nwc: "));
    assert_eq!(service.line().await, "connections: 1");
    let input = app.child.stdin.as_mut().expect("piped");
    input
        .write_all(format!("{uri}\n").as_bytes())
        .await
        .unwrap();
    pay(&sandbox.node, &app.line().await).await;
    assert_eq!(app.line().await, "done");
    assert!(service.terminate().await.success());
    server.stop().await.unwrap();
}

/// The client's secret is shown once: no file has it.
#[test]
fn connections_are_made_listed_and_revoked() {
    let home = Home::new("wss://relay.example");
    let (uri, _) = home.run(&["connect", "--name", "till-2"]);
    assert!(uri.starts_with("nostr+walletconnect://"), "{uri}");
    let (_, secret) = uri.split_once("secret=").unwrap();
    let secret = &secret[..64];
    let file = home.path("state/connections/till-2.toml");
    let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(!fs::read_to_string(&file).unwrap().contains(secret));
    let (_, error) = home.run(&["connect", "--name", "till-2"]);
    assert!(error.contains("there is a connection till-2"), "{error}");
    let (_, error) = home.run(&["connect", "--name", "../x"]);
    assert!(error.contains("small letters"), "{error}");
    home.run(&["connect", "--name", "office", "--all"]);
    let (list, _) = home.run(&["list"]);
    let lines: Vec<_> = list.lines().collect();
    assert!(lines[0].starts_with("office\t") && lines[0].contains("all invoices"));
    assert!(lines[1].starts_with("till-2\t") && lines[1].contains("own invoices"));
    assert!(!list.contains(secret));
    let (revoked, _) = home.run(&["revoke", "till-2"]);
    assert_eq!(revoked, "till-2 is revoked");
    let (list, _) = home.run(&["list"]);
    assert_eq!(list.lines().count(), 1);
    let (_, error) = home.run(&["revoke", "till-2"]);
    assert!(error.contains("there is no connection till-2"), "{error}");
}
