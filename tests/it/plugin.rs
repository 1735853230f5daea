//! facture as a plugin, with this test on lightningd's side of the protocol and the sandbox behind lightningd's socket.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use facture_sandbox::SandboxNode;
use futures_util::StreamExt;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    process::{Child, ChildStdin, ChildStdout},
    time::{interval, timeout},
};
use tokio_util::codec::{FramedRead, LinesCodec};

use crate::{
    harness::{HURRIED, TIMEOUT},
    program::{Visitor, program, run},
};

/// lightningd's directory of a network, with a node in it.
pub(crate) struct Home {
    directory: TempDir,
    node: SandboxNode,
}

/// The plugin's process, from lightningd's side.
pub(crate) struct Plugin {
    child: Child,
    input: Option<ChildStdin>,
    output: FramedRead<ChildStdout, LinesCodec>,
    calls: u32,
    /// What it logged: level and message.
    log: Vec<(String, String)>,
}

impl Home {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("facture-")
            .tempdir()
            .expect("a directory");
        let socket = directory.path().join("lightning-rpc");
        let node = SandboxNode::start(&socket).await.expect("a node");
        Self { directory, node }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Starts the plugin and asks for its manifest, as lightningd does.
    pub(crate) async fn plugin(&self) -> (Plugin, Value) {
        let mut plugin = Plugin::spawn(self.directory.path());
        let manifest = plugin.call("getmanifest", &json!({})).await;
        (plugin, manifest["result"].clone())
    }

    /// The answer to `init` with these options.
    pub(crate) async fn init(&self, plugin: &mut Plugin, options: Value) -> Value {
        let configuration = json!({
            "lightning-dir": self.directory.path(),
            "rpc-file": "lightning-rpc",
            "startup": true,
            "network": "regtest",
            "feature_set": {},
        });
        let init = json!({ "options": options, "configuration": configuration });
        plugin.call("init", &init).await
    }

    /// The plugin at work on a free port, and a visitor of its pages.
    pub(crate) async fn running(&self) -> (Plugin, Visitor) {
        let (mut plugin, _) = self.plugin().await;
        let options = json!({ "facture-listen": "127.0.0.1:0" });
        let answer = self.init(&mut plugin, options).await;
        assert_eq!(answer["result"], json!({}), "{answer}");
        let visitor = plugin.visitor().await;
        (plugin, visitor)
    }
}

