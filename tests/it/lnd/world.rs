//! The sandbox's LND as a world for the contract, and for everything else that needs an LND.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use facture::{config::NodeKind, web::Mode};
use facture_domain::{Amount, Expiry, Msat, PaymentHash, Preimage};
use facture_node::lnd::{AddInvoice, Client, Description, Endpoint, Hints, Method, Options};
use facture_sandbox::SandboxLnd;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    contract::{Channels, World},
    harness::{Server, config},
};

/// An LND in a directory of its own.
pub(crate) struct Lnd {
    pub(crate) node: SandboxLnd,
    pub(crate) macaroon_file: PathBuf,
    _directory: Option<TempDir>,
}

impl Lnd {
    pub(crate) async fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let node = SandboxLnd::start(directory.path()).await;
        Self::of(node.expect("it listens"), Some(directory))
    }

    /// One that is kept in this directory.
    pub(crate) async fn start_in(directory: &Path) -> Self {
        let node = SandboxLnd::start_in(directory).await;
        Self::of(node.expect("it listens"), None)
    }

    fn of(node: SandboxLnd, directory: Option<TempDir>) -> Self {
        let uris = Method::in_macaroon().map(Method::uri);
        let macaroon_file = node.bake("checkout", uris).expect("written");
        Self {
            node,
            macaroon_file,
            _directory: directory,
        }
    }

    /// The settings by which a facture reaches it.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        let path = |path: PathBuf| path.to_str().expect("a plain path").to_owned();
        [
            ("NODE__KIND", "lnd".to_owned()),
            ("NODE__LND_URL", self.node.url()),
            ("NODE__TLS_CERT_FILE", path(self.node.certificate_file())),
            ("NODE__MACAROON_FILE", path(self.macaroon_file.clone())),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into()
    }

    /// Another program with all rights.
    pub(crate) fn other_program(&self) -> Client {
        let url = self.node.url().parse().expect("an address");
        let files = (
            self.node.certificate_file(),
            self.node.admin_macaroon_file(),
        );
        let endpoint = Endpoint::new(&url, &files.0, &files.1).expect("an endpoint");
        Client::new(Options {
            endpoint,
            deadline: Duration::from_secs(10),
            connections: 1,
            queue: 10,
            node: None,
        })
    }
}

impl World for Lnd {
    fn node(&self) -> NodeKind {
        NodeKind::Lnd
    }

    async fn server(&self, settings: &[(&str, &str)]) -> Server {
        let own = self.settings();
        let own = own
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        let all: Vec<_> = own.chain(settings.iter().copied()).collect();
        Server::start(config(&all), Mode::Live).await
    }

    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) {
        let paid = self.node.pay(bolt11, amount_msat).await;
        paid.expect("the buyer pays");
    }

    async fn foreign_invoice(&self, label: &str) {
        let preimage = Preimage::from_bytes(rand::random());
        let new = AddInvoice {
            preimage: &preimage,
            amount: Amount::Exact(Msat::from_sat(1).expect("an amount")),
            description: Description::Text(label),
            expiry: Expiry::MAX,
            hints: Hints::None,
        };
        let added = self.other_program().add_invoice(&new).await;
        added.expect("another program's invoice");
    }

    async fn delete(&self, invoice: &Value, status: &str) {
        assert_eq!(status, "unpaid", "LND cancels no other");
        let hash = payment_hash(invoice);
        let cancelled = self.other_program().cancel(hash).await;
        cancelled.expect("another program cancels it");
    }

    async fn invoices(&self) -> usize {
        self.node.invoice_count()
    }

    async fn let_a_second_pass(&self) {
        self.node.advance(Duration::from_secs(2));
    }

    fn channels(&self) -> Channels {
        Channels::Hidden
    }
}

/// The payment hash of an invoice in JSON.
pub(crate) fn payment_hash(invoice: &Value) -> PaymentHash {
    let hash = invoice["payment_hash"].as_str().expect("a payment hash");
    hash.parse().expect("a payment hash")
}
