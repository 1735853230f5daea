//! `facture setup`: without a terminal and on one.

mod terminal;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    contract::path_of,
    lnd::world::Lnd,
    program::{Running, program, run_beside},
    world::Sandbox,
};

/// A place for the configuration and the records.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn config(&self) -> PathBuf {
        self.0.path().join("etc/config.toml")
    }

    fn records(&self) -> PathBuf {
        self.0.path().join("records")
    }

    /// `facture setup --yes --json` for this place.
    fn setup(&self) -> Command {
        let mut command = program(&["setup", "--yes", "--json"]);
        command.arg("--config").arg(self.config());
        command.arg("--data-dir").arg(self.records());
        command
    }

    /// Starts a server with what was written.
    async fn serve(&self) -> Running {
        let mut command = program(&["serve", "--listen", "127.0.0.1:0"]);
        command.arg("--config").arg(self.config());
        Running::spawn(command)
    }
}

/// Runs it, which must succeed; what it prints.
async fn done(command: Command) -> Value {
    let (output, printed, complaint) = run_beside(command).await;
    assert!(output.status.success(), "{complaint}");
    serde_json::from_str(&printed).expect("JSON")
}

/// Runs it, which must fail; its complaint.
async fn refused(command: Command) -> String {
    let (output, _, complaint) = run_beside(command).await;
    assert!(!output.status.success(), "{complaint}");
    complaint
}

fn on(mut command: Command, rpc_file: &Path) -> Command {
    command.arg("--rpc-file").arg(rpc_file);
    command
}

#[tokio::test]
async fn what_it_writes_is_enough_to_be_paid() {
    let (place, sandbox) = (Place::new(), Sandbox::start().await);
    let mut command = on(place.setup(), sandbox.node.rpc_file());
    command.args(["--name", "Ann's corner"]);
    let result = done(command).await;
    assert_eq!(result["config"], *place.config().display().to_string());
    assert_eq!(result["proxy"], Value::Null);
    assert_eq!(result["owner_link_file"], Value::Null);
    assert!(
        !place.records().exists(),
        "the first start makes the records"
    );
    let mode = fs::metadata(place.config())
        .expect("written")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    let mut running = place.serve().await;
    let visitor = running.visitor().await;
    visitor.ready().await;
    let (_, invoice) = visitor.submit("5", "tea").await.expect("an answer");
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    sandbox.node.pay(bolt11, None).expect("paid");
    let paid = |read: &Value| read["status"] == "paid";
    visitor.json_until(&path_of(&invoice), paid).await;
    assert!(running.terminate().await.success());
}

#[tokio::test]
async fn the_same_with_lnd() {
    let (place, lnd) = (Place::new(), Lnd::start().await);
    let mut command = place.setup();
    command.args(["--lnd-url", &lnd.node.url()]);
    command
        .arg("--tls-cert-file")
        .arg(lnd.node.certificate_file());
    command.arg("--macaroon-file").arg(&lnd.macaroon_file);
    done(command).await;
    let mut running = place.serve().await;
    let visitor = running.visitor().await;
    visitor.ready().await;
    let (_, invoice) = visitor.submit("5", "tea").await.expect("an answer");
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    lnd.node.pay(bolt11, None).await.expect("paid");
    let paid = |read: &Value| read["status"] == "paid";
    visitor.json_until(&path_of(&invoice), paid).await;
}

#[tokio::test]
async fn a_shop_on_the_internet_gets_the_lines_for_its_proxy_and_a_desk() {
    let (place, sandbox) = (Place::new(), Sandbox::start().await);
    let mut command = on(place.setup(), sandbox.node.rpc_file());
    command.args(["--public-url", "https://shop.invalid", "--desk"]);
    let result = done(command).await;
    let caddy = result["proxy"]["caddy"].as_str().expect("lines");
    assert!(caddy.starts_with("shop.invalid {"), "{caddy}");
    let nginx = result["proxy"]["nginx"].as_str().expect("lines");
    assert!(nginx.contains("X-Forwarded-For"), "{nginx}");
    // The proxy may come later, and it is said that it is not there.
    let findings = result["findings"].as_array().expect("findings");
    let address = findings.iter().find(|found| found["check"] == "public_url");
    assert_eq!(address.expect("found")["state"], "problem");
    let written = fs::read_to_string(place.config()).expect("written");
    for line in [
        "public_url = \"https://shop.invalid\"",
        "trusted_proxies = [\"127.0.0.1\"]",
        "# The merchant's desk at /desk: its users, and what they did (docs/desk.md). The first start writes a",
    ] {
        assert!(written.contains(line), "{line}: {written}");
    }
    // The first start writes the link where that was said.
    let link = result["owner_link_file"].as_str().expect("a file");
    let mut running = place.serve().await;
    running.visitor().await.ready().await;
    let link = fs::read_to_string(link).expect("a link");
    assert!(
        link.starts_with("https://shop.invalid/desk/welcome/"),
        "{link}"
    );
}

