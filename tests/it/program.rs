//! The program itself in a process of its own, and a visitor of what it serves there.

use std::{
    fs::File,
    path::Path,
    process::{Command, ExitStatus, Output, Stdio},
    time::Duration,
};

use reqwest::{StatusCode, header};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout},
    time::timeout,
};

use crate::harness::{HURRIED, TIMEOUT};

/// A running program that does not outlive its test.
pub(crate) struct Running {
    child: Child,
    output: Lines<BufReader<ChildStdout>>,
}

/// Somebody with a client, at a server that may go away at any time.
#[derive(Clone)]
pub(crate) struct Visitor {
    origin: String,
    client: reqwest::Client,
}

/// The program with these arguments and nothing in its environment.
pub(crate) fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_facture"));
    command.args(args).env_clear().env("HOME", "/home/nobody");
    command
}

/// `facture serve` on a free port.
pub(crate) fn serve(rpc_file: &Path, data_dir: &Path) -> Command {
    let mut command = program(&["serve", "--listen", "127.0.0.1:0"]);
    command.arg("--rpc-file").arg(rpc_file);
    command.arg("--data-dir").arg(data_dir);
    for (key, value) in HURRIED {
        command.env(format!("FACTURE_{key}"), value);
    }
    command
}

/// `facture reconcile`.
pub(crate) fn reconcile(rpc_file: &Path, data_dir: &Path) -> Command {
    let mut command = program(&["reconcile"]);
    command.arg("--rpc-file").arg(rpc_file);
    command.arg("--data-dir").arg(data_dir);
    command
}

/// Runs it to its end; what it printed and what it complained.
pub(crate) fn run(command: &mut Command) -> (Output, String, String) {
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

/// The same where a node of this process must go on meanwhile.
pub(crate) async fn run_beside(mut command: Command) -> (Output, String, String) {
    let running = tokio::task::spawn_blocking(move || run(&mut command));
    timeout(TIMEOUT, running)
        .await
        .expect("it ends in time")
        .expect("no panic")
}

impl Running {
    /// Its complaints are not kept.
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut command = program(args);
        command.stderr(Stdio::null());
        Self::spawn(command)
    }

    /// Its complaints go to the end of a file.
    pub(crate) fn logged(mut command: Command, log: &Path) -> Self {
        let log = File::options().create(true).append(true).open(log);
        command.stderr(log.expect("a log"));
        Self::spawn(command)
    }

    pub(crate) fn spawn(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let output = child.stdout.take().expect("its output");
        Self {
            child,
            output: BufReader::new(output).lines(),
        }
    }

    /// The next line that it prints; nothing at its end.
    pub(crate) async fn line(&mut self) -> String {
        let line = timeout(TIMEOUT, self.output.next_line());
        let line = line.await.expect("a line in time").expect("text");
        line.unwrap_or_default()
    }

    /// A visitor of the address that it prints first.
    pub(crate) async fn visitor(&mut self) -> Visitor {
        let line = self.line().await;
        let (_, origin) = line.split_once(": ").expect("an address");
        Visitor::of(origin.trim_end_matches('/'))
    }

    /// Its process.
    pub(crate) fn id(&self) -> String {
        self.child.id().expect("it runs").to_string()
    }

    /// Whether it has ended by itself.
    #[allow(dead_code, reason = "the tests with Kafka ask")]
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_some()
    }

    /// Ends it with SIGKILL.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("an end");
    }

    /// Ends it with SIGTERM.
    pub(crate) async fn terminate(self) -> ExitStatus {
        let kill = Command::new("kill").arg(self.id()).status();
        assert!(kill.expect("kill").success());
        self.end().await
    }

    /// Waits until it ends by itself.
    pub(crate) async fn end(mut self) -> ExitStatus {
        let end = timeout(TIMEOUT, self.child.wait());
        end.await.expect("an end in time").expect("an end")
    }
}

impl Visitor {
    pub(crate) fn of(origin: &str) -> Self {
        let client = reqwest::Client::builder().no_proxy().timeout(TIMEOUT);
        Self {
            origin: origin.to_owned(),
            client: client.build().expect("a client"),
        }
    }

    /// Where it goes.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Sends the form as a program does.
    pub(crate) async fn submit(
        &self,
        amount: &str,
        description: &str,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let request = self.client.post(format!("{}/create_invoice", self.origin));
        let form = [("amount", amount), ("description", description)];
        json(request.form(&form)).await
    }

    /// Asks for JSON.
    pub(crate) async fn json(&self, path: &str) -> reqwest::Result<(StatusCode, Value)> {
        json(self.client.get(format!("{}{path}", self.origin))).await
    }

    /// Presses a button as a program does.
    pub(crate) async fn post(&self, path: &str) -> reqwest::Result<(StatusCode, Value)> {
        json(self.client.post(format!("{}{path}", self.origin))).await
    }

    /// Asks for an invoice until `enough` says so.
    pub(crate) async fn json_until(&self, path: &str, enough: impl Fn(&Value) -> bool) -> Value {
        let mut seen = Value::Null;
        let waiting = async {
            let mut tick = tokio::time::interval(Duration::from_millis(10));
            loop {
                tick.tick().await;
                (_, seen) = self.json(path).await.expect("an answer");
                if enough(&seen) {
                    return;
                }
            }
        };
        let in_time = timeout(TIMEOUT, waiting).await;
        assert!(in_time.is_ok(), "{path} still says {seen}");
        seen
    }

    /// Waits until it has caught up with its node.
    pub(crate) async fn ready(&self) {
        self.json_until("/readyz", |answer| answer["status"] == "ready")
            .await;
    }
}

async fn json(request: reqwest::RequestBuilder) -> reqwest::Result<(StatusCode, Value)> {
    let request = request.header(header::ACCEPT, "application/json");
    let answer = request.send().await?;
    Ok((answer.status(), answer.json().await?))
}
