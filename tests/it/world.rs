//! The sandbox as a world for the contract, and for everything else that needs a node.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use cln_rpc::ClnRpc;
use facture::web::Mode;
use facture_domain::{Label, LabelPrefix};
use facture_node::cln;
use facture_sandbox::{OnchainFallback, PayError, SandboxNode};
use facture_store::LabelKeyFile;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    contract::{self, World},
    decode::OFFER,
    harness::{Server, config},
};

/// A sandbox node in a directory of its own.
pub(crate) struct Sandbox {
    pub(crate) node: SandboxNode,
    _directory: TempDir,
}

impl Sandbox {
    pub(crate) async fn start() -> Self {
        let (path, directory) = socket_path();
        let node = SandboxNode::start(&path).await.expect("a sandbox node");
        Self {
            node,
            _directory: directory,
        }
    }

    /// One that plays facture's plugin too, and so has hold invoices.
    pub(crate) async fn with_holds() -> Self {
        let sandbox = Self::start().await;
        sandbox.node.start_plugin();
        sandbox
    }

    /// A facture in sandbox mode, with its banner and its "Pay" button.
    pub(crate) async fn sandbox_server(&self) -> Server {
        Server::start(config(&[]), Mode::Sandbox(self.node.clone().into())).await
    }
}

/// A label as the facture with these records makes them.
pub(crate) fn own_label(records: &Path) -> Label {
    std::fs::create_dir_all(records).expect("a directory");
    let key = LabelKeyFile::open(records).expect("a key");
    key.key().random_label(&LabelPrefix::default())
}

/// Where a node can be later, and the directory that must be kept until then.
pub(crate) fn socket_path() -> (PathBuf, TempDir) {
    let directory = tempfile::Builder::new()
        .prefix("facture-")
        .tempdir()
        .expect("a directory");
    (directory.path().join("lightning-rpc"), directory)
}

impl World for Sandbox {
    async fn server(&self, settings: &[(&str, &str)]) -> Server {
        contract::live_server(self.node.rpc_file(), settings).await
    }

    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) {
        self.node.pay(bolt11, amount_msat).expect("the buyer pays");
    }

    async fn foreign_invoice(&self, label: &str) {
        let mut client = ClnRpc::new(self.node.rpc_file())
            .await
            .expect("a connection");
        let invoice = json!({ "amount_msat": 1000, "label": label, "description": "not ours" });
        let _: serde_json::Value = client
            .call_raw("invoice", &invoice)
            .await
            .expect("another program's invoice");
    }

    async fn delete(&self, invoice: &serde_json::Value, status: &str) {
        let mut client = ClnRpc::new(self.node.rpc_file())
            .await
            .expect("a connection");
        let gone = json!({ "label": invoice["label"], "status": status });
        let _: serde_json::Value = client.call_raw("delinvoice", &gone).await.expect("deleted");
    }

    async fn invoices(&self) -> usize {
        self.node.invoice_count()
    }

    async fn let_a_second_pass(&self) {
        self.node.advance(Duration::from_secs(2));
    }
}

/// Goes through the contract, and a price in euros, for which a real node would need the internet, and an
/// offer. Says what the node
/// was asked in all of that.
pub(crate) async fn all_calls(world: &impl World, node: &SandboxNode) -> Vec<String> {
    contract::all(world).await;
    let token = "a-token-to-make-a-priced-invoice";
    let server = world.server(&[("API_TOKEN", token)]).await;
    let priced = json!({ "currency": "EUR", "amount": "2.50" });
    let request = server.request(Method::POST, "/invoice").json(&priced);
    let answer = request.basic_auth("api-token", Some(token)).send().await;
    assert_eq!(answer.expect("an answer").status(), StatusCode::CREATED);
    let offer = server
        .request(Method::POST, "/api/v1/decode")
        .bearer_auth(token);
    let answer = offer.json(&json!({ "string": OFFER })).send().await;
    assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
    let own = json!({ "amount_msat": "any", "description": "a gift" });
    let request = server
        .request(Method::POST, "/api/v1/offers")
        .bearer_auth(token);
    let answer = request.json(&own).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::CREATED);
    let made: serde_json::Value = answer.json().await.expect("JSON");
    let id = made["offer_id"].as_str().expect("an id");
    let path = format!("/api/v1/offers/{id}/disable");
    let answer = server
        .request(Method::POST, &path)
        .bearer_auth(token)
        .send()
        .await;
    assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
    let mut called = node.called();
    called.sort_unstable();
    called
}

/// What facture's plugin is asked of in addition.
async fn hold_calls(sandbox: &Sandbox) {
    let token = "a-token-to-make-a-hold-invoice";
    sandbox.node.start_plugin();
    let server = sandbox.server(&[("API_TOKEN", token)]).await;
    let post = async |path: &str, body: serde_json::Value| {
        let request = server.request(Method::POST, path).bearer_auth(token);
        let answer = request.json(&body).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let made: serde_json::Value = answer.json().await.expect("JSON");
        made
    };
    for decision in ["settle", "cancel"] {
        let hold = json!({ "amount_sat": 5, "hold": true });
        let hold = post("/api/v1/invoices", hold).await;
        let bolt11 = hold["bolt11"].as_str().expect("a string");
        assert_eq!(sandbox.node.pay(bolt11, None), Err(PayError::Held));
        let label = hold["label"].as_str().expect("a label");
        post(&format!("/api/v1/invoices/{label}/{decision}"), json!({})).await;
    }
}

#[tokio::test]
async fn the_contract_holds_and_what_is_listed_is_called_and_nothing_else() {
    let sandbox = Sandbox::start().await;
    let mut listed = cln::Method::ALL.map(cln::Method::name).to_vec();
    // For runes of before; nothing is forbidden on the socket.
    listed.retain(|name| *name != cln::Method::Currencyconvert.name());
    listed.sort_unstable();
    all_calls(&sandbox, &sandbox.node).await;
    hold_calls(&sandbox).await;
    let mut called = sandbox.node.called();
    called.sort_unstable();
    assert_eq!(called, listed);
}

#[tokio::test]
async fn an_invoice_has_no_address_on_the_chain() {
    let sandbox = Sandbox::start().await;
    sandbox.node.set_onchain_fallback(OnchainFallback::On);
    let mut rpc = ClnRpc::new(sandbox.node.rpc_file())
        .await
        .expect("a connection");
    let theirs = json!({ "amount_msat": 1000, "label": "theirs", "description": "x" });
    let made = rpc.call_raw("invoice", &theirs).await;
    let made: serde_json::Value = made.expect("an invoice");
    let theirs = made["bolt11"].as_str().expect("a string");
    contract::onchain::no_address(&sandbox, theirs).await;
}
