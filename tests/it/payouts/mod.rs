//! Payouts as programs order, approve and execute them. The payer is played by HTTP.

mod document;
mod executing;
mod noticing;
mod ordering;
mod socket;
mod spending;

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use bitcoin::{
    hashes::{Hash, sha256},
    secp256k1::{Secp256k1, SecretKey},
};
use facture::{
    app::Tokens,
    config::{Config, RevealConfig},
    web::Mode,
};
use facture_domain::token::Scopes;
use lightning_invoice::{Currency, InvoiceBuilder, PaymentSecret};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    harness::{Server, config, json as answer},
    world::Sandbox,
};

pub(crate) const PAYOUTS: &str = "/api/v1/payouts";

/// A merchant, and one token of each kind.
pub(crate) struct Merchant<N = Sandbox> {
    pub(crate) sandbox: N,
    pub(crate) server: Server,
    pub(crate) records: PathBuf,
    _directory: TempDir,
    /// It may order.
    pub(crate) order: String,
    /// It may approve.
    pub(crate) approve: String,
    /// The payer's.
    pub(crate) execute: String,
}

impl Merchant {
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let mode = Mode::Sandbox(sandbox.node.clone().into());
        Self::on(sandbox, mode, settings).await
    }

    /// One whose configuration has these items.
    pub(crate) async fn offering(items: Vec<RevealConfig>) -> Self {
        let sandbox = Sandbox::start().await;
        let mode = Mode::Sandbox(sandbox.node.clone().into());
        Self::configured(sandbox, mode, config(&[]), items).await
    }
}

impl Merchant {
    /// Stops the server, does this with its records, and starts it again.
    pub(crate) async fn restart(self, between: impl FnOnce(&Path)) -> Self {
        self.server.stop().await.unwrap();
        between(&self.records);
        let data_dir = self.records.to_str().unwrap();
        let mode = Mode::Sandbox(self.sandbox.node.clone().into());
        let server = serve(&[("STORE__DATA_DIR", data_dir)], mode).await;
        Self { server, ..self }
    }
}

impl<N> Merchant<N> {
    pub(crate) async fn on(sandbox: N, mode: Mode, settings: &[(&str, &str)]) -> Self {
        Self::configured(sandbox, mode, config(settings), Vec::new()).await
    }

    async fn configured(
        sandbox: N,
        mode: Mode,
        mut config: Config,
        items: Vec<RevealConfig>,
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let records = directory.path().join("records");
        config.store.data_dir.clone_from(&records);
        config.reveal = items;
        let server = start(config, mode).await;
        let mut tokens = Vec::new();
        for scope in ["payouts:order", "payouts:approve", "payouts:execute"] {
            tokens.push(issue(&records, scope).await);
        }
        let [order, approve, execute] = tokens.try_into().unwrap();
        Self {
            sandbox,
            server,
            records,
            _directory: directory,
            order,
            approve,
            execute,
        }
    }

