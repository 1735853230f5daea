//! Two sandbox nodes, orders, and payers in processes of their own.

use std::{
    fs,
    ops::Deref,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use cln_rpc::ClnRpc;
use facture_sandbox::SandboxNode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::{
    orders::{Orders, TOKEN},
    program::{Running, program},
};

/// What may be spent where a test does not say otherwise, and how long lightningd may look for ways.
const CONFIG: &str = r#"
[node]
rpc_file = "NODE"
retry_for_seconds = 1
deadline_seconds = 2
[limits]
per_payout_sat = 1000000
per_hour_sat = 100000000
per_day_sat = 100000000
"#;

/// Two sandbox nodes, where one can pay the other's invoices.
pub(crate) struct World {
    pub(crate) merchant: SandboxNode,
    pub(crate) node: SandboxNode,
    home: Home,
}

/// Orders, and a payer's files.
pub(crate) struct Home {
    pub(crate) orders: Orders,
    pub(crate) directory: TempDir,
}

impl Deref for World {
    type Target = Home;

    fn deref(&self) -> &Home {
        &self.home
    }
}

impl World {
    pub(crate) async fn open() -> Self {
        let home = Home::new();
        let directory = &home.directory;
        let merchant = SandboxNode::start(&directory.path().join("m")).await;
        let node = SandboxNode::start(&directory.path().join("n")).await;
        let (merchant, node) = (merchant.expect("a node"), node.expect("a node"));
        node.connect(&merchant);
        let world = Self {
            merchant,
            node,
            home,
        };
        world.configure("");
        world
    }

    /// Writes the payer's configuration; more keys of `[limits]` may follow.
    pub(crate) fn configure(&self, limits: &str) {
        let node = self.node.rpc_file().display().to_string();
        self.configure_as("payer", &CONFIG.replace("NODE", &node), limits);
    }

    /// Sections of another payer on the same node.
    pub(crate) fn sections(&self) -> String {
        CONFIG.replace("NODE", &self.node.rpc_file().display().to_string())
    }

    /// An invoice of the merchant.
    pub(crate) async fn invoice(&self, amount_msat: u64) -> String {
        self.invoice_of(&self.merchant, json!(amount_msat)).await
    }

    pub(crate) async fn invoice_of(&self, node: &SandboxNode, amount_msat: Value) -> String {
        let label = format!("{:032x}", rand::random::<u128>());
        let params = json!({ "amount_msat": amount_msat, "label": label, "description": "x" });
        let made = call(node.rpc_file(), "invoice", &params).await;
        made["bolt11"].as_str().expect("an invoice").to_owned()
    }

    /// What the merchant says of an invoice.
    pub(crate) async fn received(&self, bolt11: &str) -> Value {
        let params = json!({ "invstring": bolt11 });
        let listed = call(self.merchant.rpc_file(), "listinvoices", &params).await;
        listed["invoices"][0].clone()
    }

    pub(crate) async fn is_paid(&self, bolt11: &str) -> bool {
        self.received(bolt11).await["status"] == "paid"
    }
}

impl Home {
    pub(crate) fn new() -> Self {
        let directory = tempfile::Builder::new().prefix("p").tempdir();
        let directory = directory.expect("a directory");
        Self {
            orders: Orders::start(&directory.path().join("o")),
            directory,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    pub(crate) fn configure_as(&self, payer: &str, sections: &str, limits: &str) {
        let token = self.path("token");
        fs::write(&token, TOKEN).expect("a file");
        fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).expect("a mode");
        self.write(
            payer,
            &self.path("o"),
            &token,
            &format!("{sections}{limits}"),
        );
    }

    /// The payer's configuration for orders elsewhere.
    pub(crate) fn configure_with(&self, socket: &Path, token: &Path, sections: &str) {
        self.write("payer", socket, token, sections);
    }

    fn write(&self, payer: &str, socket: &Path, token: &Path, sections: &str) {
        let text = format!(
            "data_dir = {:?}\n[server]\nsocket = {socket:?}\ntoken_file = {token:?}\n{sections}\n\
             [log]\nfilter = \"debug,hyper=info\"\n",
            self.path(payer),
        );
        fs::write(self.path(&format!("{payer}.toml")), text).expect("a file");
    }

    fn command(&self, payer: &str, args: &[&str]) -> Command {
        let mut command = program(&["payer", "--config"]);
        command.arg(self.path(&format!("{payer}.toml"))).args(args);
        command
    }

    /// The payer, running.
    pub(crate) fn pay(&self) -> Running {
        self.pay_as("payer")
    }

    pub(crate) fn pay_as(&self, payer: &str) -> Running {
        Running::logged(self.command(payer, &[]), &self.path("log"))
    }

    /// Another command of `facture payer`: whether it succeeded, and what it printed.
    pub(crate) fn run(&self, args: &[&str]) -> (bool, String) {
        let output = self.command("payer", args).output().expect("it runs");
        let both = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8(both).expect("text"),
        )
    }

    /// Waits until an entry of this name is in the journal for a payout.
    pub(crate) async fn written(&self, payout: &str, entry: &str) {
        let written = async {
            while !self
                .lines()
                .iter()
                .any(|line| line["entry"] == entry && line["payout"] == payout)
            {
                tokio::task::yield_now().await;
            }
        };
        let written = tokio::time::timeout(crate::harness::TIMEOUT, written);
        let written = written.await;
        written.unwrap_or_else(|_| panic!("no {entry} of {payout}: {}", self.log()));
    }

    /// The names of the entries in the journal, in order.
    pub(crate) fn entries(&self) -> Vec<String> {
        let name = |line: &Value| line["entry"].as_str().expect("a name").to_owned();
        self.lines().iter().map(name).collect()
    }

    /// Writes the journal anew, as if all in it had been written long ago.
    pub(crate) fn backdate_journal(&self) {
        let mut prev = "0".repeat(64);
        let mut text = String::new();
        for mut line in self.lines() {
            line["at"] = "2024-01-01T00:00:00Z".into();
            line["prev"] = prev.into();
            let line = line.to_string();
            prev = hex::encode(Sha256::digest(line.as_bytes()));
            text.push_str(&line);
            text.push('\n');
        }
        fs::write(self.path("payer/journal.jsonl"), text).expect("it is written");
    }

    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("payer/journal.jsonl")).unwrap_or_default();
        // The last line may be on its way.
        let text = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let line = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
        text.lines().map(line).collect()
    }
}

pub(crate) async fn call(rpc_file: &Path, method: &str, params: &Value) -> Value {
    let mut rpc = ClnRpc::new(rpc_file).await.expect("a connection");
    rpc.call_raw(method, params).await.expect("an answer")
}
