//! A broker, a server with the sandbox's node, and a bridge between them, each a process of its own.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use cln_rpc::ClnRpc;
use facture_sandbox::SandboxNode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{process::Child, time::timeout};

use crate::program::{Running, program, run_beside, serve};

/// Signs commands.
pub(crate) const SECRET: &str = "the secret of the tests";

/// How long the broker may take to start.
const START: Duration = Duration::from_secs(120);

/// All that is needed.
pub(crate) struct World {
    pub(crate) bootstrap: String,
    pub(crate) directory: TempDir,
    port: u16,
    format: Vec<String>,
    broker: Option<Child>,
    server: Running,
    /// The payer's section `[node]`.
    payers_node: String,
    node: SandboxNode,
    merchant: SandboxNode,
}

/// A node that is not the sandbox's.
struct Real {
    server: Box<dyn FnOnce(&Path) -> Command>,
    node: String,
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
        Self::start_with(|_, _| Vec::new()).await
    }

    /// With a broker that `prepare` configures: it is given the directory and the port, and returns what the format needs.
    pub(crate) async fn start_with(prepare: impl FnOnce(&Path, u16) -> Vec<String>) -> Self {
        Self::start_whole(prepare, None).await
    }

    /// With a real node: the server on it, which is told where its records go, and the payer's section `[node]`.
    pub(crate) async fn on(
        server: impl FnOnce(&Path) -> Command + 'static,
        payers_node: String,
    ) -> Self {
        let real = Real {
            server: Box::new(server),
            node: payers_node,
        };
        Self::start_whole(|_, _| Vec::new(), Some(real)).await
    }

    async fn start_whole(
        prepare: impl FnOnce(&Path, u16) -> Vec<String>,
        real: Option<Real>,
    ) -> Self {
        let directory = TempDir::new().unwrap();
        let port = free_ports();
        let kafka = directory.path().join("kafka");
        fs::create_dir(&kafka).unwrap();
        let format = prepare(&kafka, port);
        let bootstrap = format!("127.0.0.1:{port}");
        let data = directory.path().join("data");
        let merchant = SandboxNode::start(&directory.path().join("m"))
            .await
            .unwrap();
        let node = SandboxNode::start(&directory.path().join("n"))
            .await
            .unwrap();
        node.connect(&merchant);
        let log = directory.path().join("server.log");
        let (command, payers_node) = match real {
            Some(Real { server, node }) => (server(&data), node),
            None => {
                let rpc_file = node.rpc_file().display();
                let payers_node = format!(
                    "rpc_file = \"{rpc_file}\"\nretry_for_seconds = 1\ndeadline_seconds = 2\n"
                );
                (serve(node.rpc_file(), &data), payers_node)
            }
        };
        let mut server = Running::logged(command, &log);
        let visitor = server.visitor().await;
        visitor.ready().await;
        let mut world = Self {
            bootstrap,
            directory,
            port,
            format,
            broker: None,
            server,
            payers_node,
            node,
            merchant,
        };
        world.start_broker();
        timeout(START, world.make_topics())
            .await
            .expect("topics in time");
        let scopes = ["invoices:create", "invoices:read", "payouts:order"];
        world.token("token", &scopes).await;
        world.token("payer-token", &["payouts:execute"]).await;
        world.write("secret", SECRET);
        world
    }

    /// Starts the broker where it was before.
    pub(crate) fn start_broker(&mut self) {
        let mut command = Command::new(repository(".ci/kafka"));
        let log = fs::File::create(self.directory.path().join("broker.log")).unwrap();
        command.arg("run").arg(self.directory.path().join("kafka"));
        command.arg(self.port.to_string()).args(&self.format);
        command.stdin(Stdio::null());
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

    async fn token(&self, file: &str, scopes: &[&str]) {
        let mut command = program(&["token", "create", "--name", file]);
        command
            .arg("--data-dir")
            .arg(self.directory.path().join("data"));
        command.args(scopes.iter().flat_map(|scope| ["--scope", scope]));
        let (output, token, error) = run_beside(command).await;
        assert!(output.status.success(), "{error}");
        self.write(file, token.trim());
    }

    /// Starts a payer.
    pub(crate) fn payer(&self) -> Running {
        let directory = self.directory.path().display();
        let config = format!(
            "data_dir = \"{directory}/payer\"\n\
             [server]\nsocket = \"{directory}/data/api.sock\"\ntoken_file = \"{directory}/payer-token\"\n\
             [node]\n{}\n\
             [limits]\nper_payout_sat = 1000000\nper_hour_sat = 100000000\nper_day_sat = 100000000\n",
            self.payers_node
        );
        let file = self.directory.path().join("payer.toml");
        fs::write(&file, config).unwrap();
        let command = program(&["payer", "--config", file.to_str().unwrap()]);
        Running::logged(command, &self.directory.path().join("payer.log"))
    }

    /// Calls the node whose invoices are paid.
    async fn merchant(&self, method: &str, params: &Value) -> Value {
        let mut rpc = ClnRpc::new(self.merchant.rpc_file()).await.unwrap();
        rpc.call_raw(method, params).await.unwrap()
    }

    /// An invoice of another node.
    pub(crate) async fn invoice(&self, number: u64) -> String {
        let params = json!({ "amount_msat": 10_000 + number, "label": number.to_string(), "description": "x" });
        let made = self.merchant("invoice", &params).await;
        made["bolt11"].as_str().unwrap().to_owned()
    }

    /// So many of them, in a file.
    pub(crate) async fn invoices(&self, count: u64) -> (Vec<String>, PathBuf) {
        let mut invoices = Vec::new();
        for number in 0..count {
            invoices.push(self.invoice(number).await);
        }
        let file = self.directory.path().join("invoices");
        fs::write(&file, invoices.join("\n")).unwrap();
        (invoices, file)
    }

    /// How many payments the payer's node has made or tried.
    pub(crate) fn payments(&self) -> usize {
        self.node.outgoing().len()
    }

    /// Whether it is paid.
    pub(crate) async fn is_paid(&self, bolt11: &str) -> bool {
        let listed = self
            .merchant("listinvoices", &json!({ "invstring": bolt11 }))
            .await;
        listed["invoices"][0]["status"] == "paid"
    }

    /// Writes a file that nobody else may read.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let file = self.directory.path().join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Starts a bridge, with these lines in `[commands]`.
    pub(crate) fn bridge(&self, commands: &str) -> Running {
        self.bridge_at(&format!("bootstrap = \"{}\"", self.bootstrap), commands)
    }

    /// The same with these lines in `[kafka]`.
    pub(crate) fn bridge_at(&self, kafka: &str, commands: &str) -> Running {
        let directory = self.directory.path().display();
        let events = format!(
            "[events]\ntopic = \"facture.events.v1\"\ncursor_file = \"{directory}/events.cursor\"\n"
        );
        self.start_bridge("bridge.toml", kafka, commands, &events)
    }

    /// One more of the same group, without events.
    pub(crate) fn another_bridge(&self, commands: &str) -> Running {
        let kafka = format!("bootstrap = \"{}\"", self.bootstrap);
        self.start_bridge("another.toml", &kafka, commands, "")
    }

    fn start_bridge(&self, file: &str, kafka: &str, commands: &str, events: &str) -> Running {
        let directory = self.directory.path().display();
        let config = format!(
            "[server]\nsocket = \"{directory}/data/api.sock\"\ntoken_file = \"{directory}/token\"\n\
             [kafka]\n{kafka}\n\
             [commands]\nanswers = \"celery\"\nsecret_files = [\"{directory}/secret\"]\n{commands}\n{events}"
        );
        let file = self.directory.path().join(file);
        fs::write(&file, config).unwrap();
        let command = program(&["bridge", "--config", file.to_str().unwrap()]);
        Running::logged(command, &self.directory.path().join("bridge.log"))
    }

    /// One that works: started again until it does, while there may be no broker.
    pub(crate) async fn working_bridge(&self, commands: &str) -> Running {
        loop {
            let mut bridge = self.bridge(commands);
            if bridge.line().await.starts_with("facture bridge:") {
                return bridge;
            }
        }
    }

    /// What one of them complained of.
    pub(crate) fn log(&self, name: &str) -> String {
        let file = self.directory.path().join(format!("{name}.log"));
        fs::read_to_string(file).unwrap_or_default()
    }

    /// The server's process.
    pub(crate) fn server(&self) -> String {
        self.server.id()
    }
}

/// A free port with a free one after it, neither of which an outgoing connection may get meanwhile.
pub(crate) fn free_ports() -> u16 {
    loop {
        let port = rand::random_range(20_000..32_000);
        let free = [port, port + 1].map(|port| TcpListener::bind(("127.0.0.1", port)));
        if free.iter().all(Result::is_ok) {
            return port;
        }
    }
}
