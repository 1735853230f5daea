//! A broker, a server with the sandbox's node, and a bridge between them, each a process of its own.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{process::Child, time::timeout};

use crate::program::{Running, program, run};

/// Signs commands.
pub(crate) const SECRET: &str = "the secret of the tests";

/// How long the broker may take to start.
const START: Duration = Duration::from_secs(60);

/// All that is needed.
pub(crate) struct World {
    pub(crate) bootstrap: String,
    pub(crate) directory: TempDir,
    port: u16,
    broker: Option<Child>,
    server: Running,
}

/// A file of the repository.
pub(crate) fn repository(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

/// A script for Python, with the other side's Kafka client.
pub(crate) fn python(script: &str, arguments: &[&str]) -> tokio::process::Command {
    let python = repository("target/kafka/python/bin/python");
    let mut command = tokio::process::Command::new(python);
    command
        .arg(repository(script))
        .args(arguments)
        .kill_on_drop(true);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end, well.
pub(crate) async fn succeed(mut command: tokio::process::Command) -> String {
    let output = command.output().await.expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let error = text(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    text(&output.stdout)
}

impl World {
    pub(crate) async fn start() -> Self {
        let directory = TempDir::new().unwrap();
        let port = free_ports();
        let bootstrap = format!("127.0.0.1:{port}");
        let data = directory.path().join("data");
        let data = data.to_str().unwrap();
        let mut server =
            Running::start(&["sandbox", "--listen", "127.0.0.1:0", "--data-dir", data]);
        let visitor = server.visitor().await;
        visitor.ready().await;
        let mut world = Self {
            bootstrap,
            directory,
            port,
            broker: None,
            server,
        };
        world.start_broker();
        timeout(START, world.make_topics())
            .await
            .expect("topics in time");
        world.write("token", &world.token(data));
        world.write("secret", SECRET);
        world
    }

    /// Starts the broker where it was before.
    pub(crate) fn start_broker(&mut self) {
        let mut command = Command::new(repository(".ci/kafka"));
        let log = fs::File::create(self.directory.path().join("broker.log")).unwrap();
        command.arg("run").arg(self.directory.path().join("kafka"));
        command.arg(self.port.to_string()).stdin(Stdio::null());
        command.stdout(log.try_clone().unwrap()).stderr(log);
        let broker = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .spawn();
        self.broker = Some(broker.unwrap());
    }

    /// Ends the broker with SIGKILL.
    pub(crate) async fn kill_broker(&mut self) {
        self.broker.take().unwrap().kill().await.unwrap();
    }

    async fn make_topics(&self) {
        succeed(python(
            "tests/kafka/client.py",
            &["topics", &self.bootstrap],
        ))
        .await;
    }

    fn token(&self, data: &str) -> String {
        let scopes = ["invoices:create", "invoices:read", "payouts:order"];
        let mut command = program(&["token", "create", "--data-dir", data, "--name", "bridge"]);
        command.args(scopes.iter().flat_map(|scope| ["--scope", scope]));
        let (output, token, error) = run(&mut command);
        assert!(output.status.success(), "{error}");
        token.trim().to_owned()
    }

    /// Writes a file that nobody else may read.
    fn write(&self, name: &str, text: &str) {
        let file = self.directory.path().join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Starts a bridge, with these lines in `[commands]`.
    pub(crate) fn bridge(&self, commands: &str) -> Running {
        let directory = self.directory.path().display();
        let bootstrap = &self.bootstrap;
        let config = format!(
            "[server]\nsocket = \"{directory}/data/api.sock\"\ntoken_file = \"{directory}/token\"\n\
             [kafka]\nbootstrap = \"{bootstrap}\"\n\
             [commands]\nanswers = \"celery\"\nsecret_files = [\"{directory}/secret\"]\n{commands}\n\
             [events]\ntopic = \"facture.events.v1\"\ncursor_file = \"{directory}/events.cursor\"\n"
        );
        let file = self.directory.path().join("bridge.toml");
        fs::write(&file, config).unwrap();
        let command = program(&["bridge", "--config", file.to_str().unwrap()]);
        Running::logged(command, &self.directory.path().join("bridge.log"))
    }

    /// What the bridge complained of.
    pub(crate) fn bridge_log(&self) -> String {
        fs::read_to_string(self.directory.path().join("bridge.log")).unwrap_or_default()
    }

    /// The server's process.
    pub(crate) fn server(&self) -> String {
        self.server.id()
    }
}

/// A free port with a free one after it.
fn free_ports() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}