#[tokio::test]
async fn a_configuration_that_is_there_is_not_overwritten() {
    let (place, sandbox) = (Place::new(), Sandbox::start().await);
    fs::create_dir(place.0.path().join("etc")).expect("made");
    fs::write(place.config(), "# mine\n").expect("written");
    let setup = || on(place.setup(), sandbox.node.rpc_file());
    let complaint = refused(setup()).await;
    assert!(complaint.contains("--force"), "{complaint}");
    assert_eq!(
        fs::read_to_string(place.config()).expect("there"),
        "# mine\n"
    );
    let mut forced = setup();
    forced.arg("--force");
    done(forced).await;
    let written = fs::read_to_string(place.config()).expect("there");
    assert!(written.contains("rpc_file = "), "{written}");
}

#[tokio::test]
async fn nothing_is_written_for_a_node_that_cannot_be_used() {
    let (place, lnd) = (Place::new(), Lnd::start().await);
    let complaint = refused(on(place.setup(), Path::new("/nowhere/lightning-rpc"))).await;
    assert!(complaint.contains("/nowhere/lightning-rpc"), "{complaint}");
    let mut too_few_rights = place.setup();
    too_few_rights.args(["--lnd-url", &lnd.node.url()]);
    too_few_rights
        .arg("--tls-cert-file")
        .arg(lnd.node.certificate_file());
    let uri = facture_node::lnd::Method::GetInfo.uri();
    let macaroon = lnd.node.bake("few", [uri]).expect("written");
    too_few_rights.arg("--macaroon-file").arg(macaroon);
    let complaint = refused(too_few_rights).await;
    assert!(complaint.contains("`AddInvoice`"), "{complaint}");
    let complaint = refused(place.setup()).await;
    assert!(complaint.contains("no node was found"), "{complaint}");
    assert!(!place.config().exists());
}

#[tokio::test]
async fn answers_that_are_not_allowed_name_their_key() {
    let (place, sandbox) = (Place::new(), Sandbox::start().await);
    for (flag, value, key) in [
        ("--public-url", "shop.example", "server.public_url"),
        ("--name", "two\nlines", "site.name"),
    ] {
        let mut command = on(place.setup(), sandbox.node.rpc_file());
        command.args([flag, value]);
        let complaint = refused(command).await;
        assert!(complaint.contains(key), "{flag} {value}: {complaint}");
    }
    assert!(!place.config().exists());
}

#[tokio::test]
async fn a_node_where_it_usually_is_is_found() {
    let place = Place::new();
    let home = place.0.path().join("home");
    let usual = home.join(".lightning/regtest");
    fs::create_dir_all(&usual).expect("made");
    let rpc_file = usual.join("lightning-rpc");
    let node = facture_sandbox::SandboxNode::start(&rpc_file).await;
    let _node = node.expect("a node");
    let mut command = place.setup();
    command.env("HOME", &home);
    done(command).await;
    let written = fs::read_to_string(place.config()).expect("written");
    let line = format!("rpc_file = \"{}\"", rpc_file.display());
    assert!(written.contains(&line), "{written}");
}

/// The server may be started anywhere.
#[tokio::test]
async fn relative_paths_are_written_as_they_are_meant() {
    let (place, sandbox) = (Place::new(), Sandbox::start().await);
    let directory = sandbox.node.rpc_file().parent().expect("a directory");
    let mut command = program(&["setup", "--yes", "--json", "--config"]);
    command.arg(place.config()).current_dir(directory);
    command.args(["--data-dir", "records", "--rpc-file", "lightning-rpc"]);
    done(command).await;
    let written = fs::read_to_string(place.config()).expect("written");
    for path in ["records", "lightning-rpc"] {
        let path = format!("\"{}\"", directory.join(path).display());
        assert!(written.contains(&path), "{path}: {written}");
    }
}

#[tokio::test]
async fn without_a_terminal_it_says_how() {
    let place = Place::new();
    let mut command = program(&["setup"]);
    command.arg("--config").arg(place.config());
    command.stdin(std::process::Stdio::null());
    let complaint = refused(command).await;
    assert!(complaint.contains("--yes"), "{complaint}");
}