impl Plugin {
    fn spawn(working_directory: &Path) -> Self {
        let mut command = program(&["--developer"]);
        command.env("LIGHTNINGD_PLUGIN", "1");
        for (key, value) in HURRIED {
            command.env(format!("FACTURE_{key}"), value);
        }
        command
            .current_dir(working_directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let output = child.stdout.take().expect("its output");
        Self {
            input: child.stdin.take(),
            child,
            output: FramedRead::new(output, LinesCodec::new()),
            calls: 0,
            log: Vec::new(),
        }
    }

    async fn send(&mut self, message: &Value) {
        let frame = format!("{message}\n\n");
        let input = self.input.as_mut().expect("it is open");
        input.write_all(frame.as_bytes()).await.expect("it is read");
    }

    /// The next message; `None` at the end. Whatever is no message would end the plugin, under lightningd.
    async fn next(&mut self) -> Option<Value> {
        loop {
            let line = timeout(TIMEOUT, self.output.next());
            let line = line.await.expect("in time")?.expect("text");
            if line.is_empty() {
                continue;
            }
            let message: Value = serde_json::from_str(&line).expect("a message");
            assert_eq!(message["jsonrpc"], "2.0", "{message}");
            if message["method"] == "log" {
                let text = |key: &str| message["params"][key].as_str().expect("text").to_owned();
                let (level, message) = (text("level"), text("message"));
                assert!(!message.contains('\n'), "{message}");
                self.log.push((level, message));
            }
            return Some(message);
        }
    }

    async fn call(&mut self, method: &str, params: &Value) -> Value {
        self.calls += 1;
        let id = format!("cln:{method}#{}", self.calls);
        let call = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.send(&call).await;
        loop {
            let message = self.next().await.expect("an answer");
            if message["id"] == *id {
                return message;
            }
        }
    }

    /// The result of a command.
    pub(crate) async fn result(&mut self, method: &str, params: Value) -> Value {
        let answer = self.call(method, &params).await;
        assert!(answer["error"].is_null(), "{answer}");
        answer["result"].clone()
    }

    /// The error of a command.
    pub(crate) async fn error(&mut self, method: &str, params: Value) -> (i64, String) {
        let answer = self.call(method, &params).await;
        let error = &answer["error"];
        let message = error["message"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        (error["code"].as_i64().expect("a code"), message.to_owned())
    }

    /// Reads on until something was logged since the `seen` first lines, and returns it.
    async fn logged(&mut self, seen: usize, text: &str) -> (String, String) {
        loop {
            let found = self.log[seen..].iter();
            if let Some(line) = found.clone().find(|(_, message)| message.contains(text)) {
                return line.clone();
            }
            assert!(self.next().await.is_some(), "no {text} in {:?}", self.log);
        }
    }

    /// A visitor of the pages of the web server that starts.
    pub(crate) async fn visitor(&mut self) -> Visitor {
        let seen = self.log.len();
        let (level, line) = self.logged(seen, "facture: http://").await;
        assert_eq!(level, "info");
        let origin = line.trim_start_matches("facture: ").trim_end_matches('/');
        let visitor = Visitor::of(origin);
        visitor.ready().await;
        visitor
    }

    /// The web server's process.
    fn web_server(&self) -> u32 {
        let plugin = self.child.id().expect("it runs");
        let threads = fs::read_dir(format!("/proc/{plugin}/task")).expect("its threads");
        let children = threads.map(|thread| {
            let thread = thread.expect("a thread").path();
            fs::read_to_string(thread.join("children")).unwrap_or_default()
        });
        let children: String = children.collect();
        let mut children = children.split_whitespace();
        let child = children.next().expect("a child").parse();
        assert_eq!(children.next(), None, "more than one");
        child.expect("a process")
    }

    /// Reads the rest, until the process has ended; whether it was in order.
    async fn end(mut self) -> (bool, Vec<(String, String)>) {
        while self.next().await.is_some() {}
        let end = timeout(TIMEOUT, self.child.wait());
        let end = end.await.expect("in time").expect("an end");
        (end.success(), self.log)
    }
}

fn runs(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"));
    // One that nobody has waited for yet has ended, too.
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

async fn until_ended(process: u32) {
    let waiting = async {
        let mut tick = interval(Duration::from_millis(10));
        while runs(process) {
            tick.tick().await;
        }
    };
    timeout(TIMEOUT, waiting).await.expect("it ends");
}

fn kill(signal: &str, process: u32) {
    let killed = Command::new("kill")
        .args([signal, &process.to_string()])
        .status();
    assert!(killed.expect("kill").success());
}

#[tokio::test]
async fn lightningd_learns_options_and_commands_and_may_stop_there() {
    let home = Home::new().await;
    let (mut plugin, manifest) = home.plugin().await;
    assert_eq!(manifest["dynamic"], true);
    assert_eq!(manifest["nonnumericids"], true);
    assert_eq!(manifest["subscriptions"], json!(["shutdown"]));
    assert_eq!(manifest["hooks"], json!([]));
    let named = |list: &str, name: &str| {
        let all = manifest[list].as_array().expect("a list").iter();
        let mut named = all.filter(|item| item["name"] == name);
        named.next().unwrap_or_else(|| panic!("{name}")).clone()
    };
    for option in ["facture-listen", "facture-data-dir", "facture-config"] {
        let option = named("options", option);
        assert_eq!(option["type"], "string");
        assert!(option["default"].is_null());
        assert!(!option["description"].as_str().expect("text").is_empty());
    }
    for (command, usage) in [
        ("facture-invoice", "amount description [expiry]"),
        ("facture-status", "label"),
        ("facture-list", "[status] [cursor]"),
        ("facture-token", "name [scopes]"),
        ("facture-getword", "url [max_msat]"),
    ] {
        assert_eq!(named("rpcmethods", command)["usage"], usage);
    }
    // `lightningd --help` ends here.
    plugin.input = None;
    let (in_order, _) = plugin.end().await;
    assert!(in_order);
    assert!(!home.path("facture").exists(), "nothing was touched");
}

#[tokio::test]
async fn a_checkout_by_its_pages_and_by_lightning_cli() {
    let home = Home::new().await;
    let (mut plugin, visitor) = home.running().await;
    let (status, by_page) = visitor.submit("5", "by the page").await.expect("an answer");
    assert_eq!(status, StatusCode::CREATED, "{by_page}");

    let tea = json!(["2500msat", "Tea", 600]);
    let made = plugin.result("facture-invoice", tea).await;
    assert_eq!(made["amount_msat"], 2500);
    assert_eq!(made["status"], "unpaid");
    let label = made["label"].as_str().expect("a label").to_owned();
    let page = format!("{}/check_invoice/{label}", visitor.origin());
    assert_eq!(made["status_url"], page);

    home.node
        .pay(made["bolt11"].as_str().expect("a bolt11"), None)
        .expect("the buyer pays");
    let by_name = json!({ "label": label });
    let paid = plugin.result("facture-status", by_name).await;
    assert_eq!(paid["status"], "paid");
    let (_, seen) = visitor
        .json(&format!("/check_invoice/{label}"))
        .await
        .expect("an answer");
    assert_eq!(seen["status"], "paid");

    let listed = plugin.result("facture-list", json!([])).await;
    let labels = |list: &Value| -> Vec<Value> {
        let all = list["invoices"].as_array().expect("a list").iter();
        all.map(|invoice| invoice["label"].clone()).collect()
    };
    assert_eq!(
        labels(&listed),
        [made["label"].clone(), by_page["label"].clone()]
    );
    let listed = plugin.result("facture-list", json!(["unpaid"])).await;
    assert_eq!(labels(&listed), [by_page["label"].clone()]);

    let token = plugin.result("facture-token", json!(["till"])).await;
    assert_eq!(token["scopes"], "invoices:read invoices:create");
    let request = reqwest::Client::new()
        .get(format!("{}/api/v1/invoices/{label}", visitor.origin()))
        .bearer_auth(token["token"].as_str().expect("a token"));
    assert_eq!(request.send().await.expect("an answer").status(), 200);
    let request = reqwest::Client::new()
        .get(format!("{}/api/v1/invoices/{label}", visitor.origin()))
        .send();
    assert_eq!(request.await.expect("an answer").status(), 401);
}

#[tokio::test]
async fn bad_input_is_named_and_the_node_is_not_asked() {
    let home = Home::new().await;
    let (mut plugin, _visitor) = home.running().await;
    let too_long = "x".repeat(640);
    let unknown = format!("facture_{:032}", 7);
    for (command, params, code, expected) in [
        ("facture-invoice", json!([]), -32602, "amount: missing"),
        ("facture-invoice", json!(["1,5", "Tea"]), -32602, "amount: "),
        ("facture-invoice", json!([0, "Tea"]), -32602, "amount: "),
        (
            "facture-invoice",
            json!(["99999999btc", "Tea"]),
            -32602,
            "amount: ",
        ),
        (
            "facture-invoice",
            json!([1, too_long]),
            -32602,
            "description: ",
        ),
        ("facture-invoice", json!([1, "Tea", 0]), -32602, "expiry: "),
        ("facture-invoice", json!([1, "Tea", -1]), -32602, "expiry: "),
        (
            "facture-invoice",
            json!([1, "Tea", 1, 1]),
            -32602,
            "too many",
        ),
        (
            "facture-invoice",
            json!({ "sat": 1 }),
            -32602,
            "unknown parameter sat",
        ),
        ("facture-status", json!([]), -32602, "label: missing"),
        ("facture-status", json!(["../tokens"]), 905, "label: "),
        ("facture-status", json!(["ü /?#%00"]), 905, "label: "),
        ("facture-status", json!([unknown]), 905, "label: "),
        ("facture-list", json!(["open"]), -32602, "status: "),
        ("facture-list", json!(["paid", "x"]), -32602, "cursor: "),
        ("facture-token", json!([]), -32602, "name: missing"),
        (
            "facture-token",
            json!(["till", "payouts"]),
            -32602,
            "scopes: must be",
        ),
    ] {
        let (found, message) = plugin.error(command, params.clone()).await;
        assert!(
            found == code && message.starts_with(expected),
            "{command} {params}: {found} {message}"
        );
    }
    assert_eq!(home.node.invoice_count(), 0);
}

#[tokio::test]
async fn it_ends_in_order_when_it_is_told_and_when_lightningd_is_gone() {
    let home = Home::new().await;
    for told in [true, false] {
        let (mut plugin, visitor) = home.running().await;
        let web_server = plugin.web_server();
        let open = visitor.submit("5", "until the end").await;
        assert_eq!(open.expect("an answer").0, StatusCode::CREATED);
        match told {
            true => {
                let shutdown =
                    json!({ "jsonrpc": "2.0", "method": "shutdown", "params": { "shutdown": {} } });
                plugin.send(&shutdown).await;
            }
            false => plugin.input = None,
        }
        let (in_order, log) = plugin.end().await;
        assert!(in_order && !runs(web_server), "{log:?}");
        assert!(
            log.iter().any(|(_, message)| message.contains("stopping")),
            "{log:?}"
        );
        // cln-plugin warns that lightningd is gone.
        let expected =
            |level: &str, message: &str| level == "info" || message.starts_with("Plugin loop");
        assert!(
            log.iter().all(|(level, message)| expected(level, message)),
            "{log:?}"
        );
        assert!(!home.path("facture/node.sock").exists());
        assert!(!home.path("facture/control.sock").exists());
    }
}

#[tokio::test]
async fn the_web_server_ends_with_a_plugin_that_is_killed() {
    let home = Home::new().await;
    let (plugin, _) = home.running().await;
    let web_server = plugin.web_server();
    kill("-9", plugin.child.id().expect("it runs"));
    until_ended(web_server).await;
    // What it left behind is in nobody's way.
    let (_plugin, visitor) = home.running().await;
    let made = visitor.submit("5", "again").await.expect("an answer");
    assert_eq!(made.0, StatusCode::CREATED);
}

#[tokio::test]
async fn a_web_server_that_dies_is_started_again_and_nothing_is_lost() {
    let home = Home::new().await;
    let (mut plugin, visitor) = home.running().await;
    let (_, invoice) = visitor.submit("5", "before").await.expect("an answer");
    let dying = plugin.web_server();
    kill("-9", dying);
    let seen = plugin.log.len();
    let (level, _) = plugin
        .logged(seen, "does not run: it ended (signal: 9")
        .await;
    assert_eq!(level, "warn");
    home.node
        .pay(invoice["bolt11"].as_str().expect("a bolt11"), None)
        .expect("the buyer pays");
    plugin.visitor().await;
    assert_ne!(plugin.web_server(), dying);
    let paid = plugin
        .result("facture-status", json!([invoice["label"]]))
        .await;
    assert_eq!(paid["status"], "paid");
}

#[tokio::test]
async fn a_taken_port_is_named_and_tried_again() {
    let home = Home::new().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let (mut plugin, _) = home.plugin().await;
    let options = json!({ "facture-listen": address });
    let answer = home.init(&mut plugin, options).await;
    assert_eq!(answer["result"], json!({}), "{answer}");
    let (level, line) = plugin.logged(0, "does not run").await;
    assert_eq!(level, "warn");
    assert!(
        line.contains(&format!("cannot listen on {address}")),
        "{line}"
    );
    let asked = json!([1000, "Tea"]);
    let waiting = async {
        // While it is being started once more, the command waits for the outcome.
        let (code, message) = plugin.error("facture-invoice", asked).await;
        assert_eq!(code, -1);
        assert!(message.contains(&address), "{message}");
    };
    timeout(TIMEOUT, waiting).await.expect("an answer");
    drop(taken);
    plugin.visitor().await;
    plugin.result("facture-list", json!([])).await;
}

#[tokio::test]
async fn a_broken_configuration_disables_the_plugin_and_says_why() {
    let home = Home::new().await;
    let file = home.path("facture.toml");
    let unknown_key = "[server]\nlistn = \"127.0.0.1:0\"\n";
    for (options, text, expected) in [
        (
            json!({ "facture-config": "facture.toml" }),
            unknown_key,
            "listn",
        ),
        (
            json!({ "facture-config": "facture.toml" }),
            "[server",
            "facture.toml",
        ),
        (
            json!({ "facture-config": "missing.toml" }),
            "",
            "missing.toml",
        ),
        (json!({ "facture-listen": "9112" }), "", "facture-listen"),
        (
            json!({ "facture-data-dir": "facture.toml" }),
            "",
            "facture.toml cannot be used",
        ),
    ] {
        fs::write(&file, text).expect("a file");
        let (mut plugin, _) = home.plugin().await;
        let answer = home.init(&mut plugin, options).await;
        let reason = answer["result"]["disable"].as_str().unwrap_or_default();
        assert!(reason.contains(expected), "{answer}");
        assert!(!reason.contains('\n'), "{reason}");
        let (in_order, _) = plugin.end().await;
        assert!(in_order);
    }
}

#[tokio::test]
async fn the_configuration_says_what_the_options_do_not() {
    let home = Home::new().await;
    let text = "[server]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://shop.example\"\n\
                [store]\ndata_dir = \"shop\"\n[node]\nrpc_file = \"/nowhere/lightning-rpc\"\n";
    fs::write(home.path("facture.toml"), text).expect("a file");
    let (mut plugin, _) = home.plugin().await;
    let options = json!({ "facture-config": "facture.toml" });
    home.init(&mut plugin, options).await;
    plugin.visitor().await;
    let made = plugin
        .result("facture-invoice", json!(["any", "Tea"]))
        .await;
    let url = made["status_url"].as_str().expect("a link");
    assert!(
        url.starts_with("https://shop.example/check_invoice/"),
        "{url}"
    );
    assert!(home.path("shop/facture.db").exists());
}

#[tokio::test]
async fn no_other_process_gets_through_to_the_node() {
    let home = Home::new().await;
    let (mut plugin, _visitor) = home.running().await;
    let asked = home.node.called();
    let mut stream = UnixStream::connect(home.path("facture/node.sock"))
        .await
        .expect("the socket");
    // It may be closed already.
    let _ = stream
        .write_all(
            b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"listpeerchannels\",\"params\":{}}\n\n",
        )
        .await;
    let mut answer = Vec::new();
    let _ = timeout(TIMEOUT, stream.read_to_end(&mut answer))
        .await
        .expect("an end");
    assert_eq!(answer, b"");
    let (level, _) = plugin.logged(0, "another process").await;
    assert_eq!(level, "warn");
    let asked_now = home.node.called();
    let new = asked_now.iter().skip(asked.len());
    assert!(new.clone().all(|method| method != "listpeerchannels"));
}

#[test]
fn a_command_is_a_command_wherever_it_is_called() {
    let (output, version, _) = run(program(&["--version"]).env("LIGHTNINGD_PLUGIN", "1"));
    assert!(output.status.success());
    assert!(version.starts_with("facture "), "{version}");
}
