//! Checks that are named: a health check of a server, which leaves the node alone.

use std::{path::Path, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::doctor;
use crate::{
    program::{Running, run_beside, serve},
    world::Sandbox,
};

/// What the container image asks.
const HEALTH: &str = "server,follower";

/// Each check with its state, and whether all is well.
async fn only(checks: &str, rpc_file: &Path, data_dir: &Path) -> (Vec<Value>, bool, String) {
    let mut command = doctor(&[]);
    command.args(["--only", checks]);
    command.arg("--data-dir").arg(data_dir);
    command.arg("--rpc-file").arg(rpc_file);
    let (output, printed, complaint) = run_beside(command).await;
    let findings: Vec<Value> = serde_json::from_str(&printed).unwrap_or_default();
    let states = findings
        .iter()
        .map(|finding| json!([finding["check"], finding["state"]]));
    let said = printed + &complaint;
    (states.collect(), output.status.success(), said)
}

/// A server that has caught up with a node, each in a place of its own.
struct Shop {
    sandbox: Sandbox,
    directory: TempDir,
    running: Running,
}

impl Shop {
    async fn open() -> Self {
        let sandbox = Sandbox::start().await;
        let directory = tempfile::tempdir().expect("a directory");
        let mut running = Running::spawn(serve(sandbox.node.rpc_file(), directory.path()));
        running.visitor().await.ready().await;
        Self {
            sandbox,
            directory,
            running,
        }
    }

    async fn health(&self) -> (Vec<Value>, bool, String) {
        only(HEALTH, self.sandbox.node.rpc_file(), self.directory.path()).await
    }
}

#[tokio::test]
async fn a_server_that_is_well_is_healthy() {
    let shop = Shop::open().await;
    let (states, is_well, said) = shop.health().await;
    let well = [json!(["server", "ok"]), json!(["follower", "ok"])];
    assert_eq!(states, well, "{said}");
    assert!(is_well, "{said}");
    // The server asks the node. The check does not: it tries out no rights.
    let called = shop.sandbox.node.called();
    assert!(
        !called.iter().any(|call| call == "delinvoice"),
        "{called:?}"
    );
}

#[tokio::test]
async fn a_server_that_was_never_there_or_was_killed_is_not_healthy() {
    let away = [
        json!(["server", "not_checked"]),
        json!(["follower", "not_checked"]),
    ];
    let sandbox = Sandbox::start().await;
    let nothing = tempfile::tempdir().expect("a directory");
    let (states, is_well, said) = only(HEALTH, sandbox.node.rpc_file(), nothing.path()).await;
    assert_eq!(states, away, "{said}");
    assert!(!is_well);
    assert_eq!(sandbox.node.called(), Vec::<String>::new());

    // Its socket is left behind.
    let shop = Shop::open().await;
    let Shop {
        sandbox,
        directory,
        running,
    } = shop;
    running.kill().await;
    assert!(directory.path().join("control.sock").exists());
    let (states, is_well, said) = only(HEALTH, sandbox.node.rpc_file(), directory.path()).await;
    assert_eq!(states, away, "{said}");
    assert!(!is_well);
}

#[tokio::test]
async fn a_server_that_has_lost_its_node_is_not_healthy() {
    let shop = Shop::open().await;
    shop.sandbox.node.stop().await;
    let (states, is_well, said) = loop {
        let found = shop.health().await;
        // It takes the server a moment to know.
        if !found.1 {
            break found;
        }
    };
    let lost = [json!(["server", "ok"]), json!(["follower", "problem"])];
    assert_eq!(states, lost, "{said}");
    assert!(!is_well);
    assert!(said.contains("has lost its node"), "{said}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_healthy() {
    let shop = Shop::open().await;
    let stop = Command::new("kill")
        .args(["-STOP", &shop.running.id()])
        .status();
    assert!(stop.expect("kill").success());
    let (states, is_well, said) = shop.health().await;
    let silent = [
        json!(["server", "problem"]),
        json!(["follower", "not_checked"]),
    ];
    assert_eq!(states, silent, "{said}");
    assert!(!is_well);
    assert!(said.contains("has not answered for 5 seconds"), "{said}");
}

#[tokio::test]
async fn what_is_named_must_be_known_and_checked() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let rpc_file = sandbox.node.rpc_file();
    let (states, is_well, said) = only("disk,node", rpc_file, directory.path()).await;
    assert_eq!(states, [json!(["disk", "ok"]), json!(["node", "ok"])]);
    assert!(is_well, "{said}");

    // There is none in the configuration.
    let (states, is_well, said) = only("public_url", rpc_file, directory.path()).await;
    assert_eq!(states, [json!(["public_url", "not_checked"])]);
    assert!(
        !is_well && said.contains("not all of these checks are ok"),
        "{said}"
    );

    let (states, is_well, said) = only("server,helth", rpc_file, directory.path()).await;
    assert!(states.is_empty() && !is_well);
    assert!(
        said.contains("there is no check `helth`; there are configuration, data_directory,"),
        "{said}"
    );
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_is_told_of_whatever_was_named() {
    let mut command = doctor(&[("SERVER__LISTEN", "nowhere")]);
    command.args(["--only", "server"]);
    let (output, printed, _) = run_beside(command).await;
    assert!(!output.status.success());
    assert!(printed.contains("server.listen"), "{printed}");
}