    pub(crate) fn request(&self, token: &str, method: Method, path: &str) -> RequestBuilder {
        self.server.request(method, path).bearer_auth(token)
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> (StatusCode, Value) {
        answer(self.request(token, Method::GET, path).send().await).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(token, Method::POST, path);
        answer(request.json(body).send().await).await
    }

    /// Orders a payout under this key.
    pub(crate) async fn order(&self, key: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(&self.order, Method::POST, PAYOUTS);
        let request = request.header("Idempotency-Key", key);
        answer(request.json(body).send().await).await
    }

    /// Orders a payout that must be accepted.
    pub(crate) async fn ordered(&self, key: &str, body: &Value) -> Value {
        let (status, payout) = self.order(key, body).await;
        assert_eq!(status, StatusCode::CREATED, "{payout}");
        payout
    }

    /// The payout as it is now.
    pub(crate) async fn read(&self, payout: &Value) -> Value {
        let (status, payout) = self.get(&self.order, &path(payout)).await;
        assert_eq!(status, StatusCode::OK, "{payout}");
        payout
    }

    /// What somebody with this token does with a payout.
    pub(crate) async fn act(
        &self,
        token: &str,
        payout: &Value,
        action: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        self.post(token, &format!("{}/{action}", path(payout)), body)
            .await
    }

    /// What the payer of this name does, which must be accepted.
    pub(crate) async fn pays(&self, payout: &Value, action: &str, body: &Value) -> Value {
        let (status, payout) = self.act(&self.execute, payout, action, body).await;
        assert_eq!(status, StatusCode::OK, "{payout}");
        payout
    }

    /// The work of a payer.
    pub(crate) async fn work(&self, query: &str) -> Value {
        let path = format!("{PAYOUTS}/work?{query}");
        let (status, work) = self.get(&self.execute, &path).await;
        assert_eq!(status, StatusCode::OK, "{work}");
        work
    }
}

async fn serve(settings: &[(&str, &str)], mode: Mode) -> Server {
    start(config(settings), mode).await
}

async fn start(config: Config, mode: Mode) -> Server {
    let server = Server::start(config, mode).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    server
}

/// A token with these scopes, as `facture token` makes it beside the running server.
pub(crate) async fn issue(records: &Path, scopes: &str) -> String {
    let scopes: Scopes = scopes.parse().unwrap();
    let mut tokens = Tokens::open(records).await.unwrap();
    let token = tokens.issue("refunds".to_owned(), scopes).await.unwrap();
    token.expose().to_owned()
}

pub(crate) fn path(payout: &Value) -> String {
    format!("{PAYOUTS}/{}", payout["id"].as_str().unwrap())
}

/// An invoice of somebody else's node.
pub(crate) struct Theirs {
    pub(crate) amount_msat: Option<u64>,
    pub(crate) preimage: [u8; 32],
    pub(crate) network: Currency,
    /// How long ago it was made, and how long it is good.
    pub(crate) age: Duration,
    pub(crate) expiry: Duration,
}

impl Default for Theirs {
    fn default() -> Self {
        Self {
            amount_msat: Some(21_000),
            preimage: rand::random(),
            network: Currency::Regtest,
            age: Duration::ZERO,
            expiry: Duration::from_secs(3600),
        }
    }
}

impl Theirs {
    pub(crate) fn bolt11(&self) -> String {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
        let mut builder = InvoiceBuilder::new(self.network.clone())
            .description("a refund".to_owned())
            .payment_hash(sha256::Hash::hash(&self.preimage))
            .payment_secret(PaymentSecret([7; 32]))
            .duration_since_epoch(now - self.age)
            .expiry_time(self.expiry)
            .min_final_cltv_expiry_delta(18)
            .basic_mpp();
        if let Some(amount) = self.amount_msat {
            builder = builder.amount_milli_satoshis(amount);
        }
        let key = SecretKey::from_slice(&[42; 32]).unwrap();
        let signed = builder
            .build_signed(|hash| Secp256k1::new().sign_ecdsa_recoverable(hash, &key))
            .unwrap();
        signed.to_string()
    }

    pub(crate) fn hash(&self) -> String {
        sha256::Hash::hash(&self.preimage).to_string()
    }

    pub(crate) fn preimage(&self) -> String {
        use bitcoin::hex::DisplayHex;
        self.preimage.to_lower_hex_string()
    }

    /// What a payer sends as it begins.
    pub(crate) fn begin(&self, payer: &str) -> Value {
        json!({ "payer": payer, "payment_hash": self.hash() })
    }

    /// What a payer reports when it is paid.
    pub(crate) fn paid(&self, payer: &str) -> Value {
        json!({
            "payer": payer, "state": "paid", "preimage": self.preimage(),
            "amount_msat": self.amount_msat.unwrap_or(5_000), "fee_msat": 3,
        })
    }
}
