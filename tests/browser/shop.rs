//! A facture on a sandbox node of its own.

use std::time::Duration;

use facture::web::Mode;
use facture_sandbox::SandboxNode;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Server, config_on};

pub(crate) struct Shop {
    pub(crate) server: Server,
    pub(crate) node: SandboxNode,
    /// The node's socket and the records.
    pub(crate) directory: TempDir,
}

/// Which of its two faces facture shows.
#[derive(Clone, Copy)]
pub(crate) enum Face {
    /// As on a real node.
    Live,
    /// With the banner and the "Pay" button.
    Sandbox,
}

impl Shop {
    pub(crate) async fn open(face: Face, settings: &[(&str, &str)]) -> Self {
        let directory = tempfile::Builder::new()
            .prefix("facture-")
            .tempdir()
            .expect("a directory");
        let socket = directory.path().join("lightning-rpc");
        let node = SandboxNode::start(&socket).await.expect("a sandbox node");
        // Before it is followed: a plugin that comes later is noticed when the node is listened to anew.
        node.start_plugin();
        let records = directory.path().join("records");
        let records = records.to_str().expect("a plain path");
        let settings = [settings, &[("STORE__DATA_DIR", records)]].concat();
        let mode = match face {
            Face::Live => Mode::Live,
            Face::Sandbox => Mode::Sandbox(node.clone().into()),
        };
        Self {
            server: Server::start(config_on(socket, &settings), mode).await,
            node,
            directory,
        }
    }

    /// The whole address of a path.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server.origin)
    }

    /// Makes an invoice; the address of its page.
    pub(crate) async fn invoice(&self, amount: &str, description: &str) -> String {
        self.page_of(&self.server.create(amount, description).await)
    }

    /// Makes one that is over, in a shop whose invoices last a second.
    pub(crate) async fn expired(&self, amount: &str, description: &str) -> String {
        let url = self.invoice(amount, description).await;
        self.node.advance(Duration::from_secs(2));
        let path = url.strip_prefix(&self.server.origin).expect("its own");
        let over = |answer: &Value| answer["status"] == "expired";
        self.server.json_until(path, over).await;
        url
    }

    pub(crate) fn page_of(&self, invoice: &Value) -> String {
        let label = invoice["label"].as_str().expect("a label");
        self.at(&format!("/check_invoice/{label}"))
    }

    /// The buyer pays.
    pub(crate) fn pay(&self, invoice: &Value, amount_msat: Option<u64>) {
        let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
        let paid = self.node.pay(bolt11, amount_msat);
        paid.expect("the buyer pays");
    }
}
