//! The program itself: its commands, its output, its end.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use crate::world::socket_path;

/// A running program that does not outlive its test.
struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        let mut child = program(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        Self { child, output }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    fn terminate(mut self) -> std::process::ExitStatus {
        let kill = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        assert!(kill.expect("kill").success());
        self.child.wait().expect("an end")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone after `terminate`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_facture"));
    command.args(args).env_clear().env("HOME", "/home/nobody");
    command
}

fn run(command: &mut Command) -> (Output, String, String) {
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

#[tokio::test]
async fn the_sandbox_prints_its_address_works_and_ends_in_order() {
    let (socket, _directory) = socket_path();
    let socket = socket.to_str().expect("a plain path");
    let mut running = Running::start(&["sandbox", "--listen", "127.0.0.1:0", "--rpc-file", socket]);
    let first = running.line();
    let origin = first
        .strip_prefix("facture (sandbox): ")
        .expect("the address");
    assert!(!origin.contains(":0/"), "{origin}");
    assert_eq!(running.line(), format!("node: {socket}"));
    let page = reqwest::get(origin)
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a page");
    assert!(page.contains("Sandbox."));
    assert!(
        cln_rpc::ClnRpc::new(Path::new(socket)).await.is_ok(),
        "any client can use the node"
    );
    assert!(running.terminate().success());
}

#[tokio::test]
async fn a_sandbox_with_a_data_directory_goes_on_where_it_was() {
    let directory = tempfile::tempdir().expect("a directory");
    let data_dir = directory.path().to_str().expect("a plain path");
    let args = ["sandbox", "--listen", "127.0.0.1:0", "--data-dir", data_dir];
    let visitor = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let mut first = Running::start(&args);
    let origin = first.line().replace("facture (sandbox): ", "");
    let made = visitor
        .post(format!("{origin}create_invoice"))
        .form(&[("amount", "3")])
        .send()
        .await;
    let path = made.expect("an answer").headers()["location"]
        .to_str()
        .expect("a path")
        .to_owned();
    assert!(first.terminate().success());

    let mut second = Running::start(&args);
    let origin = second.line().replace("facture (sandbox): ", "");
    let origin = origin.trim_end_matches('/');
    let pay = path.replace("check_invoice", "sandbox") + "/pay";
    let paid = visitor
        .post(format!("{origin}{pay}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(paid.status(), 303);
    let page = visitor
        .get(format!("{origin}{path}"))
        .send()
        .await
        .expect("an answer");
    assert!(page.text().await.expect("a page").contains("Paid"));
    assert!(second.terminate().success());
}

#[test]
fn version_and_help() {
    let (_, version, _) = run(&mut program(&["--version"]));
    assert_eq!(
        version.trim(),
        format!("facture {}", env!("CARGO_PKG_VERSION"))
    );
    let (_, help, _) = run(&mut program(&["--help"]));
    for command in ["serve", "sandbox", "config"] {
        assert!(help.contains(command), "{help}");
    }
}

#[test]
fn config_prints_what_is_in_effect() {
    let (output, shown, _) = run(program(&["config"]).env("FACTURE_SITE__NAME", "Corner shop"));
    assert!(output.status.success());
    assert!(shown.contains("name = \"Corner shop\""), "{shown}");
    assert!(shown.contains("listen = \"127.0.0.1:9112\""), "{shown}");
}

#[test]
fn bad_settings_are_named_and_nothing_starts() {
    let long = format!("/tmp/{}", "x".repeat(120));
    let data_dir = tempfile::tempdir().expect("a directory");
    let data_dir = data_dir.path().to_str().expect("a plain path");
    for (mut command, expected) in [
        (
            program(&[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--data-dir",
                data_dir,
                "--rpc-file",
                &long,
            ]),
            "xxx cannot be a socket",
        ),
        (
            program(&["serve", "--config", "/nowhere/facture.toml"]),
            "/nowhere/facture.toml",
        ),
        (program(&["serve", "--listen", "nonsense"]), "--listen"),
        (program(&["serve", "--lissten", "127.0.0.1:0"]), "--lissten"),
        (
            program(&["sandbox", "--rpc-file", "/nowhere/lightning-rpc"]),
            "/nowhere/lightning-rpc",
        ),
    ] {
        let (output, _, complaint) = run(&mut command);
        assert!(!output.status.success());
        assert!(complaint.contains(expected), "{complaint}");
    }
    let (output, _, complaint) = run(program(&["serve"]).env("FACTURE_SERVER__LISTN", "x"));
    assert!(!output.status.success());
    assert!(
        complaint.contains("listn") && complaint.contains("listen"),
        "{complaint}"
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let (output, _, complaint) = run(&mut program(&["sandbox", "--listen", &address]));
    assert!(!output.status.success());
    assert!(complaint.contains(&address), "{complaint}");
}
