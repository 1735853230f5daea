//! What the node says, and how far it is believed: what it has no more, an older state that was put back, a bad answer
//! among good ones, and its clock.

mod absence;
mod answers;
mod clocks;
mod restored;

use std::path::Path;

use cln_rpc::ClnRpc;
use facture::web::Mode;
use facture_domain::{Event, EventKind};
use facture_sandbox::SandboxNode;
use facture_store::Store;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    api::{TOKEN, config_with_token},
    contract::path_of,
    harness::{Page, Server, json as read_json},
    world::Sandbox,
};

/// A server with a token, whose records outlive it.
struct Shop {
    sandbox: Sandbox,
    records: TempDir,
}

impl Shop {
    async fn open() -> Self {
        Self {
            sandbox: Sandbox::start().await,
            records: tempfile::tempdir().expect("a directory"),
        }
    }

    fn node(&self) -> &SandboxNode {
        &self.sandbox.node
    }

    async fn server(&self) -> Server {
        server(self.node().rpc_file(), self.records.path(), &[]).await
    }

    fn pay(&self, invoice: &Value) {
        let paid = self.node().pay(bolt11(invoice), None);
        paid.expect("the buyer pays");
    }

    /// The buyer pays, and the wallet shows the preimage.
    fn preimage(&self, invoice: &Value) -> String {
        let paid = self.node().pay(bolt11(invoice), None);
        paid.expect("the buyer pays").payment_preimage
    }

    /// Another program calls the node.
    async fn call(&self, method: &str, params: Value) -> Value {
        call(self.node().rpc_file(), method, params).await
    }

    /// Another program deletes an invoice.
    async fn delete(&self, invoice: &Value, status: &str) {
        let gone = json!({ "label": invoice["label"], "status": status });
        self.call("delinvoice", gone).await;
    }

    async fn log(&self) -> Vec<Event> {
        let store = Store::open(self.records.path()).await.expect("the records");
        let events = store.events(0, &EventKind::ALL, 100_000).await;
        store.close().await;
        events.expect("the log")
    }

    /// What happened to an invoice.
    async fn kinds(&self, invoice: &Value) -> Vec<EventKind> {
        let events = self.log().await.into_iter();
        events
            .filter(|event| {
                invoice["label"] == event.payload.invoice().expect("an invoice").label.as_str()
            })
            .map(|event| event.kind)
            .collect()
    }
}

async fn server(rpc_file: &Path, records: &Path, settings: &[(&str, &str)]) -> Server {
    let data_dir = records.to_str().expect("a plain path");
    let settings = [&[("STORE__DATA_DIR", data_dir)], settings].concat();
    let mut config = config_with_token(&settings);
    config.node.rpc_file = rpc_file.to_owned();
    let server = Server::start(config, Mode::Live).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    server
}

async fn call(rpc_file: &Path, method: &str, params: Value) -> Value {
    let mut client = ClnRpc::new(rpc_file).await.expect("a connection");
    client.call_raw(method, &params).await.expect("an answer")
}

fn bolt11(invoice: &Value) -> &str {
    invoice["bolt11"].as_str().expect("a bolt11")
}

/// `path` by the API for shops.
async fn api(server: &Server, path: &str) -> (StatusCode, Value) {
    let request = server.request(reqwest::Method::GET, path);
    read_json(request.bearer_auth(TOKEN).send().await).await
}

/// An invoice by the API of Lightning Charge.
async fn by_charge(server: &Server, rest: &str) -> Page {
    let request = server.request(reqwest::Method::GET, rest);
    let request = request.basic_auth("api-token", Some(TOKEN));
    Page::read(request.send().await).await
}

/// Reads an invoice until it is in this state. Until then nothing that is shown may pretend to be current.
async fn until(server: &Server, invoice: &Value, status: &str) -> Value {
    server
        .json_until(&path_of(invoice), |read| {
            let is_there = read["status"] == status;
            assert!(is_there || read["stale_since"].is_i64(), "{read}");
            is_there
        })
        .await
}
